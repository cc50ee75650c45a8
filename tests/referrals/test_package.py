"""A package for a partner outside: sealed, opened once with link and code, answered, taken back, run out."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from enlace.audit.models import AuditEvent
from enlace.audit.queries import verify
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.keyring import KeyUnavailable
from enlace.country.queries import current
from enlace.people.actions import revoke_consent
from enlace.people.models import Disclosure
from enlace.people.queries import consents
from enlace.referrals import codes
from enlace.referrals.actions import (
    Answer,
    Feedback,
    Made,
    Opened,
    Outsider,
    Parcel,
    answer_package,
    correct_partner,
    expire_packages,
    expire_referrals,
    give_feedback,
    open_package,
    send_package,
    take_step,
    withdraw_referral,
)
from enlace.referrals.models import DisclosurePackage, Referral, ReferralStep
from enlace.referrals.permissions import PARTNER
from enlace.referrals.queries import came_back
from enlace.vault.models import RecordKey, RecordPart
from enlace.vault.queries import open_record
from tests.referrals.asking import a_package, a_partner
from tests.world import SYSTEM, World, a_case, a_person

WHO = "Lic. Invitada, recepción"


def opened(made: Made, code: str = "") -> Opened:
    return open_package(by=PARTNER, link=made.link, code=code or made.code, opened_by=WHO)


def wrong(made: Made) -> str:
    return f"{(int(made.code) + 1) % 10**8:08}"


def now_of(made: Made) -> DisclosurePackage:
    return DisclosurePackage.objects.select_related("referral").get(pk=made.package.pk)


def nothing_is_left(made: Made) -> bool:
    record_id = made.package.record_id
    return (
        not RecordKey.objects.filter(record_id=record_id).exists()
        and not RecordPart.objects.filter(record_id=record_id).exists()
    )


def test_it_holds_what_was_chosen_and_nothing_else_and_opens_once(world: World) -> None:
    made = a_package(world, fields=("sex_code", "forms", "names"), message="speaks softly")
    found = opened(made, codes.grouped(made.code))
    assert found.content is not None
    assert found.content["names"] == "Xiomara Inventada"
    assert set(found.content) == {"slice", "message", "names"}
    assert set(found.content["slice"]) == {"sex_code", "forms"}
    package = now_of(made)
    assert (package.status, package.opened_by, package.field_names) == ("opened", WHO, ["sex_code", "forms", "names"])
    assert nothing_is_left(made)
    assert opened(made).content is None
    told = Disclosure.objects.get(kind="package")
    assert (told.recipient_name, told.agency_code, told.fields) == (
        "Casa Inventada", "prosecutor-north", ["forms", "names", "sex_code", "message"],
    )  # fmt: skip
    assert verify() == []


def test_what_is_stored_opens_for_nobody_without_link_and_code(world: World) -> None:
    """Not even for the system, which may read every record: under its seal is another."""
    made = a_package(world, fields=("names", "phones"))
    (part,) = open_record(viewer=SYSTEM, record_id=made.package.record_id)
    assert "Xiomara" not in str(part.content)
    assert made.link not in str(vars(made.package))
    assert made.code not in (made.package.code_digest, made.package.link_digest)
    for link, code in ((made.link, wrong(made)), (codes.new_link(), made.code)):
        with pytest.raises(KeyUnavailable):
            codes.unseal(made.package.pk, link, code, part.content["sealed"])
    events = str(list(AuditEvent.objects.values_list("detail", flat=True)))
    assert made.link not in events
    assert made.code not in events
    assert "Xiomara" not in events


@given(st.dictionaries(st.text(), st.text()), st.integers(0, 10**8 - 1))
def test_what_is_sealed_comes_back_whole_and_no_bit_of_it_can_be_changed(content: dict[str, str], number: int) -> None:
    package_id, link, code = new_id(), codes.new_link(), f"{number:08}"
    sealed = codes.seal(package_id, link, code, content)
    assert codes.unseal(package_id, link, code, sealed) == content
    assert codes.read_code(codes.grouped(code)) == code
    at = number % len(sealed)
    changed = sealed[:at] + ("0" if sealed[at] != "0" else "1") + sealed[at + 1 :]
    for pk, blob in ((package_id, changed), (new_id(), sealed), (package_id, "")):
        with pytest.raises(KeyUnavailable):
            codes.unseal(pk, link, code, blob)


def test_five_wrong_codes_destroy_it_and_the_sender_is_told(world: World) -> None:
    made = a_package(world)
    for _ in range(5):
        with pytest.raises(Missing):
            opened(made, wrong(made))
    with pytest.raises(Missing):
        opened(made)
    assert (now_of(made).status, now_of(made).tries) == ("locked", 5)
    assert nothing_is_left(made)
    assert [r.pk for r in came_back(viewer=world.bruno, limit=9)] == [made.package.referral_id]
    assert not Disclosure.objects.exists()


def test_four_wrong_codes_and_the_right_one_open_it(world: World) -> None:
    made = a_package(world)
    for _ in range(4):
        with pytest.raises(Missing):
            opened(made, wrong(made))
    assert opened(made).content is not None


def test_a_wrong_link_and_a_wrong_code_are_told_in_the_same_words(world: World) -> None:
    made = a_package(world)
    said = []
    for link, code in ((codes.new_link(), made.code), (made.link, wrong(made)), ("", ""), (made.link, "")):
        with pytest.raises(Missing) as refused:
            open_package(by=PARTNER, link=link, code=code, opened_by=WHO)
        said.append(refused.value.reason)
    assert len(set(said)) == 1
    with pytest.raises(Refusal, match="who opens"):
        open_package(by=PARTNER, link=made.link, code=made.code, opened_by=" ")


def test_no_account_opens_or_answers_one(world: World) -> None:
    made = a_package(world)
    with pytest.raises(Forbidden):
        open_package(by=world.bruno, link=made.link, code=made.code, opened_by=WHO)
    with pytest.raises(Forbidden):
        answer_package(by=world.bruno, package_id=made.package.pk, verb="accept")


def test_taken_back_before_it_was_opened_nothing_was_told(world: World) -> None:
    made = a_package(world)
    withdraw_referral(by=world.lucas, referral_id=made.package.referral_id)
    assert now_of(made).status == "withdrawn"
    assert nothing_is_left(made)
    with pytest.raises(Refusal, match="no longer there"):
        opened(made)
    assert not Disclosure.objects.exists()


def test_after_it_was_opened_only_the_question_can_be_taken_back(world: World) -> None:
    made = a_package(world)
    opened(made)
    withdraw_referral(by=world.bruno, referral_id=made.package.referral_id)
    assert (now_of(made).status, now_of(made).referral.status) == ("opened", "withdrawn")
    with pytest.raises(Refusal):
        answer_package(by=PARTNER, package_id=made.package.pk, verb="accept")


def test_it_runs_out_by_the_limit_of_the_country_and_comes_back(world: World) -> None:
    made = a_package(world)
    span = current().limits["package_open"]
    assert made.package.expires_at - made.package.made_at == span
    assert now_of(made).referral.due_at == made.package.expires_at
    later = made.package.expires_at + timedelta(seconds=1)
    assert expire_referrals(by=SYSTEM, at=made.package.expires_at) == 0
    assert [expire_referrals(by=SYSTEM, at=later) for _ in range(2)] == [1, 0]
    assert now_of(made).status == "expired"
    assert nothing_is_left(made)
    with pytest.raises(Refusal, match="no longer there"):
        opened(made)


def test_one_answered_by_telephone_is_destroyed_in_time_too(world: World) -> None:
    made = a_package(world)
    take_step(by=world.bruno, row=Answer(referral_id=made.package.referral_id, verb="accept"))
    later = made.package.expires_at + timedelta(seconds=1)
    assert expire_referrals(by=SYSTEM, at=later) == 0
    assert [expire_packages(by=SYSTEM, at=at) for at in (made.package.expires_at, later, later)] == [0, 1, 0]
    assert nothing_is_left(made)
    assert now_of(made).referral.status == "accepted"


def test_consent_revoked_before_the_opening_tells_nothing_and_destroys_it(world: World) -> None:
    made = a_package(world)
    person_id = now_of(made).referral.case.person_id
    agreed = consents(viewer=world.bruno, person_id=person_id).get(purpose_code="referral")
    revoke_consent(by=world.bruno, person_id=person_id, consent_id=agreed.pk, on=timezone.localdate())
    with pytest.raises(Refusal, match="no longer there"):
        opened(made)
    assert nothing_is_left(made)
    assert not Disclosure.objects.exists()
    assert len(came_back(viewer=world.bruno, limit=9)) == 1
    assert ReferralStep.objects.filter(verb="undisclosed").count() == 1


@pytest.mark.parametrize(
    ("facts", "fields", "is_allowed"),
    [
        ({"consents": False}, ("sex_code",), False),
        ({"consents": False, "ground_code": "emergency"}, ("sex_code", "age_group_code"), True),
        ({"consents": False, "ground_code": "emergency"}, ("names",), False),
        ({"consents": False, "ground_code": "emergency"}, ("forms",), False),
        ({"consents": None, "is_anonymous": True}, (), True),
        ({"consents": None, "is_anonymous": True}, ("sex_code",), False),
        ({"consents": True}, ("address",), False),
        ({"consents": True}, ("message",), False),
    ],
)
def test_the_fields_are_those_that_consent_or_ground_allows(
    world: World, facts: dict[str, Any], fields: tuple[str, ...], is_allowed: bool
) -> None:
    if not is_allowed:
        with pytest.raises(Refusal):
            a_package(world, fields=fields, **facts)
        assert not DisclosurePackage.objects.exists()
        assert not Referral.objects.exists()
        return
    made = a_package(world, fields=fields, **facts)
    content = opened(made).content
    assert content is not None
    assert set(content["slice"]) == set(fields)
    assert set(content) == {"slice", "message"}


@pytest.mark.parametrize(("verb", "status"), [("accept", "accepted"), ("decline", "declined")])
def test_the_partner_answers_where_it_read_and_the_sender_sees_by_whom(world: World, verb: str, status: str) -> None:
    made = a_package(world)
    with pytest.raises(Missing):
        answer_package(by=PARTNER, package_id=made.package.pk, verb=verb, reason_code="no_capacity")
    opened(made)
    answer_package(by=PARTNER, package_id=made.package.pk, verb="acknowledge")
    assert now_of(made).acknowledged_at is not None
    answer_package(by=PARTNER, package_id=made.package.pk, verb=verb, reason_code="no_capacity", note="words")
    referral = now_of(made).referral
    assert referral.status == status
    step = ReferralStep.objects.get(verb=verb)
    assert (step.by, step.agency_code, step.note) == ("system:partner", referral.recipient_code, "words")
    with pytest.raises(Refusal, match="changed"):
        answer_package(by=PARTNER, package_id=made.package.pk, verb=verb, reason_code="no_capacity")


def test_what_the_partner_tells_by_telephone_is_written_down_by_the_sender(world: World) -> None:
    made = a_package(world)
    referral_id = made.package.referral_id
    for verb in ("accept", "start", "complete"):
        take_step(by=world.lucas, row=Answer(referral_id=referral_id, verb=verb))
    give_feedback(by=world.bruno, row=Feedback(referral_id=referral_id, result_code="helped"))
    referral = Referral.objects.get(pk=referral_id)
    assert (referral.status, referral.feedback_code) == ("completed", "helped")
    with pytest.raises(Missing):
        give_feedback(by=world.carla, row=Feedback(referral_id=referral_id, result_code="helped"))


def test_an_agency_that_holds_no_identity_sends_none_and_a_closed_partner_gets_nothing(world: World) -> None:
    partner = a_partner(world.bruno)
    case_id = a_case(world.bruno, a_person(world.bruno))
    row = Parcel(case_id=case_id, partner_id=partner.pk, service_codes=("MENTAL",), field_names=("names",))
    with pytest.raises(Refusal, match="no identity"):
        send_package(by=world.bruno, row=row)
    correct_partner(by=world.bruno, partner_id=partner.pk, row=Outsider(name="Casa", kind_code="ngo", is_active=False))
    with pytest.raises(Refusal, match="in the register"):
        send_package(by=world.bruno, row=row)
    with pytest.raises(Forbidden):
        send_package(by=world.elena, row=row)
    assert not Referral.objects.exists()
