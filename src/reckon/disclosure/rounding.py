"""Controlled rounding: every cell goes to a multiple of a base, and every margin is still the sum of its parts.

An alternative to withholding: nothing is hidden and nothing is exact. Zero-restricted where that is feasible: a cell
goes to one of the two multiples beside it, and multiples stay; otherwise the range is widened step by step (Cox, "A
constructive procedure for unbiased controlled rounding", JASA 82, 1987; Salazar-González, Management Science 51, 2005).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from reckon.disclosure.frame import Indices
from reckon.disclosure.hierarchy import Hierarchy
from reckon.disclosure.programs import Matrix, Vector, minimise_whole
from reckon.disclosure.rule import Rule
from reckon.disclosure.system import build
from reckon.tables import CountTable, InputError

EVERYTHING = Rule(threshold=1, zeros_are_sensitive=True)
"""Zeros are cells like any other."""
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Rounded:
    """`tables` in the order they came, all multiples of `base`; no cell is moved by `base` x `steps` or more.

    With `steps` 1 the rounding is zero-restricted. `moved` is the sum of all changes, `largest` the greatest one.
    """

    tables: tuple[CountTable, ...]
    base: int
    steps: int
    moved: int
    largest: int


def round_tables(tables: Sequence[CountTable], base: int, hierarchies: Sequence[Hierarchy] = ()) -> Rounded:
    """The linked tables of one indicator and period, rounded together at the smallest sum of changes.

    Missing cells stay missing. Raises InputError when the base is below 2, the tables do not belong together, or they
    cannot be rounded within five multiples.
    """
    if base < 2:
        raise InputError("a base of 1 rounds nothing")
    if len({(table.indicator, table.period, table.unit) for table in tables}) != 1:
        raise InputError("tables are rounded one indicator and period at a time")
    system = build(tables, EVERYTHING, hierarchies=hierarchies)
    values = system.values
    latent = np.zeros(system.latent)
    for steps in range(1, MOST_STEPS + 1):
        below, above = values // base, -(-values // base)
        lower = np.concatenate([np.maximum(below - steps + 1, 0), latent])
        upper = np.concatenate([above + steps - 1, np.full(system.latent, np.inf)])
        found = _nearest(values / base, system.matrix, lower, upper)
        if found is not None:
            rounded = np.round(found[: system.size]).astype(np.int64) * base
            moved = np.abs(rounded - values)
            tables_out = tuple(_with(t, rounded, index) for t, index in zip(tables, system.index, strict=True))
            return Rounded(tables_out, base, steps, int(moved.sum()), int(moved.max(initial=0)))
    raise InputError(f"these tables cannot be rounded to {base} within {MOST_STEPS} multiples")


def _nearest(wanted: Vector, matrix: Matrix, lower: Vector, upper: Vector) -> Vector | None:
    """The whole numbers within the bounds that satisfy matrix y = 0 and differ least from the wanted, summed up."""
    size, width = len(wanted), len(lower)
    apart = sparse.eye_array(size, width, format="csr")
    away = sparse.eye_array(size, format="csr")
    rows = sparse.block_array([[matrix, None, None], [apart, -away, away]], format="csr")
    return minimise_whole(
        np.concatenate([np.zeros(width), np.ones(2 * size)]),
        rows,
        np.concatenate([np.zeros(matrix.shape[0]), wanted]),
        (np.concatenate([lower, np.zeros(2 * size)]), np.concatenate([upper, np.full(2 * size, np.inf)])),
        np.arange(width + 2 * size) < width,
    )


def _with(table: CountTable, rounded: Indices, index: Indices) -> CountTable:
    pairs = zip(table.counts, index.tolist(), strict=True)
    return replace(table, counts=tuple(None if count is None else int(rounded[v]) for count, v in pairs))
