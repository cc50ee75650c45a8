"""The document of a release: everything that is published, as plain values that need neither the database nor the pack.

It holds the tables, what they count and on which legal ground, names in every language, completeness, warnings, the
figures others published of the same, and what changed since the release before, each change with its reason.
"""

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.utils import translation

from enlace import __version__
from enlace.base.actor import Actor
from enlace.base.rows import seeing_as
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import state_label
from enlace.country.queries import current
from enlace.releases import labels, queries
from enlace.releases.models import Release
from enlace.releases.rules import Change, changes
from enlace.statistics import labels as statistics
from enlace.statistics.facts import (
    Counted,
    Inputs,
    answers,
    complete,
    completeness,
    count,
    counted,
    figures,
    mechanism_id,
    rule,
    shows_more,
    with_all_answers,
)
from enlace.statistics.queries import OWN
from reckon.disclosure import protect
from reckon.tables import Table

FORMAT = "enlace-release/1"
LIBRARIES = ("numpy", "scipy", "duckdb", "pyarrow", "openpyxl")
MEANING = ("source", "measure", "of", "counted", "where", "numerator", "denominator", "per")
Numbers = tuple[list[Table], list[dict[str, Any]]]
"""The tables of counts, and what is deduced from them."""


@dataclass(frozen=True)
class Draft:
    """A release before it has a number: what would be frozen. ``changes`` are those since the release that stands."""

    counted: Counted
    indicators: Sequence[Mapping[str, Any]]
    changes: Sequence[Change]
    before: Release | None

    @property
    def changed_indicators(self) -> list[str]:
        """For each of these the preparer owes a reason."""
        return list(dict.fromkeys(change.indicator for change in self.changes))

    @property
    def withheld(self) -> tuple[int, int]:
        """How many cells are withheld, of how many."""
        cells = [
            cell for item in self.indicators for table in (*item["tables"], *item["deduced"]) for cell in table["cells"]
        ]
        return sum(cell["status"] == "suppressed" for cell in cells), len(cells)


def draft(*, by: Actor, period: str) -> Draft:
    """Gather, count and protect a period together with all its earlier releases. Writes nothing.

    Raises ``Missing`` when the period was not counted, ``Refusal`` when its records have changed since.
    """
    with seeing_as(queries.GATHERING):
        found = counted(viewer=by, period=period)
        numbers = released(found.inputs, before=None)
        if shows_more(numbers[0], period, found.table.digest):
            found = replace(found, inputs=with_all_answers(found.inputs))
            numbers = released(found.inputs, before=None)
    indicators = _indicators(found, numbers)
    before = queries.newest(period)
    changed = changes(before.document["indicators"], indicators) if before else []
    return Draft(found, indicators, changed, before)


def released(inputs: Inputs, *, before: int | None) -> Numbers:
    """The numbers as they may be published beside the releases of the same period numbered under ``before``.

    Analysts who had been given answers before put them side by side too.
    """
    with seeing_as(queries.GATHERING):
        given = answers(inputs)
    earlier = queries.earlier(inputs, before, given)
    return complete(inputs, protect(count(inputs), rule(inputs), earlier=earlier).for_release)


def finished(prepared: Draft, *, number: int, at: datetime, reasons: Mapping[str, str]) -> dict[str, Any]:
    """The document of the release with this number."""
    table, pack = prepared.counted.table, current()
    return {
        "format": FORMAT,
        "number": number,
        "country": pack.code,
        "synthetic": is_synthetic(),
        "period": {"name": table.period, "start": table.starts_on.isoformat(), "end": table.ends_on.isoformat()},
        "cut_off": table.cut_off.isoformat(),
        "prepared_at": at.isoformat(),
        "supersedes": prepared.before.number if prepared.before else 0,
        "software": software(),
        "facts": {"count": table.fact_count, "digest": table.digest},
        "parameters": dict(prepared.counted.inputs.rule),
        "completeness": {
            "states": list(table.reporting_states),
            "silent": [state.code for state in pack.states if state.code not in table.reporting_states],
            "agencies": table.reporting_agencies,
            "agency_count": table.agency_count,
        },
        "indicators": list(prepared.indicators),
        "caveats": _caveats(prepared.indicators),
        "labels": {code: _labels(code, prepared.indicators, table.cut_off) for code, _name in settings.LANGUAGES},
        "changes": told(prepared.changes, reasons),
        "year_before": _year_before(table.period, prepared.indicators),
        "annual": _annual(prepared.indicators),
    }


