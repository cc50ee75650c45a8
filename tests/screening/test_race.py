"""Two at once: of two screeners, two deciders or two who end an alert one comes first and the other is told."""

from collections.abc import Callable

import pytest

from enlace.base.errors import Refusal
from enlace.base.rows import seeing_as
from enlace.screening.actions import AnswerPage, Ended, Start, answer_screenings, end_alerts, start_screenings
from enlace.screening.models import Answer, DetentionAlert, Ruling, Screening
from tests.own import together
from tests.screening.talks import LITTLE, PRESUMED, SECOND, a_screening, decided, finished
from tests.world import SYSTEM, World, a_person

pytestmark = pytest.mark.slow


def one_wins(work: Callable[[int], object], count: int = 6) -> None:
    found = together(work, count)
    refused = [answer for answer in found if isinstance(answer, Refusal)]
    assert [type(answer) for answer in found if isinstance(answer, Exception) and answer not in refused] == []
    assert len(refused) == count - 1


def test_two_who_answer_the_same_question_at_once(own_world: World) -> None:
    screening_id = a_screening(own_world.alma)

    def work(number: int) -> None:
        page = AnswerPage(screening_id=screening_id, protocol_version=1, values={"age": 20 + number}, seen={"age": 0})
        answer_screenings(by=own_world.alma, rows=[page])

    one_wins(work)
    with seeing_as(SYSTEM):
        assert Answer.objects.count() == 1


def test_different_questions_answered_at_once_are_all_kept(own_world: World) -> None:
    screening_id = a_screening(own_world.alma)
    values: list[dict[str, object]] = [{"age": 20}, {"works": "no"}, {"watched": "yes"}, {"detained": "no"}]

    def work(number: int) -> None:
        page = AnswerPage(screening_id=screening_id, protocol_version=1, values=values[number], seen={})
        answer_screenings(by=own_world.alma, rows=[page])

    assert together(work, len(values)) == [None] * len(values)
    with seeing_as(SYSTEM):
        assert set(Answer.objects.values_list("question_code", flat=True)) == {"age", "works", "watched", "detained"}


def test_two_who_decide_at_once(own_world: World) -> None:
    screening_id = finished(own_world.alma, PRESUMED).screening_id
    one_wins(lambda number: decided(own_world.alma, screening_id, "presumed"))
    with seeing_as(SYSTEM):
        assert Ruling.objects.count() == 1


def test_two_who_begin_the_second_screening_at_once(own_world: World) -> None:
    person_id = a_person(own_world.alma)
    first = finished(own_world.alma, LITTLE, person_id).screening_id

    def work(number: int) -> None:
        start_screenings(by=own_world.alma, rows=[Start(person_id=person_id, protocol_code=SECOND, second_of=first)])

    one_wins(work)
    with seeing_as(SYSTEM):
        assert Screening.objects.filter(second_of=first).count() == 1


def test_two_who_record_the_release_at_once(own_world: World) -> None:
    finished(own_world.alma, PRESUMED | {"detained": "yes"})
    with seeing_as(SYSTEM):
        alert = DetentionAlert.objects.get()
    one_wins(lambda number: end_alerts(by=own_world.alma, rows=[Ended(alert_id=alert.pk, end_code="released")]))
