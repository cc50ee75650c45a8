"""A large table seen through its slices: small systems in which a bad choice of cells shows sooner than in the whole.

A slice holds the cells with some dimensions fixed at one code (or the total) and the equations among them alone. Fewer
equations leave the attacker more room, so whatever fails in a slice fails in the whole, and what a slice proves about
a choice of cells holds for the whole (the subtables of de Wolf's HiTaS, used here to find inequalities and not to
decide cells).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, product

import numpy as np
from scipy import sparse

from reckon.disclosure.cuts import Rows, cuts
from reckon.disclosure.frame import Indices
from reckon.disclosure.layout import Layout
from reckon.disclosure.programs import Matrix, Vector
from reckon.disclosure.reach import Aim, meet
from reckon.disclosure.system import Flags, System

NOISE = 1e-9
"""What the solver leaves where nothing has moved."""
ENOUGH = 250
"""Failed aims after which the cells had better be chosen anew than the rest be tried."""
BUNDLE = 3_000
"""Cells of the slices that are put side by side, so that one linear program serves them all."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A table that fits, as the cells that differ from the truth and their values there."""

    cells: Indices
    values: Vector


@dataclass(frozen=True, slots=True)
class Part:
    """Slices side by side: their cells in the whole system, themselves as one system, what sensitive cells need.

    `block` numbers the slices, cell by cell. An aim that was met stays met while the cells of its proof are withheld.
    """

    cells: Indices
    system: System
    aims: tuple[Aim, ...]
    block: Indices
    proofs: dict[Aim, Proof] = field(default_factory=dict)

    def separate(self, hidden: Flags, width: int) -> Rows | None:
        """Inequalities, over a system of that width, that the hidden cells violate; None when all aims are met."""
        here = hidden[self.cells]
        unproven = [aim for aim in self.aims if aim not in self.proofs or not here[self.proofs[aim].cells].all()]
        if not unproven:
            return None
        met, failed = meet(self.system, here, unproven, self.block, ENOUGH)
        self._remember(met)
        if not failed:
            return None
        found = cuts(self.system, failed)
        matrix = found.matrix.tocsr()
        wide = sparse.csr_array((matrix.data, self.cells[matrix.indices], matrix.indptr), (len(found.need), width))
        return Rows(wide, found.need)

    def _remember(self, met: dict[Aim, Vector]) -> None:
        """One table often serves many aims, each by what it changes in the aim's slice."""
        made: dict[tuple[int, int], Proof] = {}
        for aim, table in met.items():
            block = int(self.block[aim.cell])
            if (id(table), block) not in made:
                cells = np.flatnonzero((np.abs(table - self.system.values) > NOISE) & (self.block == block))
                made[id(table), block] = Proof(cells, table[cells])
            self.proofs[aim] = made[id(table), block]

    def evidence(self) -> tuple[Vector, ...]:
        """The truth and the tables that the proofs are made of."""
        tables = [self.system.values.astype(float)]
        for proof in {id(proof): proof for proof in self.proofs.values()}.values():
            table = self.system.values.astype(float)
            table[proof.cells] = proof.values
            tables.append(table)
        return tuple(tables)


def whole(system: System, aims: Sequence[Aim]) -> Part:
    """The system itself as its only part."""
    return Part(np.arange(system.size), system, tuple(aims), np.zeros(system.size, dtype=np.int64))


def slices(system: System, aims: Sequence[Aim]) -> list[list[Part]]:
    """The slices of two dimensions, then those of three, and so on, without whole tables; small ones side by side."""
    most = max((layout.ndim for layout in system.layouts), default=0)
    slicer = _Slicer(system, aims)
    found = []
    for dimensions in range(2, most):
        every = [cells for layout in system.layouts for cells in _cells(layout, dimensions)]
        found.append([slicer.part(bundle) for bundle in _bundles(every)])
    return found


def _bundles(slices: Sequence[Indices]) -> Iterator[list[Indices]]:
    bundle: list[Indices] = []
    for cells in slices:
        if bundle and sum(map(len, bundle)) + len(cells) > BUNDLE:
            yield bundle
            bundle = []
        bundle.append(cells)
    if bundle:
        yield bundle


def _cells(layout: Layout, dimensions: int) -> Iterator[Indices]:
    shape = layout.shape
    if len(shape) <= dimensions:
        return
    for axes in combinations(range(len(shape)), len(shape) - dimensions):
        for nodes in product(*(range(shape[axis]) for axis in axes)):
            place: list[slice | int] = [slice(None)] * len(shape)
            for axis, node in zip(axes, nodes, strict=True):
                place[axis] = node
            cells = layout[tuple(place)].ravel()
            yield np.sort(cells[cells >= 0])


class _Slicer:
    """Cuts systems out of a system."""

    def __init__(self, system: System, aims: Sequence[Aim]) -> None:
        self.system = system
        self.columns = system.matrix.tocsc()
        self.lengths = np.diff(system.matrix.tocsr().indptr)
        self.aims: dict[int, list[Aim]] = {}
        for aim in aims:
            self.aims.setdefault(aim.cell, []).append(aim)

    def part(self, bundle: Sequence[Indices]) -> Part:
        """The equations within each slice alone."""
        cells = np.concatenate(bundle)
        block = np.repeat(np.arange(len(bundle)), [len(slice_) for slice_ in bundle])
        nothing = np.zeros(len(cells), dtype=np.bool_)
        system = replace(
            self.system,
            index=(),
            values=self.system.values[cells],
            matrix=sparse.block_diag([self._equations(slice_) for slice_ in bundle], format="csc"),
            latent=0,
            sensitive=self.system.sensitive[cells],
            public=nothing,
            given=nothing,
            layouts=(),
        )
        aims = (replace(aim, cell=k) for k, cell in enumerate(cells.tolist()) for aim in self.aims.get(cell, ()))
        return Part(cells, system, tuple(aims), block)

    def _equations(self, cells: Indices) -> Matrix:
        own = self.columns[:, cells]
        inside = np.bincount(own.indices, minlength=len(self.lengths)) == self.lengths
        return own[np.flatnonzero(inside)]
