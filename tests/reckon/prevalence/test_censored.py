"""A list that also holds outsiders: its own cell is predicted, never believed."""

from pathlib import Path

import numpy as np
import pytest

from reckon.prevalence.captures import BadCaptures, captures_from_rows
from reckon.prevalence.censored import censored_cells, censored_design, table_of
from reckon.prevalence.covariates import read_joint
from reckon.prevalence.joint import JointDesign, fit_joint
from reckon.prevalence.joint_search import search
from reckon.prevalence.joint_totals import totals

ROWS = [(1, 0, 0, 60), (0, 1, 0, 50), (1, 1, 0, 12), (0, 0, 1, 900), (1, 0, 1, 15), (0, 1, 1, 11), (1, 1, 1, 4)]


def test_the_count_of_the_censored_cell_does_not_move_the_estimate() -> None:
    changed = [(*row[:3], 5000) if row[:3] == (0, 0, 1) else row for row in ROWS]
    one, other = (censored_design(table_of(captures_from_rows("ABC", rows)), "C") for rows in (ROWS, changed))
    np.testing.assert_array_equal(fit_joint(one, frozenset()).fitted, fit_joint(other, frozenset()).fitted)


def test_a_prediction_above_the_count_is_told() -> None:
    low = [(*row[:3], 20) if row[:3] == (0, 0, 1) else row for row in ROWS]
    for rows, is_kept in ((ROWS, True), (low, False)):
        design = censored_design(table_of(captures_from_rows("ABC", rows)), "C")
        (cell,) = censored_cells(design, fit_joint(design, frozenset()))
        assert cell.is_kept is is_kept
        assert 20 < cell.predicted < 900


def test_an_independent_table_predicts_the_censored_cell_by_the_odds() -> None:
    """With exact products p = (1/2, 1/3, 1/4) of 2400 people the hidden cells come back, whatever the file says of C only."""
    chances = (1 / 2, 1 / 3, 1 / 4)
    rows = []
    for w in range(1, 8):
        p = np.prod([c if w >> j & 1 else 1 - c for j, c in enumerate(chances)])
        rows.append((w & 1, w >> 1 & 1, w >> 2 & 1, round(2400 * p) if w != 4 else 1))
    design = censored_design(table_of(captures_from_rows("ABC", rows)), "C")
    fit = fit_joint(design, frozenset())
    assert fit.fitted[0, 4] == pytest.approx(200)
    assert fit.fitted[0, 0] == pytest.approx(600)
    result = totals(design, fit, boot=20, seed=1)
    assert (result.whole.observed, result.whole.estimate) == (1600, pytest.approx(2400))


def test_scotland_keeps_its_bound_in_every_stratum(shared_data: Path) -> None:
    table = read_joint(shared_data / "mse" / "ScotPWID.csv", ("S1", "S2", "S3", "S4"))
    design = censored_design(table, "S4")
    path = search(design)
    cells = censored_cells(design, path.selected)
    assert sum(cell.bound for cell in cells) == 684
    assert {cell.stratum for cell in cells} == set(table.strata)
    assert path.selected.n == 5670 - 684


def test_what_cannot_be_censored_is_refused() -> None:
    table = table_of(captures_from_rows("ABC", ROWS))
    with pytest.raises(BadCaptures, match="no list D"):
        censored_design(table, "D")
    with pytest.raises(BadCaptures, match="two others"):
        censored_design(table_of(captures_from_rows("AB", [(1, 0, 5), (0, 1, 5), (1, 1, 2)])), "A")
    assert censored_cells(JointDesign(table), fit_joint(JointDesign(table), frozenset())) == ()
