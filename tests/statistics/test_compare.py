"""A published figure stands beside ours with its source and the difference; nothing withheld can be worked out of it."""

from decimal import Decimal

import pytest

from enlace.country.queries import current
from enlace.statistics.national import compare, definitions, period_of


def definition(name: str) -> object:
    return next(d for d in definitions(current()) if d.id == name)


@pytest.mark.parametrize(
    ("period", "value", "expected"),
    [
        ("2024", 50, [(Decimal(41), Decimal(9), True)]),
        ("2024", 41, [(Decimal(41), Decimal(0), True)]),
        ("2024", 0, [(Decimal(41), Decimal(-41), True)]),
        ("2024", None, [(Decimal(41), None, True)]),
        ("2024-H1", 50, [(Decimal(41), None, False)]),
        ("2022", 50, []),
    ],
)
def test_the_total_of_the_same_period_is_compared(period: str, value: int | None, expected: list[object]) -> None:
    found = compare(current(), definition("identified"), period, {"value": value})
    assert [(c.figure.value, c.difference, c.same_period) for c in found] == expected
    assert all(c.figure.source_title for c in found)


def test_an_indicator_without_a_figure_and_one_of_another_area() -> None:
    assert compare(current(), definition("referred"), "2024", {"value": 5}) == []
    (found,) = compare(current(), definition("identified_abroad"), "2024", {"value": 12})
    assert found.difference == 3


def test_periods_have_their_days() -> None:
    spans = {
        name: (p.start.isoformat(), p.end.isoformat())
        for name in ("2020", "2020-H1", "2020-H2")
        for p in [period_of(name)]
    }
    assert spans == {
        "2020": ("2020-01-01", "2020-12-31"),
        "2020-H1": ("2020-01-01", "2020-06-30"),
        "2020-H2": ("2020-07-01", "2020-12-31"),
    }
