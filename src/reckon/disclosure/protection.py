"""From counts to tables that may be published: suppress, audit, widen until the audit finds nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from reckon.disclosure import suppress
from reckon.disclosure.audit import Evidence, Finding, GroupDisclosure, audit, groups_disclosed
from reckon.disclosure.hierarchy import Hierarchy
from reckon.disclosure.needs import aims_of
from reckon.disclosure.programs import SolverError, Vector
from reckon.disclosure.rule import Rule
from reckon.disclosure.sheets import Earlier
from reckon.disclosure.suppress import Effort, Pattern
from reckon.disclosure.system import Flags, System, build
from reckon.tables import Cell, CountTable, InputError, Status, Table


@dataclass(frozen=True, slots=True)
class Loss:
    """What the tables of one indicator and period lose: cells and the persons in them, margins included.

    `sensitive` cells are withheld by the rule, `secondary` ones to protect them. `bound`: no safe choice withholds
    fewer persons in secondary cells; where it equals `secondary_persons` the choice is the best there is.
    """

    indicator: str
    period: str
    cells: int
    sensitive: int
    sensitive_persons: int
    secondary: int
    secondary_persons: int
    bound: int


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables that passed the audit, in the order they came.

    `for_release` is what may leave the house. `for_review` tells the reviewer which withheld cells are small
    (primary) and which protect them (secondary): that is itself a disclosure and must not be published, and nor must
    the `losses`. `group_disclosures` are left to the reviewer's judgment.
    """

    rule: Rule
    for_release: tuple[Table, ...]
    for_review: tuple[Table, ...]
    group_disclosures: tuple[GroupDisclosure, ...]
    losses: tuple[Loss, ...]

    def count(self, status: Status) -> int:
        """How many cells have the status (primary and secondary as the reviewer sees them)."""
        tables = self.for_release if status == "suppressed" else self.for_review
        return sum(cell.status == status for table in tables for cell in table.cells)


def protect(
    tables: Sequence[CountTable],
    rule: Rule | None = None,
    *,
    hierarchies: Sequence[Hierarchy] = (),
    earlier: Sequence[Sequence[Earlier]] = (),
    effort: Effort | None = None,
) -> Protected:
    """Withhold what must be withheld, at the smallest loss found, and nothing else.

    Tables of the same indicator and period are one publication: every margin that two of them share must be among
    them, and margins must add up. Tables of different indicators or periods are protected apart. A table may list
    codes of several levels of a hierarchy. `earlier` holds earlier releases, newest first; what they withhold stays
    protected together with the new tables. By default the smallest loss is found for small blocks, and one near it
    for large ones. Of very large ones the audit promises less: see there.
    Raises InputError otherwise, and when tables of one indicator count different units.
    """
    rule = rule or Rule()
    blocks: dict[tuple[str, str], list[int]] = {}
    for number, table in enumerate(tables):
        blocks.setdefault((table.indicator, table.period), []).append(number)
    reviewed: dict[int, Table] = {}
    losses = []
    for name, numbers in blocks.items():
        block = [tables[number] for number in numbers]
        if len({table.unit for table in block}) > 1:
            raise InputError(f"the tables of {block[0].indicator} count different units, which are never mixed")
        before = [[item for item in r if (item.counts.indicator, item.counts.period) == name] for r in earlier]
        work = Work(block, rule, hierarchies, before)
        pattern = work.choose(effort)
        hidden, found = work.repair(pattern.hidden, pattern.evidence)
        reviewed |= dict(zip(numbers, found, strict=True))
        losses.append(work.loss(hidden, pattern.bound))
    review = tuple(reviewed[number] for number in range(len(tables)))
    release = tuple(_masked(table) for table in review)
    return Protected(rule, release, review, tuple(groups_disclosed(release)), tuple(losses))


def difference(ours: Cell, figure: int | Decimal | None) -> int | Decimal | None:
    """Our count less a figure published by others; None when ours is withheld or missing, or there is no figure.

    With the figure in print, the difference from a withheld count would be the count.
    """
    return None if ours.value is None or figure is None else ours.value - figure


