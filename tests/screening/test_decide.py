"""Deciding: a person with the right, with a reason; the engine's class and the decision stand side by side."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.intake.models import Outcome
from enlace.screening.actions import Decision, decide_screenings
from enlace.screening.models import DetentionAlert, Ruling
from enlace.screening.queries import seconds_due, to_decide
from tests.intake.contacts import a_contact, at_risk
from tests.screening.talks import LITTLE, POSSIBLE, PRESUMED, a_screening, decided, finished, row_of
from tests.world import World, a_person


def test_a_decision_keeps_who_when_why_and_on_which_finding(world: World) -> None:
    finding = finished(world.alma, PRESUMED)
    ruling = decided(world.alma, finding.screening_id, "presumed", "  Act, control and exploitation.  ")
    assert (ruling.by, ruling.agency_code, ruling.finding_id) == (world.alma.id, "police-north", finding.pk)
    assert ruling.reason == "Act, control and exploitation."
    row = row_of(finding.screening_id)
    assert (row.status, row.decided_code, row.decided_at) == ("decided", "presumed", ruling.at)
    assert to_decide(viewer=world.alma, limit=9) == []


def test_a_person_may_decide_otherwise_than_the_engine_found(world: World) -> None:
    screening_id = finished(world.alma, POSSIBLE).screening_id
    decided(world.alma, screening_id, "presumed", "The inspection confirmed it.")
    row = row_of(screening_id)
    assert (row.class_code, row.decided_code) == ("possible", "presumed")


def test_a_decision_needs_a_reason_and_one_of_the_classes(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    for class_code, reason in (("presumed", " "), ("presumed", "x" * 4001), ("no_victim", "Because")):
        with pytest.raises(Refusal):
            decided(world.alma, screening_id, class_code, reason)
    assert not Ruling.objects.exists()


def test_only_finished_screenings_are_decided_and_only_once(world: World) -> None:
    with pytest.raises(Refusal, match="Finish the screening first"):
        decided(world.alma, a_screening(world.alma), "presumed")
    screening_id = finished(world.alma, PRESUMED).screening_id
    decided(world.alma, screening_id, "presumed")
    with pytest.raises(Refusal, match="already decided"):
        decided(world.alma, screening_id, "possible")


def test_a_decision_is_not_dated_before_the_end(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    early = Decision(
        screening_id=screening_id, class_code="presumed", reason="Early", at=timezone.now() - timedelta(days=1)
    )
    with pytest.raises(Refusal, match="before the screening was finished"):
        decide_screenings(by=world.alma, rows=[early])


def test_whoever_lacks_the_right_or_the_screening_decides_nothing(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    with pytest.raises(Forbidden):
        decided(world.carla, screening_id, "presumed")
    with pytest.raises(Missing):
        decided(world.bruno, screening_id, "presumed")


def test_deciding_that_it_is_enough_takes_the_second_screening_off_the_list(world: World) -> None:
    screening_id = finished(world.alma, LITTLE).screening_id
    decided(world.alma, screening_id, "presumed", "New papers arrived.")
    assert seconds_due(viewer=world.alma, limit=9) == []


def test_deciding_that_it_is_too_little_keeps_it_there(world: World) -> None:
    screening_id = finished(world.alma, PRESUMED).screening_id
    decided(world.alma, screening_id, "insufficient", "The interpreter was not trusted.")
    assert [row.pk for row in seconds_due(viewer=world.alma, limit=9)] == [screening_id]


def test_presuming_somebody_in_detention_raises_the_alert_that_the_engine_did_not(world: World) -> None:
    screening_id = finished(world.alma, POSSIBLE | {"detained": "yes"}).screening_id
    assert not DetentionAlert.objects.exists()
    decided(world.alma, screening_id, "presumed")
    assert DetentionAlert.objects.get().screening_id == screening_id


def test_many_are_decided_at_once_or_none(world: World) -> None:
    ids = [finished(world.alma, PRESUMED).screening_id for _ in range(2)]
    rows = [Decision(screening_id=pk, class_code="presumed", reason="Seen") for pk in [*ids, a_screening(world.alma)]]
    with pytest.raises(Refusal):
        decide_screenings(by=world.alma, rows=rows)
    assert not Ruling.objects.exists()
    assert len(decide_screenings(by=world.alma, rows=rows[:2])) == 2


@pytest.mark.parametrize(
    ("class_code", "kind"),
    [
        ("presumed", "screened_presumed"),
        ("possible", "screened_possible"),
        ("insufficient", "screened_insufficient"),
        ("no_indication_found", "screened_no_indication"),
    ],
)
def test_the_desk_of_the_contact_is_told_what_was_decided(world: World, class_code: str, kind: str) -> None:
    person_id = a_person(world.hilda)
    contact_id = a_contact(world.hilda, people=(at_risk(person_id),))
    finding = finished(world.hilda, PRESUMED, person_id, contact_id=contact_id)
    assert not Outcome.objects.exists(), "the engine decides nothing, so there is nothing to tell yet"
    decided(world.hilda, finding.screening_id, class_code)
    assert list(Outcome.objects.values_list("contact_id", "person_id", "kind")) == [(contact_id, person_id, kind)]
