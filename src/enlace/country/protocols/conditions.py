"""Conditions over answers: a small closed language, evaluated plainly or with unanswered questions left open.

An answer that was given is a text (``yes_no``, ``choice``, ``text``, ``code``, ``place``), a tuple of codes (``several``), a
whole number or a date. A ``NoAnswer`` says why there is none; to a condition it is the same as a question not reached.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum


class NoAnswer(Enum):
    """Why a question that was reached has no answer. All of them leave the question open."""

    NOT_ASKED = "not_asked"
    DOES_NOT_KNOW = "does_not_know"
    PREFERS_NOT = "prefers_not_to_say"


Given = str | int | date | tuple[str, ...]
Value = Given | NoAnswer
Answers = Mapping[str, Value]
Bound = int | date


@dataclass(frozen=True)
class OneOf:
    """The answer is one of the codes; of several answers, at least one is."""

    question: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Over:
    """The number or date is above the bound, the bound itself left out."""

    question: str
    bound: Bound


@dataclass(frozen=True)
class Under:
    """The number or date is below the bound, the bound itself left out."""

    question: str
    bound: Bound


@dataclass(frozen=True)
class Answered:
    """There is an answer, whatever it is."""

    question: str


@dataclass(frozen=True)
class AllOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class AnyOf:
    parts: "tuple[Condition, ...]"


@dataclass(frozen=True)
class Not:
    part: "Condition"


Leaf = OneOf | Over | Under | Answered
Condition = Leaf | AllOf | AnyOf | Not


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every leaf, from left to right."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def truth(condition: Condition, of_leaf: Callable[[Leaf], bool | None]) -> bool | None:
    """Kleene's three-valued logic: None when the leaves that are not known (None) leave it open."""
    if isinstance(condition, Not):
        inner = truth(condition.part, of_leaf)
        return None if inner is None else not inner
    if isinstance(condition, AllOf | AnyOf):
        decisive = isinstance(condition, AnyOf)
        found = [truth(part, of_leaf) for part in condition.parts]
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    return of_leaf(condition)


def holds(condition: Condition, answers: Answers) -> bool:
    """Whether it holds on the answers as they are; of a question without an answer every leaf is false."""
    return truth(condition, lambda leaf: leaf_holds(leaf, answers.get(leaf.question))) is True


def leaf_holds(leaf: Leaf, value: Value | None) -> bool:
    """Whether a leaf holds of one answer, which may be absent. A bound never holds of another type than its own."""
    if value is None or isinstance(value, NoAnswer):
        return False
    if isinstance(leaf, Answered):
        return True
    if isinstance(leaf, OneOf):
        return any(code in leaf.codes for code in (value if isinstance(value, tuple) else (value,)))
    if not isinstance(value, int | date) or isinstance(value, date) != isinstance(leaf.bound, date):
        return False
    distance = as_number(value) - as_number(leaf.bound)
    return distance > 0 if isinstance(leaf, Over) else distance < 0


def as_number(bound: Bound) -> int:
    """A number as it is; a date as its day counted from the first of the calendar."""
    return bound.toordinal() if isinstance(bound, date) else bound
