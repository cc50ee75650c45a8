"""A release arranged for a reader: headline numbers, sections with their pictures, what is not known, the files.

Everything comes from the document of the release, in the language asked for; only the outlines of the map are the pack's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.charts import Bar, BarChart, MapChart, bars, state_map
from enlace.country.queries import current
from enlace.releases.files import category_name
from enlace.releases.labels import cell_text
from enlace.statistics.queries import who_answered

Cell = Mapping[str, Any]
Table = Mapping[str, Any]
STATE = "state"
NOBODY: Cell = {"value": 0, "status": "zero"}


@dataclass(frozen=True)
class Line:
    """One category: what each column says, with the column's name beside for narrow screens."""

    label: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Section:
    """One breakdown of an indicator: its table, and a picture of its totals where there is one."""

    id: str
    dimension: str
    label: str
    columns: Sequence[str]
    lines: Sequence[Line]
    map: MapChart | None = None
    bars: BarChart | None = None


@dataclass(frozen=True)
class Figure:
    """A figure that others published, beside ours. ``difference`` is empty when ours is withheld or the period another."""

    ours: str
    place: str
    published: str
    difference: str
    period: str
    source: str
    is_same_period: bool


@dataclass(frozen=True)
class Indicator:
    """One indicator of a release, for its page."""

    id: str
    label: str
    unit: str
    total: str
    legal_basis: str
    definition: str
    reported: str
    caveats: Sequence[str]
    sections: Sequence[Section]
    figures: Sequence[Figure]


