"""Lists from cases: who was met by which agencies, as counts and never as people."""

from datetime import UTC, date, datetime, timedelta

import pytest

from enlace.base.errors import Forbidden
from enlace.cases.actions import Opening, Ruling, close_case, decide_cases, join_cases, open_cases
from enlace.people.actions import Registration, make_known, register_people
from enlace.prevalence.captures import BY_AGENCY, captures_of_cases
from reckon.prevalence import BadCaptures, captures_from_rows
from tests.world import SYSTEM, World

YEAR = (date(2020, 1, 1), date(2020, 12, 31))
MET = datetime(2020, 5, 4, 12, tzinfo=UTC)


def cases(world: World, count: int, *also: str, at: datetime = MET) -> list[Opening]:
    """So many people whom Bruno's prosecutors met, and then the other agencies."""
    people = [Registration(sex_code="female", birth_year=1990, registered_at=at) for _ in range(count)]
    register_people(by=world.bruno, rows=people)
    rows = [Opening(person_id=person.id, origin_code="other", opened_at=at) for person in people]
    open_cases(by=world.bruno, rows=rows)
    for agency_code in also:
        make_known(by=world.bruno, person_ids=[p.id for p in people], agency_code=agency_code)
        join_cases(by=world.bruno, joins={row.id: at + timedelta(days=1) for row in rows}, agency_code=agency_code)
    return rows


def test_each_person_counts_once_with_all_agencies_that_met_them(world: World) -> None:
    cases(world, 3)
    cases(world, 2, "ngo-harbour")
    cases(world, 1, "ngo-harbour", "shelter-isles")
    found = captures_of_cases(viewer=world.elena, start=YEAR[0], end=YEAR[1])
    assert found.captures == captures_from_rows(
        ("NGO", "Prosecutor", "Shelter"), [(0, 1, 0, 3), (1, 1, 0, 2), (1, 1, 1, 1)]
    )
    assert (found.meetings, found.by_referral) == (10, 4)


def test_two_agencies_of_one_kind_are_one_list_unless_each_agency_is_one(world: World) -> None:
    cases(world, 4, "prosecutor-south")
    by_kind = captures_of_cases(viewer=world.elena, start=YEAR[0], end=YEAR[1]).captures
    by_agency = captures_of_cases(viewer=world.elena, start=YEAR[0], end=YEAR[1], by=BY_AGENCY).captures
    assert (by_kind.m, by_agency.m, by_kind.n, by_agency.n) == (1, 2, 4, 4)


def test_people_of_another_year_and_those_not_confirmed_or_closed_as_no_victims_are_left_out(world: World) -> None:
    cases(world, 2)
    cases(world, 1, at=MET - timedelta(days=400))
    refused, closed = cases(world, 2)
    decide_cases(by=world.bruno, rows=[Ruling(case_id=refused.id, verb="not_confirm", ground_code="prosecutor")])
    close_case(by=world.bruno, case_id=closed.id, reason_code="not_trafficking")
    assert captures_of_cases(viewer=world.elena, start=YEAR[0], end=YEAR[1]).captures.n == 2


def test_a_year_without_cases_is_told(world: World) -> None:
    with pytest.raises(BadCaptures):
        captures_of_cases(viewer=world.elena, start=YEAR[0], end=YEAR[1])


def test_who_works_on_cases_does_not_gather_those_of_the_nation(world: World) -> None:
    for viewer in (world.bruno, world.gema):
        with pytest.raises(Forbidden):
            captures_of_cases(viewer=viewer, start=YEAR[0], end=YEAR[1])
    assert SYSTEM.may("PREVALENCE_RUN")
