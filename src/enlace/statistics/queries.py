"""Reads of stored tables, arranged for a page, a file or a terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.country.labels import label, language, state_label
from enlace.country.queries import current
from enlace.statistics import rules
from enlace.statistics.models import NationalTable, SavedTable
from enlace.statistics.names import CATEGORY_NAMES, DIMENSION_NAMES, UNIT_NAMES
from enlace.statistics.national import Compared, cells_of, compare, definitions
from enlace.statistics.permissions import saved_table, saved_tables, visible
from reckon.indicators import Definition
from reckon.indicators.define import LISTS

FIRST = ("state", "sex", "age_group", "form")
"""How people look at every indicator first; what else it is broken down by comes after."""
TOTAL = ""
OWN = ("kind", "outcome")
"""Dimensions that mean something else in each indicator: each has a table of its own."""


@dataclass(frozen=True)
class Column:
    """One indicator of a table: its name, its unit, its total, and the figures others published of the same.

    ``reported`` says how many states answered, for an indicator that returns are added up for.
    """

    id: str
    label: str
    unit: str
    caveat: str
    legal_basis: str
    total: Mapping[str, Any]
    compared: Sequence[Compared]
    group: str = ""
    population: str = ""
    reported: Mapping[str, int] | None = None


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
    groups: Sequence[str] = ()


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
        breakdowns=_breakdowns(found, table, columns),
        state_count=len(pack.states),
        caveats=_caveats(found),
        groups=list(dict.fromkeys(d.group for d in found)),
    )


def within(found: National, group: str) -> National:
    """The same table with the indicators of one group only; as it is when there is no such group."""
    places = [place for place, column in enumerate(found.columns) if column.group == group]
    if not places:
        return found
    columns = [found.columns[place] for place in places]
    breakdowns = []
    for breakdown in found.breakdowns:
        lines = [replace(line, cells=[line.cells[place] for place in places]) for line in breakdown.lines]
        kept = [line for line in lines if any(cell is not None for cell in line.cells)]
        if kept:
            breakdowns.append(replace(breakdown, lines=kept))
    chosen = {column.id for column in columns}
    caveats = _caveats([d for d in definitions(current()) if d.id in chosen])
    return replace(found, columns=columns, breakdowns=breakdowns, caveats=caveats)


def _breakdowns(found: Sequence[Definition], table: NationalTable, columns: Sequence[Column]) -> list[Breakdown]:
    """Each dimension once with all its indicators; one that means something else in each, once for each."""
    names = [*FIRST, *(name for d in found for name in (*d.groupings, *d.dimensions))]
    shared = [name for name in dict.fromkeys(names) if name not in OWN]
    made = [_breakdown(name, table, columns) for name in shared]
    for definition, column in zip(found, columns, strict=True):
        made += [_breakdown(name, table, columns, column) for name in OWN if name in definition.dimensions]
    return [breakdown for breakdown in made if breakdown.lines]


def dimension_label(name: str) -> str:
    """The heading of what a table is broken down by: known everywhere, or named in the template of a return."""
    if name in DIMENSION_NAMES:
        return str(DIMENSION_NAMES[name])
    asked = (d for template in current().return_templates for d in template.dimensions if d.id == name)
    return next((dimension.label(language()) for dimension in asked), name)


def category_label(dimension: str, code: str, indicator: str = "") -> str:
    """A category in the reader's language; ``indicator`` where a dimension means something else in each."""
    if not code:
        return _("Not recorded")
    if code in CATEGORY_NAMES.get(dimension, {}):
        return str(CATEGORY_NAMES[dimension][code])
    if dimension in ("state", "destination") and code in current().states_by_code:
        return state_label(code)
    own = (d for d in definitions(current()) if dimension in d.dimensions and indicator in ("", d.id))
    said = next(filter(None, (_own_label(definition, dimension, code) for definition in own)), "")
    return said or (label(LISTS[dimension], code) if dimension in LISTS else code)


def _own_label(definition: Definition, dimension: str, code: str) -> str:
    """What the indicator itself, its code list or the template of its returns calls a category; "" when none knows it."""
    lang = language()
    texts = definition.categories.get(dimension, {}).get(code)
    if texts:
        return texts.get(lang) or next(iter(texts.values()))
    if dimension in definition.lists:
        return label(definition.lists[dimension], code)
    if definition.source != "returns":
        return ""
    asked = [t for t in current().return_templates for m in t.measures if m.id == definition.of]
    found = (c for t in asked for d in t.dimensions if d.id == dimension for c in d.categories if c.code == code)
    return next((category.label(lang) for category in found), "")