class Work:
    """The tables of one indicator and period on their way to publication."""

    def __init__(
        self,
        block: Sequence[CountTable],
        rule: Rule,
        hierarchies: Sequence[Hierarchy] = (),
        earlier: Sequence[Sequence[Earlier]] = (),
    ) -> None:
        self.block, self.rule, self.hierarchies, self.earlier = list(block), rule, hierarchies, earlier
        self.system = build(block, rule, hierarchies=hierarchies, earlier=earlier)

    def choose(self, effort: Effort | None = None) -> Pattern:
        """The cells to withhold. Nothing, where nothing is sensitive."""
        return suppress.choose(self.system, aims_of(self.system, self.rule), effort)

    def repair(self, hidden: Flags, evidence: Sequence[Vector] = ()) -> tuple[Flags, list[Table]]:
        """Tables with at least the sensitive ones of the `hidden` cells withheld, and more until the audit is content.

        Below a certain size the audit asks for whole numbers, `suppress` is content with fractions: it may still find
        something. A
        cell that can be worked out and is not sensitive is shown: its reader knows it anyway, and it protects nobody.
        """
        system, hidden = self.system, hidden.copy()
        proofs = self._evidence(evidence)
        for _ in range(2 * system.size + 1):
            tables = _tables(self.block, system, hidden)
            findings = self.audit([_masked(table) for table in tables], proofs)
            if not findings:
                return hidden, tables
            cells = np.array(self._cells(findings), dtype=np.int64)
            exposed = cells[system.sensitive[cells]]
            if not len(exposed):
                hidden[cells] = False
                continue
            wider = suppress.widen(system, hidden, exposed)
            assert (wider & ~hidden).any(), "with every count withheld nothing can be worked out"
            hidden = wider
        raise SolverError("the search for a safe publication did not end")

    def audit(self, published: Sequence[Table], evidence: Evidence | None = None) -> list[Finding]:
        """What is wrong with the tables."""
        name = (self.block[0].indicator, self.block[0].period)
        known = {} if evidence is None else {name: evidence}
        return audit(
            published, self.block, self.rule, hierarchies=self.hierarchies, earlier=self.earlier, evidence=known
        )

    def loss(self, hidden: Flags, bound: float) -> Loss:
        """The information lost."""
        system, first = self.system, self.block[0]
        ours = hidden & ~system.given & ~system.public
        small, others = ours & system.sensitive, ours & ~system.sensitive
        return Loss(
            first.indicator,
            first.period,
            cells=int((~system.given).sum()),
            sensitive=int(small.sum()),
            sensitive_persons=int(system.values[small].sum()),
            secondary=int(others.sum()),
            secondary_persons=int(system.values[others].sum()),
            bound=int(bound),
        )

    def _evidence(self, tables: Sequence[Vector]) -> Evidence | None:
        """The same tables cell by cell, as the audit reads them."""
        if not tables:
            return None
        index = np.concatenate([*self.system.index, *self.system.past])
        return np.array([np.where(index < 0, 0.0, table[index]) for table in tables])

    def _cells(self, findings: list[Finding]) -> list[int]:
        """The variables that the findings speak of."""
        where = {finding.place[2] for finding in findings}
        return [
            int(variable)
            for table, index in zip(self.block, self.system.index, strict=True)
            for key, variable in zip(table.keys(), index.ravel(), strict=True)
            if tuple(sorted(key)) in where and variable >= 0
        ]


def _tables(block: list[CountTable], system: System, hidden: Flags) -> list[Table]:
    tables = []
    for table, index in zip(block, system.index, strict=True):
        cells = []
        for (key, count), variable in zip(table.cells(), index.ravel().tolist(), strict=True):
            is_sensitive = variable >= 0 and bool(system.sensitive[variable])
            is_hidden = is_sensitive or (variable >= 0 and bool(hidden[variable]))
            status = _status(count, is_hidden, is_sensitive)
            cells.append(Cell(key, None if is_hidden else count, status))
        described = (table.indicator, table.unit, table.period, table.dimensions, table.categories)
        tables.append(Table(*described, tuple(cells)))
    return tables


def _status(count: int | None, is_hidden: bool, is_sensitive: bool) -> Status:
    if count is None:
        return "missing"
    if is_hidden:
        return "primary" if is_sensitive else "secondary"
    return "published" if count else "zero"


def _masked(table: Table) -> Table:
    """The table without the difference between a small count and one that protects it."""
    cells = (replace(cell, status="suppressed") if cell.is_suppressed else cell for cell in table.cells)
    return replace(table, cells=tuple(cells))
