"""Facts carry what the law orders to be published; a return is laid out so that its parts add up to its total."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from enlace.cases.actions import Coded, Stretch, edit_case
from enlace.cases.models import Case
from enlace.people.models import Person
from enlace.returns.facts import ReturnFact
from enlace.statistics.snapshot import digest_of, reported, returned, snapshot
from reckon.tables import EventFact, digest, from_arrow, reported_from_arrow
from tests.returns.cast import accepted as accepted_return
from tests.world import World, a_case, a_person, a_referral, accepted, identified

TODAY = timezone.localdate


def facts(measure: str) -> list[EventFact]:
    start, end = date(TODAY().year, 1, 1), date(TODAY().year, 12, 31)
    return [fact for fact in from_arrow(snapshot(start, end)) if fact.measure == measure]


def a_whole_case(world: World) -> None:
    person = a_person(world.bruno, citizenship_codes=("XX",), marital_status_code="single", migration_status_code="")
    case_id = a_case(
        world.bruno,
        person,
        episodes=(
            Stretch(kind_code="recruitment", state_code="XX-S"),
            Stretch(kind_code="transit", country_code="GT"),
            Stretch(kind_code="exploitation", country_code="XX", state_code="XX-N"),
        ),
    )
    coded = [Coded(list_name="recruitment_method", code=code) for code in ("work", "family")]
    forms = [Coded(list_name="exploitation_form", code="sexual_use"), Coded(list_name="means", code="debt_bondage")]
    edit_case(by=world.bruno, case_id=case_id, codes=[*coded, *forms], relationship_code="", age_when_trafficked=None)
    identified(world.bruno, case_id)


def test_a_person_identified_comes_with_what_the_law_names(world: World) -> None:
    a_whole_case(world)
    (fact,) = facts("identified")
    assert (fact.nationality, fact.marital_status, fact.migration_status) == ("national", "single", "")
    assert (fact.recruitment, fact.means, fact.origin) == ("several", "debt_bondage", "police")
    assert (fact.destination, fact.route, fact.border) == ("XX-N", "other_state", "crossed")
    assert fact.value == 0


def test_what_was_not_recorded_stays_so_and_no_unknown_code_is_counted(world: World) -> None:
    case_id = a_case(world.bruno, a_person(world.bruno, citizenship_codes=()))
    Person.objects.update(marital_status_code="wed_under_an_old_list")
    Case.objects.update(origin_code="nobody_knows_this_origin")
    identified(world.bruno, case_id)
    (fact,) = facts("identified")
    assert {fact.nationality, fact.marital_status, fact.origin, fact.destination, fact.route, fact.border} == {""}


def test_a_referral_is_counted_with_its_answer(world: World) -> None:
    first, second = (a_referral(world.bruno, a_case(world.bruno)) for _ in range(2))
    accepted(world.carla, first)
    found = {fact.record: (fact.outcome, fact.kind) for fact in facts("referred")}
    assert found == {str(first): ("accepted", "ngo"), str(second): ("waiting", "ngo")}


def test_returns_are_read_beside_the_facts_and_change_the_digest(world: World) -> None:
    span = (date(2024, 1, 1), date(2024, 12, 31))
    before = digest_of(digest(snapshot(*span)), returned(*span))
    accepted_return(world.bruno, world.elena, {"inquiries|": "9", "inquiries|form=sexual_use": "4"})
    rows = [row for row in reported_from_arrow(returned(*span)) if row.measure == "inquiries"]
    assert {(row.dimension, row.category): row.value for row in rows} == {
        ("", ""): 9,
        ("form", "sexual_use"): 4,
        ("form", ""): 5,
    }
    assert digest_of(digest(snapshot(*span)), returned(*span)) != before


def said(value: int | None, **key: str) -> ReturnFact:
    kind = "no_data" if value is None else "value" if value else "zero"
    days = (date(2024, 1, 1), date(2024, 6, 30))
    number = None if value is None else Decimal(value)
    place = ("XX-N", "state", "prosecutor")
    return ReturnFact("found", "person", *days, *place, tuple(key.items()), number, kind, "justice", "1")


NUMBERS = st.none() | st.integers(0, 30)


@given(total=NUMBERS, cells=st.lists(NUMBERS, min_size=4, max_size=4), men=NUMBERS)
def test_the_categories_of_every_dimension_add_up_to_the_total(
    total: int | None, cells: list[int | None], men: int | None
) -> None:
    keys = [{"sex": sex, "age": age} for sex in ("f", "m") for age in ("minor", "adult")]
    crossed = [said(value, **key) for key, value in zip(keys, cells, strict=True)]
    rows = list(reported([said(total), *crossed, said(men, form="x")], ["age", "form", "sex", "unheard"]))
    assert [row.value for row in rows if not row.dimension] == [None if total is None else Decimal(total)]
    for name in ("age", "form", "sex", "unheard"):
        parts = [row.value for row in rows if row.dimension == name]
        assert all(value is not None and value >= 0 for value in parts)
        assert total is None or sum(value for value in parts if value is not None) == total
        assert bool(parts) == (total is not None)


def test_no_data_in_a_part_is_not_counted_as_zero() -> None:
    rows = list(reported([said(10), said(None, sex="m"), said(4, sex="f")], ["sex"]))
    assert {(row.category): row.value for row in rows if row.dimension} == {"f": 4, "": 6}


def test_without_a_total_nothing_is_read() -> None:
    assert list(reported([said(4, sex="f")], ["sex"])) == []


@pytest.mark.parametrize("value", [None, 0])
def test_no_data_and_zero_are_told_apart(value: int | None) -> None:
    (total, *_) = reported([said(value)], ["sex"])
    assert total.value == value
