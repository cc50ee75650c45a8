"""Reads returns from CSV and XLSX files, every mistake by its cell; ``report`` writes them.

One line for each number: which template, period and state, which measure and breakdown, and the answer. Whatever cannot be
read is handed on as it stands, with the reason, so that nothing of a file is lost.
"""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from enlace.base.errors import Refusal
from enlace.returns import rules
from enlace.returns.rules import Cell, Typed

COLUMNS = ("template", "period", "state", "measure", "breakdown", "answer")
LARGEST = 2 * 1024 * 1024
LARGEST_UNPACKED = 30 * 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 40


@dataclass(frozen=True)
class About:
    """Which return a line of a file belongs to."""

    template: str
    period: str
    state: str


@dataclass
class FileReturn:
    """The lines of one return in a file."""

    about: About
    typed: list[Typed] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    """A line as text by column; ``places`` says where each stands, ``reason`` why it cannot be an answer."""

    cells: Mapping[str, str]
    place: str
    reason: str = ""


def read_file(content: bytes) -> list[FileReturn]:
    """The returns in a CSV or XLSX file, in its order. Raises ``Refusal`` for a file that is neither or says not what it is."""
    if len(content) > LARGEST:
        raise Refusal(
            _("The file is larger than 2 MB. A return is much smaller: send it without pictures and other sheets.")
        )
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(
            _("This is a file of an old spreadsheet program (.xls). Save it as .xlsx or as CSV and send that.")
        )
    lines = _xlsx_lines(content) if content.startswith(b"PK") else _csv_lines(content)
    found: dict[About, FileReturn] = {}
    for line in lines:
        about = About(*(line.cells[name] for name in ("template", "period", "state")))
        _gather(found.setdefault(about, FileReturn(about)), line)
    if not found:
        raise Refusal(_("The file has a heading and nothing below it."))
    return list(found.values())


def _gather(into: FileReturn, line: _Line) -> None:
    cell: Cell = (line.cells["measure"], rules.read_key(line.cells["breakdown"]))
    reason = line.reason
    if not reason and any(one.cell == cell for one in into.typed):
        reason = "repeated"
    into.typed.append(Typed(cell=cell, text=line.cells["answer"].removeprefix("'"), place=line.place, reason=reason))


def _headings(cells: Sequence[str]) -> dict[str, int] | None:
    """Where each column stands, when these cells are the heading."""
    names = [" ".join(str(cell).strip().lower().split()) for cell in cells]
    if not set(names) & set(COLUMNS):
        return None
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise Refusal(
            _("The file lacks the columns %(names)s. Download the file of the return and fill in its column “answer”.")
            % {"names": ", ".join(missing)}
        )
    if twice := [name for name in COLUMNS if names.count(name) > 1]:
        raise Refusal(_("The column %(name)s is there twice.") % {"name": twice[0]})
    return {name: names.index(name) for name in COLUMNS}


def _no_heading() -> Refusal:
    return Refusal(
        _("No heading was found: the first line has to name the columns %(names)s.") % {"names": ", ".join(COLUMNS)}
    )


def _csv_lines(content: bytes) -> Iterator[_Line]:
    text = _decoded(content)
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise Refusal(_("The file could not be read as CSV near line %(n)d.") % {"n": reader.line_num}) from error
    places = _headings(rows[0][1]) if rows else None
    if places is None:
        raise _no_heading()
    if len(rows) > MOST_LINES:
        raise _too_long()
    width = len(rows[0][1])
    for number, cells in rows[1:]:
        filled = [cell.strip() for cell in cells] + [""] * max(0, width - len(cells))
        reason = "" if len(cells) == width else "cell-count"
        yield _Line({name: filled[place] for name, place in places.items()}, str(number), reason)


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or what older spreadsheet programs save: the codes of a return are the same in all."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _xlsx_lines(content: bytes) -> Iterator[_Line]:
    for sheet in _book(content).worksheets:
        if sheet.max_row > MOST_LINES:
            raise _too_long()
        rows = sheet.iter_rows(max_row=sheet.max_row, max_col=min(sheet.max_column, MOST_COLUMNS))
        places = None
        for cells in rows:
            if places is None:
                places = _headings([cell.value or "" for cell in cells])
            elif any(cell.value is not None for cell in cells):
                yield _xlsx_line(sheet, cells, places)
        if places is not None:
            return
    raise _no_heading()


def _xlsx_line(sheet: Any, cells: Sequence[Any], places: Mapping[str, int]) -> _Line:
    answer = cells[places["answer"]]
    row = answer.row
    reason = ""
    if any(one.min_row <= row <= one.max_row for one in sheet.merged_cells.ranges):
        reason = "merged"
    elif answer.is_date:
        reason = "date"
    return _Line({name: _text(cells[place]) for name, place in places.items()}, answer.coordinate, reason)


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _book(content: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > LARGEST_UNPACKED:
                raise _too_long()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: pictures, extensions of Excel's own
            return load_workbook(io.BytesIO(content))
    except Refusal:
        raise
    except Exception as error:  # openpyxl has no error of its own for what is no workbook
        raise Refusal(
            _("The file could not be read as a spreadsheet (.xlsx). Save it again as .xlsx or CSV.")
        ) from error


def _too_long() -> Refusal:
    return Refusal(_("The file has more lines than any return. Send the sheet of one return alone."))
