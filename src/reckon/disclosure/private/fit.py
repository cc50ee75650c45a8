"""Noisy counts made to agree: none negative, all tables with the same margins and the same number of persons.

Each margin is the mean of all that was measured of it, weighted by how little noise it holds; each pair is the nearest table
without negative numbers that has these margins (Dykstra, 1983). Works on what is already private: it costs nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reckon.disclosure.private.choosing import Pair

Numbers = npt.NDArray[np.float64]
ROUNDS = 300
NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Measured:
    """One noisy table over some columns, an axis for each, and the scale of its noise."""

    places: tuple[int, ...]
    counts: Numbers
    scale: float


@dataclass(frozen=True, slots=True)
class Agreed:
    """How many persons each column's values and each counted pair have: not negative, all adding up to `total`."""

    total: float
    margins: tuple[Numbers, ...]
    pairs: Mapping[Pair, Numbers]


def agree(columns: int, tables: Sequence[Measured]) -> Agreed:
    """The agreed tables. Every column must have been measured alone or in a pair."""
    views: list[list[tuple[Numbers, float]]] = [[] for _ in range(columns)]
    for table in tables:
        for axis, place in enumerate(table.places):
            others = tuple(other for other in range(table.counts.ndim) if other != axis)
            margin = table.counts.sum(axis=others)
            views[place].append((margin, table.scale**2 * table.counts.size / margin.size))
    margins = [_weighted(seen) for seen in views]
    totals = [(np.array([counts.sum()]), variance * counts.size) for counts, variance in margins]
    total = max(float(_weighted(totals)[0][0]), 0.0)
    whole = tuple(on_simplex(counts, total) for counts, _ in margins)
    pairs = {}
    for table in tables:
        if len(table.places) == 2:
            first, second = table.places
            pairs[first, second] = with_margins(
                _calmed(table, whole[first], whole[second]), whole[first], whole[second]
            )
    return Agreed(total, whole, pairs)


def _calmed(table: Measured, rows: Numbers, columns: Numbers) -> Numbers:
    """The counts drawn towards independence where noise is larger than what the table as a whole departs from it.

    The best linear guess when true counts depart from those of independence by a variance in proportion to these, estimated
    from the table as a whole (empirical Bayes: Efron and Morris, 1973).
    """
    expected = np.multiply.outer(rows, columns) / max(float(rows.sum()), 1.0)
    noise = 2 * table.scale**2
    excess = float(((table.counts - expected) ** 2 - noise).sum())
    signal = max(excess, 0.0) / max(float(expected.sum()), 1.0) * expected
    return np.asarray(expected + signal / (signal + noise) * (table.counts - expected))


def _weighted(views: Sequence[tuple[Numbers, float]]) -> tuple[Numbers, float]:
    """The mean of several views of the same counts by inverse variance, and its variance."""
    weight = sum(1 / variance for _, variance in views)
    return np.asarray(sum(counts / variance for counts, variance in views) / weight), 1 / weight


def on_simplex(counts: Numbers, total: float) -> Numbers:
    """The nearest numbers, none negative, that add up to the total (Duchi and others, 2008)."""
    falling = np.sort(counts)[::-1]
    excess = (np.cumsum(falling) - total) / np.arange(1, len(counts) + 1)
    kept = np.flatnonzero(falling > excess)
    return np.asarray(np.maximum(counts - excess[kept[-1]], 0.0)) if len(kept) else np.zeros(len(counts))


def with_margins(table: Numbers, rows: Numbers, columns: Numbers) -> Numbers:
    """The nearest table without negative numbers that has these margins, to within NEAR of the total."""
    correction = np.zeros_like(table)
    found = _shifted(table, rows, columns)
    for _ in range(ROUNDS):
        kept = np.maximum(found + correction, 0.0)
        correction += found - kept
        found = _shifted(kept, rows, columns)
        if found.min() >= -NEAR * max(rows.sum(), 1.0):
            break
    return np.maximum(found, 0.0)


def _shifted(table: Numbers, rows: Numbers, columns: Numbers) -> Numbers:
    """The nearest table with these margins; numbers may be negative."""
    by_row = (rows - table.sum(axis=1)) / table.shape[1]
    by_column = (columns - table.sum(axis=0)) / table.shape[0]
    return np.asarray(table + by_row[:, None] + by_column[None, :] - (rows.sum() - table.sum()) / table.size)
