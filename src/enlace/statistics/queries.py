"""Reads of stored tables, arranged for a page, a file or a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.country.labels import label, language, state_label
from enlace.country.queries import current
from enlace.statistics.models import NationalTable
from enlace.statistics.national import Compared, cells_of, compare, definitions
from enlace.statistics.permissions import visible
from reckon.indicators import Definition

DIMENSIONS = ("state", "sex", "age_group", "form")
TOTAL = ""


@dataclass(frozen=True)
class Column:
    """One indicator of a table: its name, its unit, its total, and the figures others published of the same."""

    id: str
    label: str
    unit: str
    caveat: str
    legal_basis: str
    total: Mapping[str, Any]
    compared: Sequence[Compared]


@dataclass(frozen=True)
class Line:
    """One category with its cell in each column; ``None`` where the indicator is not broken down like this."""

    category: str
    label: str
    cells: Sequence[Mapping[str, Any] | None]


@dataclass(frozen=True)
class Breakdown:
    dimension: str
    label: str
    lines: Sequence[Line]


@dataclass(frozen=True)
class National:
    """A stored national table in the reader's language."""

    table: NationalTable
    columns: Sequence[Column]
    breakdowns: Sequence[Breakdown]
    state_count: int
    caveats: Sequence[str]


def periods(*, viewer: Actor) -> list[str]:
    """Years that have been counted, newest first."""
    return sorted(visible(viewer).values_list("period", flat=True).distinct().order_by("period"), reverse=True)


def national(*, viewer: Actor, period: str) -> National:
    """The newest computation of a period. Raises ``Missing`` when it was never counted."""
    table = visible(viewer).filter(period=period).order_by("-cut_off").first()
    if table is None:
        raise Missing(_("This period has not been counted yet."))
    pack = current()
    found = [d for d in definitions(pack) if cells_of(table.tables, d.id, TOTAL)]
    columns = [_column(d, table) for d in found]
    return National(
        table=table,
        columns=columns,
        breakdowns=[_breakdown(name, table, columns) for name in DIMENSIONS],
        state_count=len(pack.states),
        caveats=_caveats(found),
    )


def dimension_label(name: str) -> str:
    return {
        "state": _("State"),
        "sex": _("Sex"),
        "age_group": _("Age group"),
        "form": _("Form of exploitation"),
    }[name]


def category_label(dimension: str, code: str) -> str:
    if not code:
        return _("Not recorded")
    if dimension == "state":
        return state_label(code)
    if dimension == "form" and code == "several":
        return _("More than one form")
    return label("exploitation_form" if dimension == "form" else dimension, code)


def cell_text(cell: Mapping[str, Any] | None) -> str:
    """What a cell says in words or figures: a withheld number and a missing one are never blank."""
    if cell is None:
        return "–"
    if cell["value"] is not None:
        return f"{cell['value']:,}"
    return _("no data") if cell["status"] == "missing" else _("withheld")


def _column(definition: Definition, table: NationalTable) -> Column:
    total = cells_of(table.tables, definition.id, TOTAL)[0]
    lang = language()
    return Column(
        id=definition.id,
        label=definition.label.get(lang) or next(iter(definition.label.values())),
        unit=definition.unit,
        caveat=definition.caveats.get(lang, ""),
        legal_basis=definition.legal_basis,
        total=total,
        compared=compare(current(), definition, table.period, total),
    )


def _breakdown(dimension: str, table: NationalTable, columns: Sequence[Column]) -> Breakdown:
    by_column = [{c["category"]: c for c in cells_of(table.tables, column.id, dimension)} for column in columns]
    codes = list(dict.fromkeys(code for cells in by_column for code in cells))
    lines = [Line(code, category_label(dimension, code), [cells.get(code) for cells in by_column]) for code in codes]
    return Breakdown(dimension, dimension_label(dimension), [line for line in lines if line.category or _says(line)])


def _says(line: Line) -> bool:
    return any(cell is not None and cell["status"] != "zero" for cell in line.cells)


def _caveats(found: Sequence[Definition]) -> list[str]:
    lang = language()
    seen = {c.number: c for d in found if d.figure for c in current().caveats_for(str(d.figure["indicator"]))}
    return [seen[number].text(lang) for number in sorted(seen)]
