"""Which number of a release stands in which line of a standard's table, and what may be said of it.

Numbers come from the document of a release, where small ones are withheld already, and from nowhere else. A line that gathers
several categories is added up only when all of them are published: whoever holds the release can do the same, so that the
table tells nothing new. The pack says which number belongs where: ``exchange/cells.csv`` and ``exchange/area.toml``.
"""

import csv
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from enlace.base.errors import Refusal
from enlace.exchange.standards import MISSING, NORMAL, NOT_COLLECTED, WITHHELD, Line, Standard, standards

NOT_RECORDED = "-"
"""How the pack writes the category of what was not recorded, which a release writes as nothing."""
UNKNOWN = ("", "unknown", "not_stated")
COLUMNS = ["standard", "line", "indicator", "dimension", "categories", "note_en", "note_es"]
Cell = Mapping[str, Any]


@dataclass(frozen=True)
class Place:
    """Where the number of a line stands in a release; without ``indicator`` there is none, and ``notes`` say why."""

    indicator: str
    dimension: str
    categories: tuple[str, ...]
    notes: Mapping[str, str]


@dataclass(frozen=True)
class Area:
    """How international tables name the country."""

    m49: str
    name: str
    region: str
    subregion: str


@dataclass(frozen=True)
class Observation:
    """A line with its number, or with the reason why there is none. ``item`` is the indicator of the release.

    ``not_recorded`` is how many of its dimension were recorded nowhere, ``None`` when that is not published. When that is
    everybody, a zero says nothing and is missing here.
    """

    line: Line
    value: int | str | None
    status: str
    item: Mapping[str, Any] | None
    notes: Mapping[str, str]
    not_recorded: int | None = None
    is_of_nobody: bool = False


def area_of(folder: Path) -> Area:
    """The country's names, from its pack. Raises ``Refusal`` when the pack has none."""
    path = folder / "exchange" / "area.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Area(*(str(raw[name]) for name in ("m49", "name", "region", "subregion")))
    except (OSError, ValueError, KeyError) as error:
        raise Refusal(
            _("The country's pack does not say how international tables name it (exchange/area.toml).")
        ) from error


def places_of(folder: Path, standard: Standard) -> dict[str, Place]:
    """Where the numbers of a standard's lines stand, by line. Raises ``Refusal`` naming file, row and column."""
    found: dict[str, Place] = {}
    for number, row in _rows(folder):
        name = row["standard"]
        if name not in standards():
            raise _bad(number, "standard", name)
        if name != standard.code:
            continue
        if row["line"] not in standard.lines or row["line"] in found:
            raise _bad(number, "line", row["line"])
        if bool(row["dimension"]) != bool(row["categories"]) or (row["dimension"] and not row["indicator"]):
            raise _bad(number, "categories", row["categories"])
        codes = tuple("" if code == NOT_RECORDED else code for code in row["categories"].split())
        notes = {language: row[f"note_{language}"] for language in ("en", "es")}
        found[row["line"]] = Place(row["indicator"], row["dimension"], codes, notes)
    return found


def observations(document: Mapping[str, Any], standard: Standard, places: Mapping[str, Place]) -> list[Observation]:
    """Every line of the standard, in its order, as the release knows it."""
    items = {item["id"]: item for item in document["indicators"]}
    return [_observation(line, places.get(line.id), items) for line in standard.lines.values()]


def faults(document: Mapping[str, Any], standard: Standard, places: Mapping[str, Place]) -> list[str]:
    """What the pack names and the release does not have: a slip in the pack, or a release made before it."""
    items = {item["id"]: item for item in document["indicators"]}
    said = []
    for line, place in places.items():
        if place.indicator and place.indicator not in items:
            said.append(f"{standard.code} {line}: {place.indicator}")
        elif place.indicator:
            known = {cell["key"][0] for cell in _table(items[place.indicator], place.dimension) if cell["key"]}
            strange = [code or NOT_RECORDED for code in place.categories if code not in known]
            said += [f"{standard.code} {line}: {place.indicator} {place.dimension}={code}" for code in strange]
    return said


def _observation(line: Line, place: Place | None, items: Mapping[str, Mapping[str, Any]]) -> Observation:
    notes = place.notes if place else {}
    item = items.get(place.indicator) if place else None
    cells = _cells(item, place) if item and place else []
    if item is None or place is None or not cells:
        return Observation(line, None, NOT_COLLECTED, None, notes)
    _check_unit(line, item, cells)
    value, status = _sum(cells)
    table = _table(item, place.dimension) if place.dimension and line.measure == "count" else []
    is_of_nobody = value == 0 and _is_of_nobody(table)
    if is_of_nobody:
        value, status = None, MISSING
    return Observation(line, value, status, item, notes, _not_recorded(table), is_of_nobody)


def _check_unit(line: Line, item: Mapping[str, Any], cells: Sequence[Cell]) -> None:
    is_ratio = line.measure == "ratio"
    if item["unit"] != line.unit or (item["measure"] == "ratio") != is_ratio or (is_ratio and len(cells) > 1):
        raise Refusal(
            _("Units are never mixed, nor ratios added up: %(indicator)s cannot stand in the line %(line)s.")
            % {"line": line.id, "indicator": item["id"]}
        )


def _cells(item: Mapping[str, Any], place: Place) -> list[Cell]:
    """The cells that the line gathers; none when the release lacks one of them."""
    by_key = {tuple(cell["key"]): cell for cell in _table(item, place.dimension)}
    keys = [(code,) for code in place.categories] if place.dimension else [()]
    return [by_key[key] for key in keys] if all(key in by_key for key in keys) else []


def _table(item: Mapping[str, Any], dimension: str) -> Sequence[Cell]:
    wanted = [dimension] if dimension else []
    for table in (*item["tables"], *item["deduced"]):
        if table["dimensions"] == wanted:
            cells: Sequence[Cell] = table["cells"]
            return cells
    return []


def _sum(cells: Sequence[Cell]) -> tuple[int | str | None, str]:
    """The number and its status: withheld or missing as soon as one of them is."""
    if any(cell["status"] == "suppressed" for cell in cells):
        return None, WITHHELD
    if any(cell["value"] is None for cell in cells):
        return None, MISSING
    if len(cells) == 1:
        only: int | str = cells[0]["value"]
        return only, NORMAL
    return sum(cell["value"] for cell in cells), NORMAL


def _not_recorded(cells: Sequence[Cell]) -> int | None:
    """How many of a table were recorded under no category, when it is published and not zero."""
    unknown = [cell["value"] for cell in cells if cell["key"][0] in UNKNOWN]
    return (sum(unknown) or None) if unknown and None not in unknown else None


def _is_of_nobody(cells: Sequence[Cell]) -> bool:
    """Whether all of a table is published, and stands under what was not recorded."""
    known = [cell["value"] for cell in cells if cell["key"][0] not in UNKNOWN]
    return all(value == 0 for value in known) and _not_recorded(cells) is not None


def _rows(folder: Path) -> Iterator[tuple[int, dict[str, str]]]:
    path = folder / "exchange" / "cells.csv"
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames != COLUMNS:
            raise _bad(1, "", ", ".join(reader.fieldnames or ()))
        for row in reader:
            if None in row or None in row.values():
                raise _bad(reader.line_num, "", "")
            yield reader.line_num, row


def _bad(row: int, column: str, text: str) -> Refusal:
    told = {"row": row, "column": column or "-", "text": text[:60]}
    return Refusal(
        _("The country's pack is wrong in exchange/cells.csv, row %(row)d, column %(column)s: “%(text)s”.") % told
    )
