"""From counts to tables that may be published: suppress, audit, widen until the audit finds nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from reckon.disclosure import suppress
from reckon.disclosure.audit import Finding, GroupDisclosure, audit, groups_disclosed
from reckon.disclosure.lp import SolverError
from reckon.disclosure.rule import Rule
from reckon.disclosure.system import Flags, System, build
from reckon.tables import Cell, CountTable, InputError, Status, Table


@dataclass(frozen=True, slots=True)
class Protected:
    """Tables that passed the audit, in the order they came.

    `for_release` is what may leave the house. `for_review` tells the reviewer which withheld cells are small
    (primary) and which protect them (secondary): that is itself a disclosure and must not be published.
    `group_disclosures` are left to the reviewer's judgment.
    """

    rule: Rule
    for_release: tuple[Table, ...]
    for_review: tuple[Table, ...]
    group_disclosures: tuple[GroupDisclosure, ...]

    def count(self, status: Status) -> int:
        """How many cells have the status (primary and secondary as the reviewer sees them)."""
        tables = self.for_release if status == "suppressed" else self.for_review
        return sum(cell.status == status for table in tables for cell in table.cells)


def protect(tables: Sequence[CountTable], rule: Rule | None = None) -> Protected:
    """Withhold what must be withheld, at the smallest loss found, and nothing else.

    Tables of the same indicator and period are one publication: every margin that two of them share must be among
    them, and margins must add up. Tables of different indicators or periods are protected apart.
    Raises InputError otherwise, and when tables of one indicator count different units.
    """
    rule = rule or Rule()
    blocks: dict[tuple[str, str], list[int]] = {}
    for number, table in enumerate(tables):
        blocks.setdefault((table.indicator, table.period), []).append(number)
    reviewed: dict[int, Table] = {}
    for numbers in blocks.values():
        block = [tables[number] for number in numbers]
        if len({table.unit for table in block}) > 1:
            raise InputError(f"the tables of {block[0].indicator} count different units, which are never mixed")
        reviewed |= dict(zip(numbers, _protect_block(block, rule), strict=True))
    review = tuple(reviewed[number] for number in range(len(tables)))
    release = tuple(_masked(table) for table in review)
    return Protected(rule, release, review, tuple(groups_disclosed(release)))


def difference(ours: Cell, figure: int | Decimal | None) -> int | Decimal | None:
    """Our count less a figure published by others; None when ours is withheld or missing, or there is no figure.

    With the figure in print, the difference from a withheld count would be the count.
    """
    return None if ours.value is None or figure is None else ours.value - figure


def _protect_block(block: list[CountTable], rule: Rule) -> list[Table]:
    system = build(block, rule)
    return repair(block, system, suppress.choose(system, rule), rule)


def repair(block: list[CountTable], system: System, hidden: Flags, rule: Rule) -> list[Table]:
    """Tables with at least the sensitive ones of the `hidden` cells withheld, and more until the audit is content.

    The audit asks for whole numbers where `suppress` is content with fractions, so it may still find something. A cell
    that can be worked out and is not sensitive is shown: its reader knows it anyway, and it protects nobody.
    """
    hidden = hidden.copy()
    for _ in range(2 * system.size + 1):
        tables = _tables(block, system, hidden)
        findings = audit([_masked(table) for table in tables], block, rule)
        if not findings:
            return tables
        cells = np.array(_cells(block, system, findings), dtype=np.int64)
        exposed = cells[system.sensitive[cells]]
        if not len(exposed):
            hidden[cells] = False
            continue
        wider = suppress.widen(system, hidden, exposed)
        assert (wider & ~hidden).any(), "with every count withheld nothing can be worked out"
        hidden = wider
    raise SolverError("the search for a safe publication did not end")


def _cells(block: list[CountTable], system: System, findings: list[Finding]) -> list[int]:
    """The variables that the findings speak of."""
    where = {finding.place[2] for finding in findings}
    return [
        int(variable)
        for table, index in zip(block, system.index, strict=True)
        for key, variable in zip(table.keys(), index.ravel(), strict=True)
        if tuple(sorted(key)) in where
    ]


def _tables(block: list[CountTable], system: System, hidden: Flags) -> list[Table]:
    tables = []
    for table, index in zip(block, system.index, strict=True):
        cells = []
        for (key, count), variable in zip(table.cells(), index.ravel().tolist(), strict=True):
            is_hidden = variable >= 0 and bool(hidden[variable])
            status = _status(count, is_hidden, is_hidden and bool(system.sensitive[variable]))
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
