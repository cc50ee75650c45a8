"""Two people at the same moment: one decision for a release, one release after another."""

import pytest

from enlace.releases.actions import approve_release, refuse_release
from enlace.releases.models import Release, ReleaseDecision
from tests.own import succeeded, together
from tests.releases.closing import counted, prepared, second
from tests.world import World

pytestmark = pytest.mark.usefixtures("sees_all")


def test_of_six_who_decide_at_once_one_succeeds(own_world: World) -> None:
    zoe = second(own_world)
    counted(own_world, size=30)
    row = prepared(own_world)

    def decide(number: int) -> str:
        if number % 2:
            return refuse_release(by=zoe, number=row.number, reason="doubtful").outcome
        return approve_release(by=zoe, number=row.number).outcome

    (outcome,) = succeeded(together(decide, 6))
    assert [decision.outcome for decision in ReleaseDecision.objects.all()] == [outcome]


def test_of_three_releases_of_a_year_approved_at_once_one_is_published(own_world: World) -> None:
    zoe = second(own_world)
    counted(own_world, size=30)
    rows = [prepared(own_world) for _ in range(3)]
    answers = together(lambda number: approve_release(by=zoe, number=rows[number].number), 3)
    assert len(succeeded(answers)) == 1
    assert Release.objects.filter(decision__outcome="approved").count() == 1


def test_releases_prepared_at_once_have_a_number_each(own_world: World) -> None:
    counted(own_world, size=30)
    made = succeeded(together(lambda _: prepared(own_world), 4))
    numbers = sorted(Release.objects.values_list("number", flat=True))
    assert numbers == list(range(1, len(made) + 1))
    assert made
