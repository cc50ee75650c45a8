"""The directory as one CSV table: a record on each row, told apart by its first column (see ``directory_rows``)."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from enlace.exchange.directory_rows import COLUMNS, Lists, PlaceRow, Record, places_of, records_of
from enlace.exchange.rows import FORMULA_STARTS, FileRefused, Reason, RowError, seal
from enlace.exchange.sources import csv_rows, digest_of, first_line, split_heading

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"  # before the heading, so that spreadsheet programs show accents


@dataclass(frozen=True)
class DirectoryFile:
    """What a file says: its places, or all that is wrong with it."""

    layout: str
    places: list[PlaceRow]
    errors: list[RowError]
    digest: str
    addresses: int = 0  # how many it held, none of which is read


def write_directory_csv(rows: Iterable[PlaceRow]) -> str:
    """The table as text; every cell is safe to open in a spreadsheet program."""
    out = io.StringIO(newline="")
    out.write(MARK)
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    for row in rows:
        for record in records_of(row):
            writer.writerow({column: _guarded(text) for column, text in record.items()})
    return out.getvalue()


def read_directory_csv(path: Path, lists: Lists, *, rest: bool = False) -> DirectoryFile:
    """Read a table in UTF-8; ``rest`` as ``places_of``, but a row of too few or many cells may be of any place.

    Raises ``FileRefused`` when it is none, or not one of the directory.
    """
    separator, heading = _heading(path)
    strange = [name for name in heading if name not in COLUMNS]
    errors = [RowError(1, name, "", Reason("unknown-column")) for name in strange]
    records = []
    for line, cells in csv_rows(path, "utf-8", separator):
        if len(cells) != len(heading):
            params = (("found", len(cells)), ("expected", len(heading)))
            errors.append(RowError(line, "", seal(""), Reason("cell-count", params)))
            continue
        told = {name: _plain(text) for name, text in zip(heading, cells, strict=True)}
        records.append(Record(line, {name: text for name, text in told.items() if text}))
    if not records and not errors:
        raise FileRefused("empty")
    places, wrong = places_of(records, lists, rest=rest)
    found = sorted([*errors, *wrong], key=lambda error: error.row)
    is_whole = rest and all(error.reason.code == "unknown-column" for error in errors)
    return DirectoryFile("csv", places if is_whole or not found else [], found, digest_of(path))


def _heading(path: Path) -> tuple[str, list[str]]:
    try:
        text = first_line(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("encoding") from None
    separator, heading = split_heading(text)
    heading = [name.strip() for name in heading]
    if not {"record", "site_id"} <= set(heading):
        raise FileRefused("no-directory-columns")
    for name in heading:
        if heading.count(name) > 1:
            raise FileRefused("duplicate-column", column=seal(name))
    return separator, heading


def _guarded(text: str) -> str:
    """An apostrophe before what a spreadsheet program would run, and before one that stands there already."""
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def _plain(text: str) -> str:
    text = text.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith((*FORMULA_STARTS, "'")) else text
