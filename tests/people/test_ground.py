"""A legal ground is a record of its own: which office decided, by which article, on which day, until when."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.actions import Grounded, end_ground, record_ground
from enlace.people.queries import basis, grounds
from tests.cases.pages import send, signed_in
from tests.world import World, a_person

TODAY = timezone.localdate()


def decided(person_id: UUID, **changes: Any) -> Grounded:
    said = Grounded(
        person_id=person_id,
        purpose_code="justice",
        ground_code="court_order",
        article="s. 31",
        decided_by="Invented court",
        decided_on=TODAY,
    )
    return replace(said, **changes)


def allows(world: World, person_id: UUID, recipient: str = "ngo-harbour", on: date = TODAY) -> str:
    found = basis(viewer=world.bruno, person_id=person_id, purpose_code="justice", recipient_code=recipient, on=on)
    return found.kind if found else ""


def test_it_allows_its_purpose_and_recipient_from_its_day_until_it_ends(world: World) -> None:
    person_id = a_person(world.bruno, consents=False)
    assert allows(world, person_id) == ""
    row = record_ground(by=world.bruno, row=decided(person_id, recipient_code="ngo-harbour", expires_on=TODAY))
    assert allows(world, person_id) == "ground"
    assert allows(world, person_id, recipient="health-south") == ""
    assert allows(world, person_id, on=TODAY - timedelta(days=1)) == ""
    assert allows(world, person_id, on=TODAY + timedelta(days=1)) == ""
    end_ground(by=world.bruno, person_id=person_id, ground_id=row.pk, on=TODAY)
    assert allows(world, person_id) == ""
    with pytest.raises(Refusal, match="already"):
        end_ground(by=world.bruno, person_id=person_id, ground_id=row.pk, on=TODAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"ground_code": "no_such"},
        {"purpose_code": "no_such"},
        {"recipient_code": "no-such"},
        {"article": " "},
        {"decided_by": ""},
        {"decided_on": TODAY + timedelta(days=1)},
        {"expires_on": TODAY - timedelta(days=1)},
    ],
)
def test_what_nobody_decided_is_no_ground(world: World, changes: dict[str, Any]) -> None:
    person_id = a_person(world.bruno)
    with pytest.raises(Refusal):
        record_ground(by=world.bruno, row=decided(person_id, **changes))
    assert not grounds(viewer=world.bruno, person_id=person_id).exists()


def test_only_who_may_and_who_knows_the_person_records_and_ends_one(world: World) -> None:
    person_id = a_person(world.bruno)
    row = record_ground(by=world.bruno, row=decided(person_id))
    with pytest.raises(Forbidden):
        record_ground(by=world.gema, row=decided(person_id))
    with pytest.raises(Missing):
        record_ground(by=world.omar, row=decided(person_id))
    with pytest.raises(Missing):
        end_ground(by=world.omar, person_id=person_id, ground_id=row.pk, on=TODAY)
    with pytest.raises(Forbidden):
        end_ground(by=world.gema, person_id=person_id, ground_id=row.pk, on=TODAY)
    with pytest.raises(Refusal, match="before"):
        end_ground(by=world.bruno, person_id=person_id, ground_id=row.pk, on=TODAY - timedelta(days=1))
    assert AuditEvent.objects.filter(action="ground.recorded").count() == 1


def test_the_page_records_one_shows_it_and_ends_it_after_asking(world: World) -> None:
    person_id, browser = a_person(world.bruno), signed_in("bruno")
    said = {
        "purpose": "justice",
        "ground": "court_order",
        "article": "s. 31",
        "decided_by": "Invented court",
        "decided_on": TODAY.isoformat(),
    }
    assert send(browser, f"/people/{person_id}/ground/", said).status_code == 302
    page = browser.get(f"/people/{person_id}/consents/").text
    assert "Invented court" in page
    ground_id = grounds(viewer=world.bruno, person_id=person_id).get().pk
    address = f"/people/{person_id}/ground/{ground_id}/end/"
    assert "nothing more is disclosed on this ground" in browser.get(address).text
    assert send(browser, address, {}).status_code == 302
    assert grounds(viewer=world.bruno, person_id=person_id).get().ended_on == TODAY
