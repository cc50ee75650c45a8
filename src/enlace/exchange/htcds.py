"""Reads and writes cases in the Human Trafficking Case Data Standard 2.0 (HTCDS).

The standard defines no file format; these are the shapes that its toolkit and the survey tools produce.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH

from enlace.exchange.htcds_cells import Manner, WrittenValue, is_empty, write_cell, written_text
from enlace.exchange.htcds_columns import SOURCE_ID, Heading, survey_heading, toolkit_heading
from enlace.exchange.htcds_rows import HtcdsRecord, Table, read_row
from enlace.exchange.rows import FORMULA_STARTS, FileRefused, Progress, RowError
from enlace.exchange.sources import (
    OLE_MAGIC,
    PROGRESS_EVERY,
    ZIP_MAGIC,
    Cell,
    Sheet,
    csv_rows,
    digest_of,
    first_bytes,
    first_line,
    sheets_of,
    split_heading,
)
from enlace.exchange.standard_htcds import fields, toolkit_fields

TOOLKIT, SURVEY_WORKBOOK, SURVEY_CSV = "toolkit workbook", "survey workbook", "survey csv"

__all__ = ["HtcdsFile", "HtcdsRecord", "read_htcds", "write_htcds"]


@dataclass(frozen=True)
class HtcdsFile:
    """What a file held. A row with any error is in ``errors`` only, to be mended and sent again.

    ``ignored`` are the headings (or letters) of columns that belong to no field of the standard.
    """

    records: list[HtcdsRecord]
    errors: list[RowError]
    layout: str
    digest: str
    ignored: tuple[str, ...] = ()


def read_htcds(path: Path, progress: Progress | None = None) -> HtcdsFile:
    """Read a toolkit workbook, a survey export (CSV or XLSX) or our own export. Raises ``FileRefused``."""
    digest = digest_of(path)
    table = _from_csv(path, progress) if first_bytes(path) != ZIP_MAGIC else _from_workbook(path)
    records: list[HtcdsRecord] = []
    errors: list[RowError] = []
    for row, cells in table.rows:
        record, bad = read_row(row, cells, table)
        errors += bad
        if record is not None:
            records.append(record)
        if progress is not None and table.total is not None and (row % PROGRESS_EVERY == 0 or row == table.total):
            progress(row, table.total)
    if not records and not errors:
        raise FileRefused("empty")
    return HtcdsFile(records, errors, table.layout, digest, table.heading.ignored)


def _from_workbook(path: Path) -> Table:
    for sheet in sheets_of(path):
        table = _toolkit_table(sheet) or _survey_table(sheet)
        if table is not None:
            return table
    raise FileRefused("no-htcds-columns")


def _toolkit_table(sheet: Sheet) -> Table | None:
    heading = toolkit_heading(*sheet.rows[:2]) if len(sheet.rows) >= 2 else None
    if heading is None:
        return None
    heading = _with_unlabelled(heading, sheet.rows[1], sheet.rows[2:])
    rows = enumerate(sheet.rows[2:], start=3)
    return Table(TOOLKIT, heading, Manner(";", sheet.epoch), rows, free_reason=False, total=len(sheet.rows))


def _survey_table(sheet: Sheet) -> Table | None:
    heading = _survey_heading(sheet.rows[0]) if sheet.rows else None
    if heading is None:
        return None
    heading = _with_unlabelled(heading, sheet.rows[0], sheet.rows[1:])
    rows = enumerate(sheet.rows[1:], start=2)
    return Table(SURVEY_WORKBOOK, heading, Manner(None, sheet.epoch), rows, free_reason=True, total=len(sheet.rows))


def _from_csv(path: Path, progress: Progress | None) -> Table:
    if first_bytes(path) == OLE_MAGIC:
        raise FileRefused("old-workbook")
    try:
        line = first_line(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("encoding") from None
    separator, names = split_heading(line)
    heading = _survey_heading(names)
    if heading is None:
        raise FileRefused("no-htcds-columns")
    rows = csv_rows(path, "utf-8-sig", separator, progress)
    return Table(SURVEY_CSV, heading, Manner(None, WINDOWS_EPOCH), rows, free_reason=True, width=len(names))


def _survey_heading(headings: Sequence[Cell]) -> Heading | None:
    """A toolkit with changed labels, or saved as text, must not pass for a survey: its names are shifted."""
    heading = survey_heading(headings)
    if heading is not None and is_empty(headings[0]):
        raise FileRefused("toolkit-labels")
    return heading


def _with_unlabelled(heading: Heading, labels: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> Heading:
    """Name the columns that hold something under no heading. The first column may hold row numbers."""
    labelled = {index for index, label in enumerate(labels) if not is_empty(label)} | {0}
    filled = {index for cells in rows for index, cell in enumerate(cells) if not is_empty(cell)}
    letters = tuple(get_column_letter(index + 1) for index in sorted(filled - labelled))
    return replace(heading, ignored=heading.ignored + letters)


def write_htcds(path: Path, records: Iterable[HtcdsRecord]) -> None:
    """Write a plain toolkit workbook: ``Sheet1``, hidden names in row 1, labels in row 2, cases from row 3.

    The toolkit's 38 fields stand in columns B to AM; other fields of the standard that any record uses follow
    with their own labels, and last the ids of the source, so that ``read_htcds`` finds again all that was
    written. Raises ``ValueError`` for a code that is not in the standard.
    """
    records = list(records)
    names = [*toolkit_fields(), *_other_fields(records)]
    with_ids = any(record.source_id for record in records)
    headings = [*names, SOURCE_ID] if with_ids else names
    labels = [fields()[name].label if name in fields() else name for name in headings]
    rows = [_written(record, names, with_ids) for record in records]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Sheet1")
    sheet.row_dimensions[1].hidden = True
    sheet.append([None, *headings])
    sheet.append([None, *labels])
    for number, row in enumerate(rows, start=1):
        sheet.append([number, *(_cell(sheet, value) for value in row)])
    book.save(path)


def _other_fields(records: Sequence[HtcdsRecord]) -> list[str]:
    used = {name for record in records for name in record.values}
    return [name for name in fields() if name in used and name not in toolkit_fields()]


def _written(record: HtcdsRecord, names: Sequence[str], with_id: bool) -> list[WrittenValue | None]:
    values = record.values
    row = [write_cell(fields()[name], values[name]) if name in values else None for name in names]
    return [*row, written_text(record.source_id)] if with_id else row


def _cell(sheet: Any, value: WrittenValue | None) -> Any:
    """A cell that holds the value: a day is a real date, and a text stays text when it looks like a formula."""
    if isinstance(value, date):
        cell = WriteOnlyCell(sheet, datetime.combine(value, time()))
        cell.number_format = "yyyy-mm-dd"
        return cell
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_STARTS)
        return cell
    return value
