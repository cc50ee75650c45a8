"""Words for a study in English and Spanish: findings, refusals, methods, numbers.

reckon has no gettext: a page that has its own translations may use the codes instead. Missing words are an error, not a
blank (the tests ask for every code in both languages).
"""

from collections.abc import Mapping
from math import isfinite
from typing import Literal

from reckon.prevalence.labels import LABELS, METHODS, STAGES
from reckon.prevalence.refusals import REFUSALS
from reckon.prevalence.results import Finding, NoEstimate, Value
from reckon.prevalence.sentences import ANSWERED, FINDINGS, QUESTIONS

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = ("en", "es")

SHARES = ("share",)
SIGNED_SHARES = ("move_share",)
RATIOS = ("ratio", "r_hat", "bias")
SOURCES = ("lowest_from", "highest_from", "method")


def sentence(finding: Finding, language: Language = "en") -> str:
    """The finding in plain words. Raises KeyError for a code without words."""
    question, _, answer = finding.code.rpartition("_")
    if question in QUESTIONS and answer in ANSWERED:
        return _in(ANSWERED[answer], language).format(question=_in(QUESTIONS[question], language))
    shown = {name: _shown(name, value, language) for name, value in finding.values.items()}
    for name in ("low", "high"):
        if f"{name}_from" in shown and f"{name}_to" in shown:
            shown[name] = _range(shown[f"{name}_from"], shown[f"{name}_to"], language)
    return _in(FINDINGS[finding.code], language).format(**shown)


def refusal(found: NoEstimate, language: Language = "en") -> str:
    """Why there is no estimate. The method's own reason in English; in Spanish the words of its code."""
    return found.reason if language == "en" else refusal_text(found.code, language) or found.reason


def refusal_text(code: str, language: Language) -> str:
    """The general words of a refusal's code, without numbers; empty for a code that has none."""
    words = REFUSALS.get(code) or FINDINGS.get(code)
    return _in(words, language).replace(" {n}", "") if words else ""


def method_name(method: str, language: Language = "en") -> str:
    """A method's name, as a reader knows it."""
    return _in(METHODS[method].name, language)


def source_name(source: str, language: Language = "en") -> str:
    """Where one end of a range comes from: a method, "threshold:0.05", "model:[12,3]"."""
    kind, _, detail = source.partition(":")
    if not detail:
        return method_name(source, language)
    return f"{label(f'source_{kind}', language)} {detail}"


def question(name: str, language: Language = "en") -> str:
    """One of the questions of `panel.ASSUMPTIONS` as a statement to agree with."""
    return _in(QUESTIONS[name], language)


def label(code: str, language: Language = "en") -> str:
    """A heading, an axis, a column or a verdict."""
    return _in(LABELS[code], language)


def words(language: Language = "en") -> Mapping[str, str]:
    """All labels of one language by code: what `plots` takes, and what a translated page replaces by its own."""
    return {code: _in(pair, language) for code, pair in LABELS.items()}


def stage(code: str, language: Language = "en") -> str:
    """What is being computed, for a progress line."""
    return method_name(code, language) if code in METHODS else _in(STAGES[code], language)


def people(number: float | None, language: Language = "en") -> str:
    """A number of people for reading: whole, with thousands apart; JSON keeps the unrounded one."""
    if number is None:
        return "–"
    if not isfinite(number):
        return label("no_limit", language)
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """A share as a percentage, with one decimal where it is small."""
    number = f"{100 * share:.1f}".removesuffix(".0") if abs(share) < 0.1 else f"{100 * share:.0f}"
    return f"{number} %"


def _shown(name: str, value: Value, language: Language) -> str:
    if name in SOURCES:
        return source_name(str(value), language)
    if isinstance(value, str):
        return value
    if name in SHARES:
        return percent(value)
    if name in SIGNED_SHARES:
        return f"{round(100 * value):+d} %"
    if name in RATIOS:
        return f"{value:.2f}"
    return people(value, language)


def _range(low: str, high: str, language: Language) -> str:
    return low if low == high else f"{low} {label('up_to', language)} {high}"


def _in(pair: tuple[str, str], language: Language) -> str:
    return pair[LANGUAGES.index(language)]
