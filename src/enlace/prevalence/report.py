"""A finished estimation for its readers: the page, the report to attach to a publication, and the numbers unrounded.

The sentences, pictures and tables are ``reckon.prevalence``'s own, in the reader's language, so that page, report and
command line cannot disagree.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from enlace.base.pdf import typeset
from enlace.cases.rules import SEVERAL
from enlace.country.labels import label
from enlace.country.queries import current
from enlace.prevalence.labels import SOURCES, language
from enlace.prevalence.models import Estimation
from enlace.prevalence.queries import rates_of, study_of
from reckon.prevalence import wording
from reckon.prevalence.dependence import heterogeneous_total
from reckon.prevalence.labels import METHODS
from reckon.prevalence.plots import Figure
from reckon.prevalence.report import (
    PLACES,
    About,
    again,
    figures,
    headline_lines,
    headline_warnings,
    method_notes,
    report,
    sentences,
)
from reckon.prevalence.report_tables import Rows, item_tables
from reckon.prevalence.report_words import REPORT
from reckon.prevalence.results import Headline, Item, NoEstimate, Study
from reckon.prevalence.strata import NotPublished, Rate, Rates
from reckon.prevalence.wording import Language

RATES = "rates"  # the stage of the worker that reckon has no word for
SAID_OF_THE_WHOLE = "highest_interaction"  # the assumption that stands with the headline already
PROSE = ("means", "assumes", "breaks")


@dataclass(frozen=True)
class Lines:
    """A table whose cells know the heading of their column, for narrow screens."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def columns_in_numbers(self) -> list[tuple[str, bool]]:
        """Each heading, and whether numbers stand under it."""
        return [(name, all(_is_number(row[n]) for row in self.rows)) for n, name in enumerate(self.columns)]

    @property
    def labelled(self) -> list[list[tuple[str, bool, str]]]:
        """Each row as (heading, whether numbers stand under it, cell)."""
        return [
            [(*column, cell) for column, cell in zip(self.columns_in_numbers, row, strict=True)] for row in self.rows
        ]


@dataclass(frozen=True)
class Picture:
    """A picture, how to read it, and the table that says the same."""

    title: str
    description: str
    svg: str
    table: Lines


@dataclass(frozen=True)
class Told:
    """One item of the reliability panel as it is read."""

    code: str
    heading: str
    verdict: str
    verdict_label: str
    sentences: list[str]
    picture: Picture | None
    tables: list[Lines]


def stage(code: str) -> str:
    """What is being computed, for a progress line."""
    return _("Rates by sex, age and form") if code == RATES else wording.stage(code, language())


def shown(row: Estimation, counts: bool = True) -> dict[str, Any]:
    """Everything that the page of a finished estimation says; without ``counts`` not how many people the lists met."""
    study, lang = study_of(row), language()
    pictures = {code: _picture(figure) for code, figure in figures(study, lang, counts).items()}
    headline = study.headline
    return {
        "headline": _headline(headline, lang, counts) if isinstance(headline, Headline) else None,
        "no_answer": wording.refusal(headline, lang) if isinstance(headline, NoEstimate) else "",
        "prose": [(_said(code, lang), _said(f"{code}_text", lang)) for code in PROSE],
        "methods": pictures.get("methods"),
        "notes": method_notes(study, lang),
        "refused": [(wording.method_name(r.method, lang), wording.refusal(r, lang)) for r in study.refused],
        "items": [_item(study, item, pictures, lang, counts) for item in study.panel.items],
        "explained": _explained(study, lang),
        "again": again(study, lang),
        "cautions": [*cautions(row), *([] if counts else [_said("counts_left_out", lang)])],
        "rates": [_rates(found, lang) for found in rates_of(row)],
        "rate_notes": _rate_notes(rates_of(row), lang),
        "words": {code: _said(code, lang) for code in ("answer", "warnings", "reliability", "explained", "again")},
    }


