"""Reads a standard's table, ours or another country's, and judges it: what is wrong, by row and column.

A number that is only told to be small (``<5``, as UNODC prints it) is read as withheld.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from enlace.exchange.countries import alpha2_of
from enlace.exchange.rows import FileRefused, Reason, RowError, seal
from enlace.exchange.sources import (
    ZIP_MAGIC,
    Cell,
    Unreadable,
    csv_rows,
    digest_of,
    first_bytes,
    first_line,
    sheets_of,
    split_heading,
)
from enlace.exchange.standards import KNOWN_STATUSES, MISSING, NORMAL, WITHHELD, WITHOUT_VALUE, Column, Line, Standard
from enlace.exchange.tables import fold

HEADING_WITHIN = 10
"""The heading stands in one of the first rows: published tables have a title above."""
MAX_ERRORS = 1000
YEAR = re.compile(r"(19|20)[0-9]{2}(\.0)?")
M49 = re.compile(r"[0-9]{1,3}")
NUMBER = re.compile(r"([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,20})?")
SMALL = re.compile(r"<\s?[0-9]{1,3}")

folded = lru_cache(maxsize=4096)(fold)


@dataclass(frozen=True)
class StandardRow:
    """One number of a table, or the reason why there is none.

    ``key`` is what it counts: the cells of kind *code*, folded, by heading. ``line`` is the layout's line, if it has one.
    """

    row: int
    area: str
    year: int
    key: Mapping[str, str]
    line: Line | None
    value: Decimal | None
    status: str


@dataclass(frozen=True)
class StandardFile:
    """What a file says, and everything that is wrong with it. ``rows`` are those without a fault of their own."""

    standard: Standard
    rows: list[StandardRow]
    errors: list[RowError]
    digest: str


def read_standard(path: Path, standard: Standard) -> StandardFile:
    """Read CSV or XLSX. Raises ``FileRefused`` when it is neither, or has not the columns of the standard."""
    reader: _Reader | None = None
    found: list[StandardRow] = []
    errors: list[RowError] = []
    for number, names, cells in _table(path, standard):
        reader = reader or _Reader(standard, names)
        row, wrong = reader.row(number, cells)
        errors += wrong
        if row is not None:
            found.append(row)
        if len(errors) > MAX_ERRORS:
            raise FileRefused("too-many-errors", limit=MAX_ERRORS)
    if not found and not errors:
        raise FileRefused("empty")
    errors += [*_repeated(found), *_more_than_total(found, standard)]
    return StandardFile(standard, found, sorted(errors, key=lambda error: error.row), digest_of(path))


class _Reader:
    """Judges one row after another of a file with these columns ("" for one that the standard does not have)."""

    def __init__(self, standard: Standard, names: Sequence[str]) -> None:
        self.standard, self.names = standard, names
        self.columns = [column for column in standard.columns if column.name in names]
        self.keys = [name for name in standard.keys if name in names]
        self.lines = standard.lines_by(self.keys)
        self.errors: list[RowError] = []
        self.number = 0

    def row(self, number: int, cells: Sequence[Cell]) -> tuple[StandardRow | None, list[RowError]]:
        """The row, unless something in it is wrong, and what that is."""
        names, self.number, self.errors = self.names, number, []
        if any(cell not in (None, "") for cell in cells[len(names) :]):
            self._wrong("", "", "cell-count", found=len(cells), expected=len(names))
        padded = [*cells, *[None] * (len(names) - len(cells))]
        plain = {name: self._plain(name, cell) for name, cell in zip(names, padded, strict=False) if name}
        return (None, self.errors) if self.errors else (self._judged(plain), self.errors)

    def _judged(self, plain: Mapping[str, str]) -> StandardRow | None:
        key = {column.name: folded(self._word(column, plain)) for column in self._present("code")}
        for column in self._present("fixed"):
            self._word(column, plain)
        line = self.lines.get(tuple(key[name] for name in self.keys))
        self._check_line(line, plain)
        area, year = self._area(plain), self._year(plain)
        value, status = self._value(plain, line)
        return None if self.errors else StandardRow(self.number, area, year, key, line, value, status)

    def _present(self, *kinds: str) -> list[Column]:
        return [column for column in self.columns if column.kind in kinds]

    def _plain(self, name: str, cell: Cell) -> str:
        if isinstance(cell, Unreadable):
            self._wrong(name, "", cell.reason)
            return ""
        return _text(cell)

    def _wrong(self, column: str, value: str, code: str, **params: str | int) -> None:
        self.errors.append(RowError(self.number, column, seal(value), Reason(code, tuple(params.items()))))

    def _word(self, column: Column, cells: Mapping[str, str]) -> str:
        text = cells[column.name]
        if not text and column.is_required:
            self._wrong(column.name, "", "missing")
        elif text and not column.is_open and folded(text) not in column.words:
            self._wrong(column.name, text, "unknown-value")
        return text

    def _check_line(self, line: Line | None, cells: Mapping[str, str]) -> None:
        """Where the form is ours alone, every line is known and counts one unit."""
        if not self.standard.is_ours or self.errors:
            return
        if line is None:
            self._wrong("", "", "unknown-line")
            return
        for column in self._present("unit"):
            if fold(cells[column.name]) != fold(line.unit):
                self._wrong(column.name, cells[column.name], "other-unit")

    def _area(self, cells: Mapping[str, str]) -> str:
        for column in self._present("iso3", "m49"):
            text = cells[column.name]
            if column.kind == "m49" and not M49.fullmatch(text):
                self._wrong(column.name, text, "not-m49")
            elif column.kind == "iso3" and (len(text) != 3 or not (alpha2_of(text) or _is_user_assigned(text))):
                self._wrong(column.name, text, "not-iso3")
            return text.upper()
        return ""

    def _year(self, cells: Mapping[str, str]) -> int:
        first, *others = self._present("year")
        for column in (first, *(column for column in others if cells[column.name])):
            if not YEAR.fullmatch(cells[column.name]):
                self._wrong(column.name, cells[column.name], "not-one-year")
        return 0 if self.errors else int(cells[first.name][:4])

    def _value(self, cells: Mapping[str, str], line: Line | None) -> tuple[Decimal | None, str]:
        column = self.standard.of_kind("value")[0].name
        text, status = cells[column], self._status(cells)
        if not text:
            if status == NORMAL:
                self._wrong(column, "", "no-value")
            return None, status or MISSING
        if SMALL.fullmatch(text):
            if status not in ("", WITHHELD):
                self._wrong(column, text, "value-and-status")
            return None, WITHHELD
        if not NUMBER.fullmatch(text):
            self._wrong(column, text, "not-a-number")
            return None, status
        value = Decimal(text.replace(",", ""))
        if status in WITHOUT_VALUE:
            self._wrong(column, text, "value-and-status")
        if value % 1 and self._is_count(cells, line):
            self._wrong(column, text, "not-a-count")
        return value, status or NORMAL

    def _status(self, cells: Mapping[str, str]) -> str:
        for column in self._present("status"):
            text = cells[column.name].upper()
            if (not text and column.is_required) or (text and text not in KNOWN_STATUSES):
                self._wrong(column.name, cells[column.name], "not-a-status")
            return text
        return ""

    def _is_count(self, cells: Mapping[str, str], line: Line | None) -> bool:
        if line is not None:
            return line.measure == "count"
        counted = self.standard.counted
        return bool(counted) and all(fold(cells.get(name, "")) == fold(text) for name, text in counted.items())


def _is_user_assigned(alpha3: str) -> bool:
    """Codes that ISO 3166-1 leaves to whoever needs one, for a country that is in no list: AAA, QMA to QZZ, XAA to XZZ, ZZZ."""
    code = alpha3.upper()
    return code.isascii() and code.isalpha() and (code in ("AAA", "ZZZ") or code[0] == "X" or "QMA" <= code <= "QZZ")


def _repeated(rows: Sequence[StandardRow]) -> Iterator[RowError]:
    seen: set[tuple[object, ...]] = set()
    for row in rows:
        place = _place(row)
        if place in seen:
            yield RowError(row.row, "", "", Reason("repeated"))
        seen.add(place)


def _more_than_total(rows: Sequence[StandardRow], standard: Standard) -> Iterator[RowError]:
    """Totals of counts whose parts, in one column at a time, add up to more."""
    counts = [row for row in rows if row.value is not None and row.line is not None and row.line.measure == "count"]
    for column in (column for column in standard.of_kind("code") if column.total):
        parts: dict[tuple[object, ...], Decimal] = {}
        totals: dict[tuple[object, ...], StandardRow] = {}
        for row in counts:
            place = _place(row, column.name)
            if row.key.get(column.name, column.total) == column.total:
                totals[place] = row
            else:
                parts[place] = parts.get(place, Decimal(0)) + (row.value or 0)
        for place, row in totals.items():
            if row.value is not None and parts.get(place, Decimal(0)) > row.value:
                value = standard.of_kind("value")[0].name
                yield RowError(row.row, value, str(row.value), Reason("more-than-total", (("sum", str(parts[place])),)))


def _place(row: StandardRow, without: str = "") -> tuple[object, ...]:
    return (row.area, row.year, *(text for name, text in row.key.items() if name != without))


def _table(path: Path, standard: Standard) -> Iterator[tuple[int, Sequence[str], Sequence[Cell]]]:
    """The rows below the heading, each with the standard's name of every column ("" for one that it does not have)."""
    lacking = [column.name for column in standard.columns if column.is_required]
    for rows in _sheets(path) if first_bytes(path) == ZIP_MAGIC else _separated(path):
        names: list[str] = []
        for number, cells in rows:
            if names:
                yield number, names, cells
            elif number > HEADING_WITHIN:
                break
            else:
                found = _headings(cells, standard)
                without = [
                    column.name for column in standard.columns if column.is_required and column.name not in found
                ]
                lacking = min(lacking, without, key=len)
                names = [] if without else found
        if names:
            return
    raise FileRefused("no-standard-columns", columns=", ".join(lacking))


