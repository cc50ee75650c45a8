"""What people think of help: anonymous to whoever gave it, and never shown one by one."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from enlace.assistance.models import Feedback
from enlace.assistance.queries import quality
from enlace.audit.models import AuditEvent
from enlace.base.errors import Missing, Refusal
from enlace.country.queries import current
from tests.assistance.caring import a_service, helped_by_another, thought_of
from tests.world import World, a_case

THRESHOLD = current().disclosure.threshold


def answered(world: World, count: int, month: str = "2025-01", words: str = "") -> None:
    """Answers of people of as many cases about Carla's agency, in a month that has passed."""
    for _ in range(count):
        _case_id, service_id = helped_by_another(world)
        thought_of(world.bruno, service_id, words=words)
    Feedback.objects.filter(month__gt="2025-12").update(month=month)


def test_answers_are_shown_only_from_the_threshold_on(world: World) -> None:
    answered(world, THRESHOLD - 1)
    (row,) = quality(viewer=world.carla)
    assert row.scores is None
    answered(world, 1, words="Me escucharon.")
    (row,) = quality(viewer=world.carla)
    assert row.scores == ((1, 0), (2, 0), (3, THRESHOLD), (4, 0))
    assert row.words == ("Me escucharon.",)


def test_one_more_answer_is_not_seen_to_arrive(world: World) -> None:
    answered(world, THRESHOLD)
    before = quality(viewer=world.carla)
    answered(world, 1, month="2025-02")
    assert quality(viewer=world.carla) == before


def test_who_gave_the_help_does_not_ask_and_others_find_nothing(world: World) -> None:
    _case_id, service_id = helped_by_another(world)
    with pytest.raises(Refusal, match="another agency"):
        thought_of(world.carla, service_id)
    with pytest.raises(Missing):
        thought_of(world.omar, service_id)
    with pytest.raises(Refusal):
        thought_of(world.bruno, service_id, score=5)
    with pytest.raises(Refusal, match="too long"):
        thought_of(world.bruno, service_id, words="a" * 1001)
    assert not Feedback.objects.exists()


def test_a_service_is_answered_for_once(world: World) -> None:
    _case_id, service_id = helped_by_another(world)
    thought_of(world.bruno, service_id)
    with pytest.raises(Refusal, match="already"):
        thought_of(world.bruno, service_id, score=1)
    assert Feedback.objects.get().score == 3


def test_neither_the_row_nor_the_record_tells_whose_answer_it_is(world: World) -> None:
    case_id, service_id = helped_by_another(world)
    thought_of(world.bruno, service_id, words="Bien.")
    row = stored()
    told = " ".join(str(value).replace("-", "") for value in row.values())
    assert not [key for key in (case_id, service_id) if key.hex in told]
    assert UUID(str(row["id"])).version == 4, "an id ordered by time would tell when"
    event = AuditEvent.objects.get(action="feedback.given")
    assert (event.subject_id, event.detail) == ("", {})


def test_an_agency_sees_answers_about_itself_alone(world: World) -> None:
    answered(world, THRESHOLD)
    a_service(world.bruno, a_case(world.bruno))
    assert [row.scores for row in quality(viewer=world.bruno)] == [None]


def stored() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM assistance_feedback")
        names = [column[0] for column in cursor.description]
        (values,) = cursor.fetchall()
    return dict(zip(names, values, strict=True))
