"""How screening is going in a year: by protocol version, agency and group at risk; silent indicators; agreement of screeners.

Staff of an agency see its own exact numbers. Beyond the own agency small counts are withheld, and as many others as it
takes that they cannot be worked out (``reckon.disclosure``).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_names
from enlace.base import spreadsheets
from enlace.base.actor import Actor
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.labels import label, language
from enlace.country.queries import current
from enlace.screening import facts, rules
from enlace.screening.facts import SEVERAL, ScreeningFact
from enlace.screening.labels import protocol_title
from reckon.disclosure import Rule, protect
from reckon.tables import CountTable, Table

READER = Actor.system("screening report")
PROTOCOL, AGENCY, RISK = "protocol", "agency", "risk"
# Every screening is in one of these, so that no published number can be worked out from the others.
CONFIRMED, PRESUMED, OTHER, UNDECIDED = "presumed_confirmed", "presumed", "other", "undecided"
RESULTS = (CONFIRMED, PRESUMED, OTHER, UNDECIDED)
Protocol = tuple[str, int]
Count = int | None  # None: withheld


@dataclass(frozen=True)
class Line:
    """One row: screenings finished, decided as presumed, confirmed later by a case; hours from first question to decision."""

    code: str
    label: str
    screened: Count
    presumed: Count
    confirmed: Count
    hours: float | None


@dataclass(frozen=True)
class Breakdown:
    dimension: str
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Silence:
    """The indicators of a protocol version that no screening of the year answered."""

    label: str
    indicators: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Agreed:
    """How far screeners agreed about people whom two or more of them screened under one version; no kappa: not defined."""

    label: str
    people: int
    method: str
    kappa: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Report:
    """``is_whole``: of all agencies, with small counts withheld. ``people`` counts everybody once."""

    year: int
    is_whole: bool
    threshold: int
    people: Count
    total: Line
    breakdowns: tuple[Breakdown, ...]
    silences: tuple[Silence, ...]
    agreements: tuple[Agreed, ...]


def report(*, viewer: Actor, year: int, whole: bool = False) -> Report:
    """The report of one year: of the viewer's agency, or with ``whole`` of all, protected."""
    check(viewer, "STATISTICS_READ" if whole else "SCREENING_READ")
    start, end = date(year, 1, 1), date(year, 12, 31)
    agency_code = "" if whole else viewer.agency_code
    with seeing_as(READER):
        rows = list(facts.screenings(start, end, agency_code))
        answered = facts.answered(start, end, agency_code)
    threshold = current().disclosure.threshold
    least = threshold if whole else 1
    tables = _protected(rows, str(year)) if whole else _counted(rows, str(year))
    people = len({row.person_id for row in rows})
    return Report(
        year=year,
        is_whole=whole,
        threshold=threshold,
        people=people if not whole or people == 0 or people >= threshold else None,
        total=_total(tables, rows, least),
        breakdowns=tuple(_breakdown(dimension, tables, rows, least) for dimension in (PROTOCOL, AGENCY, RISK)),
        silences=tuple(_silences(rows, answered, least)),
        agreements=tuple(_agreements(rows, least)),
    )


def result_of(row: ScreeningFact) -> str:
    if not row.decided_code:
        return UNDECIDED
    if row.decided_code != rules.PRESUMED:
        return OTHER
    return CONFIRMED if row.is_confirmed else PRESUMED


def _place(row: ScreeningFact, dimension: str) -> str:
    if dimension == PROTOCOL:
        return f"{row.protocol_code} {row.protocol_version}"
    return row.agency_code if dimension == AGENCY else row.risk_code


Tables = Mapping[str, Callable[..., Count]]


def _tables(rows: Sequence[ScreeningFact], period: str) -> list[CountTable]:
    """The grand total, the results, and each dimension alone and by result: one publication, whose margins add up."""
    made = [_table(rows, period, ())]
    made.append(_table(rows, period, ("result",)))
    for dimension in (PROTOCOL, AGENCY, RISK):
        made += [_table(rows, period, (dimension,)), _table(rows, period, (dimension, "result"))]
    return made


