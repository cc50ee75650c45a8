"""Finishing: what the engine finds is kept whole, and protection starts in the same moment."""

import hashlib
import json
from datetime import timedelta

import pytest

from enlace.base.errors import Refusal
from enlace.country.protocols import NoAnswer
from enlace.country.queries import current
from enlace.intake.models import Notice
from enlace.screening.actions import Finish, finish_screenings
from enlace.screening.models import DetentionAlert, Screening
from enlace.screening.queries import seconds_due
from tests.screening.talks import (
    LITTLE,
    NOTHING,
    POSSIBLE,
    PRESUMED,
    SECOND,
    a_screening,
    finished,
    not_safe_yet,
    row_of,
    said,
)
from tests.world import World, a_person


@pytest.mark.parametrize(
    ("values", "class_code"),
    [(PRESUMED, "presumed"), (POSSIBLE, "possible"), (LITTLE, "insufficient"), (NOTHING, "no_indication_found")],
)
def test_the_class_is_kept_with_all_that_led_to_it(world: World, values: dict[str, object], class_code: str) -> None:
    finding = finished(world.alma, values)
    row = row_of(finding.screening_id)
    assert (finding.class_code, row.class_code, row.status) == (class_code, class_code, "finished")
    assert finding.outcome["class_code"] == class_code
    text = json.dumps(finding.outcome, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert finding.digest == hashlib.sha256(text.encode()).hexdigest()
    assert finding.protocol_digest == row.protocol_digest == current().protocol("first_talk", 1).digest


def test_a_required_question_stops_the_end_until_there_is_an_answer_or_a_reason(world: World) -> None:
    screening_id = a_screening(world.alma)
    said(world.alma, screening_id, {"age": 30})
    with pytest.raises(Refusal, match="Do you work at present"):
        finish_screenings(by=world.alma, rows=[Finish(screening_id=screening_id)])
    said(world.alma, screening_id, {"works": NoAnswer.PREFERS_NOT})
    finish_screenings(by=world.alma, rows=[Finish(screening_id=screening_id)])
    assert row_of(screening_id).status == "finished"


def test_nothing_is_finished_twice_or_before_the_steps_of_safety(world: World) -> None:
    screening_id = finished(world.alma, LITTLE).screening_id
    with pytest.raises(Refusal, match="finished"):
        finish_screenings(by=world.alma, rows=[Finish(screening_id=screening_id)])
    with pytest.raises(Refusal, match="before the first question"):
        finish_screenings(by=world.alma, rows=[Finish(screening_id=not_safe_yet(world.alma))])


def test_too_little_information_owes_a_second_screening_by_the_clock_of_the_country(world: World) -> None:
    row = row_of(finished(world.alma, LITTLE).screening_id)
    assert row.second_due_at == (row.finished_at or row.started_at) + timedelta(days=20)
    assert [r.pk for r in seconds_due(viewer=world.alma, limit=9)] == [row.pk]
    assert row_of(finished(world.alma, PRESUMED).screening_id).second_due_at is None


def test_once_begun_the_second_screening_is_no_longer_owed(world: World) -> None:
    person_id = a_person(world.alma)
    first = finished(world.alma, LITTLE, person_id).screening_id
    a_screening(world.alma, person_id, SECOND, second_of=first)
    assert seconds_due(viewer=world.alma, limit=9) == []


@pytest.mark.parametrize("values", [{"age": 12}, {"age_doubt": "yes"}, {"birth_year": 2015}])
def test_a_child_and_whoever_may_be_one_reaches_child_protection(world: World, values: dict[str, object]) -> None:
    person_id = a_person(world.alma, birth_year=None)
    finished(world.alma, LITTLE | values, person_id)
    notice = Notice.objects.get(kind_code="child")
    assert (notice.person_id, notice.to_agency) == (person_id, "children-north")
    assert Screening.objects.get().child_notified_at == notice.sent_at


def test_nothing_is_sent_about_an_adult_or_where_nothing_was_found(world: World) -> None:
    finished(world.alma, PRESUMED)
    child = {**NOTHING, "age": 12}
    del child["debt"]
    finished(world.alma, child, a_person(world.alma, birth_year=None))
    assert not Notice.objects.exists()


def test_a_presumed_victim_in_detention_raises_one_alert_with_the_clock_of_the_law(world: World) -> None:
    person_id = a_person(world.alma)
    for _ in range(2):
        finished(world.alma, PRESUMED | {"detained": "yes"}, person_id)
    alert = DetentionAlert.objects.get()
    assert (alert.person_id, alert.status) == (person_id, "raised")
    assert alert.due_at == alert.opened_at + timedelta(hours=48)
    assert Notice.objects.get(kind_code="detained").to_agency == "migration-service"


def test_detention_alone_raises_none(world: World) -> None:
    finished(world.alma, LITTLE | {"detained": "yes"})
    assert not DetentionAlert.objects.exists()


def test_the_groups_at_risk_that_were_noted_are_kept_for_the_report(world: World) -> None:
    finding = finished(world.alma, {"groups": "migrant"}, protocol="group_visit", risk_codes=("poverty",))
    assert row_of(finding.screening_id).risk_codes == ["migrant", "poverty"]


def test_a_batch_with_one_that_cannot_be_finished_finishes_nothing(world: World) -> None:
    good, bad = a_screening(world.alma), a_screening(world.alma)
    said(world.alma, good, LITTLE)
    with pytest.raises(Refusal):
        finish_screenings(by=world.alma, rows=[Finish(screening_id=pk) for pk in (good, bad)])
    assert row_of(good).status == "draft"
