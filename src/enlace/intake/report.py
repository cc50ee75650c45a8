"""The hotline's year, computed from its facts: for the hotline itself exactly, for everybody else under disclosure control."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base import spreadsheets
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.figures import PublishedFigure
from enlace.country.labels import label, language
from enlace.country.queries import current
from enlace.intake import facts
from reckon.disclosure import Rule, protect
from reckon.tables import CountTable, Table

CALLS, VICTIMS, REFERRALS, INVESTIGATIONS = (
    "hotline_calls",
    "hotline_victims",
    "hotline_referrals",
    "hotline_investigations",
)
COUNTING = Actor.system("report")
EARLIEST = 2000
NATIONAL = "national"
# What sources call a category that has another name here; a nationality that is neither of these is the country's own.
NAMED_ELSEWHERE = {
    "sex": {"unspecified": "unknown"},
    "nationality": {"foreign": "foreign", "unspecified": "unspecified"},
    "services": {"medical": "HEALTH", "psychological": "MENTAL", "legal": "LEGAL", "legal_counselling": "LEGAL"},
}


@dataclass(frozen=True)
class Line:
    """One number: ``value`` is ``None`` where it is withheld."""

    category: str
    label: str
    value: int | None


@dataclass(frozen=True)
class Breakdown:
    """One indicator by one dimension; ``dimension`` "" is its total alone."""

    indicator: str
    dimension: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Beside:
    """A figure published by others beside ours. ``is_shown`` is false where ours is withheld or counts something else.

    ``difference`` is ours less theirs; ``None`` unless both are exact numbers.
    """

    figure: PublishedFigure
    dimension: str
    category: str
    label: str
    ours: int | None
    difference: int | None

    @property
    def is_equal(self) -> bool:
        return self.difference == 0


@dataclass(frozen=True)
class Year:
    """The hotline's year; ``threshold`` 0: the exact numbers of one hotline, for its own staff."""

    year: int
    cut_off: Any
    threshold: int
    breakdowns: tuple[Breakdown, ...]
    published: tuple[PublishedFigure, ...]


def own_year(*, viewer: Actor, year: int) -> Year:
    """The exact numbers of the viewer's own hotline."""
    check(viewer, "CONTACT_READ")
    return _year(year, counts(year, viewer.agency_code), None)


def published_year(*, viewer: Actor, year: int) -> Year:
    """The numbers of all hotlines together, as they may leave the house: small ones withheld."""
    check(viewer, "STATISTICS_READ")
    with seeing_as(COUNTING):
        counted = counts(year, "")
    wanted = current().disclosure
    rule = Rule(wanted.threshold, wanted.zeros_are_sensitive, wanted.minimum_interval)
    return _year(year, counted, rule)


def counts(year: int, agency_code: str) -> list[CountTable]:
    """Contacts, people, referrals by set of services and investigations of one hotline, or of all ("")."""
    if not EARLIEST <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year from %(first)d to this one.") % {"first": EARLIEST})
    start, end = date(year, 1, 1), date(year, 12, 31)
    contacts = list(facts.hotline_contacts(start, end, agency_code=agency_code))
    victims = facts.hotline_victims(start, end, agency_code=agency_code)
    doors = [code.code for code in current().codes("contact_channel") if code.extra["door"] == "hotline"]
    topics = ["trafficking" if fact.is_about_trafficking else "other" for fact in contacts]
    sets = Counter("+".join(fact.services) for fact in victims if fact.services)
    return [
        *_tables(CALLS, "calls", year, len(contacts), {
            "topic": (("trafficking", "other"), topics),
            "disposition": (_codes("contact_disposition"), [fact.disposition_code for fact in contacts]),
            "channel": (doors, [fact.channel_code for fact in contacts]),
        }),
        *_tables(VICTIMS, "persons", year, len(victims), {
            "sex": (_codes("sex"), [fact.sex_code for fact in victims]),
            "nationality": (("national", "foreign", "unspecified"), [fact.nationality for fact in victims]),
        }),
        *_tables(REFERRALS, "persons", year, sets.total(), {
            "services": (sorted(sets, key=lambda name: (-sets[name], name)), list(sets.elements())),
        }),
        *_tables(INVESTIGATIONS, "investigations", year,
                 len(facts.hotline_investigations(start, end, agency_code=agency_code)), {}),
    ]  # fmt: skip