def _year_before(period: str, indicators: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The totals of the release that stands of the year before, of what was counted the same way; nothing without one."""
    row = queries.newest(str(int(period) - 1)) if period.isdigit() else None
    if row is None:
        return {}
    then = {item["id"]: item for item in row.document["indicators"]}
    totals = {
        item["id"]: table["cells"][0]
        for item in indicators
        if item["id"] in then and meaning(item) == meaning(then[item["id"]])
        for table in (*then[item["id"]]["tables"], *then[item["id"]]["deduced"])
        if not table["dimensions"]
    }
    return {"number": row.number, "period": {"name": row.period}, "totals": totals}


def meaning(item: Mapping[str, Any]) -> list[Any]:
    """What two years' numbers must have in common to be compared."""
    return [item["unit"], *(item["definition"].get(name) for name in MEANING)]


def _annual(indicators: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The script of the annual report, with names for what the release does not hold, and whether there are outlines to draw."""
    script, held = current().annual, {item["id"] for item in indicators}
    names = {one.id: dict(one.label) for one in current().definitions if one.id not in held}
    return {**script, "names": names, "outlines": bool(current().borders)} if script else {}


def told(changed: Sequence[Change], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each change with its reason, as plain values."""
    return [
        {
            "indicator": change.indicator,
            "dimensions": list(change.dimensions),
            "key": list(change.key),
            "before": change.before,
            "after": change.after,
            "reason": reasons[change.indicator].strip(),
        }
        for change in changed
    ]


def software() -> dict[str, str]:
    """What the numbers were made with."""
    return {"enlace": __version__, "python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


def with_numbers(document: Mapping[str, Any], numbers: Numbers) -> dict[str, Any]:
    """The document with other numbers in the place of its own."""
    return {**document, "indicators": [{**item, **_numbers(item["id"], numbers)} for item in document["indicators"]]}


def _numbers(indicator: str, numbers: Numbers) -> dict[str, Any]:
    tables, deduced = numbers
    return {
        "tables": [_plain(table) for table in tables if table.indicator == indicator],
        "deduced": [_deduced(item) for item in deduced if item["indicator"] == indicator],
    }


def _indicators(found: Counted, numbers: Numbers) -> list[dict[str, Any]]:
    described = [
        *(_of_definition(item["definition"]) for item in found.inputs.definitions),
        *(_of_family(family) for family in found.inputs.families),
    ]
    made = [{**item, **_numbers(item["id"], numbers)} for item in described]
    return [{**item, **_beside(item, found.inputs)} for item in made if item["tables"] or item["deduced"]]


def _of_definition(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": raw["id"],
        "kind": "indicator",
        "group": raw["group"],
        "measure": raw["measure"],
        "unit": raw["unit"],
        "split": "",
        "label": dict(raw["label"]),
        "population": dict(raw["population"]),
        "legal_basis": raw["legal_basis"],
        "caveat": dict(raw.get("caveats", {})),
        "caveat_numbers": sorted(_numbered(raw)),
        "definition": _texts(raw),
    }


def _numbered(raw: Mapping[str, Any]) -> set[int]:
    """The warnings that the definition names, and those about the figures that others published of the same."""
    spoken = {item["indicator"] for item in raw.get("figures", [])}
    return set(raw.get("caveat_numbers", [])) | {c.number for name in spoken for c in current().caveats_for(name)}


def _of_family(family: Mapping[str, Any]) -> dict[str, Any]:
    label, population = {}, {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            label[code] = str(statistics.FAMILIES[family["id"]])
            population[code] = str(statistics.UNITS[family["id"]])
    return {
        "id": mechanism_id(family["id"]),
        "kind": "mechanism",
        "group": "help",
        "measure": "count",
        "unit": family["unit"],
        "split": family["split"],
        "label": label,
        "population": population,
        "legal_basis": "",
        "caveat": {},
        "caveat_numbers": [],
        "definition": {},
    }


def _beside(item: Mapping[str, Any], inputs: Inputs) -> dict[str, Any]:
    """Who reported, where returns are added up, and the figures that others published of the same."""
    if item["kind"] == "mechanism":
        return {"completeness": {}, "figures": []}
    one_way = [
        {"indicator": item["id"], "dimension": (*table["dimensions"], "")[0], "cells": _by_category(table)}
        for table in (*item["tables"], *item["deduced"])
        if len(table["dimensions"]) < 2
    ]
    return {
        "completeness": completeness(inputs, item["id"]),
        "figures": _texts(figures(inputs, item["id"], one_way)),
    }


def _by_category(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"category": (*cell["key"], "")[0], "value": cell["value"], "status": cell["status"]} for cell in table["cells"]
    ]


def _caveats(indicators: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    named = {number for item in indicators for number in item["caveat_numbers"]}
    return [
        {"number": caveat.number, "text": dict(caveat.texts)} for caveat in current().caveats if caveat.number in named
    ]


def _labels(language: str, indicators: Sequence[Mapping[str, Any]], cut_off: datetime) -> dict[str, Any]:
    """Every name that the release needs, in one language, and the words of its annual report."""
    with translation.override(language):
        names: dict[str, dict[str, str]] = {}
        for item in indicators:
            for table in (*item["tables"], *item["deduced"]):
                for cell in table["cells"]:
                    for name, code in zip(table["dimensions"], cell["key"], strict=True):
                        names.setdefault(_key(item, name), {})[code] = labels.category(item, name, code)
        states = {state.code: state_label(state.code) for state in current().states}
        return {
            "country": current().name(language),
            "columns": {name: str(text) for name, text in labels.COLUMNS.items()},
            "groups": {item["group"]: labels.group(item["group"]) for item in indicators},
            "indicators": {item["id"]: _said(item["label"], language) for item in indicators},
            "units": {item["unit"]: labels.unit(item["unit"]) for item in indicators},
            "marks": {code: str(text) for code, text in labels.MARKS.items()},
            "dimensions": {name: labels.dimension(name) for name in sorted(_dimensions(indicators))},
            "categories": {**names, "state": {**names.get("state", {}), **states}},
            "annual": labels.annual(cut_off),
        }


def _key(item: Mapping[str, Any], dimension: str) -> str:
    """Under which name the categories of a dimension stand: some mean something else in each indicator."""
    is_own = item["kind"] == "mechanism" or dimension in OWN
    return f"{item['id']}.{dimension}" if is_own else dimension


def _dimensions(indicators: Sequence[Mapping[str, Any]]) -> set[str]:
    tables = (table for item in indicators for table in (*item["tables"], *item["deduced"]))
    return {name for table in tables for name in table["dimensions"]}


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or next(iter(texts.values()))


def _plain(table: Table) -> dict[str, Any]:
    return {
        "dimensions": list(table.dimensions),
        "cells": [
            {"key": [code for _name, code in cell.key], "value": cell.value, "status": cell.status}
            for cell in table.cells
        ],
    }


def _deduced(item: Mapping[str, Any]) -> dict[str, Any]:
    """The same of what is deduced; a number with a fraction becomes a text."""
    names = [item["dimension"]] if item["dimension"] else []
    return {
        "dimensions": names,
        "cells": [
            {"key": [cell["category"]] if names else [], "value": _texts(cell["value"]), "status": cell["status"]}
            for cell in item["cells"]
        ],
    }


def _texts(value: Any) -> Any:
    """Plain values without fractions or dates, which have no one way to be written."""
    if isinstance(value, Mapping):
        return {str(name): _texts(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_texts(inner) for inner in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)
