"""The files of a pack as rows that know where they stand: a bad cell is told by file, line and field."""

import csv
import io
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
WHOLE = re.compile(r"-?[0-9]{1,15}")
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class PackError(Exception):
    """A pack that cannot be used: file, line (0: the whole file), field, and what was expected."""

    def __init__(self, file: str, line: int, field: str, expected: str) -> None:
        place = ", ".join(
            part for part in (file, f"line {line}" if line else "", f"field {field}" if field else "") if part
        )
        super().__init__(f"{place}: {expected}")
        self.file, self.line, self.field, self.expected = file, line, field, expected


@dataclass(frozen=True)
class Row:
    """One line of a CSV file, or one section of a TOML file, as text cells."""

    file: str
    line: int
    cells: Mapping[str, str]
    lines: Mapping[str, int] = field(default_factory=dict)

    def bad(self, name: str, expected: str) -> PackError:
        return PackError(
            self.file,
            self.lines.get(name, self.line),
            name,
            f"expected {expected}, found {self._shown(name)}",
        )

    def _shown(self, name: str) -> str:
        if name not in self.cells:
            return "nothing"
        return repr(self.cells[name][:60]) if self.cells[name] else "an empty cell"

    def optional(self, name: str) -> str:
        return self.cells.get(name, "")

    def text(self, name: str, expected: str = "a text") -> str:
        if not (value := self.optional(name)):
            raise self.bad(name, expected)
        return value

    def code(self, name: str = "code") -> str:
        value = self.text(name, "a code")
        if not CODE.fullmatch(value):
            raise self.bad(name, "a code of letters, digits, _ . or -")
        return value

    def whole(self, name: str, at_least: int = 0) -> int:
        value = self.optional(name)
        if not WHOLE.fullmatch(value) or int(value) < at_least:
            raise self.bad(name, f"a whole number of at least {at_least}")
        return int(value)

    def whole_or_none(self, name: str) -> int | None:
        return self.whole(name) if self.optional(name) else None

    def number(self, name: str) -> Decimal:
        value = self.optional(name)
        if not NUMBER.fullmatch(value):
            raise self.bad(name, "a number such as 12 or 66.7")
        return Decimal(value)

    def day_or_none(self, name: str) -> date | None:
        if not (value := self.optional(name)):
            return None
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        raise self.bad(name, "a date such as 2024-06-07")

    def choice(self, name: str, allowed: Collection[str]) -> str:
        value = self.optional(name)
        if value not in allowed:
            shown = ", ".join(sorted(allowed)[:12]) + (" ..." if len(allowed) > 12 else "")
            raise self.bad(name, f"one of {shown}")
        return value

    def choice_or_empty(self, name: str, allowed: Collection[str]) -> str:
        return self.choice(name, allowed) if self.optional(name) else ""

    def choices(self, name: str, allowed: Collection[str]) -> frozenset[str]:
        """Words separated by spaces, each one of ``allowed``."""
        words = self.optional(name).split()
        for word in words:
            if word not in allowed:
                raise self.bad(name, f"only known words, and {word[:60]!r} is not one")
        if len(words) != len(set(words)):
            raise self.bad(name, "each word once")
        return frozenset(words)

    def yes(self, name: str) -> bool:
        return self.choice(name, ("yes", "no")) == "yes"

    def texts(self, prefix: str, languages: Sequence[str]) -> dict[str, str]:
        """``texts("label", ("es", "en"))`` reads label_es and label_en; a missing translation is an error."""
        return {
            lang: self.text(f"{prefix}_{lang}", "a translation in every language of the pack") for lang in languages
        }


def unique(rows: Sequence[Row], name: str = "code") -> None:
    """Raise on the second row with the same cell."""
    seen: dict[str, int] = {}
    for row in rows:
        value = row.optional(name)
        if value in seen:
            raise row.bad(name, f"a value not used before (it is on line {seen[value]})")
        seen[value] = row.line


def read_text(folder: Path, name: str) -> str:
    """The text of a file of the pack; ``PackError`` if it is absent or not UTF-8."""
    shown = f"{folder.name}/{name}"
    try:
        raw = (folder / name).read_bytes()
    except OSError as error:
        raise PackError(shown, 0, "", "expected this file; it cannot be read") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise PackError(shown, line, "", "expected UTF-8 text; save the file with that encoding") from error


def read_csv(folder: Path, name: str, required: Sequence[str]) -> list[Row]:
    """The rows of a comma-separated file with a header; blank lines are skipped."""
    shown = f"{folder.name}/{name}"
    reader = csv.reader(io.StringIO(read_text(folder, name), newline=""), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(shown, reader.line_num, cells, required)
            elif len(cells) != len(header):
                message = f"expected {len(header)} cells as in the header, found {len(cells)}"
                raise PackError(shown, reader.line_num, "", message)
            else:
                rows.append(Row(shown, reader.line_num, dict(zip(header, (c.strip() for c in cells), strict=True))))
    except csv.Error as error:
        raise PackError(shown, reader.line_num, "", f"expected comma-separated cells ({error})") from error
    if not rows:
        raise PackError(shown, 0, "", "expected a header and at least one row")
    return rows


def _header(shown: str, line: int, cells: Sequence[str], required: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    for name in required:
        if name not in header:
            raise PackError(shown, line, name, "expected a column of this name")
    for name in header:
        if not name or header.count(name) > 1:
            raise PackError(shown, line, name, "expected each column to have a name of its own")
    return header


def read_toml(folder: Path, name: str) -> list[tuple[str, Row]]:
    """The sections of a TOML file, in order, as (section name, row); the top of the file has the name "".

    A list of plain values becomes words separated by spaces; true and false become yes and no.
    Deeper nesting is refused.
    """
    text = read_text(folder, name)
    shown = f"{folder.name}/{name}"
    tables = parse_toml(shown, text)
    top = {key: value for key, value in tables.items() if not _is_section(value)}
    sections = [("", _section(shown, text, "", 0, top))]
    for key, value in tables.items():
        if _is_section(value):
            parts = value if isinstance(value, list) else [value]
            sections.extend((key, _section(shown, text, key, nth, part)) for nth, part in enumerate(parts))
    return sections


def parse_toml(shown: str, text: str) -> dict[str, object]:
    """The tables of a TOML text; ``PackError`` with the line that cannot be read."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"at line (\d+)", str(error))
        raise PackError(shown, int(line[1]) if line else 0, "", f"expected TOML ({error})") from error


def _is_section(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(part, dict) for part in value))


def _section(shown: str, text: str, key: str, nth: int, values: object) -> Row:
    start, lines = _lines(text, key, nth)
    if not isinstance(values, dict):
        raise PackError(shown, start, key, "expected a section of names and values")
    cells: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            cells[name] = "yes" if value else "no"
        elif isinstance(value, (str, int, float, date)):
            cells[name] = str(value).strip()
        elif isinstance(value, list) and all(isinstance(part, (str, int)) for part in value):
            cells[name] = " ".join(str(part) for part in value)
        else:
            raise PackError(shown, lines.get(name, start), name, "expected a text, a number, a date or a list of them")
    return Row(shown, start, cells, lines)


def _lines(text: str, key: str, nth: int) -> tuple[int, dict[str, int]]:
    """On which line the nth section of this name starts, and on which line each of its names stands."""
    found, start, lines = -1, 1, dict[str, int]()
    here = not key
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line):
            found += header[1] == key
            here = header[1] == key and found == nth
            start = number if here else start
        elif here and (name := re.match(r"\s*([\w-]+)\s*=", line)):
            lines.setdefault(name[1], number)
    return start, lines
