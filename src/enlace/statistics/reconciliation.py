"""Each figure that others published beside ours: equal, different and why, or not computable and why."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from enlace.base import slots, spreadsheets
from enlace.base.actor import Actor
from enlace.country.figures import PublishedFigure
from enlace.country.labels import figure_name, language, state_label
from enlace.country.queries import current
from enlace.statistics.labels import SOURCES, VERDICTS
from enlace.statistics.models import NationalTable
from enlace.statistics.national import cells_of, definitions
from enlace.statistics.permissions import visible
from enlace.statistics.queries import Column, National, cell_text, completeness_text, national, unit_label
from reckon.indicators import Definition
from reckon.indicators.define import FigureOf

EQUAL, DIFFERENT, NOT_COMPARABLE, NOT_COMPUTABLE = "equal", "different", "not_comparable", "not_computable"
OWN, OFFICIAL, NARRATIVE, HOTLINE = "own", "official", "narrative", "hotline"
Cell = Mapping[str, Any]
Said = dict[str, list[tuple[str, str]]]
YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
SAME_UNIT = {"visa": "permit", "call": "contact", "conviction": "person"}
NO_COUNTS = ("years", "months", "hours", "tier", "flag", "ratio")
SPOKEN_OF = {"at_least": ">=", "more_than": ">", "approximately": "~"}


@dataclass(frozen=True)
class Row:
    """A published figure and what we have of the same. ``reasons`` are sentences; ``caveats`` numbers of the pack's warnings.

    ``difference`` is ours less theirs, ``None`` wherever the two may not be compared.
    """

    figure: PublishedFigure
    verdict: str
    indicator: str
    label: str
    ours: Mapping[str, Any] | None
    difference: Decimal | None
    reasons: Sequence[str]
    caveats: Sequence[int]

    @property
    def ours_text(self) -> str:
        return cell_text(self.ours)

    @property
    def published_text(self) -> str:
        if self.figure.value is None:
            return _("none reported")
        mark = SPOKEN_OF.get(self.figure.qualifier, "")
        return f"{mark} {self.figure.value:,}".strip()

    @property
    def what(self) -> str:
        """What the figure is about, as its source says it, in the reader's words."""
        parts = [f"{name}={code}" if code else name for name, code in self.figure.breakdown.items()]
        return ", ".join(map(figure_name, [self.figure.indicator_id, *parts]))

    @property
    def unit(self) -> str:
        return figure_name(f"unit:{self.figure.unit}")

    @property
    def area(self) -> str:
        """A state, several, the country, or a word of the source."""
        return ", ".join(_area(part) for part in self.figure.area.split("+"))


@dataclass(frozen=True)
class Source:
    """One of the four sources of a year: by unit, what it counts and how many."""

    name: str
    said: Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Reconciled:
    """The figures of a year, or of all years when ``year`` is 0, beside ours."""

    year: int
    rows: Sequence[Row]
    caveats: Sequence[tuple[int, str]]
    sources: Sequence[Source]
    units: Sequence[str]

    @property
    def counts(self) -> dict[str, int]:
        return {verdict: sum(row.verdict == verdict for row in self.rows) for verdict in VERDICTS}


def years(*, viewer: Actor) -> list[int]:
    """Every year that a published figure speaks of or that was counted, newest first."""
    counted = visible(viewer).values_list("period", flat=True).distinct().order_by("period")
    found = {int(period[:4]) for period in counted}
    return sorted(found | {year for figure in current().figures for year in _years(figure)}, reverse=True)


def reconciliation(*, viewer: Actor, year: int, verdict: str = "", indicator: str = "") -> Reconciled:
    """The published figures of a year (0: all) beside the newest count of their year, in the order of the pack's file."""
    pack = current()
    nationals: dict[int, National | None] = {}
    rows: list[Row] = []
    for figure in pack.figures:
        of = _years(figure)
        if year and not (year in of or (len(of) > 1 and min(of) <= year <= max(of))):
            continue
        own = year or (of[0] if of else 0)
        if own not in nationals:
            nationals[own] = _national(viewer, own)
        rows += beside(figure, nationals[own], own)
    kept = [row for row in rows if verdict in ("", row.verdict) and indicator in ("", row.figure.indicator_id)]
    wanted = {number for row in kept for number in row.caveats}
    caveats = [(caveat.number, caveat.text(language())) for caveat in pack.caveats if caveat.number in wanted]
    sources = _sources(viewer, year, nationals.get(year) or _national(viewer, year)) if year else []
    units = list(dict.fromkeys(unit for source in sources for unit in source.said))
    return Reconciled(year, kept, caveats, sources, units)


def _national(viewer: Actor, year: int) -> National | None:
    newest: NationalTable | None = visible(viewer).filter(period=str(year)).order_by("-cut_off").first()
    return None if newest is None else national(viewer=viewer, period=str(year))


def _years(figure: PublishedFigure) -> list[int]:
    return [int(text) for text in YEAR.findall(figure.period)]


