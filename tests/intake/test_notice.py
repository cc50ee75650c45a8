"""A notice reaches the agency of the right kind, waits by a clock, never drops out, and its end is told to the sender."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.country.queries import current
from enlace.intake.actions import (
    Answer,
    Notification,
    close_notice,
    notify,
    return_notice,
    settle_notice,
    take_notices,
)
from enlace.intake.models import Notice, Outcome
from enlace.intake.queries import came_back, notice, notices_of_contact, open_notice, waiting_for_us
from enlace.people.actions import Consent, record_consents, revoke_consent
from enlace.people.queries import people_by_id
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.intake.contacts import a_contact, a_notice, at_risk
from tests.world import World, a_person

EXTRACT = {"accounts": "0000 invented", "phones": "555 000 0000"}


def test_it_goes_to_the_state_s_agency_or_else_to_the_national_one(world: World) -> None:
    contact_id = a_contact(world.hilda)
    for state, expected in (("XX-N", "children-north"), ("XX-S", "children-office"), ("", "children-office")):
        row = Notification(kind="child", contact_id=contact_id, state_code=state)
        (sent,) = notify(by=world.hilda, rows=[row])
        assert sent.to_agency == expected
    with pytest.raises(Refusal, match="No agency receives"):
        notify(by=world.hilda, rows=[Notification(kind="tip", contact_id=contact_id, state_code="XX-I")])


def test_the_state_is_that_of_the_contact_when_none_is_said(world: World) -> None:
    contact_id = a_contact(world.hilda, state_code="XX-S", precision_code="state")
    (sent,) = notify(by=world.hilda, rows=[Notification(kind="tip", contact_id=contact_id)])
    assert sent.to_agency == "prosecutor-south"


def test_its_clock_is_the_one_of_its_kind_and_overdue_it_stays(world: World) -> None:
    pk = a_notice(world.hilda, sent_at=timezone.now() - timedelta(days=400))
    (waiting,) = waiting_for_us(viewer=world.bruno, limit=5)
    assert waiting.pk == pk
    assert waiting.due_at == waiting.sent_at + current().limits["tip_answer"]
    take_notices(by=world.bruno, ids=[pk])
    assert [row.pk for row in waiting_for_us(viewer=world.bruno, limit=5)] == [pk]


def test_its_words_are_sealed_for_the_two_agencies(world: World) -> None:
    pk = a_notice(world.hilda, note="an invented tip")
    for viewer in (world.hilda, world.bruno):
        (part,) = open_notice(viewer=viewer, notice_id=pk, purpose="safety")
        assert part.content == {"note": "an invented tip"}
    with pytest.raises(Missing):
        open_notice(viewer=world.nadia, notice_id=pk, purpose="safety")
    with pytest.raises(Forbidden):
        open_notice(viewer=world.carla, notice_id=pk, purpose="safety")


def test_the_recipient_reads_a_slice_that_names_nobody(world: World) -> None:
    person_id = a_person(world.hilda, identity=Identity(given_names="Invented"))
    pk = a_notice(world.hilda, kind="child", person_id=person_id)
    assert set(notice(viewer=world.nadia, notice_id=pk).slice) == {
        "age_group_code",
        "sex_code",
        "citizenship_codes",
        "language_code",
        "needs_interpreter",
    }


def test_taking_up_a_child_s_notice_opens_the_child_to_the_authority(world: World) -> None:
    person_id = a_person(world.hilda, identity=Identity(given_names="Invented"), birth_year=2014, consents=None)
    pk = a_notice(world.hilda, kind="child", person_id=person_id)
    assert people_by_id(viewer=world.nadia, ids=[person_id]) == {}
    with pytest.raises(Missing):
        open_identity(viewer=world.nadia, person_id=person_id, purpose="safety")
    take_notices(by=world.nadia, ids=[pk])
    assert set(people_by_id(viewer=world.nadia, ids=[person_id])) == {person_id}
    assert open_identity(viewer=world.nadia, person_id=person_id, purpose="safety").given_names == "Invented"


def test_a_child_s_notice_that_is_returned_opens_nothing(world: World) -> None:
    person_id = a_person(world.hilda, identity=Identity(given_names="Invented"), consents=None)
    pk = a_notice(world.hilda, kind="child", person_id=person_id)
    return_notice(by=world.nadia, row=Answer(notice_id=pk, code="other_state"))
    assert people_by_id(viewer=world.nadia, ids=[person_id]) == {}
    with pytest.raises(Missing):
        open_identity(viewer=world.nadia, person_id=person_id, purpose="safety")


def test_a_tip_never_opens_the_person(world: World) -> None:
    person_id = a_person(world.hilda, identity=Identity(given_names="Invented"))
    take_notices(by=world.bruno, ids=[a_notice(world.hilda, person_id=person_id)])
    assert people_by_id(viewer=world.bruno, ids=[person_id]) == {}


def test_an_extract_needs_the_person_s_consent_for_it(world: World) -> None:
    person_id = a_person(world.hilda)
    row = Notification(kind="finance", person_id=person_id, extract=EXTRACT)
    with pytest.raises(Refusal, match="consent"):
        notify(by=world.hilda, rows=[row])
    with pytest.raises(Refusal, match="link the person"):
        notify(by=world.hilda, rows=[Notification(kind="finance", contact_id=a_contact(world.hilda), extract=EXTRACT)])
    today = timezone.localdate()
    agreed = Consent(person_id=person_id, purpose_code="finance", given_by_code="person", given_on=today)
    record_consents(by=world.hilda, rows=[agreed])
    (sent,) = notify(by=world.hilda, rows=[row])
    assert sent.slice == {}
    (part,) = open_notice(viewer=world.tomas, notice_id=sent.pk, purpose="safety")
    assert part.content == {"extract": {"phones": "555 000 0000", "accounts": "0000 invented"}}


def test_an_extract_opens_no_more_to_whom_it_was_sent_once_the_consent_is_withdrawn(world: World) -> None:
    person_id, today = a_person(world.hilda), timezone.localdate()
    agreed = Consent(person_id=person_id, purpose_code="finance", given_by_code="person", given_on=today)
    (consent,) = record_consents(by=world.hilda, rows=[agreed])
    (sent,) = notify(by=world.hilda, rows=[Notification(kind="finance", person_id=person_id, extract=EXTRACT)])
    revoke_consent(by=world.hilda, person_id=person_id, consent_id=consent.pk, on=today)
    with pytest.raises(Refusal, match="withdrawn"):
        open_notice(viewer=world.tomas, notice_id=sent.pk, purpose="safety")
    assert open_notice(viewer=world.hilda, notice_id=sent.pk, purpose="safety")


@pytest.mark.parametrize(
    ("kind", "extract"),
    [("finance", {}), ("finance", {"accounts": " "}), ("finance", {"name": "x"}), ("tip", {"accounts": "1"})],
)
def test_an_extract_holds_what_is_on_the_list_and_goes_to_one_place_only(
    world: World, kind: str, extract: dict[str, str]
) -> None:
    person_id = a_person(world.hilda)
    agreed = Consent(person_id=person_id, purpose_code="finance", given_by_code="person", given_on=timezone.localdate())
    record_consents(by=world.hilda, rows=[agreed])
    with pytest.raises(Refusal):
        notify(by=world.hilda, rows=[Notification(kind=kind, person_id=person_id, state_code="XX-N", extract=extract)])
    assert not Notice.objects.exists()


def test_the_same_is_not_sent_twice_while_it_waits(world: World) -> None:
    person_id = a_person(world.hilda)
    row = {"kind": "child", "person_id": person_id, "state_code": "XX-N"}
    (first,) = notify(by=world.hilda, rows=[Notification(**row)])
    assert notify(by=world.hilda, rows=[Notification(**row)]) == []
    return_notice(by=world.nadia, row=Answer(notice_id=first.pk, code="duplicate"))
    assert len(notify(by=world.hilda, rows=[Notification(**row)])) == 1


def test_an_agency_sends_nothing_to_itself_but_does_to_its_counterpart(world: World) -> None:
    person_id = a_person(world.nadia)
    assert notify(by=world.nadia, rows=[Notification(kind="child", person_id=person_id)]) == []
    row = Notification(kind="child", person_id=person_id, state_code="XX-S")
    assert [sent.to_agency for sent in notify(by=world.nadia, rows=[row])] == ["children-office"]


def test_only_the_recipient_answers_and_only_as_far_as_the_notice_allows(world: World) -> None:
    pk = a_notice(world.hilda)
    for by, expected in ((world.hilda, Forbidden), (world.nadia, Missing), (world.carla, Forbidden)):
        with pytest.raises(expected):
            take_notices(by=by, ids=[pk])
    with pytest.raises(Refusal):
        close_notice(by=world.bruno, row=Answer(notice_id=pk, code="no_grounds"))
    take_notices(by=world.bruno, ids=[pk])
    for code in ("", "no_such"):
        with pytest.raises(Refusal):
            close_notice(by=world.bruno, row=Answer(notice_id=pk, code=code))
    close_notice(by=world.bruno, row=Answer(notice_id=pk, code="no_grounds"))
    with pytest.raises(Refusal):
        take_notices(by=world.bruno, ids=[pk])


def test_an_investigation_is_told_to_the_desk_that_took_the_call(world: World) -> None:
    contact_id = a_contact(world.hilda)
    pk = a_notice(world.hilda, contact_id=contact_id)
    take_notices(by=world.bruno, ids=[pk])
    close_notice(by=world.bruno, row=Answer(notice_id=pk, code="investigation_opened", ref="INV-1"))
    told = Outcome.objects.get(contact_id=contact_id)
    assert (told.kind, told.agency_code, told.ref) == ("investigation_opened", "prosecutor-north", "INV-1")
    assert [row.status for row in notices_of_contact(viewer=world.hilda, contact_id=contact_id)] == ["closed"]


def test_what_came_back_stays_with_the_sender_until_it_is_settled(world: World) -> None:
    pk = a_notice(world.hilda)
    return_notice(by=world.bruno, row=Answer(notice_id=pk, code="not_competent"))
    assert [row.pk for row in came_back(viewer=world.hilda, limit=5)] == [pk]
    with pytest.raises(Refusal, match="Only the agency that sent"):
        settle_notice(by=world.bruno, notice_id=pk)
    settle_notice(by=world.hilda, notice_id=pk)
    assert came_back(viewer=world.hilda, limit=5) == []


@pytest.mark.parametrize(
    "changes",
    [{"kind": "no_such"}, {"state_code": "MX-PUE"}, {"contact_id": None}, {"note": "x" * 4001}],
)
def test_a_notice_with_a_fault_is_refused(world: World, changes: dict[str, object]) -> None:
    said = {"kind": "tip", "contact_id": a_contact(world.hilda), "state_code": "XX-N"}
    with pytest.raises(Refusal):
        notify(by=world.hilda, rows=[Notification(**(said | changes))])


def test_nobody_sends_what_is_not_theirs(world: World) -> None:
    person_id, contact_id = a_person(world.bruno), a_contact(world.alma, channel_code="police")
    for about in ({"person_id": person_id}, {"contact_id": contact_id}, {"person_id": uuid4()}):
        with pytest.raises(Missing):
            notify(by=world.hilda, rows=[Notification(kind="child", **about)])
    with pytest.raises(Forbidden):
        notify(by=world.carla, rows=[Notification(kind="child", person_id=person_id)])


def test_people_of_a_contact_are_not_told_with_a_notice_about_it(world: World) -> None:
    pk = a_notice(world.hilda, contact_id=a_contact(world.hilda, people=(at_risk(a_person(world.hilda)),)))
    assert notice(viewer=world.bruno, notice_id=pk).slice == {}
