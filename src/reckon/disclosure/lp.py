"""Linear and integer programs through HiGHS (SciPy), reduced to the one shape that disclosure control needs.

minimise cost'y subject to matrix y = rhs, lower <= y <= upper. One place, so that tolerances are the same everywhere.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

Vector = npt.NDArray[np.float64]
Matrix = Any  # scipy.sparse has no type stubs

TOLERANCE = 1e-6


class SolverError(RuntimeError):
    """The solver gave neither an optimum nor a proof that there is none."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """`y` minimises; `prices` are the multipliers of the equations (empty for integer programs)."""

    y: Vector
    prices: Vector


def minimise(cost: Vector, matrix: Matrix, rhs: Vector, lower: Vector, upper: Vector) -> Optimum | None:
    """The optimum of the linear program, None when nothing satisfies it. Every objective here must be bounded."""
    bounds = np.column_stack([lower, upper])
    equations = (matrix, rhs) if matrix.shape[0] else (None, None)
    found = optimize.linprog(cost, A_eq=equations[0], b_eq=equations[1], bounds=bounds, method="highs")
    if found.status == 2:
        return None
    if found.status != 0:
        raise SolverError(found.message)
    prices = found.eqlin.marginals if matrix.shape[0] else np.zeros(0)
    return Optimum(np.asarray(found.x, dtype=np.float64), np.asarray(prices, dtype=np.float64))


def minimise_integer(
    cost: Vector,
    constraints: tuple[Matrix, Vector, Vector],
    lower: Vector,
    upper: Vector,
    *,
    gap: float = 0.0,
    nodes: int | None = None,
) -> Vector | None:
    """The best integers found with low <= matrix y <= high; None when none were found.

    `gap` is the relative distance from the optimum that is good enough; the search may also end after `nodes`. Nodes,
    not seconds, limit it: the answer must not depend on how busy the machine is.
    """
    options: dict[str, float] = {"mip_rel_gap": gap}
    if nodes is not None:
        options["node_limit"] = nodes
    matrix, low, high = constraints
    found = optimize.milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(lower, upper),
        constraints=optimize.LinearConstraint(matrix, low, high) if matrix.shape[0] else None,
        options=options,
    )
    if found.status not in (0, 1, 2):
        raise SolverError(found.message)
    return None if found.x is None else np.asarray(np.round(found.x), dtype=np.float64)


def copies(matrix: Matrix, count: int) -> Matrix:
    """The matrix repeated `count` times along the diagonal: many small programs solved in one call."""
    return sparse.block_diag([matrix] * count, format="csc") if count > 1 else matrix