def _headings(cells: Sequence[Cell], standard: Standard) -> list[str]:
    """The standard's name of each heading, or ""; brackets and case do not matter. Raises ``FileRefused`` for one twice."""
    known = {_bare(column.name): column.name for column in standard.columns}
    found = ["" if isinstance(cell, Unreadable) else known.get(_bare(_text(cell)), "") for cell in cells]
    for name in found:
        if name and found.count(name) > 1:
            raise FileRefused("duplicate-column", column=name)
    return found


def _bare(text: str) -> str:
    return fold(text).strip("[]")


def _sheets(path: Path) -> Iterator[Iterator[tuple[int, Sequence[Cell]]]]:
    for sheet in sheets_of(path):
        yield ((number, row) for number, row in enumerate(sheet.rows, start=1) if any(cell is not None for cell in row))


def _separated(path: Path) -> Iterator[Iterator[tuple[int, Sequence[Cell]]]]:
    """The table as each separator cuts it."""
    try:
        line = first_line(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("encoding") from None
    likely = split_heading(line)[0]
    for separator in sorted(",;\t", key=lambda found: found != likely):
        yield _with_first(line, path, separator)


def _with_first(line: str, path: Path, separator: str) -> Iterator[tuple[int, Sequence[Cell]]]:
    yield 1, next(csv.reader([line], delimiter=separator), [])
    yield from csv_rows(path, "utf-8", separator)


def _text(cell: Cell) -> str:
    """A cell as text, as a CSV file would hold it."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell).strip()
    return text[1:] if text.startswith("'") else text
