"""A ratio tells nothing that its parts do not tell."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.indicators.ratio import MISSING, SUPPRESSED, Shown, added, divided, grouped

CELLS = st.sampled_from([MISSING, SUPPRESSED, Shown(Decimal(0), "zero")]) | st.integers(1, 99).map(
    lambda n: Shown(Decimal(n), "published")
)


@given(above=CELLS, below=CELLS)
def test_a_ratio_is_shown_only_when_both_parts_are(above: Shown, below: Shown) -> None:
    found = divided(above, below, Decimal(100), 2)
    if above.value is None or not below.value:
        assert found.value is None
    else:
        assert found.value is not None
        assert abs(found.value - 100 * above.value / below.value) <= Decimal("0.005")
        assert (found.status == "zero") == (not above.value)


@pytest.mark.parametrize(
    ("above", "below", "status"),
    [
        (MISSING, SUPPRESSED, "missing"),
        (SUPPRESSED, MISSING, "suppressed"),
        (SUPPRESSED, Shown(Decimal(0), "zero"), "missing"),
    ],
)
def test_why_a_ratio_is_not_shown(above: Shown, below: Shown, status: str) -> None:
    assert divided(above, below, Decimal(1), 0).status == status


@given(parts=st.lists(CELLS, max_size=5))
def test_a_sum_with_a_withheld_part_is_withheld(parts: list[Shown]) -> None:
    found, known = added(parts), [part.value for part in parts if part.value is not None]
    if SUPPRESSED in parts:
        assert found == SUPPRESSED
    elif not known:
        assert found == MISSING
    else:
        assert found == Shown(sum(known, Decimal(0)), "published" if any(known) else "zero")


def test_cells_are_added_up_by_group() -> None:
    cells = {"a": Shown(Decimal(2), "published"), "b": Shown(Decimal(3), "published"), "c": SUPPRESSED}
    assert grouped(cells, {"a": "x", "b": "x", "c": "y"}.__getitem__) == {
        "x": Shown(Decimal(5), "published"),
        "y": SUPPRESSED,
    }
