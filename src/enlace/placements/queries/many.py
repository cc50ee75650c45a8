"""Many people at once: one assignment of all to the free beds, beside what one person after another would get."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_names
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.permissions import own_work
from enlace.cases.permissions import visible as visible_cases
from enlace.directory.queries import site_names
from enlace.placements.models import Stay
from enlace.placements.queries.seeking import Asked, Supply, limits, needs_of, supply
from enlace.placements.rules import Assignment, Need, Place, assign_many, match_in
from enlace.placements.rules.stays import IN_A_BED

MOST = 200  # people on one page
COUNTING = Actor.system("placements.many")


@dataclass(frozen=True)
class Together:
    """The people (cases with their person) and where each would go; how many one after another would have placed."""

    cases: Sequence[Any]
    assignment: Assignment
    one_by_one: int
    names: Mapping[UUID, str]
    agency_names: Mapping[str, str]

    @property
    def pairs(self) -> list[tuple[Any, Place | None]]:
        return list(zip(self.cases, self.assignment.places, strict=True))


def without_bed(*, viewer: Actor, limit: int = MOST) -> list[Any]:
    """The open cases of the viewer's agency whose person has no bed, held or slept in; the newest first, with the person."""
    check(viewer, "PLACE_FIND")
    rows = own_work(viewer).filter(status="open").select_related("case__person").order_by("-joined_at", "-id")
    cases = [row.case for row in rows[: 2 * limit]]
    with seeing_as(COUNTING):  # only whether there is a bed, not where
        taken = Stay.objects.filter(case_id__in=[case.pk for case in cases], status__in=IN_A_BED)
        placed = set(taken.values_list("case_id", flat=True))
    return [case for case in cases if case.pk not in placed][:limit]


def together(*, viewer: Actor, case_ids: Sequence[UUID], asked: Asked, at: datetime) -> Together:
    """One assignment of all these people. Raises ``Missing`` unless the agency works on every case."""
    check(viewer, "PLACE_FIND")
    wanted = list(dict.fromkeys(case_ids))
    if not 0 < len(wanted) <= MOST:
        raise Refusal(_("Choose at least one person, and at most %(most)d.") % {"most": MOST})
    if asked.beds < 1:
        raise Refusal(_("Choose a service that comes with a bed."))
    rows = visible_cases(viewer).filter(pk__in=wanted, status="open").select_related("person")
    found = {case.pk: case for case in rows}
    if len(found) != len(wanted):
        raise Missing(_("Your agency does not work on such a case."))
    cases = [found[pk] for pk in wanted]
    needs = needs_of(viewer=viewer, cases=cases, asked=dict.fromkeys(wanted, asked), at=at)
    offered = supply(viewer=viewer, at=at)
    assigned = assign_many(needs, offered.table, at, limits())
    shown = {place.site_id for place in assigned.places if place}
    return Together(
        cases=cases,
        assignment=assigned,
        one_by_one=_one_by_one(needs, offered, at),
        names=site_names(viewer=viewer, site_ids=shown),
        agency_names=agency_names(),
    )


def _one_by_one(needs: Sequence[Need], offered: Supply, at: datetime) -> int:
    """How many get a bed when each takes the best one left, in the order given."""
    table = copy.copy(offered.table)
    table.free = offered.table.free.copy()
    rows = {unit.unit_id: row for row, unit in enumerate(table.units)}
    placed = 0
    for need in needs:
        best = match_in(need, table, at, limits()).best
        if best is not None and best.unit_id is not None:
            table.free[rows[best.unit_id]] -= need.beds
            placed += 1
    return placed
