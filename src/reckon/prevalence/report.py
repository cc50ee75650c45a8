"""A study as one self-contained HTML page, fit to attach to a publication: no script, nothing from elsewhere.

Numbers are rounded to whole people for reading; the unrounded ones are in the JSON. Every picture stands beside a table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from reckon.prevalence import plots, wording
from reckon.prevalence.labels import METHODS
from reckon.prevalence.panel import ASSUMPTIONS
from reckon.prevalence.plots import Figure
from reckon.prevalence.report_tables import Rows, item_tables
from reckon.prevalence.report_words import REPORT
from reckon.prevalence.results import Finding, Headline, Item, NoEstimate, Study
from reckon.prevalence.wording import Language

STYLE = """
:root{color-scheme:light dark;--quiet:#59636e;--line:#d0d7de;--soft:#f6f8fa}
@media (prefers-color-scheme:dark){:root{--quiet:#9aa4af;--line:#3d444d;--soft:#1c2128}}
body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.6rem}h2{font-size:1.25rem;margin-top:2rem}h3{font-size:1.05rem}
.answer{border:2px solid;padding:0 1rem}.answer .number{font-size:2rem;font-weight:700;margin:.5rem 0}
.table{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem;margin:.5rem 0}
caption{text-align:left;font-weight:600;white-space:nowrap}th,td{border:1px solid var(--line);padding:.2rem .5rem;text-align:left}
td.number{text-align:right;font-variant-numeric:tabular-nums}thead th{background:var(--soft)}
svg{max-width:100%;height:auto}figure{margin:1rem 0}figcaption{font-weight:600}
.verdict{border:1px solid;border-radius:.25rem;padding:0 .4rem;font-size:.85rem;font-weight:600;white-space:nowrap}
.verdict-pass{border-style:solid;color:var(--quiet)}.verdict-warn{border-style:dashed}.verdict-refuse{border-width:3px}
.quiet{color:var(--quiet)}code{overflow-wrap:anywhere}
@media print{body{max-width:none;font-size:11pt}h2,h3,figcaption,caption{break-after:avoid}figure,tr,.answer{break-inside:avoid}}
"""


@dataclass(frozen=True)
class About:
    """What a study does not know of itself: whom it is about, what to know of its lists, and rates by group."""

    title: str
    detail: str
    cautions: Sequence[str] = ()
    rates_title: str = ""
    rates: Sequence[Rows] = ()
    rate_notes: Sequence[str] = ()


def report(study: Study, language: Language = "en", counts: bool = True, about: About | None = None) -> str:
    """The page. Without `counts` it leaves out how many people the lists met, for publication where some were few."""
    title = escape(about.title if about else _said("title", language))
    pictures = figures(study, language, counts)
    parts = [
        f"<h1>{title}</h1>",
        _about(about, language) if about else "",
        _answer(study, language, counts),
        *(f"<p><strong>{escape(text)}</strong></p>" for text in (about.cautions if about else ())),
        *(_prose(code, language) for code in ("means", "assumes", "breaks")),
        _methods(study, pictures, language),
        _rates(about) if about and about.rates else "",
        f"<h2>{escape(_said('reliability', language))}</h2>",
        "" if counts else f"<p>{escape(_said('counts_left_out', language))}</p>",
        *(_item(study, item, pictures, language, counts) for item in study.panel.items),
        _explained(study, language),
        _again(study, language),
        f'<p class="quiet">{escape(_said("made_with", language))}</p>',
    ]
    head = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        f"<style>{STYLE}</style></head>"
    )
    return f"{head}<body><main>{''.join(parts)}</main></body></html>\n"


def _about(about: About, language: Language) -> str:
    return f'<p class="quiet">{escape(about.detail)}</p><p>{escape(_said("title", language))}.</p>'


def _rates(about: About) -> str:
    notes = "".join(f"<li>{escape(note)}</li>" for note in about.rate_notes)
    listed = f"<ul>{notes}</ul>" if notes else ""
    return f"<h2>{escape(about.rates_title)}</h2>{''.join(table(rows) for rows in about.rates)}{listed}"


def _said(code: str, language: Language, **values: str) -> str:
    text = REPORT[code][wording.LANGUAGES.index(language)]
    return text.format(**values) if values else text


def _answer(study: Study, language: Language, counts: bool) -> str:
    found = study.headline
    if isinstance(found, NoEstimate):
        reason = escape(wording.refusal(found, language))
        return f'<section class="answer"><h2>{escape(_said("no_answer", language))}</h2><p>{reason}</p></section>'
    lines = "".join(f"<p>{escape(line)}</p>" for line in headline_lines(found, language))
    warnings = "".join(f"<li>{escape(text)}</li>" for text in headline_warnings(found, language, counts))
    number = f"{wording.people(found.total, language)} {_said('people', language)}"
    return (
        f'<section class="answer"><h2>{escape(_said("answer", language))}</h2><p class="number">{escape(number)}</p>{lines}'
        f"<h3>{escape(_said('warnings', language))}</h3><ul>{warnings}</ul></section>"
    )


def headline_lines(found: Headline, language: Language) -> list[str]:
    """Interval, range, people seen and method of a headline, each a sentence."""
    people, source = wording.people, wording.source_name
    does = METHODS[found.method].does[wording.LANGUAGES.index(language)]
    return [
        _said(
            "interval_is",
            language,
            level=wording.percent(found.interval.level),
            lower=people(found.interval.lower, language),
            upper=people(found.interval.upper, language),
        ),
        _said(
            "range_is",
            language,
            lowest=people(found.lowest, language),
            lowest_from=source(found.lowest_from, language),
            highest=people(found.highest, language),
            highest_from=source(found.highest_from, language),
        ),
        _said("seen_is", language, n=people(found.n, language), unseen=people(found.unseen, language)),
        _said("method_is", language, method=wording.method_name(found.method, language), does=does),
    ]


def headline_warnings(found: Headline, language: Language, counts: bool = True) -> list[str]:
    """The warnings of a headline in words; what nobody has confirmed is one of them, however much it is."""
    open_questions = {f"{name}_unknown": name for name in ASSUMPTIONS}
    said = sentences([one for one in found.warnings if one.code not in open_questions], language, counts)
    names = [open_questions[one.code] for one in found.warnings if one.code in open_questions]
    if names:
        questions = " ".join(wording.question(name, language) for name in names)
        said.append(_said("unconfirmed", language, questions=questions))
    return said


def _prose(code: str, language: Language) -> str:
    return f"<h2>{escape(_said(code, language))}</h2><p>{escape(_said(f'{code}_text', language))}</p>"


def figures(study: Study, language: Language = "en", counts: bool = True) -> dict[str, Figure]:
    """The pictures that this study has something for, by code: methods, overlap (of `counts`), bic, bootstrap, trajectory."""
    words, panel = wording.words(language), study.panel
    headline = study.headline if isinstance(study.headline, Headline) else None
    found = [plots.overlap_plot(panel.adequacy, words)] if counts else []
    if study.estimates:
        names = {one.method: wording.method_name(one.method, language) for one in study.estimates}
        found.append(plots.methods_plot(study.estimates, names, words))
    if panel.models:
        found.append(plots.models_plot(panel.models, headline, words))
    if panel.bootstrap:
        found.append(plots.bootstrap_plot(panel.bootstrap, headline, words))
    if any(point.total is not None for point in panel.trajectory):
        found.append(plots.trajectory_plot(panel.trajectory, panel.adequacy.n, words))
    return {figure.code: figure for figure in found}


PLACES = {"adequacy": "overlap", "bimodality": "bic", "bootstrap": "bootstrap", "trajectory": "trajectory"}
"""Which picture belongs to which item of the panel."""


def sentences(findings: Sequence[Finding], language: Language, counts: bool = True) -> list[str]:
    """Findings in words; without `counts` a small number of people is told by its limit only."""
    said = findings if counts else [_vague(finding) for finding in findings]
    return [wording.sentence(finding, language) for finding in said]


_TELLING = {"dropped_holds_all": "lost", "censored_kept": "bound", "censored_exceeds": "bound"}


def _vague(finding: Finding) -> Finding:
    if finding.code == "few_on_several":
        return replace(finding, values={**finding.values, "several": f"< {finding.values['least']}"})
    if name := _TELLING.get(finding.code):
        return replace(finding, values={**finding.values, name: "…"})
    return finding


def _item(study: Study, item: Item, pictures: Mapping[str, Figure], language: Language, counts: bool) -> str:
    verdict = escape(wording.label(item.verdict, language))
    heading = escape(wording.label(item.code, language))
    said = "".join(f"<li>{escape(text)}</li>" for text in sentences(item.findings, language, counts))
    figure = pictures.get(PLACES.get(item.code, ""))
    tables = "".join(table(rows) for rows in item_tables(study, item.code, language, counts))
    return (
        f'<h3>{heading} <span class="verdict verdict-{item.verdict}">{verdict}</span></h3><ul>{said}</ul>'
        f"{_pictured(figure) if figure else ''}{tables}"
    )


def _pictured(figure: Figure) -> str:
    rows = Rows(figure.title, figure.columns, figure.rows)
    caption = f"<figcaption>{escape(figure.title)}</figcaption><p>{escape(figure.description)}</p>"
    return f"<figure>{caption}{figure.svg}</figure>{table(rows)}"


def table(rows: Rows) -> str:
    """A table as HTML; the first column heads its row."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in rows.columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="number">{escape(value)}</td>' for value in row[1:])
        + "</tr>"
        for row in rows.rows
    )
    return (
        f'<div class="table"><table><caption>{escape(rows.caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _methods(study: Study, pictures: Mapping[str, Figure], language: Language) -> str:
    figure = pictures.get("methods")
    if figure is None:
        return ""
    refused = "".join(
        f"<li>{escape(wording.method_name(one.method, language))}: {escape(wording.refusal(one, language))}</li>"
        for one in study.refused
    )
    others = f"<h3>{escape(_said('other_methods', language))}</h3><ul>{refused}</ul>" if refused else ""
    notes = "".join(f"<li>{escape(text)}</li>" for text in method_notes(study, language))
    listed = f"<ul>{notes}</ul>" if notes else ""
    return f"<h2>{escape(figure.title)}</h2>{_pictured(figure)}{listed}{others}"


def method_notes(study: Study, language: Language) -> list[str]:
    """What each method has to say about its own answer."""
    return [
        f"{wording.method_name(one.method, language)}: {wording.sentence(note, language)}"
        for one in study.estimates
        for note in one.notes
    ]


def _explained(study: Study, language: Language) -> str:
    place = wording.LANGUAGES.index(language)
    used = [*(one.method for one in study.estimates), *(one.method for one in study.refused)]
    rows = [(METHODS[one].name[place], METHODS[one].does[place], METHODS[one].paper) for one in dict.fromkeys(used)]
    texts = "".join(f"<dt>{escape(name)}</dt><dd>{escape(does)} {escape(paper)}.</dd>" for name, does, paper in rows)
    return f"<h2>{escape(_said('explained', language))}</h2><dl>{texts}</dl>"


def again(study: Study, language: Language) -> list[tuple[str, str]]:
    """What somebody else needs to compute it again, by name."""
    options, provenance = study.options, study.provenance
    return [
        (_said("methods", language), ", ".join(options.methods)),
        (_said("digest", language), provenance.digest),
        (_said("seed", language), str(options.seed)),
        (_said("boot", language), f"{options.boot:,}"),
        (_said("level", language), wording.percent(options.level)),
        (_said("threshold", language), f"{options.threshold:g}"),
        (_said("versions", language), ", ".join(f"{name} {text}" for name, text in provenance.versions.items())),
    ]


def _again(study: Study, language: Language) -> str:
    rows = again(study, language)
    listed = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(text)}</code></dd>" for name, text in rows)
    heading, text = escape(_said("again", language)), escape(_said("again_text", language))
    return f"<h2>{heading}</h2><p>{text}</p><dl>{listed}</dl>"
