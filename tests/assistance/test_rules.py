"""The pure rules of help given."""

from datetime import date
from decimal import Decimal

import pytest

from enlace.assistance import rules
from enlace.base.errors import Refusal

TODAY = date(2025, 6, 1)


@pytest.mark.parametrize("ended_on", [None, date(2025, 5, 1), TODAY])
def test_a_service_that_began_and_ended_in_order(ended_on: date | None) -> None:
    rules.check_dates(date(2025, 5, 1), ended_on, TODAY)


@pytest.mark.parametrize(("started_on", "ended_on"), [(date(2025, 6, 2), None), (date(2025, 5, 2), date(2025, 5, 1))])
def test_a_service_out_of_order_is_refused(started_on: date, ended_on: date | None) -> None:
    with pytest.raises(Refusal):
        rules.check_dates(started_on, ended_on, TODAY)


@pytest.mark.parametrize(("quantity", "unit"), [(None, ""), (Decimal(1), "night"), (Decimal("0.5"), "session")])
def test_an_amount_has_its_unit(quantity: Decimal | None, unit: str) -> None:
    rules.check_amount(quantity, unit)


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [(None, "night"), (Decimal(1), ""), (Decimal(0), "night"), (Decimal(-1), "day"), (Decimal(1), "mile")],
)
def test_half_an_amount_is_refused(quantity: Decimal | None, unit: str) -> None:
    with pytest.raises(Refusal):
        rules.check_amount(quantity, unit)


def test_the_loop_is_closed_when_all_that_was_asked_was_given() -> None:
    assert rules.closes_loop(["LEGAL"], ["LEGAL", "MENTAL"])
    assert not rules.closes_loop(["LEGAL", "SHELTER"], ["LEGAL"])
