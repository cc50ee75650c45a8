"""Nobody who contributed to a sum, and nobody who did not, comes too near to what another contributed."""

from decimal import Decimal
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from reckon.disclosure.amounts import Amount, is_dominated, together, withheld_amounts
from reckon.tables import InputError

CONTRIBUTIONS = st.lists(st.integers(0, 40), max_size=5)
TABLE = st.lists(CONTRIBUTIONS, min_size=1, max_size=6)
PERCENT = st.sampled_from([1, 10, 50, 100])


def amount(given: list[int]) -> Amount:
    tops = [*sorted(given, reverse=True), 0, 0]
    return Amount(Decimal(sum(given)), Decimal(tops[0]), Decimal(tops[1]))


def nearest(table: list[list[int]], hidden: set[int], cell: int, knows: tuple[int, int] | None) -> float:
    """The highest that the largest contribution of a cell can be, for who knows the total, what is shown and his own amount.

    A linear program over every contribution of the hidden cells, each of which can be anything from nothing up.
    """
    places = [(n, k) for n in sorted(hidden) for k in range(len(table[n]))]
    target = places.index((cell, int(np.argmax(table[cell]))))
    cost, rows, known = np.zeros(len(places)), [np.ones(len(places))], [sum(sum(table[n]) for n in hidden)]
    cost[target] = -1
    if knows is not None:
        rows.append(np.array([place == knows for place in places], dtype=float))
        known.append(table[knows[0]][knows[1]])
    found = linprog(cost, A_eq=np.array(rows), b_eq=known, bounds=(0, None))
    assert found.status == 0
    return float(-found.fun)


@given(table=TABLE, percent=PERCENT)
def test_no_contributor_of_a_hidden_cell_comes_near_to_another(table: list[list[int]], percent: int) -> None:
    cells = [amount(contributions) for contributions in table]
    found = withheld_amounts(together(cells), [cells], [set()], percent)
    if found is None:
        return
    (hidden,) = found
    for cell in (n for n in hidden if sum(table[n])):
        largest, at = max(table[cell]), int(np.argmax(table[cell]))
        others = [(n, k) for n in hidden for k in range(len(table[n])) if (n, k) != (cell, at)]
        for knows in [None, *others]:
            assert nearest(table, hidden, cell, knows) - largest >= percent / 100 * largest - 1e-6


@given(table=TABLE, percent=PERCENT)
def test_what_is_shown_is_not_sensitive_and_what_is_hidden_needs_to_be(table: list[list[int]], percent: int) -> None:
    cells = [amount(contributions) for contributions in table]
    found = withheld_amounts(together(cells), [cells], [set()], percent)
    if found is None:
        assert is_dominated(amount(list(chain(*table))), percent)
        return
    (hidden,) = found
    sensitive = {number for number, cell in enumerate(cells) if is_dominated(cell, percent)}
    assert sensitive <= hidden
    assert bool(hidden) == bool(sensitive)
    for number in hidden - sensitive:
        assert is_dominated(together(cells[n] for n in hidden - {number}), percent)


def test_the_largest_of_two_is_known_to_the_other() -> None:
    assert is_dominated(amount([90, 10]), 10)
    assert not is_dominated(amount([50, 30, 20]), 10)
    assert not is_dominated(amount([]), 10)


def test_a_cell_withheld_for_its_count_is_protected_too() -> None:
    cells = [amount([90, 1]), amount([1]), amount([30, 30, 30, 30]), amount([20, 20, 20])]
    assert withheld_amounts(together(cells), [cells], [{0, 1}], 20) == [{0, 1, 3}]


def test_tables_of_one_total_are_protected_each() -> None:
    one, other = [amount([60, 40, 50]), amount([50, 30, 30])], [amount([60]), amount([40, 50, 50, 30, 30])]
    assert withheld_amounts(together(one), [one, other], [set(), set()], 10) == [set(), {0, 1}]


def test_where_the_total_is_one_contributors_nothing_is_shown() -> None:
    cells = [amount([500]), amount([1, 1])]
    assert withheld_amounts(together(cells), [cells], [set()], 10) is None


@pytest.mark.parametrize("numbers", [(10, 8, 9), (10, 8, 3), (5, 3, -1), (-1, 0, 0)])
def test_contributions_that_cannot_be_are_refused(numbers: tuple[int, int, int]) -> None:
    with pytest.raises(InputError):
        Amount(*(Decimal(number) for number in numbers))
