"""What each sensitive cell needs: the values between which it must be able to lie."""

import numpy as np

from reckon.disclosure.frame import Indices
from reckon.disclosure.programs import TOLERANCE, Vector
from reckon.disclosure.reach import Aim, meet
from reckon.disclosure.rule import Rule
from reckon.disclosure.system import Flags, System


def aims_of(system: System, rule: Rule) -> list[Aim]:
    """Where each sensitive cell must be able to go, without those where it already is.

    What an earlier release has given away cannot be asked for again: the aim is then what is left.
    """
    free = ~system.public
    cells = np.flatnonzero(system.sensitive & free)
    guess = least(system)
    bottom = _nearest(system, free, [Aim(int(cell), -1, guess[cell]) for cell in cells])
    spans = {cell: rule.span(int(system.values[cell]), bottom[cell]) for cell in bottom}
    top = {cell: high for cell, (_, high) in spans.items()}
    if system.public.any() or system.given.any():
        top = _nearest(system, free, [Aim(cell, 1, high) for cell, high in top.items()])
    aims = []
    for cell, (low, _) in spans.items():
        value = int(system.values[cell])
        aims += [Aim(cell, 1, top[cell])] if value < top[cell] else []
        aims += [Aim(cell, -1, low)] if value > low else []
    return aims


def _nearest(system: System, free: Flags, aims: list[Aim]) -> dict[int, int]:
    """How near each aim can be come to in whole numbers when everything that may be is withheld."""
    met, failed = meet(system, free, aims)
    found = {aim.cell: int(aim.level) for aim in met}
    for fail in failed:
        value = fail.value
        found[fail.aim.cell] = int(np.floor(value + TOLERANCE) if fail.aim.sign > 0 else np.ceil(value - TOLERANCE))
    return found


def least(system: System) -> Vector:
    """What each cell must hold at least, because each of its parts holds the lowest value: a first guess at floors."""
    found = np.full(system.size, float(system.lowest))
    rows = [(cells[signs < 0], cells[signs > 0]) for cells, signs in rows_of_cells_only(system).values()]
    for _ in range(system.size):
        before = found.copy()
        for margin, parts in rows:
            found[margin] = np.maximum(found[margin], found[parts].sum())
        if (found == before).all():
            break
    return found


def rows_of_cells_only(system: System) -> dict[int, tuple[Indices, Vector]]:
    """The equations without latent cells, as (cells, signs)."""
    rows = system.matrix.tocsr()
    spans = ((row, slice(rows.indptr[row], rows.indptr[row + 1])) for row in range(rows.shape[0]))
    return {row: (rows.indices[s], rows.data[s]) for row, s in spans if (rows.indices[s] < system.size).all()}
