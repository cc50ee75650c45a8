"""Opens files from elsewhere within limits: none may exhaust the machine or raise a traceback."""

import codecs
import csv
import gzip
import hashlib
import io
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl

from enlace.exchange.rows import FileRefused, Progress

MEGABYTE = 1024 * 1024
MAX_BYTES = 200 * MEGABYTE
MAX_UNPACKED = 1000 * MEGABYTE
MAX_WORKBOOK_UNPACKED = 200 * MEGABYTE
MAX_WORKBOOK_PARTS = 5000
MAX_ROWS = 2_000_000
MAX_HEADING_BYTES = MEGABYTE
MAX_COLUMNS = 5000
PROGRESS_EVERY = 500

GZIP_MAGIC = b"\x1f\x8b"
ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0"  # workbooks of before 2007, and newer ones with a password

# Parts of a workbook that grow with its data; the others are read whole into memory and have no reason to be
# large.
_DATA_PARTS = ("xl/worksheets/", "xl/sharedStrings", "xl/media/", "xl/vbaProject")
_MAX_OTHER_PART = 20 * MEGABYTE


@dataclass(frozen=True)
class Unreadable:
    """A cell without a value that can be trusted; ``reason`` is a key of ``rows.REASONS``."""

    reason: str


Cell = str | int | float | bool | date | time | timedelta | Unreadable | None


@dataclass(frozen=True)
class Sheet:
    """One table: its name, day 0 of its serial dates, and its rows, each as long as its last filled cell."""

    title: str
    epoch: datetime
    rows: list[list[Cell]]


