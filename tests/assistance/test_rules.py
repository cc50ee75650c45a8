"""Dates and amounts of help given, and whether it answers what was asked."""

from datetime import date
from decimal import Decimal

import pytest

from enlace.assistance.labels import UNITS as NAMES
from enlace.assistance.rules import UNITS, check_amount, check_dates
from enlace.base.errors import Refusal

TODAY = date(2025, 3, 3)


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        (TODAY, None, True),
        (date(2025, 3, 4), None, False),
        (date(2025, 3, 1), date(2025, 3, 1), True),
        (date(2025, 3, 2), date(2025, 3, 1), False),
        (TODAY, date(2025, 9, 1), True),
    ],
)
def test_help_has_begun_and_ends_after_it_began(start: date, end: date | None, fits: bool) -> None:
    if fits:
        check_dates(start, end, TODAY)
        return
    with pytest.raises(Refusal):
        check_dates(start, end, TODAY)


@pytest.mark.parametrize(
    ("quantity", "unit", "fits"),
    [
        (None, "", True),
        (Decimal("0.01"), "session", True),
        (None, "session", False),
        (Decimal(1), "", False),
        (Decimal(0), "session", False),
        (Decimal(-1), "night", False),
        (Decimal(1), "kilogram", False),
    ],
)
def test_how_much_and_of_what_go_together(quantity: Decimal | None, unit: str, fits: bool) -> None:
    if fits:
        check_amount(quantity, unit)
        return
    with pytest.raises(Refusal):
        check_amount(quantity, unit)


def test_every_unit_has_a_name() -> None:
    assert set(NAMES) == set(UNITS)
