"""Linear and integer programs of the side that suppresses, through HiGHS (SciPy), reduced to two shapes."""

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse

Vector = npt.NDArray[np.float64]
Matrix = Any  # scipy.sparse has no type stubs

TOLERANCE = 1e-6
PRIMAL_SIMPLEX = 4


class SolverError(RuntimeError):
    """The solver gave neither an optimum nor a proof that there is none."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """`y` minimises; `prices` are the multipliers of the equations."""

    y: Vector
    prices: Vector


@dataclass(frozen=True, slots=True)
class Best:
    """Whole numbers `x`, and a `bound` that no solution can beat."""

    x: Vector
    bound: float


def minimise(cost: Vector, matrix: Matrix, rhs: Vector, lower: Vector, upper: Vector) -> Optimum | None:
    """min cost'y with matrix y = rhs, lower <= y <= upper; None when nothing satisfies it. It must be bounded."""
    bounds = np.column_stack([lower, upper])
    equations = (matrix, rhs) if matrix.shape[0] else (None, None)
    found = optimize.linprog(cost, A_eq=equations[0], b_eq=equations[1], bounds=bounds, method="highs")
    if found.status == 2:
        return None
    if found.status != 0:
        raise SolverError(found.message)
    prices = found.eqlin.marginals if matrix.shape[0] else np.zeros(0)
    return Optimum(np.asarray(found.x, dtype=np.float64), np.asarray(prices, dtype=np.float64))


class Repeated:
    """max of the sum of +-y[cell] for some cells after others over {y : matrix y = rhs, y >= lower}.

    Each search starts where the last one ended, which is several times faster than `minimise`.
    """

    def __init__(self, matrix: Matrix, rhs: Vector, lower: Vector) -> None:
        columns = matrix.tocsc()
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = columns.shape
        program.col_cost_ = np.zeros(len(lower))
        program.col_lower_, program.col_upper_ = lower, np.full(len(lower), np.inf)
        program.row_lower_ = program.row_upper_ = rhs
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.num_row_, program.a_matrix_.num_col_ = columns.shape
        program.a_matrix_.start_, program.a_matrix_.index_ = columns.indptr, columns.indices
        program.a_matrix_.value_ = columns.data
        self.solver = highspy.Highs()
        for option, value in (("output_flag", False), ("presolve", "off"), ("solver", "simplex"), ("threads", 1)):
            self.solver.setOptionValue(option, value)
        self.solver.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        self.solver.passModel(program)

    def extreme(self, cells: npt.NDArray[np.int64], signs: Vector) -> Optimum | None:
        """The table in which these cells, each named once, are largest (sign +1) or smallest (-1), summed.

        None when that has no limit.
        """
        columns = cells.astype(np.int32)
        self.solver.changeColsCost(len(columns), columns, -signs)
        self.solver.run()
        status = self.solver.getModelStatus()
        found = self.solver.getSolution()
        self.solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"the solver ended with {status}")
        return Optimum(np.array(found.col_value), np.array(found.row_dual))


def minimise_binary(cost: Vector, rows: Matrix, need: Vector, bounds: Matrix, gap: float, nodes: int) -> Best | None:
    """min cost'x with rows x >= need, x zero or one within `bounds` (lower, upper); None when none was found.

    `gap` is the relative distance from the optimum that is good enough; the search may also end after `nodes`. Nodes,
    not seconds, limit it: the answer must not depend on how busy the machine is.
    """
    found = optimize.milp(
        cost,
        integrality=np.ones(len(cost)),
        bounds=optimize.Bounds(*bounds),
        constraints=optimize.LinearConstraint(rows, need, np.inf) if rows.shape[0] else None,
        options={"mip_rel_gap": gap, "node_limit": nodes},
    )
    _check(found)
    if found.x is None:
        return None
    bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
    return Best(np.asarray(np.round(found.x), dtype=np.float64), float(bound))


def minimise_whole(
    cost: Vector, matrix: Matrix, rhs: Vector, bounds: tuple[Vector, Vector], whole: npt.NDArray[np.bool_]
) -> Vector | None:
    """min cost'y with matrix y = rhs within `bounds` (lower, upper), the `whole` ones in whole numbers.

    The best found within 1 % or a limited number of nodes; None when there is none.
    """
    found = optimize.milp(
        cost,
        integrality=whole.astype(float),
        bounds=optimize.Bounds(*bounds),
        constraints=optimize.LinearConstraint(matrix, rhs, rhs),
        options={"mip_rel_gap": 0.01, "node_limit": 5_000},
    )
    _check(found)
    return None if found.x is None else np.asarray(found.x, dtype=np.float64)


def _check(found: Any) -> None:
    """Let an optimum, a proof that there is none, and the end of the nodes pass.

    SciPy knows only some of the ways in which HiGHS says that its nodes have run out; the message always says it.
    """
    if found.status not in (0, 1, 2) and "limit" not in found.message:
        raise SolverError(found.message)


def copies(matrix: Matrix, count: int) -> Matrix:
    """The matrix repeated `count` times along the diagonal: many small programs solved in one call."""
    return sparse.block_diag([matrix] * count, format="csc") if count > 1 else matrix
