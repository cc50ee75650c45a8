"""One row of an HTCDS table to one record, or to everything that is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enlace.exchange.htcds_cells import MAX_TEXT, BadCell, Manner, Value, as_text, is_empty, read_cell
from enlace.exchange.htcds_columns import Column, Heading
from enlace.exchange.rows import SEALED, Reason, RowError
from enlace.exchange.sources import Cell, Unreadable

# The survey form asks for this reason in free words, where the standard has a list.
REASON, DETAILS = "cas_ReasonForIncomingReferral", "cas_IncomingReferralDetails"
MAX_SOURCE_ID = 200

TICKED, UNTICKED = ("1", "true"), ("0", "false")


@dataclass(frozen=True)
class HtcdsRecord:
    """One case: its row, the id its source gave it ("" when none), and its values by standard field name.

    A field that was left empty is absent. Multi-select fields hold a tuple of codes in the order they were
    given.
    """

    row: int
    source_id: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Table:
    """A table that was recognised. ``width``: cells each row must have; ``total``: its rows, when known."""

    layout: str
    heading: Heading
    manner: Manner
    rows: Iterable[tuple[int, Sequence[Cell]]]
    free_reason: bool
    width: int | None = None
    total: int | None = None


class _BadColumn(Exception):
    """A column whose cell in this row cannot be read."""

    def __init__(self, column: Column, cell: BadCell) -> None:
        super().__init__(cell.reason.code)
        self.column, self.cell = column, cell

    def as_error(self, row: int) -> RowError:
        return RowError(row, self.column.heading, self.cell.shown(self.column.field), self.cell.reason)


def read_row(row: int, cells: Sequence[Cell], table: Table) -> tuple[HtcdsRecord | None, list[RowError]]:
    """The record of a row, and all its errors; a row in which no field is filled has neither."""
    if table.width not in (None, len(cells)):
        reason = Reason("cell-count", (("found", len(cells)), ("expected", table.width or 0)))
        return None, [RowError(row, "", "", reason)]
    values: dict[str, Value] = {}
    errors: list[RowError] = []
    free_reason = ""
    for name, columns in table.heading.by_field.items():
        try:
            value = _read_field(columns, cells, table.manner)
        except _BadColumn as bad:
            if table.free_reason and name == REASON and bad.cell.reason.code == "unknown-value":
                free_reason = bad.cell.text
            else:
                errors.append(bad.as_error(row))
            continue
        if value is not None:
            values[name] = value
    if free_reason:
        errors += _add_to_details(row, free_reason, values)
    if errors or not values:
        return None, errors
    return HtcdsRecord(row, _source_id(cells, table.heading.source_id), values), []


def _add_to_details(row: int, reason: str, values: dict[str, Value]) -> list[RowError]:
    """Keep a reason that was given in free words where the standard has room for words."""
    details = "\n".join(text for text in (reason, values.get(DETAILS)) if isinstance(text, str))
    if len(details) > MAX_TEXT:
        return [RowError(row, REASON, SEALED, Reason("too-long", (("limit", MAX_TEXT),)))]
    values[DETAILS] = details
    return []


def _read_field(columns: Sequence[Column], cells: Sequence[Cell], manner: Manner) -> Value | None:
    """The value of a field from its one column, its columns of one option each, or both when they agree."""
    whole = next((column for column in columns if not column.is_option), None)
    value = None
    if whole is not None:
        try:
            value = read_cell(whole.field, _cell(cells, whole.index), manner)
        except BadCell as bad:
            raise _BadColumn(whole, bad) from None
    ticked = _ticked([column for column in columns if column.is_option], cells)
    if whole is None or ticked is None or value is None:
        return value or ticked or None if ticked is not None else value
    if isinstance(value, tuple) and set(value) != set(ticked):
        raise _BadColumn(whole, BadCell(Reason("contradiction"), "; ".join(value)))
    return value


def _ticked(options: Sequence[Column], cells: Sequence[Cell]) -> tuple[str, ...] | None:
    """The codes whose columns hold 1; ``None`` when all are empty: the question was not answered."""
    codes: list[str] = []
    answered = False
    for column in options:
        cell = _cell(cells, column.index)
        if is_empty(cell):
            continue
        answered = True
        mark = "" if isinstance(cell, Unreadable) else as_text(cell).casefold()
        if mark not in TICKED + UNTICKED:
            raise _BadColumn(column, BadCell(Reason("not-a-flag"), mark))
        if mark in TICKED and column.option is None:
            raise _BadColumn(column, BadCell(Reason("unknown-value"), column.heading))
        if mark in TICKED and column.option is not None:
            codes.append(column.option)
    return tuple(codes) if answered else None


def _cell(cells: Sequence[Cell], index: int) -> Cell:
    return cells[index] if index < len(cells) else None


def _source_id(cells: Sequence[Cell], index: int | None) -> str:
    cell = _cell(cells, index) if index is not None else None
    if isinstance(cell, Unreadable) or is_empty(cell):
        return ""
    return as_text(cell).removeprefix("uuid:")[:MAX_SOURCE_ID]
