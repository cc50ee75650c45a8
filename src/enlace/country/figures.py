"""Figures that others published, each with its source, and the warnings that belong beside them."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from enlace.country.rows import Row, read_csv, read_toml, unique

QUALIFIERS = {
    "ge": "at_least",
    "gt": "more_than",
    "approx": "approximately",
    "none_reported": "none_reported",
}
MARK = re.compile(r"\[([a-z_]+)\]\s*")


@dataclass(frozen=True)
class PublishedFigure:
    """A figure of somebody else.

    ``area`` is the country, a state, several joined by "+", or a word such as "abroad".
    ``breakdown`` is empty for a total. ``value`` is None when the source reports none: that is not zero.
    """

    indicator_id: str
    period: str
    area: str
    breakdown: Mapping[str, str]
    value: Decimal | None
    qualifier: str
    unit: str
    source_title: str
    note: str


@dataclass(frozen=True)
class Caveat:
    """A problem in published figures that is shown to the reader and never repaired silently."""

    number: int
    indicators: frozenset[str]
    texts: Mapping[str, str]

    def text(self, lang: str) -> str:
        return self.texts.get(lang) or next(iter(self.texts.values()))


def read_figures(folder: Path, areas: Collection[str]) -> tuple[PublishedFigure, ...]:
    """``areas``: the codes that a part of ``area`` may be when it has the form of a state's code."""
    if not (folder / "figures" / "published.csv").exists():
        return ()
    columns = ["indicator_id", "period", "area", "breakdown", "value", "unit", "source_title"]
    return tuple(_figure(row, areas) for row in read_csv(folder, "figures/published.csv", columns))


def read_names(folder: Path, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """What figures, parts of breakdowns (``sex=female``), ``unit:persons`` and ``area:abroad`` are called, by language."""
    if not (folder / "figures" / "names.csv").exists():
        return {}
    rows = read_csv(folder, "figures/names.csv", ["code", *(f"label_{lang}" for lang in languages)])
    unique(rows)
    return {row.text("code"): row.texts("label", languages) for row in rows}


def _figure(row: Row, areas: Collection[str]) -> PublishedFigure:
    for part in row.text("area").split("+"):
        if "-" in part and part not in areas:
            raise row.bad("area", f"a state of the pack, and {part[:60]!r} is not one")
    note = row.optional("note")
    qualifier = ""
    if mark := MARK.match(note):
        if mark[1] not in QUALIFIERS:
            raise row.bad("note", "one of the marks " + ", ".join(f"[{name}]" for name in QUALIFIERS))
        qualifier, note = QUALIFIERS[mark[1]], note[mark.end() :]
    return PublishedFigure(
        indicator_id=row.code("indicator_id"),
        period=row.text("period"),
        area=row.text("area"),
        breakdown=_breakdown(row),
        value=None if qualifier == "none_reported" else row.number("value"),
        qualifier=qualifier,
        unit=row.text("unit"),
        source_title=row.text("source_title"),
        note=note,
    )


def _breakdown(row: Row) -> dict[str, str]:
    """ "sex=female;age=minor" as a dict, "total" as an empty one; a word without "=" has the value ""."""
    cell = row.text("breakdown", '"total" or a breakdown such as sex=female')
    pairs = [part.partition("=") for part in cell.split(";")] if cell != "total" else []
    names = [name for name, _, _ in pairs]
    if len(set(names)) != len(names) or "" in names:
        raise row.bad("breakdown", "each name once, as in sex=female;age=minor")
    return {name: value for name, _, value in pairs}


def read_caveats(folder: Path, indicators: Collection[str], languages: Sequence[str]) -> tuple[Caveat, ...]:
    if not (folder / "figures" / "caveats.toml").exists():
        return ()
    caveats: dict[int, Caveat] = {}
    for name, row in read_toml(folder, "figures/caveats.toml"):
        if name != "caveat":
            continue
        number = row.whole("number", at_least=1)
        if number in caveats:
            raise row.bad("number", "a number not used before")
        texts = {lang: row.text(lang, "a translation in every language of the pack") for lang in languages}
        caveats[number] = Caveat(number, row.choices("indicators", indicators), texts)
    return tuple(caveats[number] for number in sorted(caveats))
