"""Rows drawn so that they have the agreed tables: one for each invented person.

Columns are drawn one after another. A column that was counted in pairs with columns already drawn follows them: among all
tables over those columns and itself that have the agreed pairs, and that keep the rows drawn so far, the one of maximum entropy
is found by iterative proportional fitting (Deming and Stephan, 1940). Shares are rounded to whole rows so that they add up, and
rows alike in other columns are given values as evenly as possible. The random numbers here decide nothing about privacy.
"""

from dataclasses import dataclass

import numpy as np

from reckon.disclosure.private.fit import Agreed, Numbers
from reckon.disclosure.private.people import Codes

CELLS_LIMIT = 200_000
ROUNDS = 30
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, slots=True)
class _Parent:
    """A column already drawn, and the agreed table of it (rows) and the column to be drawn (columns)."""

    place: int
    table: Numbers


def draw(agreed: Agreed, random: np.random.Generator) -> Codes:
    """As many rows as there are persons in the agreed tables, in random order."""
    count, columns = round(agreed.total), len(agreed.margins)
    values = np.zeros((count, columns), dtype=np.int64)
    done: list[int] = []
    while len(done) < columns:
        waiting = [place for place in range(columns) if place not in done]
        place = max(waiting, key=lambda place: (len(_parents(agreed, place, done)), _cells(agreed, place), -place))
        parents = _that_fit(_parents(agreed, place, done), len(agreed.margins[place]))
        values[:, place] = _column(values, agreed.margins[place], parents, _order(values, done, random), random)
        done.append(place)
    return values[random.permutation(count)]


def _parents(agreed: Agreed, place: int, done: list[int]) -> list[_Parent]:
    """The columns already drawn that were counted together with this one, the largest table first."""
    found = [_Parent(first, table) for (first, second), table in agreed.pairs.items() if second == place]
    found += [_Parent(second, table.T) for (first, second), table in agreed.pairs.items() if first == place]
    return sorted((parent for parent in found if parent.place in done), key=lambda parent: -parent.table.size)


def _cells(agreed: Agreed, place: int) -> int:
    return sum(table.size for pair, table in agreed.pairs.items() if place in pair)


def _that_fit(parents: list[_Parent], cells: int) -> list[_Parent]:
    """As many of them, in this order, as one table can hold."""
    kept = []
    for parent in parents:
        if cells * len(parent.table) <= CELLS_LIMIT:
            kept.append(parent)
            cells *= len(parent.table)
    return kept


def _column(values: Codes, margin: Numbers, parents: list[_Parent], order: Codes, random: np.random.Generator) -> Codes:
    """The values of a column: for each group of rows alike in the parents, in the shares of the fitted table."""
    shape = tuple(len(parent.table) for parent in parents)
    group = np.zeros(len(values), dtype=np.int64)
    if parents:
        group = np.ravel_multi_index(tuple(values[:, parent.place] for parent in parents), shape)
    sizes = np.bincount(group, minlength=int(np.prod(shape)))
    shares = _fitted(sizes.reshape(shape).astype(float), margin, [parent.table for parent in parents])
    rows = order[np.argsort(group[order], kind="stable")]
    found = np.zeros(len(values), dtype=np.int64)
    owed, start = np.zeros(len(margin)), 0
    for place in np.flatnonzero(sizes):
        size = int(sizes[place])
        counts = _whole(shares[place] * size, owed)
        evenly = np.argsort((random.random() + GOLDEN * np.arange(size)) % 1.0)
        found[rows[start : start + size][evenly]] = np.repeat(np.arange(len(margin)), counts)
        start += size
    return found


def _fitted(groups: Numbers, margin: Numbers, tables: list[Numbers]) -> Numbers:
    """The shares of each value in each group of rows (flat), with the pairs' tables as near as they can be had."""
    even = np.full(len(margin), 1 / len(margin))
    usual = margin / margin.sum() if margin.sum() > 0 else even
    cells = groups[..., None] * usual
    for _ in range(ROUNDS if len(tables) > 1 else len(tables)):
        for axis, table in enumerate(tables):
            others = tuple(other for other in range(groups.ndim) if other != axis)
            spread = [len(table) if other == axis else 1 for other in range(groups.ndim)]
            cells *= _ratio(table, cells.sum(axis=others)).reshape(*spread, len(margin))
        cells *= _ratio(groups, cells.sum(axis=-1))[..., None]
    flat = cells.reshape(-1, len(margin))
    sums = flat.sum(axis=1, keepdims=True)
    return np.asarray(np.where(sums > 0, flat / np.where(sums > 0, sums, 1.0), usual))


def _ratio(wanted: Numbers, found: Numbers) -> Numbers:
    return np.divide(wanted, found, out=np.zeros(found.shape), where=found > 0)


def _whole(wanted: Numbers, owed: Numbers) -> Codes:
    """Whole numbers near the wanted ones with their sum. What rounding owes each value is carried on in `owed`."""
    counts = np.floor(wanted + 1e-9).astype(np.int64)
    owed += wanted - counts
    left = round(float(wanted.sum())) - int(counts.sum())
    chosen = np.argsort(-np.where(wanted > 0, owed, -np.inf), kind="stable")[:left]
    counts[chosen] += 1
    owed[chosen] -= 1
    return counts


def _order(values: Codes, done: list[int], random: np.random.Generator) -> Codes:
    """The rows in an order in which rows alike in the columns already drawn stand together."""
    return np.lexsort((random.random(len(values)), *(values[:, column] for column in random.permutation(done))))
