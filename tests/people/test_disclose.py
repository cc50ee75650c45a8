"""The log of what left: on a consent or a ground that stands, by name of field, never changed."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.errors import Missing, Refusal
from enlace.base.rows import show_rows_of
from enlace.intake.actions import Notification, notify, take_notices
from enlace.people.actions import Consent, Disclosed, record_consents, record_disclosures, revoke_consent
from enlace.people.models import Disclosure
from enlace.people.queries import consents, disclosures
from enlace.people.rules import BY_LAW
from enlace.vault.rules import Identity
from tests.cases.pages import signed_in
from tests.own import savepoint, together
from tests.world import SYSTEM, World, a_person


def left(person_id: UUID, **changes: Any) -> Disclosed:
    said = Disclosed(
        person_id=person_id,
        kind="slice",
        fields=("age_group_code", "sex_code"),
        purpose_code="referral",
        recipient_code="ngo-harbour",
    )
    return replace(said, **changes)


def test_what_leaves_is_logged_with_the_consent_that_allowed_it(world: World) -> None:
    person_id = a_person(world.bruno)
    (row,) = record_disclosures(by=world.bruno, rows=[left(person_id)])
    assert row.consent_id == consents(viewer=world.bruno, person_id=person_id).get(purpose_code="referral").pk
    assert (row.agency_code, row.by, row.ground_code) == ("prosecutor-north", world.bruno.id, "")
    assert list(disclosures(viewer=world.lucas, person_id=person_id)) == [row]
    assert list(disclosures(viewer=world.omar, person_id=person_id)) == []
    assert AuditEvent.objects.filter(action="person.disclosed", subject_id=str(person_id)).count() == 1


def test_without_consent_or_ground_nothing_leaves_and_nothing_is_logged(world: World) -> None:
    refused, asked = a_person(world.bruno, consents=False), a_person(world.bruno)
    for row in (left(refused), left(asked, purpose_code="research"), left(asked, at=datetime(2024, 1, 1, tzinfo=UTC))):
        with pytest.raises(Refusal, match="Neither a consent nor a legal ground"):
            record_disclosures(by=world.bruno, rows=[row])
    grant = consents(viewer=world.bruno, person_id=asked).get(purpose_code="referral")
    revoke_consent(by=world.bruno, person_id=asked, consent_id=grant.pk, on=timezone.localdate())
    with pytest.raises(Refusal):
        record_disclosures(by=world.bruno, rows=[left(asked)])
    assert not Disclosure.objects.exists()


def test_a_ground_of_the_list_or_the_law_itself_stands_in_its_place(world: World) -> None:
    person_id = a_person(world.bruno, consents=False)
    rows = [left(person_id, ground_code="emergency"), left(person_id, ground_code=BY_LAW, purpose_code="")]
    logged = record_disclosures(by=world.bruno, rows=rows)
    assert [(row.ground_code, row.consent_id) for row in logged] == [("emergency", None), (BY_LAW, None)]


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "gossip"},
        {"recipient_code": "", "recipient_name": " "},
        {"ground_code": "no_such"},
        {"purpose_code": "no_such"},
    ],
)
def test_a_row_that_says_too_little_is_refused(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        record_disclosures(by=world.bruno, rows=[left(a_person(world.bruno), **changes)])
    assert not Disclosure.objects.exists()


def test_nobody_logs_for_a_person_whom_the_agency_does_not_know(world: World) -> None:
    with pytest.raises(Missing):
        record_disclosures(by=world.omar, rows=[left(a_person(world.bruno))])


def test_what_is_logged_is_never_changed_or_removed(world: World) -> None:
    record_disclosures(by=world.bruno, rows=[left(a_person(world.bruno))])
    rows = Disclosure.objects.all()
    for spoil in (lambda: rows.update(kind="identity"), lambda: rows._raw_delete(rows.db)):
        with pytest.raises(DatabaseError, match="append-only"), savepoint():
            spoil()


def test_the_page_lists_to_whom_and_what_by_name(world: World) -> None:
    person_id = a_person(world.bruno)
    outside = left(person_id, recipient_code="", recipient_name="Invented partner abroad", kind="package")
    record_disclosures(by=world.bruno, rows=[left(person_id), outside])
    for page in ("consents/", ""):
        text = signed_in("bruno").get(f"/people/{person_id}/{page}").text
        assert "Invented partner abroad" in text
        assert "Facts without a name" in text
    assert "age group" in signed_in("bruno").get(f"/people/{person_id}/consents/").text


def test_a_notice_logs_its_slice_and_the_identity_when_it_is_taken_up(world: World) -> None:
    identity = Identity(given_names="Persona", family_names="Inventada Nueve")
    person_id = a_person(world.hilda, identity=identity, birth_year=timezone.localdate().year - 9)
    (notice,) = notify(by=world.hilda, rows=[Notification(kind="child", person_id=person_id, state_code="XX-N")])
    take_notices(by=world.nadia, ids=[notice.pk])
    rows = {row.kind: row for row in disclosures(viewer=world.hilda, person_id=person_id)}
    assert rows.keys() == {"slice", "identity"}
    for row in rows.values():
        assert (row.agency_code, row.recipient_code, row.ground_code) == ("helpline", "children-north", BY_LAW)
        assert row.source_id == notice.pk
    assert "sex_code" in rows["slice"].fields


def test_an_extract_logs_the_names_of_its_fields_on_the_consent(world: World) -> None:
    person_id = a_person(world.hilda)
    agreed = Consent(person_id=person_id, purpose_code="finance", given_by_code="person", given_on=timezone.localdate())
    record_consents(by=world.hilda, rows=[agreed])
    row = Notification(kind="finance", person_id=person_id, extract={"accounts": "invented 1234"}, state_code="XX-N")
    notify(by=world.hilda, rows=[row])
    (logged,) = disclosures(viewer=world.hilda, person_id=person_id)
    assert (logged.kind, logged.fields, logged.consent_id) == ("extract", ["accounts"], agreed.id)
    assert "1234" not in str(logged.__dict__)


@pytest.mark.parametrize("attempt", range(3))
def test_revoked_while_it_leaves_either_it_left_before_or_not_at_all(own_world: World, attempt: int) -> None:
    show_rows_of(SYSTEM)
    person_id = a_person(own_world.bruno)
    grant = consents(viewer=SYSTEM, person_id=person_id).get(purpose_code="referral")

    def work(number: int) -> str:
        if number == 3:
            revoke_consent(by=own_world.lucas, person_id=person_id, consent_id=grant.pk, on=timezone.localdate())
            return "revoked"
        record_disclosures(by=own_world.bruno, rows=[left(person_id)])
        return "left"

    answers = together(work, 8)
    assert [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refusal)] == []
    events = AuditEvent.objects.filter(chain="prosecutor-north")
    revoked = events.get(action="consent.revoked")
    assert answers.count("left") == Disclosure.objects.count() == events.filter(action="person.disclosed").count()
    assert not events.filter(action="person.disclosed", seq__gt=revoked.seq).exists()