def what_if(row: Estimation, spread: str) -> dict[str, str]:
    """What the total would be if people differed in how easily they are met; ``spread`` is a coefficient of variation.

    It is what the slider says, 0 to 1; anything else is read as 0.5.
    """
    study, value = study_of(row), _spread(spread)
    headline = study.headline
    if isinstance(headline, NoEstimate):
        return {}
    people = partial(wording.people, language=language())
    if value == 0:
        total = headline.total
    else:
        total = heterogeneous_total(headline.n, headline.unseen, study.panel.adequacy.sizes, value).total
    said = _("Then the total would be %(total)s, where the estimate says %(estimate)s.")
    return {"value": f"{value:g}", "sentence": said % {"total": people(total), "estimate": people(headline.total)}}


def _spread(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.5
    return value if 0 <= value <= 1 else 0.5


def cautions(row: Estimation) -> list[str]:
    """What to know of where the lists come from."""
    detail = row.source_detail
    if row.source == "cases" and detail.get("by_referral"):
        return [
            _(
                "%(n)d of %(all)d meetings came about because another agency sent the person. Such lists are not "
                "independent: without this, they would overlap less, and the estimate would be higher."
            )
            % {"n": detail["by_referral"], "all": detail["meetings"]}
        ]
    return []


def may_tell_counts(row: Estimation) -> bool:
    """Whether no history is so rare that publishing counts could expose somebody (the pack's threshold)."""
    return min(row.counts, default=0) >= current().disclosure.threshold


def as_html(row: Estimation) -> str:
    """The report to attach to a publication, as one page."""
    lang, rates = language(), rates_of(row)
    about = About(
        title=row.title,
        detail=_about(row),
        cautions=cautions(row),
        rates_title=_("Rates per 100,000 people"),
        rates=[Rows(found.caption, found.columns, found.rows) for found in (_rates(one, lang) for one in rates)],
        rate_notes=_rate_notes(rates, lang),
    )
    return report(study_of(row), lang, may_tell_counts(row), about)


def as_json(row: Estimation) -> str:
    """The study and the rates as they are stored, numbers unrounded, with whom they are about."""
    told = {
        "title": row.title,
        "period": row.period,
        "source": {"from": row.source, **row.source_detail},
        "cautions": cautions(row),
        "study": json.loads(row.result),
        "rates": row.rates,
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def as_pdf(row: Estimation) -> bytes:
    """The report as tagged PDF."""
    told = shown(row, may_tell_counts(row))
    data = {
        "lang": language(),
        "title": row.title,
        "about": _about(row),
        "headline": told["headline"],
        "no_answer": told["no_answer"],
        "prose": told["prose"],
        "methods": _printed(told["methods"]),
        "notes": told["notes"],
        "refused": told["refused"],
        "rate_notes": told["rate_notes"],
        "rates": [_plain(rows) for rows in told["rates"]],
        "cautions": told["cautions"],
        "items": [
            {
                "heading": item.heading,
                "verdict": item.verdict_label,
                "sentences": item.sentences,
                "picture": _printed(item.picture),
                "tables": [_plain(rows) for rows in item.tables],
            }
            for item in told["items"]
        ],
        "explained": told["explained"],
        "again": told["again"],
        "words": {**told["words"], "rates": _("Rates per 100,000 people")},
    }
    return typeset("prevalence/report.typ", data)


def _about(row: Estimation) -> str:
    return f"{row.period} · {SOURCES[row.source]} · {', '.join(row.lists)}"


FILES: dict[str, tuple[str, Callable[[Estimation], str | bytes]]] = {
    "html": ("text/html; charset=utf-8", as_html),
    "pdf": ("application/pdf", as_pdf),
    "json": ("application/json", as_json),
}


def _rates(found: Rates, lang: Language) -> Lines:
    """Rates per 100,000 of one covariate; of a group without one, why. How many were seen is not said: it may be few."""
    heading = {"sex": _("Sex"), "age": _("Age"), "form": _("Form of exploitation")}[found.covariate]
    columns = (heading, _("Estimate"), _("Interval"), _("Per 100,000 people"), _("Interval of the rate"))
    rows = tuple(
        (_level(found.covariate, group.group), *(_rated(group, lang) if isinstance(group, Rate) else _why(group, lang)))
        for group in found.groups
    )
    return Lines(heading, columns, rows)


def _rate_notes(all_found: Sequence[Rates], lang: Language) -> list[str]:
    """What is to be quoted with each rate besides what is said of the whole."""
    return [
        f"{_level(found.covariate, group.group)}: {wording.sentence(finding, lang)}"
        for found in all_found
        for group in found.groups
        if isinstance(group, Rate)
        for finding in group.warnings
        if finding.code != SAID_OF_THE_WHOLE
    ]


def _level(covariate: str, level: str) -> str:
    if covariate == "age":
        return {"minor": _("Under age"), "adult": _("Adult")}.get(level, _("Not known"))
    name = label("sex" if covariate == "sex" else "exploitation_form", level)
    return _("Several forms") if level == SEVERAL else _("Not known") if name == "unknown" else name


def _rated(group: Rate, lang: Language) -> tuple[str, str, str, str]:
    people = partial(wording.people, language=lang)
    low, high = group.limits_per_100k
    return (
        people(group.total),
        f"{people(group.interval.lower)} – {people(group.interval.upper)}",
        f"{group.per_100k:,.2f}",
        f"{low:,.2f} – {high:,.2f}" if isfinite(high) else f"{low:,.2f} – {people(high)}",
    )


def _why(group: NotPublished, lang: Language) -> tuple[str, str, str, str]:
    return (f"{wording.label('not_published', lang)}: {wording.refusal_text(group.code, lang)}", "–", "–", "–")


def _is_number(text: str) -> bool:
    return not any(letter.isalpha() for letter in text)


def _said(code: str, lang: Language) -> str:
    return REPORT[code][wording.LANGUAGES.index(lang)]


def _headline(found: Headline, lang: Language, counts: bool) -> dict[str, Any]:
    return {
        "number": wording.people(found.total, lang),
        "range": f"{wording.people(found.interval.lower, lang)} – {wording.people(found.interval.upper, lang)}",
        "unit": _said("people", lang),
        "lines": headline_lines(found, lang),
        "warnings": headline_warnings(found, lang, counts),
    }


def _picture(figure: Figure) -> Picture:
    return Picture(figure.title, figure.description, figure.svg, Lines(figure.title, figure.columns, figure.rows))


def _item(study: Study, item: Item, pictures: dict[str, Picture], lang: Language, counts: bool) -> Told:
    return Told(
        code=item.code,
        heading=wording.label(item.code, lang),
        verdict=item.verdict,
        verdict_label=wording.label(item.verdict, lang),
        sentences=sentences(item.findings, lang, counts),
        picture=pictures.get(PLACES.get(item.code, "")),
        tables=[Lines(rows.caption, rows.columns, rows.rows) for rows in item_tables(study, item.code, lang, counts)],
    )


def _explained(study: Study, lang: Language) -> list[tuple[str, str, str]]:
    place = wording.LANGUAGES.index(lang)
    used = dict.fromkeys([*(e.method for e in study.estimates), *(r.method for r in study.refused)])
    return [(METHODS[m].name[place], METHODS[m].does[place], METHODS[m].paper) for m in used]


def _printed(picture: Picture | None) -> dict[str, Any] | None:
    if picture is None:
        return None
    table = _plain(picture.table)
    return {"title": picture.title, "description": picture.description, "svg": str(picture.svg), "table": table}


def _plain(rows: Lines) -> dict[str, Any]:
    return {"caption": rows.caption, "columns": rows.columns, "rows": rows.rows}
