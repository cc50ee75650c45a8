"""A sum about persons is withheld where it would tell one person's amount to another who is in it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from enlace.country.loader import load
from enlace.statistics.national import categories, period_of, rule_of, value_counts
from enlace.statistics.publish import Publication, known, published
from reckon.indicators import compute_values
from reckon.tables import EventFact, to_arrow

PACK = load(Path(__file__).resolve().parents[2] / "countries" / "mx")
YEAR = period_of("2020")
SPENT = next(definition for definition in PACK.definitions if definition.id == "spent")
ABOUT_PERSONS = replace(SPENT, counted="person", protection="threshold", dimensions=("service",))
SERVICES = [code.code for code in PACK.codes("service")][:3]


def people(amounts: dict[str, list[int]]) -> list[EventFact]:
    """One payment for each person, by the service that it was for."""
    blank = dict.fromkeys(("agency", "agency_kind", "state", "sex", "age_group", "form", "case"), "")
    return [
        EventFact(
            person=f"{service}-{n}", measure="spent", on=YEAR.start, service=service, value=Decimal(value), **blank
        )
        for service, values in amounts.items()
        for n, value in enumerate(values)
    ]


def shown(amounts: dict[str, list[int]], dominance: int) -> dict[str, tuple[object, str]]:
    """Each service's sum as it leaves, and the total under ""."""
    values = compute_values(ABOUT_PERSONS, to_arrow(people(amounts)), YEAR, categories(PACK))
    pairs = value_counts([ABOUT_PERSONS], values, replace(rule_of(PACK), dominance=dominance))
    made = published([ABOUT_PERSONS], Publication(known(PACK, 2020), YEAR, (), pairs))
    total, by_service = (table["cells"] for table in made)
    found = {cell["category"]: (cell["value"], cell["status"]) for cell in by_service if cell["category"] in SERVICES}
    return found | {"": (total[0]["value"], total[0]["status"])}


def test_a_sum_that_one_person_nearly_is_and_one_that_protects_it_are_withheld() -> None:
    first, second, third = SERVICES
    amounts = {first: [9000, *[1] * 19], second: [50] * 30, third: [200] * 40}
    unprotected = shown(amounts, 0)
    assert unprotected[first] == (9019, "published")
    found = shown(amounts, 15)
    assert found[first] == found[second] == (None, "suppressed")
    assert found[third] == (8000, "published")
    assert found[""] == (18519, "published")


def test_where_one_person_has_nearly_everything_no_sum_is_shown() -> None:
    first, second, _third = SERVICES
    found = shown({first: [90_000, *[1] * 19], second: [50] * 30}, 15)
    assert found[first] == found[second] == found[""] == (None, "suppressed")


def test_sums_of_many_like_amounts_are_shown() -> None:
    first, second, _third = SERVICES
    found = shown({first: [100] * 20, second: [50] * 30}, 15)
    assert (found[first], found[second]) == ((2000, "published"), (1500, "published"))
