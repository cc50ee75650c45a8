"""The last bed, and many who want it at the same moment: one gets it, on both databases, whatever way they come."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from enlace.audit import queries as audit
from enlace.base.errors import Refusal
from enlace.base.rows import show_rows_of
from enlace.directory.actions import take_out_of_service
from enlace.directory.models import Bed
from enlace.placements.actions import Hold, hold_beds, lapse_holds, watch_stays
from enlace.placements.models import Stay, StayAlert, StayStep
from enlace.placements.queries import free_beds
from tests.own import WORKERS, succeeded, together
from tests.placements.living import a_shelter, a_stay, admitted, held, left, referred
from tests.world import SYSTEM, World

pytestmark = pytest.mark.usefixtures("sees_all")

YEAR = timedelta(days=365)


def test_of_32_who_want_the_last_bed_one_gets_it(own_world: World) -> None:
    unit_id = a_shelter(own_world, beds=1)
    cases = [referred(own_world)[0] for _ in range(WORKERS)]
    answers = together(lambda number: held(own_world.dora, cases[number], unit_id))
    assert len(succeeded(answers)) == 1
    assert all("no free bed" in str(answer) for answer in answers if isinstance(answer, Refusal))
    assert Stay.objects.filter(status="held").count() == 1
    assert audit.verify() == []


def test_of_32_who_want_five_beds_five_get_one_each(own_world: World) -> None:
    unit_id = a_shelter(own_world, beds=5)
    cases = [referred(own_world)[0] for _ in range(WORKERS)]
    found = succeeded(together(lambda number: held(own_world.dora, cases[number], unit_id)))
    assert len(found) == 5
    assert Stay.objects.values("bed_id").distinct().count() == 5
    assert free_beds([unit_id])[unit_id].free == 0


def test_without_the_lock_of_the_action_the_database_alone_keeps_the_bed(own_world: World) -> None:
    """32 who write past all actions: the index, the exclusion constraint or the trigger lets one through."""
    unit_id = a_shelter(own_world, beds=1)
    bed = Bed.objects.select_related("unit__site").get()
    cases = [referred(own_world)[0] for _ in range(WORKERS)]
    now = timezone.now()

    def write(number: int) -> object:
        show_rows_of(SYSTEM)
        try:
            return Stay.objects.create(
                code=f"E-{number}", case_id=cases[number], agency_code="shelter-isles", site=bed.unit.site, bed=bed,
                status="held", requested_at=now, occupied_from=now, held_until=now + YEAR,
            )  # fmt: skip
        except IntegrityError as error:
            return Refusal(str(error))

    assert len(succeeded(together(write))) == 1
    assert free_beds([unit_id])[unit_id].free == 0


@pytest.mark.parametrize("attempt", range(3))
def test_a_bed_is_not_given_and_taken_out_of_service_at_once(own_world: World, attempt: int) -> None:
    unit_id = a_shelter(own_world, beds=1)
    case_id, _ = referred(own_world)
    bed_id = Bed.objects.get().pk
    acts = [
        lambda: held(own_world.dora, case_id, unit_id),
        lambda: take_out_of_service(by=own_world.dora, bed_ids=[bed_id], reason_code="repair"),
    ]
    answers = together(lambda number: acts[(number + attempt) % 2](), 4)
    faults = [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refusal | IntegrityError)]
    assert faults == []
    is_out = Bed.objects.get().out_of_service_since is not None
    assert is_out is not Stay.objects.filter(status="held").exists()


def test_of_admitting_releasing_and_lapsing_one_wins(own_world: World) -> None:
    stay_id = held(own_world.dora, referred(own_world)[0], a_shelter(own_world))
    late = timezone.now() + YEAR
    acts = [lambda: admitted(own_world.dora, stay_id), lambda: lapse_holds(by=SYSTEM, at=late)]
    succeeded(together(lambda number: acts[number % 2](), 6))
    assert StayStep.objects.filter(stay_id=stay_id, verb__in=("admit", "lapse")).count() == 1


def test_who_leaves_32_times_at_once_left_once(own_world: World) -> None:
    stay_id = a_stay(own_world)
    assert len(succeeded(together(lambda _: left(own_world.dora, stay_id)))) == 1
    assert StayStep.objects.filter(stay_id=stay_id, verb="exit").count() == 1


def test_one_person_is_admitted_in_one_place(own_world: World) -> None:
    unit_id, (case_id, _) = a_shelter(own_world, beds=4), referred(own_world)
    ids = [held(own_world.dora, case_id, unit_id) for _ in range(4)]
    done = succeeded(together(lambda number: admitted(own_world.dora, ids[number]), 4))
    assert Stay.objects.filter(status="admitted").count() == 1
    assert Stay.objects.filter(status="transferred").count() == len(done) - 1


def test_clocks_that_ring_at_once_raise_one_alert_and_lapse_a_hold_once(own_world: World) -> None:
    unit_id = a_shelter(own_world, max_stay_days=20)
    a_stay(own_world, unit_id)
    hold_beds(by=own_world.dora, rows=[Hold(case_id=referred(own_world)[0], unit_id=unit_id)])
    late = timezone.now() + timedelta(days=30)
    lapsed = succeeded(together(lambda _: lapse_holds(by=SYSTEM, at=late), 6))
    succeeded(together(lambda _: watch_stays(by=SYSTEM, at=late), 6))
    assert sum(lapsed) == 1
    assert sorted(StayAlert.objects.values_list("kind", flat=True)) == ["detention", "exit_plan", "limit"]
    assert watch_stays(by=SYSTEM, at=late) == 0
    assert audit.verify() == []
