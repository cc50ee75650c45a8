"""What the database itself refuses about beds, whoever writes past the actions."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from enlace.directory.models import Bed
from enlace.placements.models import Stay
from tests.database.valid_help import a_stay, stay
from tests.database.valid_people import LATER, NOON, a_case
from tests.own import savepoint

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
GONE = {"status": "exited", "exit_reason_code": "other", "destination_code": "family"}


def a_past_stay(bed: Bed, begins: int, ends: int) -> dict[str, Any]:
    """A stay in this bed from one day to another, counted from noon."""
    since, until = NOON + begins * DAY, NOON + ends * DAY
    when = {"requested_at": since, "occupied_from": since, "admitted_at": since, "agreed_at": since, "ended_at": until}
    return {**stay(), **GONE, **when, "bed": bed, "site": bed.unit.site}


@pytest.mark.parametrize(("begins", "ends"), [(1, 3), (5, 9), (2, 4), (0, 9), (2, 6), (1, 6)])
def test_two_stays_in_one_bed_never_overlap(begins: int, ends: int) -> None:
    first = Stay.objects.create(**a_past_stay(Bed.objects.create(unit=a_stay().bed.unit, number=9), 2, 6))
    with pytest.raises(IntegrityError, match="placements_no_overlap"), savepoint():
        Stay.objects.create(**a_past_stay(first.bed, begins, ends))
    with pytest.raises(IntegrityError, match=r"placements_no_overlap|placements_one_in_a_bed"), savepoint():
        Stay.objects.create(**(stay() | {"bed": first.bed, "site": first.site, "occupied_from": NOON + 3 * DAY,
                                         "admitted_at": NOON + 3 * DAY}))  # fmt: skip


@pytest.mark.parametrize(("begins", "ends"), [(0, 2), (6, 8), (2, 2), (4, 4)])
def test_stays_may_follow_one_another_without_a_gap(begins: int, ends: int) -> None:
    first = Stay.objects.create(**a_past_stay(Bed.objects.create(unit=a_stay().bed.unit, number=9), 2, 6))
    Stay.objects.create(**a_past_stay(first.bed, begins, ends))
    assert Stay.objects.filter(bed=first.bed).count() == 2


def test_a_stay_is_not_moved_over_another_one() -> None:
    first, second = a_stay(), a_stay()
    for changes in ({"bed": first.bed}, {"bed": first.bed, "status": "held", "held_until": LATER}):
        with pytest.raises(IntegrityError, match=r"placements_no_overlap|placements_one_in_a_bed"), savepoint():
            Stay.objects.filter(pk=second.pk).update(**changes)
    past = Stay.objects.create(**a_past_stay(Bed.objects.create(unit=first.bed.unit, number=9), 2, 6))
    later = Stay.objects.create(**a_past_stay(past.bed, 6, 8))
    with pytest.raises(IntegrityError, match="placements_no_overlap"), savepoint():
        Stay.objects.filter(pk=later.pk).update(occupied_from=NOON + 5 * DAY)


def test_nobody_is_put_into_a_bed_out_of_service_and_no_bed_goes_out_under_somebody() -> None:
    slept_in, empty = a_stay().bed, Bed.objects.create(unit=a_stay().bed.unit, number=9)
    out = {"out_of_service_since": NOON, "out_of_service_reason_code": "repair"}
    with pytest.raises(IntegrityError, match="placements_bed_in_use"), savepoint():
        Bed.objects.filter(pk=slept_in.pk).update(**out)
    Bed.objects.filter(pk=empty.pk).update(**out)
    with pytest.raises(IntegrityError, match="placements_bed_out_of_service"), savepoint():
        Stay.objects.create(**(stay() | {"bed": empty, "site": empty.unit.site}))
    with pytest.raises(IntegrityError, match="placements_bed_out_of_service"), savepoint():
        Stay.objects.filter(bed=slept_in).update(bed=empty)
    Stay.objects.create(**a_past_stay(empty, 0, 1))  # what was, was


def test_a_person_is_not_admitted_in_two_places_but_may_bring_children() -> None:
    first = a_stay()
    with pytest.raises(IntegrityError), savepoint():
        Stay.objects.create(**(stay() | {"case": first.case}))
    Stay.objects.create(**(stay() | {"case": first.case, "companion_of": first}))
    assert Stay.objects.create(**(stay() | {"case": a_case()}))
