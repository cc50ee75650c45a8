"""The tables under each item of the panel, as texts for reading."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reckon.prevalence import wording
from reckon.prevalence.report_words import REPORT
from reckon.prevalence.results import Study
from reckon.prevalence.wording import Language


@dataclass(frozen=True)
class Rows:
    """A table: caption, headings, rows of texts."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def item_tables(study: Study, code: str, language: Language, counts: bool = True) -> list[Rows]:
    """The tables of one item of the panel; those without rows are left out, and without `counts` those of people met."""
    makers = [make for make in _TABLES.get(code, ()) if counts or make not in _OF_COUNTS]
    made = [make(study, language) for make in makers]
    if not counts:
        made = [_without(rows, _said("seen", language)) for rows in made]
    return [rows for rows in made if rows.rows]


def _without(rows: Rows, heading: str) -> Rows:
    """The table without the column of this heading."""
    kept = [place for place, column in enumerate(rows.columns) if column != heading]
    lines = tuple(tuple(row[place] for place in kept) for row in rows.rows)
    return Rows(rows.caption, tuple(rows.columns[place] for place in kept), lines)


def _rows(caption: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]], language: Language) -> Rows:
    def said(code: str) -> str:
        pair = REPORT.get(code)
        return pair[wording.LANGUAGES.index(language)] if pair else wording.label(code, language)

    return Rows(said(caption), tuple(said(column) for column in columns), tuple(rows))


def _said(code: str, language: Language) -> str:
    return REPORT[code][wording.LANGUAGES.index(language)]


def _by_number(study: Study, language: Language) -> Rows:
    counts = study.panel.adequacy.by_number
    rows = [(str(number), f"{count:,}") for number, count in enumerate(counts, start=1)]
    return _rows("by_number", ("number_of_lists", "seen"), rows, language)


def _numbered(study: Study, language: Language) -> Rows:
    found = study.panel.adequacy
    rows = [
        (str(number), name, f"{size:,}")
        for number, (name, size) in enumerate(zip(found.lists, found.sizes, strict=True), start=1)
    ]
    return _rows("numbered", ("number", "list", "seen"), rows, language)


def _path(study: Study, language: Language) -> Rows:
    rows = [(f"{one.threshold:g}", wording.people(one.total, language), one.model or "–") for one in study.panel.path]
    return _rows("path", ("p", "total", "model"), rows, language)


def _variants(study: Study, language: Language) -> Rows:
    rows = [
        (f"{_said(one.what, language)} {' + '.join(one.lists)}", f"{one.n:,}", wording.people(one.total, language))
        for one in study.panel.variants
    ]
    return _rows("variants", ("change", "seen", "total"), rows, language)


def _consistency(study: Study, language: Language) -> Rows:
    answers = {True: "yes", False: "no", None: "unknown"}
    rows = [
        (
            one.name,
            f"{one.known:,}",
            wording.people(one.total, language),
            wording.people(one.lower, language),
            wording.people(one.upper, language),
            wording.label(answers[one.covered], language),
        )
        for one in study.panel.consistency
    ]
    return _rows("consistency_rows", ("list", "known", "estimate", "lower", "upper", "inside"), rows, language)


def _choices(study: Study, language: Language) -> Rows:
    shares = study.panel.bootstrap.models[:10] if study.panel.bootstrap else ()
    rows = [(one.model, wording.percent(one.share)) for one in shares]
    return _rows("choices", ("model", "share"), rows, language)


def _priors(study: Study, language: Language) -> Rows:
    rows = [
        (
            wording.method_name(one.method, language),
            one.setting,
            wording.people(one.total, language),
            wording.people(one.lower, language),
            wording.people(one.upper, language),
        )
        for one in study.panel.priors
    ]
    return _rows("priors", ("method", "setting", "estimate", "lower", "upper"), rows, language)


def _chains(study: Study, language: Language) -> Rows:
    rows = [
        (
            wording.method_name(one.method, language),
            ", ".join(wording.people(median, language) for median in one.medians),
        )
        for one in study.panel.chains
    ]
    return _rows("chains", ("method", "estimate"), rows, language)


def _linkage(study: Study, language: Language) -> Rows:
    rows = [
        (
            _said(one.kind, language),
            wording.percent(one.share),
            wording.people(one.median, language),
            wording.people(one.lowest, language),
            wording.people(one.highest, language),
        )
        for one in study.panel.linkage
    ]
    return _rows("linkage_rows", ("kind", "share", "estimate", "lowest", "highest"), rows, language)


def _what_ifs(study: Study, language: Language) -> Rows:
    rows = [
        (
            _said(one.kind, language).format(parameter=f"{one.parameter:g}"),
            wording.people(one.total, language),
        )
        for one in study.panel.what_ifs
    ]
    return _rows("what_ifs", ("what", "total"), rows, language)


_TABLES: dict[str, tuple[Callable[[Study, Language], Rows], ...]] = {
    "adequacy": (_numbered, _by_number),
    "spread": (_path,),
    "lists": (_variants,),
    "consistency": (_consistency,),
    "bootstrap": (_choices,),
    "bayesian": (_priors, _chains),
    "linkage": (_linkage,),
    "assumptions": (_what_ifs,),
}
_OF_COUNTS = (_numbered, _by_number, _consistency)
"""Tables that say how many people were met, from which small numbers could be worked out."""
