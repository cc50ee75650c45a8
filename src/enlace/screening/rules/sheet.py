"""The printed prompt sheet of a protocol as plain data, for use where there is no device: safety steps first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from enlace.country.protocols import (
    NO,
    YES,
    AllOf,
    Answered,
    AnyOf,
    Condition,
    Not,
    Over,
    Protocol,
    Question,
    Under,
)

CHOSEN = ("choice", "several")


@dataclass(frozen=True)
class Wording:
    """How the sheet speaks: its language, its own words by name, and the name of a code of a list ("state" for places)."""

    lang: str
    words: Mapping[str, str]
    name_of: Callable[[str, str], str]


# The names under which ``Wording.words`` holds what is printed beside the protocol's own texts.
WORDS = (
    "before",  # heading above the safety steps
    "must",
    "minutes",  # with a gap: %(minutes)s
    "version",  # with gaps: %(code)s %(version)s
    "provisional",
    "observed",
    "shared",
    "required",
    "yes",
    "no",
    "only_if",
    "question",  # with a gap: %(number)s
    "over",
    "under",
    "answered",
    "and",
    "or",
    "not",
    "not_asked",
    "does_not_know",
    "prefers_not_to_say",
    "asked",  # headings of the two columns
    "answer",
)


def sheet(protocol: Protocol, wording: Wording) -> dict[str, Any]:
    """Everything that is printed, in order; questions are numbered so that a condition can point to one."""
    numbers = {question.code: nth for nth, question in enumerate(protocol.questions, start=1)}
    words, lang = wording.words, wording.lang
    return {
        "lang": lang,
        "title": protocol.title(lang),
        "purpose": protocol.purpose(lang),
        "foot": words["version"] % {"code": protocol.code, "version": protocol.version},
        "minutes": words["minutes"] % {"minutes": protocol.minutes},
        "provisional": words["provisional"] if protocol.provisional else "",
        "words": {name: words[name] for name in ("before", "asked", "answer")},
        "open_answers": [words[name] for name in ("not_asked", "does_not_know", "prefers_not_to_say")],
        "safety": [
            {"text": step.text(lang), "mark": words["must"] if step.required else ""} for step in protocol.safety
        ],
        "sections": [
            {
                "title": section.title(lang),
                "only_if": _only_if(protocol, section.show_if, numbers, wording),
                "questions": [_question(protocol, question, numbers, wording) for question in section.questions],
            }
            for section in protocol.sections
        ],
    }


def _question(protocol: Protocol, question: Question, numbers: Mapping[str, int], wording: Wording) -> dict[str, Any]:
    return {
        "number": numbers[question.code],
        "text": question.text(wording.lang),
        "hint": question.hint_text(wording.lang),
        "marks": [wording.words[mark] for mark in ("required", "observed", "shared") if getattr(question, mark)],
        "only_if": _only_if(protocol, question.show_if, numbers, wording),
        "boxes": _boxes(question, wording),
    }


def _boxes(question: Question, wording: Wording) -> list[str]:
    """What is ticked; nothing where the answer is written on a line."""
    if question.type == "yes_no":
        return [wording.words[YES], wording.words[NO]]
    return [option.text(wording.lang) for option in question.options]


def _only_if(protocol: Protocol, condition: Condition | None, numbers: Mapping[str, int], wording: Wording) -> str:
    if condition is None:
        return ""
    return f"{wording.words['only_if']} {_said(protocol, condition, numbers, wording)}"


def _said(protocol: Protocol, condition: Condition, numbers: Mapping[str, int], wording: Wording) -> str:
    """A condition in words; parts within parts stand in parentheses."""
    words = wording.words
    if isinstance(condition, Not):
        return f"{words['not']} ({_said(protocol, condition.part, numbers, wording)})"
    if isinstance(condition, AllOf | AnyOf):
        joint = words["and"] if isinstance(condition, AllOf) else words["or"]
        parts = [_said(protocol, part, numbers, wording) for part in condition.parts]
        return parts[0] if len(parts) == 1 else f" {joint} ".join(f"({part})" for part in parts)
    subject = words["question"] % {"number": numbers[condition.question]}
    if isinstance(condition, Answered):
        return f"{subject}: {words['answered']}"
    if isinstance(condition, Over | Under):
        return f"{subject}: {words['over' if isinstance(condition, Over) else 'under']} {condition.bound}"
    question = protocol.question(condition.question)
    named = [_name(question, code, wording) for code in condition.codes]
    return subject + ": " + f" {words['or']} ".join(named)


def _name(question: Question, code: str, wording: Wording) -> str:
    """What an answer is called on the sheet."""
    if question.type == "yes_no":
        return wording.words[code]
    if question.type in CHOSEN:
        return next(option.text(wording.lang) for option in question.options if option.code == code)
    return wording.name_of("state" if question.type == "place" else question.list_name, code)
