"""A year of the referral mechanism for a page, a terminal or a file: the same numbers, the same words for what is withheld."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from enlace.base import spreadsheets
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.country.labels import state_label
from enlace.statistics import labels
from enlace.statistics.mechanism import STEPS, at_least
from enlace.statistics.models import MechanismTable
from enlace.statistics.permissions import visible_mechanism

TOTAL = ""
Cell = Mapping[str, Any]
NOBODY: Cell = {"value": 0, "status": "zero"}


@dataclass(frozen=True)
class Line:
    """One category: its total, then one cell for each column of its section."""

    category: str
    label: str
    total: Cell
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Group:
    """The lines of one dimension."""

    dimension: str
    label: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class Section:
    """One family of tables. ``columns``: code and name of what the rows are told apart by; none when they are not."""

    id: str
    label: str
    unit: str
    columns: Sequence[tuple[str, str]]
    total: Line
    groups: Sequence[Group]


@dataclass(frozen=True)
class Step:
    """How many got as far as a step; ``None`` is withheld."""

    code: str
    label: str
    value: int | None


@dataclass(frozen=True)
class Mechanism:
    table: MechanismTable
    steps: Sequence[Step]
    sections: Sequence[Section]
    medians: Sequence[tuple[str, float | None]]
    occupancy: Sequence[tuple[str, float | None]]

    @property
    def followed_until(self) -> str:
        return str(self.table.tables["followed_until"])


def periods(*, viewer: Actor) -> list[str]:
    """Years that have been counted, newest first."""
    return sorted(
        visible_mechanism(viewer).values_list("period", flat=True).distinct().order_by("period"), reverse=True
    )


def mechanism(*, viewer: Actor, period: str) -> Mechanism:
    """The newest computation of a period. Raises ``Missing`` when it was never counted."""
    table = visible_mechanism(viewer).filter(period=period).order_by("-cut_off").first()
    if table is None:
        raise Missing(_("This period has not been counted yet."))
    sections = [_section(family) for family in table.tables["families"]]
    medians = table.tables["medians"]
    names = {
        "answer": _("Median hours to an answer"),
        "answer_shelter": _("Median hours to an answer, when shelter was asked for"),
        "bed": _("Median hours from the referral to the bed"),
    }
    return Mechanism(
        table=table,
        steps=_steps(sections[0]),
        sections=sections,
        medians=[(name, medians[code]) for code, name in names.items()],
        occupancy=[(state_label(row["state"]), row["beds"]) for row in table.tables["occupancy"]],
    )


def _steps(cascade: Section) -> list[Step]:
    stand = {code: cell["value"] for (code, _name), cell in zip(cascade.columns, cascade.total.cells, strict=True)}
    return [Step(step, str(labels.STEPS[step]), at_least(stand, step)) for step in STEPS]


def _section(family: Mapping[str, Any]) -> Section:
    found = {tuple(table["dimensions"]): _by_key(table) for table in family["tables"]}
    split = family["split"]
    codes = [key[0] for key in found.get((split,), {})] if split else []
    if family["id"] == "cascade":
        codes = list(STEPS)
    return Section(
        id=family["id"],
        label=str(labels.FAMILIES[family["id"]]),
        unit=str(labels.UNITS[family["id"]]),
        columns=[(code, labels.category(split, code)) for code in codes],
        total=Line(TOTAL, _("Total"), _cell(found, (), ()), [_cell(found, (split,), (code,)) for code in codes]),
        groups=[_group(found, name, split, codes) for name in family["dimensions"] if (name,) in found],
    )


def _group(found: Mapping[tuple[str, ...], Any], name: str, split: str, codes: Sequence[str]) -> Group:
    lines = [
        Line(
            category=key[0],
            label=labels.category(name, key[0]),
            total=cell,
            cells=[_cell(found, (name, split), (key[0], code)) for code in codes],
        )
        for key, cell in found[(name,)].items()
    ]
    return Group(name, str(labels.DIMENSIONS[name]), lines)


def _by_key(table: Mapping[str, Any]) -> dict[tuple[str, ...], Cell]:
    return {tuple(cell["key"]): cell for cell in table["cells"]}


def _cell(found: Mapping[tuple[str, ...], Any], dimensions: tuple[str, ...], key: tuple[str, ...]) -> Cell:
    """A category that nobody fell into has no cell: it is zero."""
    cell: Cell = found.get(dimensions, {}).get(key, NOBODY)
    return cell


def shown(cell: Cell) -> str:
    return _("withheld") if cell["value"] is None else f"{cell['value']:,}"


def number(value: float | None) -> str:
    return _("withheld") if value is None else f"{value:,}"


def render_text(found: Mechanism) -> str:
    """For a terminal."""
    title = _("The referral mechanism in %(period)s · cut-off %(cut)s · followed until %(until)s") % {
        "period": found.table.period,
        "cut": f"{found.table.cut_off:%Y-%m-%d %H:%M}",
        "until": found.followed_until,
    }
    steps = [f"  {step.label}: {number(step.value)}" for step in found.steps]
    times = [f"  {name}: {number(value)}" for name, value in found.medians]
    beds = [f"  {name}: {number(value)}" for name, value in found.occupancy]
    lines = [title, "", *steps, "", *times]
    for section in found.sections:
        lines += ["", f"{section.label} ({section.unit})", *_aligned(_rows(section))]
    return "\n".join([*lines, "", _("Beds taken at noon, on average, by state"), *beds, "", note(found)])


def note(found: Mechanism) -> str:
    return _("Counts from 1 to %d are withheld, and as many others as it takes that they cannot be worked out.") % (
        found.table.threshold - 1
    )


def _rows(section: Section) -> list[list[str]]:
    rows = [["", _("Total"), *(name for _code, name in section.columns)], _texts(section.total)]
    for group in section.groups:
        rows.append([f"— {group.label} —", *[""] * (1 + len(section.columns))])
        rows += [_texts(line) for line in group.lines]
    return rows


def _texts(line: Line) -> list[str]:
    return [line.label, shown(line.total), *(shown(cell) for cell in line.cells)]


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield "  ".join(["", row[0].ljust(widths[0]), *cells]).rstrip()


def as_rows(found: Mechanism) -> list[dict[str, Any]]:
    """Long form: one row for each cell; an empty value is withheld."""
    rows = [_row(found, "cascade", "step", step.code, step.label, "", step.value) for step in found.steps]
    for section in found.sections:
        lines = [
            ("total", section.total),
            *((group.dimension, line) for group in section.groups for line in group.lines),
        ]
        for dimension, line in lines:
            rows.append(_row(found, section.id, dimension, line.category, line.label, "", line.total["value"]))
            for (code, _name), cell in zip(section.columns, line.cells, strict=True):
                rows.append(_row(found, section.id, dimension, line.category, line.label, code, cell["value"]))
    rows += [_row(found, "hours", "median", "", name, "", value) for name, value in found.medians]
    rows += [_row(found, "occupancy", "state", "", name, "", value) for name, value in found.occupancy]
    return rows


def _row(found: Mechanism, table: str, dimension: str, code: str, name: str, column: str, value: Any) -> dict[str, Any]:
    return {
        "period": found.table.period,
        "table": table,
        "dimension": dimension,
        "category": code,
        "label": name,
        "column": column,
        "value": value,
        "status": "withheld" if value is None else "published",
    }


def as_csv(found: Mechanism, *, synthetic: bool) -> str:
    return spreadsheets.as_csv(as_rows(found), synthetic=synthetic)


def as_json(found: Mechanism, *, synthetic: bool) -> str:
    data = {
        "period": found.table.period,
        "cut_off": found.table.cut_off.isoformat(),
        "followed_until": found.followed_until,
        "threshold": found.table.threshold,
        "synthetic": synthetic,
        "rows": as_rows(found),
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
