"""The lattice of histories and terms: what sparse margins do to a model, and sums over subsets done for many tables.

Dense tables here have 2^m columns, column w for history w; column 0 (on no list) is always 0. Counts as the rest of the
package hands them over have 2^m - 1 columns: `padded` puts the first one in front.

A margin N*_t, the people seen by all lists of term t, that is zero makes the coefficient of t minus infinity: the cells
that contain t are fitted exactly by 0 and leave the likelihood (extended maximum likelihood; Chan, Silverman & Vincent
2021, section 2; Fienberg & Rinaldo 2012).
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import numpy.typing as npt

from reckon.prevalence.captures import BadCaptures, Captures, Integers
from reckon.prevalence.models import Model

Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

MOST_FITTED = 12
"""Lists that are fitted together at most: every model needs all 2^m - 1 histories."""


def lists_in(tables: npt.NDArray[np.generic]) -> int:
    """m of tables whose last axis has 2^m - 1 cells. Raises BadCaptures for another length or too many lists."""
    cells = int(tables.shape[-1])
    m = (cells + 1).bit_length() - 1
    if cells != (1 << m) - 1 or not cells:
        raise BadCaptures("A dense table of m lists has 2^m - 1 cells.")
    if m > MOST_FITTED:
        raise BadCaptures(
            f"There are {m} lists and at most {MOST_FITTED} can be fitted together; merge lists that meet people "
            "in the same way, or leave some out."
        )
    return m


def padded(tables: npt.NDArray[np.generic]) -> Floats:
    """Tables (..., 2^m - 1) as (..., 2^m) with a zero for the history that nobody observes."""
    dense = np.zeros((*tables.shape[:-1], tables.shape[-1] + 1))
    dense[..., 1:] = tables
    return dense


def table_of(captures: Captures) -> Integers:
    """One captures as a table of one row, (1, 2^m - 1). Raises BadCaptures for too many lists."""
    if captures.m > MOST_FITTED:
        lists_in(np.empty((1 << captures.m) - 1, dtype=np.bool_))
    return captures.cells()[None, :]


def subset_sums(values: Floats) -> Floats:
    """out[..., w] = sum of values[..., t] over all t within w."""
    return _summed(values, upward=True)


def superset_sums(values: Floats) -> Floats:
    """out[..., t] = sum of values[..., w] over all w that contain t: the margins of a table."""
    return _summed(values, upward=False)


def _summed(values: Floats, *, upward: bool) -> Floats:
    out = np.array(values, dtype=np.float64, order="C")
    cells = out.shape[-1]
    half = 1
    while half < cells:
        pairs = out.reshape(*out.shape[:-1], cells // (2 * half), 2, half)
        if upward:
            pairs[..., 1, :] += pairs[..., 0, :]
        else:
            pairs[..., 0, :] += pairs[..., 1, :]
        half *= 2
    return out


def supports(tables: Integers) -> list[int]:
    """For each table (row) the observed histories as one number: bit w is set when history w has a positive count."""
    packed = np.packbits(tables > 0, axis=1, bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") << 1 for row in packed]


def observed(support: int) -> Integers:
    """The histories of a support, ascending."""
    packed = np.frombuffer(support.to_bytes(support.bit_length() // 8 + 1, "little"), dtype=np.uint8)
    return np.flatnonzero(np.unpackbits(packed, bitorder="little")).astype(np.int64)


@dataclass(frozen=True, eq=False)
class Design:
    """What remains of a model on a sparse table.

    `terms` are the masks with a finite coefficient, the intercept 0 first; `infinite` those at minus infinity; `kept`
    the histories that can have somebody, ascending, without 0.
    """

    m: int
    terms: Integers
    infinite: Integers
    kept: Integers

    @cached_property
    def matrix(self) -> Floats:
        """X, one row for each kept history and one column for each term: 1 where the history contains the term."""
        return contains(self.kept, self.terms).astype(np.float64)

    @cached_property
    def is_kept(self) -> Floats:
        """1 for each of the 2^m histories that is kept, else 0."""
        dense = np.zeros(1 << self.m)
        dense[self.kept] = 1.0
        return dense

    @cached_property
    def identifiable(self) -> bool:
        """Whether different coefficients mean different tables."""
        return len(self.kept) >= len(self.terms) and int(np.linalg.matrix_rank(self.matrix)) == len(self.terms)


def contains(histories: Integers, terms: Integers) -> Booleans:
    """Whether each history (rows) contains each term (columns)."""
    found: Booleans = (histories[:, None] & terms[None, :]) == terms[None, :]
    return found


@lru_cache(maxsize=1 << 14)
def design(m: int, model: Model, infinite: Model) -> Design:
    """The design of a model when the margins of `infinite` (some of its terms) are zero and the others positive."""
    gone = np.array(infinite, dtype=np.int64)
    histories = np.arange(1, 1 << m, dtype=np.int64)
    kept = histories[~contains(histories, gone).any(axis=1)]
    finite = np.array([0, *(term for term in model if term not in set(infinite))], dtype=np.int64)
    return Design(m, finite, gone, kept)


@lru_cache(maxsize=1 << 16)
def design_on(m: int, model: Model, support: int) -> Design:
    """The design of a model on tables with this support."""
    shared = contains(observed(support), np.array(model, dtype=np.int64))
    return design(m, model, tuple(term for place, term in enumerate(model) if not shared[:, place].any()))
