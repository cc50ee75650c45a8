"""The layouts of tables for international standards, read from ``data/standards.toml`` and ``data/lines_*.csv``.

A layout says which columns a table has and which lines. It knows no country: which number belongs in a line is said by the
country's pack (``standard_cells.py``).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from enlace.exchange.tables import fold, read_table

NORMAL, WITHHELD, MISSING, NOT_COLLECTED = "A", "Q", "O", "L"
"""CL_OBS_STATUS 2.2: normal value (zero is one); missing, suppressed; missing; missing, not collected."""
WITHOUT_VALUE = ("H", "L", "M", "O", "Q")
"""The codes of that list that say why there is no value."""
KNOWN_STATUSES = frozenset("ABDEFGHIJKLMNOPQSUV")
MEASURES = ("count", "ratio")


@dataclass(frozen=True)
class Column:
    """A heading and what stands under it; ``kind`` as ``data/standards.toml`` explains. ``words`` are allowed, folded."""

    name: str
    kind: str
    text: str
    total: str
    words: frozenset[str]
    is_open: bool
    is_required: bool


@dataclass(frozen=True)
class Line:
    """One line of a table: what it counts, and its cells in the columns of kind *code*."""

    id: str
    unit: str
    measure: str
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Standard:
    """A layout. ``is_ours``: nobody publishes a file of this form, so a line that is not here is an error."""

    code: str
    titles: Mapping[str, str]
    stem: str
    versions: Mapping[str, str]
    source: str
    columns: tuple[Column, ...]
    lines: Mapping[str, Line]
    counted: Mapping[str, str]
    is_ours: bool

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns]

    def of_kind(self, *kinds: str) -> list[Column]:
        """Its columns of these kinds, in order."""
        return [column for column in self.columns if column.kind in kinds]

    def title(self, language: str) -> str:
        return self.titles.get(language) or next(iter(self.titles.values()))

    def version(self, language: str) -> str:
        """Which state of the standard the layout follows, and how far."""
        return self.versions.get(language) or next(iter(self.versions.values()))

    @property
    def keys(self) -> list[str]:
        """The columns that tell one line from another: descriptions may be in other words."""
        return [column.name for column in self.of_kind("code") if not column.is_open or column.is_required]

    def lines_by(self, names: Sequence[str]) -> dict[tuple[str, ...], Line]:
        """The lines by their cells (folded) in some of these columns; where several are alike, none of them."""
        found: dict[tuple[str, ...], list[Line]] = {}
        for line in self.lines.values():
            found.setdefault(tuple(fold(line.cells[name]) for name in names), []).append(line)
        return {cells: lines[0] for cells, lines in found.items() if len(lines) == 1}


@cache
def standards() -> Mapping[str, Standard]:
    """Every layout by its code, in the order of the file."""
    return {code: _standard(code, raw) for code, raw in _raw().items() if code not in ("status", "words")}


@cache
def statuses() -> Mapping[str, Mapping[str, str]]:
    """What the four statuses of our files say, by language."""
    found: Mapping[str, Mapping[str, str]] = _raw()["status"]
    return found


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """What the notes of a line say besides, by language."""
    found: Mapping[str, Mapping[str, str]] = _raw()["words"]
    return found


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files("enlace.exchange").joinpath("data", "standards.toml").read_text(encoding="utf-8"))


def _standard(code: str, raw: Mapping[str, Any]) -> Standard:
    lines = {row["line"]: _line(row) for row in read_table(f"lines_{code}.csv")}
    return Standard(
        code=code,
        titles=raw["title"],
        stem=raw["stem"],
        versions=raw["version"],
        source=raw["source"],
        columns=tuple(_column(column, lines) for column in raw["column"]),
        lines=lines,
        counted=raw.get("counted", {}),
        is_ours=raw.get("is_ours", False),
    )


def _line(row: Mapping[str, str]) -> Line:
    cells = {name: text for name, text in row.items() if name not in ("line", "unit", "measure")}
    return Line(row["line"], row["unit"], row["measure"], cells)


def _column(raw: Mapping[str, Any], lines: Mapping[str, Line]) -> Column:
    name, kind = raw["name"], raw["kind"]
    own = {line.cells[name] for line in lines.values()} if kind == "code" else {raw.get("text", "")}
    units = {line.unit for line in lines.values()} if kind == "unit" else set()
    return Column(
        name=name,
        kind=kind,
        text=raw.get("text", ""),
        total=fold(raw.get("total", "")),
        words=frozenset(fold(text) for text in {*own, *units, *raw.get("also", [])} if text),
        is_open=raw.get("open", False),
        is_required=raw.get("required", False),
    )