def as_text(found: Year) -> str:
    """For a terminal."""
    lines = [_("Hotline %(year)d · cut-off %(cut)s") % {"year": found.year, "cut": _cut(found)}, ""]
    for breakdown in found.breakdowns:
        lines.append(breakdown.title)
        lines += [f"  {line.label:<58} {_shown(line.value):>10}" for line in breakdown.lines]
        lines.append("")
    lines += [_beside_text(row) for row in beside(found)]
    return "\n".join([*lines, *notes(found)])


def as_csv(found: Year, *, synthetic: bool) -> str:
    """Long form: one row for each number; an empty value is withheld."""
    return spreadsheets.as_csv([row | {"cut_off": _cut(found)} for row in as_rows(found)], synthetic=synthetic)


def as_json(found: Year, *, synthetic: bool) -> str:
    said = {
        "year": found.year,
        "cut_off": found.cut_off.isoformat(),
        "synthetic": synthetic,
        "threshold": found.threshold,
        "rows": as_rows(found),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def as_rows(found: Year) -> list[dict[str, Any]]:
    """One row for each number of ours, the published one beside it; then what others published and we do not count."""
    published = {(row.figure.indicator_id, row.dimension, row.category): row for row in beside(found)}
    rows = [
        {
            "indicator": breakdown.indicator,
            "year": found.year,
            "dimension": breakdown.dimension,
            "category": line.category,
            "label": line.label,
            "value": line.value,
            "withheld": line.value is None,
            **_published(published.pop((breakdown.indicator, breakdown.dimension, line.category), None)),
        }
        for breakdown in found.breakdowns
        for line in breakdown.lines
    ]
    left = [
        {
            "indicator": row.figure.indicator_id,
            "year": found.year,
            "dimension": row.dimension,
            "category": row.category,
            "label": row.label,
            "value": row.ours,
            "withheld": False,
            **_published(row),
        }
        for row in published.values()
    ]
    return rows + left


def beside(found: Year) -> list[Beside]:
    """Each published figure with our number of the same category."""
    return [_beside(found, figure) for figure in found.published]


def notes(found: Year) -> list[str]:
    """What one has to know to read the numbers."""
    said = [
        _("A contact counts in the year in which it began; what came of it, until the cut-off."),
        _("People counted here may be counted by the authorities too: the two are never added."),
    ]
    if found.threshold:
        said.append(
            _("Counts from 1 to %d are withheld, and as many others as it takes that they cannot be worked out.")
            % (found.threshold - 1)
        )
    return said


def _beside(found: Year, figure: PublishedFigure) -> Beside:
    dimension, category = _category_of(figure)
    lines = [b.lines for b in found.breakdowns if (b.indicator, b.dimension) == (figure.indicator_id, dimension)]
    title, ours = _title(figure.indicator_id, ""), None
    if lines and figure.area == current().country_iso2:
        # A set of services that nobody was referred for has no line: it is zero.
        ours = next((line.value for line in lines[0] if line.category == category), 0)
    exact = ours is not None and figure.value is not None and not figure.qualifier
    return Beside(
        figure=figure,
        dimension=dimension,
        category=category,
        label=f"{title}: {_name(dimension, category)}",
        ours=ours,
        difference=int(ours - figure.value) if exact and ours is not None and figure.value is not None else None,
    )


def _category_of(figure: PublishedFigure) -> tuple[str, str]:
    """Where a published figure stands among our breakdowns: (dimension, category); as the source says it, if nowhere."""
    if not figure.breakdown:
        return "", ""
    if len(figure.breakdown) > 1:
        return ";".join(figure.breakdown), ";".join(figure.breakdown.values())
    ((dimension, said),) = figure.breakdown.items()
    names = NAMED_ELSEWHERE.get(dimension, {})
    if dimension == "nationality":
        return dimension, names.get(said, NATIONAL)
    if dimension == "services":
        return dimension, "+".join(sorted({names.get(part, part) for part in said.split("+")}))
    return dimension, names.get(said, said)


def _published(row: Beside | None) -> dict[str, Any]:
    if row is None:
        return {"published": None, "difference": None, "source": ""}
    value = None if row.figure.value is None else int(row.figure.value)
    return {"published": value, "difference": row.difference, "source": row.figure.source_title}


def _beside_text(row: Beside) -> str:
    """One published figure for a terminal."""
    difference = "–" if row.difference is None else f"{row.difference:+,}"
    return _("%(name)s: ours %(ours)s, published %(published)s (%(source)s), difference %(difference)s") % {
        "name": row.label,
        "ours": "–" if row.ours is None else f"{row.ours:,}",
        "published": _("none reported") if row.figure.value is None else f"{row.figure.value:,}",
        "source": row.figure.source_title,
        "difference": _("none: equal") if row.is_equal else difference,
    }


def _tables(
    indicator: str, unit: str, year: int, total: int, by: Mapping[str, tuple[Sequence[str], Iterable[str]]]
) -> list[CountTable]:
    """The total and each breakdown of one indicator. A code that its list no longer has stands at the end."""
    found = [CountTable(indicator, unit, str(year), (), (), (total,))]
    for dimension, (known, said) in by.items():
        counted = Counter(said)
        codes = (*known, *sorted(set(counted) - set(known)))
        if codes:
            found.append(
                CountTable(indicator, unit, str(year), (dimension,), (codes,), tuple(counted[c] for c in codes))
            )
    return found


def _year(year: int, counted: list[CountTable], rule: Rule | None) -> Year:
    shown: Sequence[CountTable | Table] = protect(counted, rule).for_release if rule else counted
    figures = tuple(
        figure
        for indicator in (CALLS, VICTIMS, REFERRALS, INVESTIGATIONS)
        for figure in current().figures_for(indicator, str(year))
    )
    return Year(
        year=year,
        cut_off=timezone.now(),
        threshold=rule.threshold if rule else 0,
        breakdowns=tuple(_breakdown(table) for table in shown),
        published=figures,
    )


def _breakdown(table: CountTable | Table) -> Breakdown:
    dimension = table.dimensions[0] if table.dimensions else ""
    values = [cell.value for cell in table.cells] if isinstance(table, Table) else list(table.counts)
    codes = table.categories[0] if table.categories else ("",)
    lines = (Line(code, _name(dimension, code), value) for code, value in zip(codes, values, strict=True))
    return Breakdown(table.indicator, dimension, _title(table.indicator, dimension), tuple(lines))


def _title(indicator: str, dimension: str) -> str:
    names = {
        CALLS: _("Calls, chats, messages and visits"),
        VICTIMS: _("People presumed or identified as victims"),
        REFERRALS: _("People referred for help"),
        INVESTIGATIONS: _("Investigations that began with a contact"),
    }
    by = {
        "": "",
        "topic": _("by topic"),
        "disposition": _("by what it was"),
        "channel": _("by channel"),
        "sex": _("by sex"),
        "nationality": _("by nationality"),
        "services": _("by set of services"),
    }
    return f"{names[indicator]} {by[dimension]}".strip()


def _name(dimension: str, code: str) -> str:
    own = {
        "": _("Total"),
        "trafficking": _("About trafficking"),
        "other": _("About something else"),
        NATIONAL: _("Of this country"),
        "foreign": _("Of another country"),
        "unspecified": _("Not specified"),
    }
    lists = {"disposition": "contact_disposition", "channel": "contact_channel", "sex": "sex"}
    if dimension in lists:
        return label(lists[dimension], code)
    if dimension == "services":
        return " + ".join(label("service", part) for part in code.split("+"))
    return own.get(code, code)


def _codes(list_name: str) -> list[str]:
    return [code for code, _name in current().codes(list_name).choices(language())]


def _cut(found: Year) -> str:
    return timezone.localtime(found.cut_off).strftime("%Y-%m-%d %H:%M")


def _shown(value: int | None) -> str:
    return _("withheld") if value is None else f"{value:,}"