def _table(rows: Sequence[ScreeningFact], period: str, dimensions: tuple[str, ...]) -> CountTable:
    categories = tuple(
        RESULTS if name == "result" else tuple(sorted({_place(row, name) for row in rows})) for name in dimensions
    )
    counted = Counter(tuple(result_of(r) if n == "result" else _place(r, n) for n in dimensions) for r in rows)
    empty = CountTable("screenings", "screening", period, (), (), (len(rows),))
    if not dimensions:
        return empty
    keys: list[tuple[str, ...]] = [()]
    for names in categories:
        keys = [(*key, name) for key in keys for name in names]
    return CountTable(
        "screenings", "screening", period, dimensions, categories, tuple(counted.get(key, 0) for key in keys)
    )


def _counted(rows: Sequence[ScreeningFact], period: str) -> Tables:
    return {",".join(table.dimensions): table.__getitem__ for table in _tables(rows, period)}


def _protected(rows: Sequence[ScreeningFact], period: str) -> Tables:
    disclosure = current().disclosure
    rule = Rule(
        threshold=disclosure.threshold,
        minimum_interval=disclosure.minimum_interval,
        zeros_are_sensitive=disclosure.zeros_are_sensitive,
    )
    if not rows:
        return _counted(rows, period)
    released = protect(_tables(rows, period), rule).for_release
    return {",".join(table.dimensions): _reader(table) for table in released}


def _reader(table: Table) -> Callable[..., Count]:
    return lambda wanted: table[wanted].value


def _total(tables: Tables, rows: Sequence[ScreeningFact], least: int) -> Line:
    results = {name: tables["result"]((name,)) for name in RESULTS}
    return _line("", _("Total"), tables[""](()), results, rows, least)


def _breakdown(dimension: str, tables: Tables, rows: Sequence[ScreeningFact], least: int) -> Breakdown:
    lines = []
    for code in sorted({_place(row, dimension) for row in rows}):
        results = {name: tables[f"{dimension},result"]((code, name)) for name in RESULTS}
        inside = [row for row in rows if _place(row, dimension) == code]
        lines.append(_line(code, _label(dimension, code), tables[dimension]((code,)), results, inside, least))
    titles = {PROTOCOL: _("Protocol and version"), AGENCY: _("Agency"), RISK: _("Group at risk")}
    return Breakdown(dimension, titles[dimension], tuple(lines))


def _line(
    code: str, name: str, screened: Count, results: Mapping[str, Count], rows: Iterable[ScreeningFact], least: int
) -> Line:
    confirmed, presumed = results[CONFIRMED], results[PRESUMED]
    both = None if confirmed is None or presumed is None else confirmed + presumed
    times = [row.to_decision / timedelta(hours=1) for row in rows if row.to_decision is not None]
    is_told = screened is not None and len(times) >= least
    hours = round(median(times), 1) if is_told and times else None
    return Line(code, name, screened, both, confirmed, hours)


def _label(dimension: str, code: str) -> str:
    if dimension == PROTOCOL:
        name, _space, version = code.rpartition(" ")
        return f"{protocol_title(name, int(version))} · {version}"
    if dimension == AGENCY:
        return agency_names().get(code, code)
    return {"": _("Not noted"), SEVERAL: _("Several")}.get(code) or label("vulnerability", code)


def _silences(
    rows: Sequence[ScreeningFact], answered: Mapping[Protocol, Mapping[str, int]], least: int
) -> Iterable[Silence]:
    """Indicators whose questions nobody answered, of the versions used by at least ``least`` screenings."""
    texts = {sign.id: sign.text(language()) for sign in current().screening_indicators}
    for key, times in sorted(Counter(row.protocol for row in rows).items()):
        if times < least or key not in {p.key for p in current().protocols}:
            continue
        asked: dict[str, set[str]] = defaultdict(set)
        for question in current().protocol(*key).questions:
            for use in question.uses:
                asked[use.indicator].add(question.code)
        heard = answered.get(key, {})
        silent = [name for name, questions in asked.items() if not any(heard.get(code) for code in questions)]
        yield Silence(_label(PROTOCOL, f"{key[0]} {key[1]}"), tuple((name, texts.get(name, name)) for name in silent))


