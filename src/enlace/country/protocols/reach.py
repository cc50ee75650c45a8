"""Whether any answers at all lead to a question or an indicator: an exact search over the answers that make a difference.

Each question that the condition mentions, directly or through what shows that question, takes every answer that some
comparison tells apart: the codes that are mentioned and one that is not, and for numbers and dates the bounds with their
neighbours. That is finite and leaves nothing out, because between two bounds all numbers answer every comparison alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations

from enlace.country.protocols.conditions import (
    AllOf,
    Condition,
    Given,
    Leaf,
    OneOf,
    Over,
    Under,
    as_number,
    leaf_holds,
    leaves,
    truth,
)
from enlace.country.protocols.types import NO, NONE, YES, Protocol, Question, asked_if

MOST_STEPS = 20_000
OTHER = "\0other"  # stands for every code that no comparison mentions


class TooMany(Exception):
    """The conditions depend on so many answers that they cannot be followed to the end."""


@dataclass(frozen=True)
class Shown:
    """The questions of a protocol, each with what has to hold for it to be asked, and the sizes of the code lists."""

    questions: tuple[Question, ...]
    condition_by_code: Mapping[str, AllOf]
    codes_by_question: Mapping[str, int]


def shown(protocol: Protocol, codes_by_question: Mapping[str, int]) -> Shown:
    conditions = {question.code: asked_if(section, question) for section, question in protocol.asked()}
    return Shown(protocol.questions, conditions, codes_by_question)


def is_reachable(asked: Shown, goal: Condition) -> bool:
    """Whether some answers make ``goal`` hold. Raises ``TooMany`` after ``MOST_STEPS`` answers tried."""
    names = _mentioned(asked, goal)
    variables = [question for question in asked.questions if question.code in names]
    told_apart = [goal, *(asked.condition_by_code[question.code] for question in variables)]
    by_question: dict[str, list[Leaf]] = {question.code: [] for question in variables}
    for leaf in (leaf for condition in told_apart for leaf in leaves(condition)):
        by_question[leaf.question].append(leaf)
    return _search(
        asked, goal, [(question, by_question[question.code]) for question in variables], {}, iter(range(MOST_STEPS))
    )


def _search(
    asked: Shown,
    goal: Condition,
    variables: Sequence[tuple[Question, Sequence[Leaf]]],
    given: dict[str, Given | None],
    steps: Iterator[int],
) -> bool:
    """Depth first in the order of asking. ``given`` holds None for a question that stays without an answer."""
    if next(steps, None) is None:
        raise TooMany
    found = truth(goal, lambda leaf: _known(leaf, given))
    if found is not None:
        return found
    question, mentions = variables[len(given)]
    here = truth(asked.condition_by_code[question.code], lambda leaf: _known(leaf, given))
    answers = _domain(question, mentions, asked.codes_by_question[question.code]) if here else ()
    return any(
        _search(asked, goal, variables, {**given, question.code: value}, steps) for value in chain(answers, (None,))
    )


def _known(leaf: Leaf, given: Mapping[str, Given | None]) -> bool | None:
    return leaf_holds(leaf, given[leaf.question]) if leaf.question in given else None


def _mentioned(asked: Shown, goal: Condition) -> set[str]:
    """The questions that decide the goal, and those that decide whether these are asked."""
    found: set[str] = set()
    waiting = [goal]
    while waiting:
        for leaf in leaves(waiting.pop()):
            if leaf.question not in found:
                found.add(leaf.question)
                waiting.append(asked.condition_by_code[leaf.question])
    return found


def _domain(question: Question, mentions: Iterable[Leaf], size: int) -> Iterator[Given]:
    """The answers that the comparisons tell apart; ``size`` is how many codes the answer is chosen from."""
    named = sorted({code for leaf in mentions if isinstance(leaf, OneOf) for code in leaf.codes})
    bounds = [as_number(leaf.bound) for leaf in mentions if isinstance(leaf, Over | Under)]
    if question.type == "yes_no":
        yield from (YES, NO)
    elif question.type in ("number", "date"):
        yield from _numbers(question, bounds)
    elif question.type == "several":
        yield from _sets(question, named)
    elif question.type == "text":
        yield OTHER
    else:
        yield from named
        if size > len(named):
            yield OTHER


def _sets(question: Question, named: Sequence[str]) -> Iterator[Given]:
    """Every set of the mentioned options, with and without an option that is not mentioned; "none" only by itself."""
    free = [code for code in named if code != NONE]
    others = {option.code for option in question.options} - {NONE, *free}
    for rest in [(OTHER,), ()] if others else [()]:
        for many in range(len(free) + 1):
            yield from (chosen + rest for chosen in combinations(free, many) if chosen + rest)
    if any(option.code == NONE for option in question.options):
        yield (NONE,)


def _numbers(question: Question, bounds: Iterable[int]) -> Iterator[Given]:
    """Each bound with its two neighbours, within what the question allows."""
    is_date = question.type == "date"
    low = as_number(question.low) if question.low is not None else (date.min.toordinal() if is_date else None)
    high = as_number(question.high) if question.high is not None else (date.max.toordinal() if is_date else None)
    ends = [end for end in (low, high) if end is not None]
    near = {bound + step for bound in (*bounds, *ends) for step in (-1, 0, 1)} or {0}
    for number in sorted(near):
        if (low is None or number >= low) and (high is None or number <= high):
            yield date.fromordinal(number) if is_date else number
