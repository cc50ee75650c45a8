"""A list that also holds people who are not of the population, such as a register of all who were ever tested.

Those on that list only cannot be told from outsiders: their cell is left out of the likelihood and predicted, and the
count is an upper bound of the prediction, in every stratum. Source: Overstall, King, Bird, Hutchinson & Hay, "Incomplete
contingency tables with censored cells", Statistics in Medicine 33:1564, 2014.
"""

from dataclasses import dataclass

import numpy as np

from reckon.prevalence.captures import BadCaptures, Captures
from reckon.prevalence.covariates import JointTable
from reckon.prevalence.joint import JointDesign, JointFit


@dataclass(frozen=True)
class CensoredCell:
    """People on the censored list only, in one stratum: how many the file has and how many the model predicts."""

    stratum: tuple[str, ...]
    bound: int
    predicted: float

    @property
    def is_kept(self) -> bool:
        """Whether the prediction respects the bound."""
        return self.predicted <= self.bound


def table_of(captures: Captures) -> JointTable:
    """Capture histories without covariates as a table of one stratum."""
    return JointTable(captures.lists, (), np.append(0, captures.cells())[None, :])


def censored_design(table: JointTable, name: str) -> JointDesign:
    """The table with the cell "on this list only" left out. Raises BadCaptures for an unknown list or only three cells.

    With two lists nothing would be left to learn from.
    """
    if name not in table.lists:
        raise BadCaptures(f"There is no list {name}; there are {', '.join(table.lists)}.")
    if table.m < 3:
        raise BadCaptures("A list that holds outsiders can only be used beside at least two others.")
    return JointDesign(table, table.lists.index(name))


def censored_cells(design: JointDesign, fit: JointFit) -> tuple[CensoredCell, ...]:
    """The prediction beside its bound, for every stratum. A model is not to be used unless every bound is kept."""
    if design.censored is None:
        return ()
    only = 1 << design.censored
    return tuple(
        CensoredCell(stratum, int(bound), float(predicted))
        for stratum, bound, predicted in zip(
            design.table.strata, design.table.counts[:, only], fit.fitted[:, only], strict=True
        )
    )