def beside(figure: PublishedFigure, found: National | None, year: int) -> list[Row]:
    """One row for each of our indicators that speaks of the same; one without ours when none does."""
    pairs = [(d, wanted) for d in definitions(current()) for wanted in d.figures if _speaks_of(wanted, figure)]
    if pairs:
        return [_row(figure, definition, _ours(definition, wanted, found), found, year) for definition, wanted in pairs]
    return [Row(figure, NOT_COMPUTABLE, "", "", None, None, [_no_indicator(figure)], _caveats(figure, None))]


def _speaks_of(wanted: FigureOf, figure: PublishedFigure) -> bool:
    is_there = figure.area == wanted.area if wanted.area else figure.area not in current().states_by_code
    return figure.indicator_id == wanted.indicator and dict(figure.breakdown) == dict(wanted.breakdown) and is_there


def _ours(definition: Definition, wanted: FigureOf, found: National | None) -> Cell | None:
    """Our number: a total, or the cell of the category that is spoken of. ``None`` where there is none."""
    cells = [] if found is None else cells_of(found.table.tables, definition.id, wanted.dimension)
    return next((cell for cell in cells if cell["category"] == wanted.category), None)


def _row(figure: PublishedFigure, definition: Definition, ours: Cell | None, found: National | None, year: int) -> Row:
    value: Decimal | None = None
    verdict, reasons = _barred(figure, definition, ours, found, year)
    if not verdict and ours is not None and found is not None and figure.value is not None:
        value = Decimal(str(ours["value"])) - figure.value
        verdict = DIFFERENT if value else EQUAL
        reasons = _why(definition, figure, value, found) if value else []
    caveats = _caveats(figure, definition)
    return Row(figure, verdict, definition.id, _label(definition), ours, value, reasons, caveats)


def _barred(
    figure: PublishedFigure, definition: Definition, ours: Cell | None, found: National | None, year: int
) -> tuple[str, Sequence[str]]:
    """Why the two numbers must not be compared; "" when they may."""
    if found is None:
        return NOT_COMPUTABLE, [_("%d has not been counted here.") % year]
    if all(column.id != definition.id for column in found.columns):
        return NOT_COMPUTABLE, [_("The stored count of %d does not have this yet: count the year again.") % year]
    if ours is None or ours["status"] == "missing":
        missing = _("Nobody reported this here: it is missing, which is not zero.")
        return NOT_COMPUTABLE, [missing, _reported(definition, found)]
    reasons = []
    if figure.value is None:
        reasons.append(_("The source reports none, which is not the same as zero."))
    if not _same_unit(definition, figure):
        units = {"theirs": figure.unit, "ours": unit_label(definition.unit)}
        reasons.append(_("The units differ: theirs counts %(theirs)s, ours %(ours)s.") % units)
    if figure.period != found.table.period:
        periods = {"theirs": figure.period, "ours": found.table.period}
        reasons.append(_("The periods differ: theirs is %(theirs)s, ours %(ours)s.") % periods)
    if ours["value"] is None:
        reasons.append(_("Our number is withheld: with the difference in print it could be worked out."))
    return (NOT_COMPARABLE, reasons) if reasons else ("", [])


def _same_unit(definition: Definition, figure: PublishedFigure) -> bool:
    if definition.measure == "ratio":
        return figure.unit == "percent" and definition.per == 100
    return _unit(figure) == definition.unit


def _why(definition: Definition, figure: PublishedFigure, value: Decimal, found: National) -> Sequence[str]:
    """What the data say about a difference."""
    reasons = []
    if figure.qualifier in ("at_least", "more_than"):
        reasons.append(
            _("The published figure is a lower bound.") if value > 0 else _("Ours is below their lower bound.")
        )
    if figure.qualifier == "approximately":
        reasons.append(_("The published figure is approximate."))
    column = _column(definition, found)
    reasons.append(_reported(definition, found))
    reasons.append(_("What ours counts: %s.") % (column.population or column.label).rstrip("."))
    if column.caveat:
        reasons.append(column.caveat)
    return reasons


def _reported(definition: Definition, found: National) -> str:
    """Who reported, and how many did not."""
    return _("Reported here: %s.") % completeness_text(found, _column(definition, found))


def _column(definition: Definition, found: National) -> Column:
    return next(column for column in found.columns if column.id == definition.id)


def _no_indicator(figure: PublishedFigure) -> str:
    """Why none of our numbers stands beside a figure."""
    if figure.unit in NO_COUNTS:
        return _("Not a count: a term, a rating or a yes or no.")
    if figure.note.startswith("context"):
        return _("Background, not a figure about trafficking.")
    if any(wanted.indicator == figure.indicator_id for d in definitions(current()) for wanted in d.figures):
        return _("Ours is not broken down like this figure.")
    if figure.qualifier == "approximately" and not _years(figure):
        return _("An estimate without a year: nothing that is counted says the same.")
    return _("No module records this and no periodic return asks for it.")


def _caveats(figure: PublishedFigure, definition: Definition | None) -> list[int]:
    own = {caveat.number for caveat in current().caveats_for(figure.indicator_id)}
    return sorted(own | set(definition.caveat_numbers if definition else ()))


