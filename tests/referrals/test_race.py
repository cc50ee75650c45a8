"""Many at once, on real connections: one acceptance of a group, one opening of a package, one successor, one expiry."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from enlace.accounts.actions import open_agency
from enlace.audit.queries import verify
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import PERMISSIONS
from enlace.base.rows import show_rows_of
from enlace.cases.models import CaseAgency
from enlace.people.models import Disclosure
from enlace.referrals.actions import (
    Answer,
    Onward,
    answer_referrals,
    expire_packages,
    expire_referrals,
    open_package,
    reroute_referrals,
)
from enlace.referrals.models import DisclosurePackage, Referral, ReferralStep
from enlace.referrals.permissions import PARTNER
from enlace.referrals.queries import without_help
from tests.own import WORKERS, succeeded, together
from tests.referrals.asking import a_package, asked_at_once
from tests.world import SYSTEM, World, a_case, a_referral

pytestmark = pytest.mark.usefixtures("sees_all")


def workers() -> list[Actor]:
    """One of each of 32 agencies, who may do everything there."""
    codes = [f"agency-{number:02}" for number in range(WORKERS)]
    for code in codes:
        open_agency(by=SYSTEM, code=code, name=f"Invented {code}", kind_code="ngo")
    return [Actor(id=code, agency_code=code, role_code="R06", can=frozenset(PERMISSIONS)) for code in codes]


def test_of_32_asked_at_the_same_time_the_first_receives_the_person(own_world: World) -> None:
    people = workers()
    sent = asked_at_once(own_world.bruno, a_case(own_world.bruno), to=tuple(by.agency_code for by in people))

    def accept(number: int) -> None:
        answer_referrals(by=people[number], rows=[Answer(referral_id=sent[number].pk, verb="accept")])

    answers = together(accept)
    assert len(succeeded(answers, Missing)) == 1
    refused = [str(answer) for answer in answers if isinstance(answer, Refusal)]
    assert len(refused) == WORKERS - 1
    assert all("Another place accepted first" in text for text in refused)
    status = list(Referral.objects.values_list("status", flat=True))
    assert (status.count("accepted"), status.count("withdrawn")) == (1, WORKERS - 1)
    winner = Referral.objects.get(status="accepted")
    joined = set(CaseAgency.objects.values_list("agency_code", flat=True))
    assert joined == {"prosecutor-north", winner.recipient_code}
    assert ReferralStep.objects.filter(verb="supersede").count() == WORKERS - 1
    assert verify() == []


@pytest.mark.parametrize("attempt", range(3))
def test_accepting_declining_and_expiring_a_group_at_once_never_wait_in_a_circle(
    own_world: World, attempt: int
) -> None:
    people = workers()[:9]
    sent = asked_at_once(own_world.bruno, a_case(own_world.bruno), to=tuple(by.agency_code for by in people))
    later = timezone.now() + timedelta(days=30)

    def work(number: int) -> None:
        if number == 9:
            expire_referrals(by=SYSTEM, at=later)
            return
        verb, reason = ("accept", "") if (number + attempt) % 3 else ("decline", "no_capacity")
        answer = Answer(referral_id=sent[number].pk, verb=verb, reason_code=reason)
        answer_referrals(by=people[number], rows=[answer])

    succeeded(together(work, 10), Missing)
    status = list(Referral.objects.values_list("status", flat=True))
    assert status.count("accepted") <= 1
    assert "sent" not in status
    assert len(without_help(viewer=SYSTEM)) == 1 - status.count("accepted")


def test_of_32_who_hold_link_and_code_one_reads_what_is_inside(own_world: World) -> None:
    made = a_package(own_world)

    def read(number: int) -> Any:
        return open_package(by=PARTNER, link=made.link, code=made.code, opened_by=f"Somebody {number}")

    found = succeeded(together(read), Missing)
    assert len(found) == WORKERS
    assert sum(answer.content is not None for answer in found) == 1
    assert Disclosure.objects.filter(kind="package").count() == 1
    assert ReferralStep.objects.filter(verb="open").count() == 1


def test_of_32_guesses_at_once_five_are_counted_and_the_package_is_gone(own_world: World) -> None:
    made = a_package(own_world)
    other = f"{(int(made.code) + 1) % 10**8:08}"
    answers = together(lambda _: open_package(by=PARTNER, link=made.link, code=other, opened_by="Somebody"))
    assert all(isinstance(answer, Missing) for answer in answers)
    package = DisclosurePackage.objects.get()
    assert (package.status, package.tries) == ("locked", 5)
    assert Referral.objects.get().status == "expired"


def test_clocks_that_turn_at_once_send_on_once_and_destroy_once(own_world: World) -> None:
    case_id = a_case(own_world.bruno)
    for to in ("ngo-harbour", "shelter-isles"):
        a_referral(own_world.bruno, case_id, to)
    a_package(own_world)
    later = timezone.now() + timedelta(days=30)

    def run_out(_number: int) -> int:
        return expire_referrals(by=SYSTEM, at=later) + expire_packages(by=SYSTEM, at=later)

    def send_on(_number: int) -> int:
        show_rows_of(SYSTEM)
        rows = [Onward(previous_id=r.pk, recipient_code="health-south") for r in without_help(viewer=SYSTEM)]
        return len(reroute_referrals(by=SYSTEM, rows=rows))

    assert sum(succeeded(together(run_out, 6), Missing)) == 3
    assert sum(succeeded(together(send_on, 6), Missing)) == 3
    assert Referral.objects.filter(previous__isnull=False, attempt=2, status="sent").count() == 3
    assert ReferralStep.objects.filter(verb="expire").count() == 3
    assert DisclosurePackage.objects.get().status == "expired"
    assert verify() == []
