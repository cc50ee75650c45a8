"""Integer programs that are stopped: what has been found by then is used, and nothing more is claimed of it."""

from itertools import product

import numpy as np
import pytest
from scipy import sparse

from reckon.disclosure.attacker.polytope import minimise_integer
from reckon.disclosure.programs import minimise_binary, minimise_whole

SIZE, ROWS = 12, 4
EVERY = np.array(list(product((0, 1), repeat=SIZE)))


def equations(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Costs, and equations that some zeros and ones satisfy."""
    numbers = np.random.default_rng(seed)
    matrix = numbers.integers(0, 40, (ROWS, SIZE)).astype(float)
    rhs = matrix @ numbers.integers(0, 2, SIZE)
    return -numbers.integers(1, 9, SIZE).astype(float), matrix, rhs


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("nodes", [0, 1, 3])
def test_a_choice_cut_short_is_allowed_and_its_bound_holds(seed: int, nodes: int) -> None:
    cost, matrix, rhs = equations(seed)
    limits = (np.zeros(SIZE), np.ones(SIZE))
    best = minimise_binary(-cost, sparse.csr_array(matrix), rhs, limits, 0.0, nodes)
    is_allowed = (EVERY @ matrix.T - rhs >= 0).all(axis=1)
    least = (EVERY @ -cost)[is_allowed].min()
    if best is not None:
        assert (matrix @ best.x >= rhs).all()
        assert best.bound - 1e-6 <= least <= -cost @ best.x


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("nodes", [0, 1])
def test_an_attack_cut_short_reports_a_table_that_fits_or_none(seed: int, nodes: int) -> None:
    cost, matrix, rhs = equations(seed)
    lower, upper = np.zeros(SIZE), np.ones(SIZE)
    found = minimise_integer(cost, sparse.csc_array(matrix), rhs, lower, upper, nodes=nodes)
    assert found is None or (matrix @ found == rhs).all()


def test_a_search_for_what_does_not_exist_finds_nothing() -> None:
    nothing = sparse.csr_array(np.ones((1, 2)))
    limits = (np.zeros(2), np.ones(2))
    assert minimise_binary(np.ones(2), nothing, np.array([3.0]), limits, 0.0, 10) is None
    assert minimise_whole(np.ones(2), nothing, np.array([0.5]), limits, np.ones(2, dtype=np.bool_)) is None
