"""Many at once, on real connections of a database on disk: what may happen once happens once, and the record is whole."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from enlace.assistance.actions import Given, record_services
from enlace.audit import queries as audit
from enlace.audit.actions import AlreadyDone, anchor, audited, once
from enlace.audit.models import Anchor, AuditEvent
from enlace.base.errors import Refusal
from enlace.cases.actions import Ruling, close_case, decide_cases, write_note
from enlace.cases.models import Case, CaseAgency, Decision
from enlace.people.models import PersonAgency
from enlace.referrals.actions import Answer, answer_referrals, expire_referrals, withdraw_referral
from enlace.referrals.models import Referral, ReferralStep
from tests.own import WORKERS, succeeded, together
from tests.world import SYSTEM, World, a_case, a_person, a_referral, identified

pytestmark = pytest.mark.usefixtures("sees_all")

EVENTS = 20


def test_the_database_is_as_in_use(own_world: World) -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.vendor == "postgresql" or connection.transaction_mode == "IMMEDIATE"


def test_of_32_who_accept_one_referral_one_succeeds(own_world: World) -> None:
    referral_id = a_referral(own_world.bruno, a_case(own_world.bruno))
    answer = [Answer(referral_id=referral_id, verb="accept")]
    answers = together(lambda _: answer_referrals(by=own_world.carla, rows=answer))
    assert len(succeeded(answers)) == 1
    assert ReferralStep.objects.filter(referral_id=referral_id, verb="accept").count() == 1
    assert CaseAgency.objects.filter(agency_code="ngo-harbour").count() == 1
    assert PersonAgency.objects.filter(agency_code="ngo-harbour").count() == 1
    assert audit.verify() == []


@pytest.mark.parametrize("attempt", range(5))
def test_of_accepting_declining_and_withdrawing_one_wins(own_world: World, attempt: int) -> None:
    referral_id = a_referral(own_world.bruno, a_case(own_world.bruno))
    accept = Answer(referral_id=referral_id, verb="accept")
    decline = Answer(referral_id=referral_id, verb="decline", reason_code="no_capacity")
    acts = [
        lambda: answer_referrals(by=own_world.carla, rows=[accept]),
        lambda: answer_referrals(by=own_world.carla, rows=[decline]),
        lambda: withdraw_referral(by=own_world.bruno, referral_id=referral_id),
    ]
    assert len(succeeded(together(lambda number: acts[(number + attempt) % 3](), 6))) == 1
    joined = CaseAgency.objects.filter(agency_code="ngo-harbour").count()
    assert joined == (Referral.objects.get().status == "accepted")


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_decisions_one_wins_and_the_other_is_refused(own_world: World, attempt: int) -> None:
    case_id = a_case(own_world.bruno)
    verbs = ["identify", "not_confirm"]

    def decide(number: int) -> str:
        row = Ruling(case_id=case_id, verb=verbs[number], ground_code="prosecutor", reason="as it seems to me")
        decide_cases(by=(own_world.bruno, own_world.lucas)[number], rows=[row])
        return verbs[number]

    (winner,) = succeeded(together(decide, 2))
    assert [row.verb for row in Decision.objects.all()] == [winner]
    assert Case.objects.get().identification == Decision.objects.get().outcome


def test_a_form_sent_32_times_acts_once_and_leads_all_to_one_place(own_world: World) -> None:
    token = uuid4()

    def act() -> str:
        return f"/cases/{a_case(own_world.bruno)}/"

    answers = together(lambda _: once(by=own_world.bruno, token=token, act=act))
    (url,) = succeeded(answers)
    assert url == f"/cases/{Case.objects.get().pk}/"
    assert {answer.url for answer in answers if isinstance(answer, AlreadyDone)} == {url}
    assert sum(isinstance(answer, AlreadyDone) for answer in answers) == WORKERS - 1


def test_somebody_elses_token_does_not_tell_where_it_led(own_world: World) -> None:
    token = uuid4()
    once(by=own_world.bruno, token=token, act=lambda: "/somewhere/")
    with pytest.raises(AlreadyDone) as refused:
        once(by=own_world.omar, token=token, act=lambda: "/elsewhere/")
    assert refused.value.url == ""


def test_a_form_that_failed_may_be_sent_again(own_world: World) -> None:
    token = uuid4()

    def fail() -> str:
        raise Refusal("not now")

    with pytest.raises(Refusal):
        once(by=own_world.bruno, token=token, act=fail)
    assert once(by=own_world.bruno, token=token, act=lambda: "/done/") == "/done/"


def test_32_workers_write_one_chain_without_gap_or_fault(own_world: World) -> None:
    def write(number: int) -> None:
        for place in range(EVENTS):
            with audited(by=own_world.bruno, action="test.race", detail={"worker": number, "place": place}):
                pass

    before = AuditEvent.objects.filter(chain="prosecutor-north").count()
    assert succeeded(together(write)) == [None] * WORKERS
    rows = AuditEvent.objects.filter(chain="prosecutor-north").order_by("id")
    assert list(rows.values_list("seq", flat=True)) == list(range(1, before + WORKERS * EVENTS + 1))
    assert audit.verify() == []
    for number in range(WORKERS):  # nobody's events change places
        own = rows.filter(action="test.race", detail__worker=number).values_list("detail__place", flat=True)
        assert list(own) == list(range(EVENTS))


def test_the_record_can_be_verified_and_anchored_while_it_grows(own_world: World) -> None:
    def work(number: int) -> list[Any]:
        if number == 0:
            return [fault for _ in range(8) for fault in audit.verify()]
        if number < 4:
            return [anchor(by=SYSTEM).number]
        for _ in range(EVENTS):
            with audited(by=own_world.bruno, action="test.race"):
                pass
        return []

    answers = succeeded(together(work, 12))
    assert answers[0] == []
    assert (
        sorted(number for each in answers[1:4] for number in each)
        == [1, 2, 3]
        == sorted(Anchor.objects.values_list("number", flat=True))
    )
    assert audit.verify() == []


ON_AN_OPEN_CASE = {
    "case.noted": lambda by, case_id: write_note(by=by, case_id=case_id, text="a note"),
    "service.recorded": lambda by, case_id: record_services(by=by, rows=[a_service(case_id)]),
    "referral.sent": lambda by, case_id: a_referral(by, case_id),
    "case.decided": lambda by, case_id: identified(by, case_id),
}


def a_service(case_id: UUID) -> Given:
    return Given(case_id=case_id, service_code="LEGAL", started_on=timezone.localdate())


@pytest.mark.parametrize("action", ON_AN_OPEN_CASE)
def test_nothing_is_done_on_a_case_after_it_was_closed(own_world: World, action: str) -> None:
    case_id = a_case(own_world.bruno)

    def work(number: int) -> str:
        if number == 7:
            close_case(by=own_world.bruno, case_id=case_id, reason_code="moved")
            return "closed"
        ON_AN_OPEN_CASE[action](own_world.lucas, case_id)
        return "done"

    answers = succeeded(together(work, 16))
    assert answers.count("closed") == 1
    of_case = AuditEvent.objects.filter(chain="prosecutor-north", subject_id=str(case_id))
    assert answers.count("done") == of_case.filter(action=action).count()
    closed = of_case.get(action="case.closed")
    assert not of_case.filter(action=action, seq__gt=closed.seq).exists()


def test_clocks_that_ring_twice_expire_each_referral_once(own_world: World) -> None:
    case_id = a_case(own_world.bruno)
    for to in ("ngo-harbour", "shelter-isles", "health-south"):
        a_referral(own_world.bruno, case_id, to)
    later = timezone.now() + timedelta(days=365)
    counts = succeeded(together(lambda _: expire_referrals(by=SYSTEM, at=later), 6))
    assert sum(counts) == 3
    assert ReferralStep.objects.filter(verb="expire").count() == 3


def test_two_referrals_of_one_person_accepted_at_once_make_it_known_once(own_world: World) -> None:
    person_id = a_person(own_world.bruno)
    sent = [a_referral(own_world.bruno, a_case(own_world.bruno, person_id)) for _ in range(8)]

    def accept(number: int) -> None:
        answer_referrals(by=own_world.carla, rows=[Answer(referral_id=sent[number], verb="accept")])

    assert succeeded(together(accept, 8)) == [None] * 8
    assert PersonAgency.objects.filter(person_id=person_id, agency_code="ngo-harbour").count() == 1
    assert CaseAgency.objects.filter(agency_code="ngo-harbour").count() == 8


def test_a_batch_of_decisions_by_a_partner_is_stored_behind_the_wall(own_world: World) -> None:
    """An upsert counts as an insert for the wall, and a partner may not insert a case."""
    cases = [a_case(own_world.alma) for _ in range(3)]
    for case_id in cases:
        answer_referrals(
            by=own_world.bruno,
            rows=[Answer(referral_id=a_referral(own_world.alma, case_id, "prosecutor-north"), verb="accept")],
        )
    decide_cases(
        by=own_world.bruno, rows=[Ruling(case_id=pk, verb="identify", ground_code="prosecutor") for pk in cases]
    )
    assert set(Case.objects.values_list("identification", flat=True)) == {"identified"}
