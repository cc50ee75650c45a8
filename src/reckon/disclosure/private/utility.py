"""How well invented rows count like the real ones. It reads the real rows, so it is itself not private: not for release.

Scored are the combinations of 1, 2 and 3 columns that at least `SCORED` real persons share and that hold no absent value.
A combination of at least `MISSABLE` real persons without one invented row is missing; a combination that occurs among the
invented rows and not among the real ones is fabricated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

import numpy as np
import numpy.typing as npt

from reckon.disclosure.private.people import Codes, Column, People
from reckon.tables import InputError

SCORED = 100
MISSABLE = 10
WAYS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Utility:
    """Over all combinations of `ways` columns. Errors are None, shares 0, where there was nothing to score."""

    ways: int
    scored: int
    median_relative_error: float | None
    mean_absolute_error: float | None
    missing: float
    fabricated: float


def utility(real: People, invented: Codes, ways: Sequence[int] = WAYS) -> list[Utility]:
    """How the counts differ, for each number of columns. InputError when the rows have other columns."""
    if invented.shape[1:] != (len(real.columns),):
        raise InputError("the invented rows have other columns than the real ones")
    other = People(real.columns, invented)
    return [_scored(real, other, number) for number in ways]


def _scored(real: People, other: People, ways: int) -> Utility:
    relative, absolute, missing, fabricated = [], [], [], []
    for places in combinations(range(len(real.columns)), ways):
        full = _without_absent([real.columns[place] for place in places])
        truth, found = real.table(places)[full], other.table(places)[full]
        scored = truth >= SCORED
        errors = np.abs(found - truth)[scored]
        relative.append(errors / truth[scored])
        absolute.append(errors)
        missing.append(found[truth >= MISSABLE] == 0)
        fabricated.append(truth[found > 0] == 0)
    errors, shares = _joined(absolute), _joined(relative)
    return Utility(
        ways=ways,
        scored=len(errors),
        median_relative_error=float(np.median(shares)) if len(shares) else None,
        mean_absolute_error=float(errors.mean()) if len(errors) else None,
        missing=_share(_joined(missing)),
        fabricated=_share(_joined(fabricated)),
    )


def _without_absent(columns: Sequence[Column]) -> npt.NDArray[np.bool_]:
    """Which cells of the table have a value in every column."""
    given = [np.array([code != "" for code in column.codes]) for column in columns]
    return np.asarray(reduce(np.logical_and.outer, given))


def _joined(parts: list[npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
    return np.concatenate(parts) if parts else np.zeros(0)


def _share(flags: npt.NDArray[np.float64]) -> float:
    return float(flags.mean()) if len(flags) else 0.0
