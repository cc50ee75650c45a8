"""Reads ``screening/protocols/<code>-<version>.toml`` whole or not at all; what is wrong is told by file, line and field."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from pathlib import Path

from enlace.country.codelists import CodeList
from enlace.country.protocols.conditions import (
    AllOf,
    Answered,
    AnyOf,
    Bound,
    Condition,
    Not,
    OneOf,
    Over,
    Under,
    as_number,
)
from enlace.country.protocols.tables import Table, placed, places, top, unique
from enlace.country.protocols.types import (
    FACTS,
    KINDS,
    NO,
    TYPES,
    YES,
    Option,
    Protocol,
    Question,
    SafetyStep,
    Section,
    Use,
)
from enlace.country.rows import PackError, parse_toml, read_text

FOLDER = "screening/protocols"
OPERATORS = ("is", "in", "over", "under", "answered", "all", "any", "not")
OPTIONED, BOUNDED = ("choice", "several"), ("number", "date")
DEEPEST = 12
FLAGS = ("required", "observed", "shared")
HEAD = (
    "code",
    "version",
    "valid_from",
    "valid_to",
    "provisional",
    "kind",
    "channels",
    "agency_kinds",
    "minutes",
    "basis",
    "title",
    "purpose",
)


@dataclass(frozen=True)
class Vocabulary:
    """What a protocol may refer to."""

    languages: Sequence[str]
    indicators: Collection[str]
    codelists: Mapping[str, CodeList]
    states: Collection[str]

    def codes(self, list_name: str) -> Collection[str]:
        return self.codelists[list_name].by_code if list_name in self.codelists else ()


@dataclass(frozen=True)
class Asked:
    """What a condition may mention: the questions before it, and the codes of all, so that a later one is told apart."""

    before: Mapping[str, Question]
    everywhere: Collection[str]
    own: Question | None = None


def read_protocols(folder: Path, vocabulary: Vocabulary) -> tuple[Protocol, ...]:
    """Every protocol of the pack, by code and version; versions of one code are never valid on the same day."""
    found = sorted((read_protocol(folder, name, vocabulary) for name in files(folder)), key=lambda each: each.key)
    for earlier, later in pairwise(found):
        if earlier.code == later.code and (earlier.valid_to or date.max) >= later.valid_from:
            expected = f"expected a date before {later.valid_from}, when version {later.version} begins"
            raise PackError(earlier.file, 0, "valid_to", expected)
    return tuple(found)


def files(folder: Path) -> list[str]:
    """The names of the files of protocols that the pack has."""
    return sorted(path.name for path in (folder / FOLDER).glob("*.toml"))


def digest(content: Mapping[str, object]) -> str:
    """SHA-256 of the content in one fixed spelling: spacing, order of names and comments do not change it."""
    spelled = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(spelled.encode()).hexdigest()


def read_protocol(folder: Path, name: str, vocabulary: Vocabulary) -> Protocol:
    """One file. Raises ``PackError``."""
    text = read_text(folder, f"{FOLDER}/{name}")
    shown = f"{folder.name}/{FOLDER}/{name}"
    content = parse_toml(shown, text)
    head = Table(shown, "", content, top(text))
    head.only(*HEAD, "safety", "sections")
    code, version = head.code(), head.whole("version", at_least=1)
    if name != f"{code}-{version}.toml":
        raise head.bad("code", f"the code and version that the name of the file says ({name})")
    valid_from = head.day("valid_from")
    valid_to = head.day("valid_to") if "valid_to" in content else None
    if valid_to and valid_to < valid_from:
        raise head.bad("valid_to", f"a date not before valid_from ({valid_from})")
    return Protocol(
        code=code,
        version=version,
        valid_from=valid_from,
        valid_to=valid_to,
        provisional=head.flag("provisional"),
        kind=head.word("kind", KINDS),
        channels=head.words("channels", vocabulary.codes("contact_channel"), "the list contact_channel"),
        agency_kinds=head.words("agency_kinds", vocabulary.codes("agency_kind"), "the list agency_kind"),
        minutes=head.whole("minutes", at_least=1),
        basis=head.word("basis"),
        titles=head.texts("title", vocabulary.languages),
        purposes=head.texts("purpose", vocabulary.languages),
        safety=_safety(head, text, vocabulary.languages),
        sections=_sections(head, text, vocabulary),
        file=shown,
        digest=digest(content),
    )


def _safety(head: Table, text: str, languages: Sequence[str]) -> tuple[SafetyStep, ...]:
    steps = placed(head.tables("safety"), places(text, "safety"))
    if not steps:
        raise head.bad("safety", "at least one step that keeps the person safe before the first question")
    unique(steps)
    for step in steps:
        step.only("code", "required", "text")
    return tuple(SafetyStep(s.code(), s.flag("required"), s.texts("text", languages)) for s in steps)


def _sections(head: Table, text: str, vocabulary: Vocabulary) -> tuple[Section, ...]:
    tables = placed(head.tables("sections"), places(text, "sections"))
    if not tables:
        raise head.bad("sections", "at least one section")
    unique(tables)
    parts = [section.tables("questions") for section in tables]
    asked = placed([question for part in parts for question in part], places(text, "sections.questions"))
    unique(asked)
    everywhere = {question.code() for question in asked}
    before: dict[str, Question] = {}
    sections, rest = [], iter(asked)
    for table, part in zip(tables, parts, strict=True):
        table.only("code", "title", "show_if", "questions")
        if not part:
            raise table.bad("questions", "at least one question")
        show_if = _condition_or_none(table, "show_if", Asked(dict(before), everywhere), vocabulary)
        for _ in part:
            question = _question(next(rest), Asked(before, everywhere), vocabulary)
            before[question.code] = question
        questions = tuple(before.values())[-len(part) :]
        sections.append(Section(table.code(), table.texts("title", vocabulary.languages), questions, show_if))
    return tuple(sections)


def _question(table: Table, asked: Asked, vocabulary: Vocabulary) -> Question:
    table.only("code", "type", "text", "hint", *FLAGS, "options", "list", "min", "max", "fact", "show_if", "indicators")
    kind = table.word("type", TYPES)
    show_if = _condition_or_none(table, "show_if", asked, vocabulary)
    low, high = _bounds(table, kind)
    question = Question(
        code=table.code(),
        type=kind,
        texts=table.texts("text", vocabulary.languages),
        hint=table.texts("hint", vocabulary.languages) if "hint" in table.values else None,
        required=table.flag("required"),
        observed=table.flag("observed"),
        shared=table.flag("shared"),
        options=_options(table, kind, vocabulary.languages),
        list_name=_list_name(table, kind, vocabulary),
        low=low,
        high=high,
        fact=_fact(table, kind),
        show_if=show_if,
    )
    uses = _uses(table, Asked(asked.before, asked.everywhere, own=question), vocabulary)
    return replace(question, uses=uses)


def _options(table: Table, kind: str, languages: Sequence[str]) -> tuple[Option, ...]:
    if kind not in OPTIONED:
        if "options" in table.values:
            raise table.bad("options", f"options only for {' or '.join(OPTIONED)}")
        return ()
    options = table.tables("options")
    if len(options) < 2:
        raise table.bad("options", "at least two options")
    unique(options)
    for option in options:
        option.only("code", "text")
    return tuple(Option(option.code(), option.texts("text", languages)) for option in options)


def _list_name(table: Table, kind: str, vocabulary: Vocabulary) -> str:
    if kind == "code":
        return table.word("list", vocabulary.codelists)
    if "list" in table.values:
        raise table.bad("list", "a list only for the type code")
    return ""


def _bounds(table: Table, kind: str) -> tuple[Bound | None, Bound | None]:
    found: list[Bound | None] = []
    for name in ("min", "max"):
        if name in table.values and kind not in BOUNDED:
            raise table.bad(name, f"a bound only for {' or '.join(BOUNDED)}")
        found.append(_bound(table, name, kind) if name in table.values else None)
    low, high = found
    if low is not None and high is not None and as_number(low) > as_number(high):
        raise table.bad("max", f"a bound not below min ({low})")
    return low, high


def _bound(table: Table, name: str, kind: str) -> Bound:
    return table.whole(name) if kind == "number" else table.day(name)


def _fact(table: Table, kind: str) -> str:
    if "fact" not in table.values:
        return ""
    fact = table.word("fact", FACTS)
    if kind not in FACTS[fact]:
        raise table.bad(
            "fact", f"a fact that a question of the type {kind} can tell ({fact}: {', '.join(FACTS[fact])})"
        )
    return fact


def _uses(table: Table, asked: Asked, vocabulary: Vocabulary) -> tuple[Use, ...]:
    found = []
    for use in table.tables("indicators"):
        use.only("id", "when")
        if (name := use.word("id")) not in vocabulary.indicators:
            raise use.bad("id", "an indicator of screening/indicators.csv")
        found.append(Use(name, _condition(use.table("when"), asked, vocabulary)))
    return tuple(found)


def _condition_or_none(table: Table, name: str, asked: Asked, vocabulary: Vocabulary) -> Condition | None:
    return _condition(table.table(name), asked, vocabulary) if name in table.values else None


def _condition(table: Table, asked: Asked, vocabulary: Vocabulary, depth: int = 1) -> Condition:
    table.only("question", *OPERATORS)
    used = [name for name in OPERATORS if name in table.values]
    if len(used) != 1:
        raise table.bad(used[1] if used else "is", f"exactly one of {', '.join(OPERATORS)}")
    if depth > DEEPEST:
        raise table.bad(used[0], f"conditions within one another at most {DEEPEST} deep")
    operator = used[0]
    if operator in ("all", "any", "not"):
        table.only(operator)
        if operator == "not":
            return Not(_condition(table.table("not"), asked, vocabulary, depth + 1))
        parts = tuple(_condition(part, asked, vocabulary, depth + 1) for part in table.tables(operator))
        if not parts:
            raise table.bad(operator, "at least one condition")
        return AllOf(parts) if operator == "all" else AnyOf(parts)
    if operator == "answered":
        table.only("answered")
        return Answered(_mentioned(table, "answered", asked).code)
    return _comparison(table, operator, asked, vocabulary)


def _comparison(table: Table, operator: str, asked: Asked, vocabulary: Vocabulary) -> Condition:
    question = asked.own if asked.own and "question" not in table.values else _mentioned(table, "question", asked)
    if operator in ("over", "under"):
        if question.type not in BOUNDED:
            raise table.bad(operator, f"a bound only on {' or '.join(BOUNDED)}; {question.code} is {question.type}")
        return (Over if operator == "over" else Under)(question.code, _bound(table, operator, question.type))
    allowed = answers_of(question, vocabulary)
    if not allowed:
        raise table.bad(operator, f"over, under or answered: {question.code} has no codes, it is {question.type}")
    what = f"answers to {question.code}"
    codes = (table.word("is", allowed),) if operator == "is" else table.words("in", allowed, what)
    if not codes:
        raise table.bad("in", "at least one code")
    return OneOf(question.code, codes)


def _mentioned(table: Table, name: str, asked: Asked) -> Question:
    code = table.word(name)
    if asked.own and code == asked.own.code:
        return asked.own
    if code not in asked.before:
        later = code in asked.everywhere
        raise table.bad(name, "a question asked before this one" if later else "a question of this protocol")
    return asked.before[code]


def answers_of(question: Question, vocabulary: Vocabulary) -> Collection[str]:
    """The codes that an answer may have; none for a text, a number or a date."""
    if question.type == "yes_no":
        return (YES, NO)
    if question.type == "place":
        return vocabulary.states
    if question.type == "code":
        return vocabulary.codes(question.list_name)
    return [option.code for option in question.options]
