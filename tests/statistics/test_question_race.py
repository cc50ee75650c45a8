"""Questions asked at the same moment, on real connections: none overlooks what another was given."""

import pytest

from enlace.audit import queries as audit
from enlace.statistics.actions import answer_question
from enlace.statistics.given import published_of
from enlace.statistics.models import GivenTable, SavedTable
from reckon.disclosure import attack
from tests.own import succeeded, together
from tests.statistics.asking import a_counted_nation, asked, question
from tests.world import SYSTEM, World

pytestmark = pytest.mark.usefixtures("sees_all")
PAIRS = (("sex", "form"), ("form", "age_group"), ("state", "form"), ("state", "sex"))


def test_of_questions_answered_at_once_each_is_protected_with_those_before(own_world: World) -> None:
    a_counted_nation(own_world, 6, 80)
    rows = [asked(own_world.elena, question(*pair)) for pair in PAIRS]
    ended = together(lambda number: answer_question(by=SYSTEM, table_id=rows[number].pk), len(rows))
    assert len(succeeded(ended)) == len(rows)
    given = list(GivenTable.objects.order_by("-number"))
    assert [row.number for row in given] == [4, 3, 2, 1]
    cubes = [published_of(row) for row in given]
    assert not [interval for interval in attack(cubes[0], earlier=cubes[1:]) if interval.is_recovered]
    assert {row.status for row in SavedTable.objects.all()} <= {"answered", "refused"}
    assert {row.reason for row in SavedTable.objects.all()} <= {"", "empty"}
    assert audit.verify() == []


def test_one_question_given_to_two_workers_is_answered_once(own_world: World) -> None:
    a_counted_nation(own_world, 5, 60)
    row = asked(own_world.elena, question("sex"))
    ended = together(lambda _number: answer_question(by=SYSTEM, table_id=row.pk), 4)
    assert len(succeeded(ended)) == 4
    assert GivenTable.objects.count() == 1
    row.refresh_from_db()
    assert row.status == "answered"