class _Limited(io.RawIOBase):
    """A plain or gzip-compressed file, read up to ``MAX_UNPACKED`` bytes, and if so asked only while it is UTF-8."""

    def __init__(self, path: Path, is_utf8: bool) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")() if is_utf8 else None
        self.total = check_size(path)
        packed = first_bytes(path).startswith(GZIP_MAGIC)
        self._file = path.open("rb")
        self._source: io.BufferedIOBase = gzip.GzipFile(fileobj=self._file) if packed else self._file
        self._unpacked = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        try:
            found = self._source.readinto(buffer)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise FileRefused("truncated") from None
        self._unpacked += found
        if self._unpacked > MAX_UNPACKED:
            raise FileRefused("too-large-unpacked", limit=MAX_UNPACKED // MEGABYTE)
        if self._decoder is not None:
            self._check_utf8(self._decoder, bytes(memoryview(buffer)[:found]))
        return found

    def _check_utf8(self, decoder: codecs.IncrementalDecoder, content: bytes) -> None:
        try:
            decoder.decode(content, final=not content)
        except UnicodeDecodeError:
            raise FileRefused("encoding") from None

    @property
    def done(self) -> int:
        """How many bytes of the file as it came have been read."""
        return self.total if self.closed else self._file.tell()

    def close(self) -> None:
        if not self.closed:
            self._source.close()
            self._file.close()
        super().close()


class TableFile(io.BufferedReader):
    """The bytes of a table, unpacked."""

    def __init__(self, path: Path, is_utf8: bool) -> None:
        self._limited = _Limited(path, is_utf8)
        super().__init__(self._limited, buffer_size=MEGABYTE)

    def report(self, progress: Progress | None) -> None:
        """Tell how far the reading has come, in bytes of the file as it came."""
        if progress is not None:
            progress(self._limited.done, self._limited.total)


def check_size(path: Path) -> int:
    """The size in bytes of a file that is there, is not empty and is not too large."""
    try:
        size = path.stat().st_size if path.is_file() else None
    except OSError:
        size = None
    if size is None:
        raise FileRefused("unreadable")
    if size == 0:
        raise FileRefused("empty")
    if size > MAX_BYTES:
        raise FileRefused("too-large", limit=MAX_BYTES // MEGABYTE)
    return size


def digest_of(path: Path) -> str:
    """SHA-256 of the file as it came, in hexadecimal."""
    check_size(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def first_bytes(path: Path) -> bytes:
    """The first four bytes, enough to tell a workbook from text."""
    check_size(path)
    with path.open("rb") as file:
        return file.read(4)


def open_bytes(path: Path, is_utf8: bool = False) -> TableFile:
    """Open a plain or gzip-compressed table for reading; with ``is_utf8``, anything else in it is refused."""
    if first_bytes(path) in (ZIP_MAGIC, OLE_MAGIC):
        raise FileRefused("workbook-not-csv")
    return TableFile(path, is_utf8)


def first_line(path: Path) -> bytes:
    """The heading of a table, as bytes."""
    with open_bytes(path) as file:
        line = file.readline(MAX_HEADING_BYTES)
    if len(line) == MAX_HEADING_BYTES:
        raise FileRefused("broken-table")
    return line


def split_heading(line: str) -> tuple[str, list[str]]:
    """The separator that cuts a heading into most cells, and those cells trimmed."""
    best = (",", [""])
    for separator in ",;\t":
        cells = next(iter(_parsed([line], separator)), [])
        if len(cells) > len(best[1]):
            best = separator, cells
    return best[0], [cell.strip() for cell in best[1]]


def csv_rows(
    path: Path, encoding: str, separator: str, progress: Progress | None = None
) -> Iterator[tuple[int, list[str]]]:
    """The records below the heading with their row numbers (the heading is row 1); empty ones are skipped."""
    file = open_bytes(path)
    with io.TextIOWrapper(file, encoding=encoding, newline="") as text:
        for number, cells in enumerate(_parsed(text, separator), start=1):
            if number % PROGRESS_EVERY == 0:
                file.report(progress)
            if number > MAX_ROWS:
                raise FileRefused("too-many-rows", limit=MAX_ROWS)
            if number > 1 and any(cells):
                yield number, cells
        file.report(progress)


def _parsed(lines: "io.TextIOWrapper | list[str]", separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader(lines, delimiter=separator)
    except UnicodeDecodeError:
        raise FileRefused("encoding") from None
    except csv.Error:
        raise FileRefused("broken-table") from None


def sheets_of(path: Path) -> Iterator[Sheet]:
    """The tables of a workbook, one after another. Formulas and errors become ``Unreadable`` cells."""
    if first_bytes(path) == OLE_MAGIC:
        raise FileRefused("old-workbook")
    with path.open("rb") as file:
        with _damage_refused():
            _check_archive(path)
            book = openpyxl.load_workbook(file, read_only=True)
        for sheet in book.worksheets:
            with _damage_refused(), closing(_cells_of(sheet)) as cells:
                rows = [_values(row) for row in _counted(cells)]
            yield Sheet(sheet.title, book.epoch, rows)


def _cells_of(sheet: Any) -> Any:
    sheet.reset_dimensions()
    return sheet.iter_rows()


@contextmanager
def _damage_refused() -> Iterator[None]:
    """openpyxl raises almost anything on damage, at times with a cell's value in the message."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except FileRefused:
        raise
    except Exception:
        raise FileRefused("not-a-workbook") from None


def _check_archive(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    large = any(p.file_size > _MAX_OTHER_PART and not p.filename.startswith(_DATA_PARTS) for p in parts)
    total = sum(part.file_size for part in parts)
    if large or total > MAX_WORKBOOK_UNPACKED or len(parts) > MAX_WORKBOOK_PARTS:
        raise FileRefused("too-large-unpacked", limit=MAX_WORKBOOK_UNPACKED // MEGABYTE)


def _counted(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for number, row in enumerate(rows, start=1):
        if number > MAX_ROWS:
            raise FileRefused("too-many-rows", limit=MAX_ROWS)
        yield row


def _values(row: tuple[Any, ...]) -> list[Cell]:
    if len(row) > MAX_COLUMNS:
        raise FileRefused("broken-table")
    return [_value(cell) for cell in row]


def _value(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Unreadable("formula")
    if cell.data_type == "e":
        return Unreadable("error-cell")
    value: Cell = cell.value
    return value