class Reader:
    """A document in one language."""

    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self.document = document
        self.language = language if language in document["labels"] else sorted(document["labels"])[0]
        self.names: Mapping[str, Any] = document["labels"][self.language]

    @property
    def period(self) -> str:
        return str(self.document["period"]["name"])

    @property
    def country(self) -> str:
        return str(self.names["country"])

    @property
    def cut_off(self) -> datetime:
        return timezone.localtime(datetime.fromisoformat(self.document["cut_off"]))

    @property
    def completeness(self) -> str:
        """How many states reported from casework, of how many."""
        found = self.document["completeness"]
        return _("%(some)d of %(all)d states") % {"some": len(found["states"]), "all": self._state_count}

    def reported(self, item: Mapping[str, Any]) -> str:
        """The same of one indicator: where returns are added up, those that answered."""
        told = item["completeness"]
        return who_answered(told) if told else self.completeness

    @property
    def _state_count(self) -> int:
        found = self.document["completeness"]
        return len(found["states"]) + len(found["silent"])

    @property
    def items(self) -> list[Mapping[str, Any]]:
        """Every indicator of the release."""
        return list(self.document["indicators"])

    @property
    def groups(self) -> list[tuple[str, list[Mapping[str, Any]]]]:
        """The indicators under their headings."""
        codes = dict.fromkeys(item["group"] for item in self.items)
        return [(self.names["groups"][code], [item for item in self.items if item["group"] == code]) for code in codes]

    @property
    def first(self) -> list[Mapping[str, Any]]:
        """Those that a reader sees first: all of the first heading, and one of each other."""
        groups = [items for _heading, items in self.groups]
        return [item for place, items in enumerate(groups) for item in (items if place == 0 else items[:1])]

    def item(self, indicator: str) -> Mapping[str, Any] | None:
        """One of them; ``None`` when the release has none of this name."""
        return next((item for item in self.document["indicators"] if item["id"] == indicator), None)

    def text(self, texts: Mapping[str, str]) -> str:
        """A text in the reader's language, or in another rather than none."""
        return texts.get(self.language) or next(iter(texts.values()), "")

    def label(self, item: Mapping[str, Any]) -> str:
        return str(self.names["indicators"][item["id"]])

    def unit(self, item: Mapping[str, Any]) -> str:
        return str(self.names["units"][item["unit"]])

    def headline(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """What ``base/_headline.html`` shows, and where it leads."""
        total = _total(item)
        return {
            "id": item["id"],
            "unit": self.label(item),
            "value": total["value"],
            "text": cell_text(total["value"], total["status"]),
            "state": "missing" if total["status"] == "missing" else "suppressed",
            "period": f"{self.period} · {self.unit(item)}",
            "cut_off": self.cut_off,
            "completeness": self.reported(item),
            "caveat": self.text(item["caveat"]),
        }

    def indicator(self, item: Mapping[str, Any]) -> Indicator:
        """All that its page shows."""
        total = _total(item)
        numbered = [row for row in self.document["caveats"] if row["number"] in item["caveat_numbers"]]
        own = [self.text(item["caveat"])] if item["caveat"] else []
        return Indicator(
            id=item["id"],
            label=self.label(item),
            unit=self.unit(item),
            total=cell_text(total["value"], total["status"]),
            legal_basis=item["legal_basis"],
            definition=self.text(item["population"]),
            reported=self.reported(item),
            caveats=[*own, *(self.text(row["text"]) for row in numbered)],
            sections=self.sections(item),
            figures=[self._figure(item, row) for row in item["figures"]],
        )

    def sections(self, item: Mapping[str, Any]) -> list[Section]:
        """One for each dimension; those told apart by a split have a column for each of its categories."""
        found = {tuple(table["dimensions"]): table for table in (*item["tables"], *item["deduced"])}
        split = item["split"]
        return [
            self._section(item, table, found.get((dimensions[0], split)) if split else None, split)
            for dimensions, table in found.items()
            if len(dimensions) == 1 and any(cell["status"] != "zero" for cell in table["cells"])
        ]

    def _section(self, item: Mapping[str, Any], table: Table, crossed: Table | None, split: str) -> Section:
        name = table["dimensions"][0]
        codes = list(dict.fromkeys(cell["key"][1] for cell in crossed["cells"])) if crossed else []
        columns = [_("Total") if crossed else self.unit(item), *(self._category(item, split, code) for code in codes)]
        inner = {tuple(cell["key"]): cell for cell in crossed["cells"]} if crossed else {}
        rows = [cell for cell in table["cells"] if cell["key"][0] or cell["status"] != "zero"]
        lines = []
        for cell in rows:
            beside = [inner.get((cell["key"][0], code), NOBODY) for code in codes]
            said = [cell_text(one["value"], one["status"]) for one in (cell, *beside)]
            lines.append(Line(self._category(item, name, cell["key"][0]), list(zip(columns, said, strict=True))))
        title = f"{self.label(item)}, {self.period}: {self.names['dimensions'][name]}"
        is_map = name == STATE and all(cell["key"][0] in self.names["categories"][STATE] for cell in rows)
        drawn = self._map(item, rows, title) if is_map else None
        barred = None if is_map else self._bars(item, name, rows, title)
        return Section(
            f"by-{name.replace('.', '-')}", name, self.names["dimensions"][name], columns, lines, drawn, barred
        )

    def _category(self, item: Mapping[str, Any], name: str, code: str) -> str:
        return category_name(self.names, item["id"], name, code)

    def _map(self, item: Mapping[str, Any], cells: Sequence[Cell], title: str) -> MapChart:
        pack = current()
        values = {cell["key"][0]: _drawn(cell) for cell in cells if cell["key"][0] in pack.states_by_code}
        labels = {code: self._category(item, STATE, code) for code in values}
        said = _("The table below says the same in figures.")
        return state_map(
            pack.borders, values, labels=labels, tiles=pack.tiles, title=title, description=said, id="map-state"
        )

    def _bars(self, item: Mapping[str, Any], name: str, cells: Sequence[Cell], title: str) -> BarChart:
        rows = [Bar(self._category(item, name, cell["key"][0]), _drawn(cell)) for cell in cells]
        return bars(rows, title=title, id=f"bars-{name.replace('.', '-')}")

    def _figure(self, item: Mapping[str, Any], row: Mapping[str, Any]) -> Figure:
        """A figure of others; with ours withheld there is no difference, because it would be the number."""
        return Figure(
            ours=_said(row["ours"]),
            place=self._category(item, row["dimension"], row["category"]) if row["dimension"] else _("Total"),
            published=row["value"] or _("none reported"),
            difference=row["difference"] or "",
            period=row["period"],
            source=row["source"],
            is_same_period=row["same_period"],
        )

    def unknown(self) -> dict[str, Any]:
        """What the numbers do not say: who did not report, and what is withheld."""
        cells = [
            cell for item in self.items for table in (*item["tables"], *item["deduced"]) for cell in table["cells"]
        ]
        silent = [self.names["categories"][STATE][code] for code in self.document["completeness"]["silent"]]
        withheld = sum(cell["status"] == "suppressed" for cell in cells)
        return {"silent": silent, "all": self._state_count, "withheld": withheld, "cells": len(cells)}

    def caveats(self) -> list[str]:
        """The warnings that go with the figures of others."""
        return [self.text(row["text"]) for row in self.document["caveats"]]

    def changes(self) -> list[dict[str, str]]:
        """What changed since the release before: where, from what, to what, why."""
        return [
            {
                "indicator": str(self.names["indicators"].get(change["indicator"], change["indicator"])),
                "place": self._place(change),
                "before": _said(change["before"]),
                "after": _said(change["after"]),
                "reason": change["reason"],
            }
            for change in self.document["changes"]
        ]

    def _place(self, change: Mapping[str, Any]) -> str:
        pairs = zip(change["dimensions"], change["key"], strict=True)
        here = {"id": change["indicator"]}
        return " · ".join(self._category(here, name, code) for name, code in pairs) or _("Total")

    def dictionary(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The data dictionary: columns of the files, marks, and the codes of each dimension."""
        named = [(_("Columns"), self.names["columns"]), (_("Marks"), self.names["marks"])]
        for name, codes in self.names["categories"].items():
            own, dot, dimension = name.partition(".")
            is_own = bool(dot) and own in self.names["indicators"]
            heading = self.names["dimensions"].get(dimension if is_own else name, name)
            named.append((f"{self.names['indicators'][own]}: {heading}" if is_own else heading, codes))
        return [(heading, list(codes.items())) for heading, codes in named]


def _total(item: Mapping[str, Any]) -> Cell:
    for table in (*item["tables"], *item["deduced"]):
        if not table["dimensions"]:
            found: Cell = table["cells"][0]
            return found
    return {"value": None, "status": "missing"}


def _drawn(cell: Cell) -> Any:
    if cell["status"] == "missing":
        return None
    return float(cell["value"]) if cell["value"] is not None else "suppressed"


def _said(cell: Cell | None) -> str:
    return "–" if cell is None else cell_text(cell["value"], cell["status"])
