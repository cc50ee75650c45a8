"""How far the cells of a large puzzle can move in fractions: linear programs, each from where the last one ended."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import highspy
import numpy as np

from reckon.disclosure.attacker.polytope import Aim, Openness, Polytope, SolverError, Vector

SIDE_BY_SIDE = 2
PRIMAL_SIMPLEX = 4


class Walker:
    """Goes from one extreme table to the next."""

    def __init__(self, polytope: Polytope) -> None:
        columns = polytope.matrix.tocsc()
        program = highspy.HighsLp()
        program.num_row_, program.num_col_ = columns.shape
        program.col_cost_ = np.zeros(polytope.size)
        program.col_lower_, program.col_upper_ = polytope.lower, np.full(polytope.size, np.inf)
        program.row_lower_ = program.row_upper_ = polytope.rhs
        program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        program.a_matrix_.num_row_, program.a_matrix_.num_col_ = columns.shape
        program.a_matrix_.start_, program.a_matrix_.index_ = columns.indptr, columns.indices
        program.a_matrix_.value_ = columns.data
        self.highs = highspy.Highs()
        for option, value in (("output_flag", False), ("presolve", "off"), ("solver", "simplex"), ("threads", 1)):
            self.highs.setOptionValue(option, value)
        self.highs.setOptionValue("simplex_strategy", PRIMAL_SIMPLEX)
        self.highs.passModel(program)

    def to(self, cell: int, sign: int) -> Vector | None:
        """The table where the cell is largest (`sign` +1) or smallest (-1); None when it has no limit.

        Raises ValueError when no table fits.
        """
        self.highs.changeColCost(cell, -float(sign))
        self.highs.run()
        status, y = self.highs.getModelStatus(), np.array(self.highs.getSolution().col_value)
        self.highs.changeColCost(cell, 0.0)
        if status == highspy.HighsModelStatus.kInfeasible:
            raise ValueError("no table fits what is known")
        if status == highspy.HighsModelStatus.kOptimal:
            return y
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return None
        raise SolverError(f"the solver ended with {status}")


def reach_in_fractions(polytope: Polytope, aims: Sequence[Aim], learn: Callable[[Vector], None]) -> None:
    """Tell `learn` of tables until each aim is met by one, or met as nearly as it can be.

    The aims come in a random order, because an extreme table often meets others far from its own.
    """
    order = [aims[k] for k in np.random.default_rng(0).permutation(len(aims))]
    search = Openness(order, learn)
    if not order:
        return
    walkers = [Walker(polytope) for _ in range(SIDE_BY_SIDE)]

    def go(walker: Walker, k: int) -> Vector:
        table = walker.to(order[k].cell, order[k].sign)
        return polytope.one_by_one([order[k]])[0] if table is None else table

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while part := search.open[:SIDE_BY_SIDE]:
            for table in pool.map(go, walkers, part):
                search.note(table)
            search.open = [k for k in search.open if k not in part]