def unit_label(unit: str) -> str:
    """What is counted, as a reader calls it."""
    return current().currency if unit == "amount" else str(UNIT_NAMES.get(unit, unit))


def cell_text(cell: Mapping[str, Any] | None) -> str:
    """What a cell says in words or figures: a withheld number and a missing one are never blank."""
    if cell is None:
        return "–"
    if cell["value"] is not None:
        return f"{cell['value']:,}"
    return _("no data") if cell["status"] == "missing" else _("withheld")


def compared_label(column: Column, compared: Compared) -> str:
    """What a published figure is compared with: the total, or one of its parts."""
    if not compared.dimension:
        return column.label
    return f"{column.label}: {category_label(compared.dimension, compared.category, column.id)}"


def completeness_text(found: National, column: Column) -> str:
    """Who reported: the states that answered in full or in part, or the states and agencies that keep cases here."""
    table, told = found.table, column.reported
    if not told:
        states = _("%(some)d of %(all)d states") % {"some": len(table.reporting_states), "all": found.state_count}
        agencies = _("%(some)d of %(all)d agencies") % {"some": table.reporting_agencies, "all": table.agency_count}
        return f"{states} · {agencies}"
    return who_answered(told)


def who_answered(told: Mapping[str, int]) -> str:
    """The states and the federation that answered for the whole period or a part of it, of those that are asked."""
    parts = [_("%(some)d of %(all)d states") % {"some": told["states"], "all": told["of"]}] if told["of"] else []
    if told["partly"]:
        parts.append(_("%d for part of the period") % told["partly"])
    if told.get("federal_partly"):
        parts.append(_("federal: reported for part of the period"))
    elif "federal" in told:
        parts.append(_("federal: reported") if told["federal"] else _("federal: not reported"))
    return " · ".join(parts)


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
        compared=compare(current(), definition, table.period, total, table.tables),
        group=definition.group,
        population=definition.population.get(lang, ""),
        reported=next((t.get("completeness") for t in table.tables if _is_total(t, definition.id)), None),
    )


def _is_total(table: Mapping[str, Any], indicator: str) -> bool:
    return bool(table["indicator"] == indicator and not table["dimension"])


def _breakdown(
    dimension: str, table: NationalTable, columns: Sequence[Column], only: Column | None = None
) -> Breakdown:
    by_column = [
        {c["category"]: c for c in cells_of(table.tables, column.id, dimension)} if only in (None, column) else {}
        for column in columns
    ]
    codes = list(dict.fromkeys(code for cells in by_column for code in cells))
    lines = [
        Line(code, category_label(dimension, code, only.id if only else ""), [cells.get(code) for cells in by_column])
        for code in codes
    ]
    heading = dimension_label(dimension)
    return Breakdown(
        f"{only.id}:{dimension}" if only else dimension,
        f"{only.label}: {heading.lower()}" if only else heading,
        [line for line in lines if line.category or _says(line)],
    )


def _says(line: Line) -> bool:
    return any(cell is not None and cell["status"] != "zero" for cell in line.cells)


def _caveats(found: Sequence[Definition]) -> list[str]:
    """The warnings about the figures that others published of these indicators, and those the definitions name."""
    lang, pack = language(), current()
    named = {number for d in found for number in d.caveat_numbers}
    spoken = {c.number for d in found for figure in d.figures for c in pack.caveats_for(figure.indicator)}
    return [caveat.text(lang) for caveat in pack.caveats if caveat.number in named | spoken]


def saved_page(*, viewer: Actor, cursor: str = "", size: int = 25) -> Page:
    """The questions of the viewer's agency, newest first, without their answers."""
    return page(saved_tables(viewer).defer("result"), order=("-asked_at", "-id"), cursor=cursor, size=size)


def saved(*, viewer: Actor, table_id: UUID) -> SavedTable:
    """One of them. Raises ``Missing``."""
    return saved_table(viewer, table_id)


def is_repeatable(row: SavedTable) -> bool:
    return rules.may_repeat(row.status, row.asked_at, timezone.now())


def periods_to_ask(*, viewer: Actor) -> list[str]:
    """Counted years, newest first: no two of them overlap, so that none can be taken off another."""
    return [period for period in periods(viewer=viewer) if "-" not in period]
