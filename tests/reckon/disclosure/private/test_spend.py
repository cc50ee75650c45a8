"""The ledger of privacy: exact, and never below zero."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.disclosure.private.ledger import Entry, Ledger, OverBudget
from reckon.tables import InputError

AMOUNTS = st.fractions(min_value=Fraction(1, 1000), max_value=10)


@given(budget=AMOUNTS, asked=st.lists(AMOUNTS, max_size=20))
def test_whatever_is_asked_no_more_than_the_budget_is_ever_spent(budget: Fraction, asked: list[Fraction]) -> None:
    ledger, paid = Ledger.of(budget), []
    for amount in asked:
        fits = sum(paid) + amount <= budget
        if fits:
            ledger = ledger.spend(amount, "counts")
            paid.append(amount)
        else:
            with pytest.raises(OverBudget):
                ledger.spend(amount, "counts")
    assert [entry.amount for entry in ledger.entries] == paid
    assert ledger.spent == sum(paid)
    assert ledger.left == budget - sum(paid) >= 0


def test_tenths_add_up_exactly() -> None:
    ledger = Ledger.of("0.3")
    for amount in ("0.1", Decimal("0.1"), Fraction(1, 10)):
        ledger = ledger.spend(amount, "a table")
    assert ledger.left == 0
    with pytest.raises(OverBudget, match=r"a table costs 0\.000001 of the budget, and 0 is left"):
        ledger.spend("0.000001", "a table")


def test_spending_leaves_the_ledger_before_as_it_was() -> None:
    before = Ledger.of(1)
    after = before.spend("0.25", "by state")
    assert (before.entries, after.entries) == ((), (Entry(Fraction(1, 4), "by state"),))


@pytest.mark.parametrize(
    "amount", [0, -1, "-0.5", "nan", "inf", "", "1/0", "much", 0.5, True, None, Decimal("Infinity")]
)
def test_an_amount_is_a_positive_exact_number(amount: object) -> None:
    with pytest.raises(InputError):
        Ledger.of(1).spend(amount, "counts")
    with pytest.raises(InputError):
        Ledger.of(amount)


@pytest.mark.parametrize("entries", [[2], [1, Fraction(1, 2)], [-1], [0]])
def test_a_ledger_beyond_its_budget_cannot_be_made(entries: list[Fraction]) -> None:
    with pytest.raises(OverBudget):
        Ledger(Fraction(1), tuple(Entry(Fraction(amount), "counts") for amount in entries))