def _agreements(rows: Sequence[ScreeningFact], least: int) -> Iterable[Agreed]:
    """For each version: the people whom different screeners screened; Cohen's kappa for pairs, Fleiss' for more."""
    for key in sorted({row.protocol for row in rows}):
        by_person: dict[UUID, dict[str, str]] = defaultdict(dict)
        for row in rows:
            if row.protocol == key:
                by_person[row.person_id].setdefault(row.screener, row.class_code)
        rated = [list(classes.values()) for classes in by_person.values() if len(classes) > 1]
        if not rated or len(rated) < least:
            continue
        most = min(len(classes) for classes in rated)
        found = (
            rules.fleiss_kappa([classes[:most] for classes in rated])
            if most > 2
            else rules.cohen_kappa([(classes[0], classes[1]) for classes in rated])
        )
        title = _label(PROTOCOL, f"{key[0]} {key[1]}")
        method = "Fleiss" if most > 2 else "Cohen"
        if found is None:
            yield Agreed(title, len(rated), method, None, None, None)
        else:
            yield Agreed(title, len(rated), method, found.value, found.low, found.high)


# As text


def shown(count: Count) -> str:
    return _("withheld") if count is None else str(count)


def render_text(found: Report) -> str:
    """For a terminal."""
    head = ["", _("Screened"), _("Decided: presumed"), _("Confirmed later"), _("Median hours to decision")]
    lines = [found.total]
    table = [head, _cells(found.total)]
    for breakdown in found.breakdowns:
        table.append([f"— {breakdown.label} —", "", "", "", ""])
        table += [_cells(line) for line in breakdown.lines]
        lines += breakdown.lines
    widths = [max(len(row[n]) for row in table) for n in range(len(head))]
    text = [
        row[0].ljust(widths[0]) + "".join(f"  {c.rjust(w)}" for c, w in zip(row[1:], widths[1:], strict=True))
        for row in table
    ]
    title = _("Screening in %(year)s: %(people)s people") % {"year": found.year, "people": shown(found.people)}
    return "\n".join([title, "", *(line.rstrip() for line in text), "", *_notes(found)])


def _cells(line: Line) -> list[str]:
    hours = "–" if line.hours is None else f"{line.hours:.1f}"
    return [line.label, shown(line.screened), shown(line.presumed), shown(line.confirmed), hours]


def _notes(found: Report) -> list[str]:
    notes = [
        _("%(protocol)s: never answered: %(indicators)s")
        % {"protocol": s.label, "indicators": ", ".join(name for name, _text in s.indicators)}
        for s in found.silences
        if s.indicators
    ]
    notes += [agreement_text(row) for row in found.agreements]
    if found.is_whole:
        notes.append(
            _("Counts from 1 to %d are withheld, and as many others as it takes that they cannot be worked out.")
            % (found.threshold - 1)
        )
    return notes


def agreement_text(row: Agreed) -> str:
    if row.kappa is None or row.low is None or row.high is None:
        return _("%(protocol)s: %(people)d people screened by more than one; agreement is not defined.") % {
            "protocol": row.label,
            "people": row.people,
        }
    return _(
        "%(protocol)s: %(people)d people screened by more than one; kappa (%(method)s) %(kappa).2f (%(low).2f to %(high).2f)."
    ) % {
        "protocol": row.label,
        "people": row.people,
        "method": row.method,
        "kappa": row.kappa,
        "low": row.low,
        "high": row.high,
    }


def as_rows(found: Report) -> list[dict[str, Any]]:
    """Long form: one row for each line and measure; an empty value is withheld, or there is none."""
    lines = [("total", found.total)]
    lines += [(b.dimension, line) for b in found.breakdowns for line in b.lines]
    return [
        {
            "year": found.year,
            "dimension": dimension,
            "category": line.code,
            "label": line.label,
            "measure": measure,
            "value": getattr(line, measure),
            "status": "withheld" if getattr(line, measure) is None and measure != "hours" else "published",
        }
        for dimension, line in lines
        for measure in ("screened", "presumed", "confirmed", "hours")
    ]


def as_csv(found: Report, *, synthetic: bool) -> str:
    return spreadsheets.as_csv(as_rows(found), synthetic=synthetic)


def as_json(found: Report, *, synthetic: bool) -> str:
    data = {
        "year": found.year,
        "unit": "screening",
        "people": found.people,
        "whole": found.is_whole,
        "threshold": found.threshold if found.is_whole else None,
        "synthetic": synthetic,
        "rows": as_rows(found),
        "never_answered": [
            {"protocol": s.label, "indicators": [name for name, _text in s.indicators]} for s in found.silences
        ],
        "agreement": [
            {
                "protocol": a.label,
                "people": a.people,
                "method": a.method,
                "kappa": a.kappa,
                "low": a.low,
                "high": a.high,
            }
            for a in found.agreements
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)