def _sources(viewer: Actor, year: int, found: National | None) -> list[Source]:
    """Enlace, the official series, what others published, the hotline: never added, because they overlap."""
    said: dict[str, Said] = {OWN: {}, OFFICIAL: {}, NARRATIVE: {}, HOTLINE: {}}
    by_id = {definition.id: definition for definition in definitions(current())}
    for column in found.columns if found is not None else []:
        if source := _source_of(by_id[column.id]):
            said[source].setdefault(column.unit, []).append((column.label, cell_text(column.total)))
    for series in slots.registered(slots.OfficialSeries, viewer):
        for unit, total in series.totals(viewer, year).items():
            said[OFFICIAL].setdefault(unit, []).append((str(series.label), f"{total:,}"))
    for row in _narrative(year):
        said[NARRATIVE].setdefault(_unit(row.figure), []).append(
            (f"{row.what}, {row.figure.period}", row.published_text)
        )
    return [Source(str(SOURCES[name]), found_there) for name, found_there in said.items()]


def _source_of(definition: Definition) -> str:
    """In which of the columns an indicator of ours stands; "" in none."""
    if definition.measure != "count":
        return ""
    if definition.group == HOTLINE:
        return HOTLINE
    if _is_monthly(definition):
        return OFFICIAL
    return OWN if definition.figures and definition.group in ("people", "prosecution") else ""


def _is_monthly(definition: Definition) -> bool:
    """Whether it adds up what is sent in every month."""
    asked = [t for t in current().return_templates for m in t.measures if m.id == definition.of]
    return definition.source == "returns" and bool(asked) and all(t.periodicity == "month" for t in asked)


def _narrative(year: int) -> Iterator[Row]:
    """The published totals of a year, whole or by jurisdiction, that stand beside an indicator of ours."""
    named = {wanted.indicator for d in definitions(current()) for wanted in d.figures if d.group != "rates"}
    for figure in current().figures:
        detail = set(figure.breakdown) - {"jurisdiction", "source"}
        is_whole = not detail and figure.area not in current().states_by_code
        if is_whole and figure.indicator_id in named and year in _years(figure):
            yield Row(figure, NOT_COMPARABLE, "", "", None, None, (), ())


def _area(code: str) -> str:
    return state_label(code) if code in current().states_by_code else figure_name(f"area:{code}")


def _unit(figure: PublishedFigure) -> str:
    """What a figure counts, by the names of our units."""
    unit = figure.unit.removesuffix("s")
    return SAME_UNIT.get(unit, unit)


def _label(definition: Definition) -> str:
    return definition.label.get(language()) or next(iter(definition.label.values()))


def as_rows(found: Reconciled) -> list[dict[str, Any]]:
    """One line for each figure; what is not comparable has no difference."""
    return [
        {
            "figure": row.figure.indicator_id,
            "breakdown": ";".join(f"{n}={c}" if c else n for n, c in row.figure.breakdown.items()) or "total",
            "area": row.figure.area,
            "period": row.figure.period,
            "published": _plain(row.figure.value),
            "qualifier": row.figure.qualifier,
            "unit": row.figure.unit,
            "source": row.figure.source_title,
            "indicator": row.indicator,
            "ours": None if row.ours is None else row.ours["value"],
            "ours_status": "" if row.ours is None else row.ours["status"],
            "verdict": row.verdict,
            "difference": _plain(row.difference),
            "reasons": " ".join(row.reasons),
            "caveats": " ".join(str(number) for number in row.caveats),
        }
        for row in found.rows
    ]


def _plain(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def as_csv(found: Reconciled, *, synthetic: bool) -> str:
    rows = as_rows(found)
    return spreadsheets.as_csv(rows, synthetic=synthetic) if rows else ""


def as_dict(found: Reconciled, *, synthetic: bool) -> dict[str, Any]:
    return {
        "year": found.year,
        "synthetic": synthetic,
        "counts": found.counts,
        "rows": as_rows(found),
        "caveats": [{"number": number, "text": text} for number, text in found.caveats],
        "sources": [
            {"source": s.name, "unit": unit, "what": what, "value": value}
            for s in found.sources
            for unit, lines in s.said.items()
            for what, value in lines
        ],
    }


def as_json(found: Reconciled, *, synthetic: bool) -> str:
    return json.dumps(as_dict(found, synthetic=synthetic), ensure_ascii=False, indent=2)


def render_text(found: Reconciled) -> str:
    """For a terminal: one line for each figure, then the reasons, the sources and the warnings."""
    lines = []
    for row in found.rows:
        difference = "" if row.difference is None else f" ({row.difference:+,})"
        beside = _("ours %(ours)s, published %(published)s") % {"ours": row.ours_text, "published": row.published_text}
        lines.append(
            f"{row.what} · {row.figure.area} · {row.figure.period}: {VERDICTS[row.verdict]}{difference}; {beside}"
        )
        lines += [f"    {reason}" for reason in row.reasons]
    for source in found.sources:
        lines += ["", source.name]
        lines += [
            f"    {unit_label(unit)}: {what}: {value}" for unit, said in source.said.items() for what, value in said
        ]
    return "\n".join([*lines, "", *(f"{number}. {text}" for number, text in found.caveats)])
