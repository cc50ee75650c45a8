"""What invented people answer under a protocol of the pack: drawn at random and kept when the engine finds what is wanted.

Nothing here knows a protocol: whatever a pack asks is answered by type, by what it tells the engine and by the signs that
it looks for. So the demonstration goes on when questions change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from random import Random

from enlace.country.loader import Pack
from enlace.country.protocols import NO, NONE, YES, NoAnswer, Over, Protocol, Question, Under, Value, holds, leaves
from enlace.country.queries import current
from enlace.demo.rules import dice
from enlace.screening.rules import (
    INSUFFICIENT,
    NOTHING,
    POSSIBLE,
    PRESUMED,
    Configuration,
    Facts,
    Outcome,
    assess,
    missing_required,
    visible,
)

ELEMENTS = ("act", "purpose", "means")  # of the offence
GROUPS = ("migrant", "indigenous", "day_labourer", "poverty", "informal_worker", "commercial_sex")  # of any adult
# How much is told for a class to come out of it: the share of signs, and of the elements of the offence.
TOLD = {PRESUMED: (0.8, 1.0), POSSIBLE: (0.35, 0.4), NOTHING: (0.0, 0.0), INSUFFICIENT: (0.0, 0.0)}
DRAWS, KINDS = 200, 6  # so many tries for so many different sets of answers
OPENING = 0.7  # how often a question that only opens others is answered with yes, whatever else

Answers = dict[str, Value]


@dataclass(frozen=True)
class Teller:
    """Who answers: an age in years, and whether an authority holds them."""

    age: int = 30
    is_detained: bool = False


def weigh(protocol: Protocol, answers: Mapping[str, Value], on: date) -> Outcome:
    """What the engine finds, as it will when the screening is finished."""
    pack = current()
    assert pack.screening_rule is not None
    weighing = Configuration(pack.screening_rule, pack.adult_age, pack.means_required)
    return assess(protocol, pack.screening_indicators, weighing, answers, Facts(on=on))


@cache
def told(key: tuple[str, int], class_code: str, teller: Teller, on: date) -> tuple[Answers, ...]:
    """Up to ``KINDS`` sets of answers under a version of which the engine finds ``class_code``; empty when none was drawn.

    A possible case is one that no open question could make a presumed one, so that no second screening is owed.
    """
    protocol = current().protocol(*key)
    rng = dice(f"{protocol.code} {class_code} {teller}")
    found: list[Answers] = []
    for draw in range(DRAWS):
        drawn = _draw_answers(protocol, class_code, teller, rng)
        outcome = weigh(protocol, drawn, on)
        if drawn not in found and outcome.class_code == class_code and (outcome.settled or class_code != POSSIBLE):
            found.append(drawn)
        if len(found) == KINDS or (found and draw > 10 * KINDS):
            break
    return tuple(found)


def _draw_answers(protocol: Protocol, class_code: str, teller: Teller, rng: Random) -> Answers:
    signs, elements = TOLD[class_code]
    is_told = {use.indicator: rng.random() < signs for q in protocol.questions for use in q.uses}
    has_element = {fact: rng.random() < elements for fact in ELEMENTS}
    found: Answers = {}
    for question in protocol.questions:
        if question.code not in {q.code for q in visible(protocol, found)}:
            continue
        if class_code == INSUFFICIENT and question.uses:
            continue
        value = _told_by_fact(question, teller, has_element, rng)
        if value is None:
            value = _told_by_signs(question, {sign for sign, told in is_told.items() if told}, rng)
        if value is not None:
            found[question.code] = value
    return found | dict.fromkeys(missing_required(protocol, found), NoAnswer.NOT_ASKED)


def _told_by_fact(question: Question, teller: Teller, has_element: Mapping[str, bool], rng: Random) -> Value | None:
    """The answer to a question that tells the engine something about the person; ``None`` for the others."""
    if question.fact == "age":
        return teller.age
    if question.fact == "detained":
        return YES if teller.is_detained else NO
    if question.fact in ("age_doubt", "unable", "apprehended"):
        return NO
    if question.fact not in (*ELEMENTS, "group"):
        return None
    wanted = has_element.get(question.fact, True)
    codes = [code for code in _codes(question, current()) if code not in (NO, NONE)]
    if not wanted:
        return _nothing(question)
    if question.fact == "group":
        codes = [code for code in codes if code in GROUPS] or codes
    chosen = rng.choice(codes)
    return (chosen,) if question.type == "several" else chosen


def _told_by_signs(question: Question, signs: set[str], rng: Random) -> Value | None:
    """The answer that shows as many of ``signs`` as it can and no other; ``None``: not answered.

    A question that looks for no sign may open others: where there is something to tell, it is answered in any way.
    """
    if signs and not question.uses and (codes := [code for code in _codes(question, current()) if code != NONE]):
        opening = YES if question.type == "yes_no" and rng.random() < OPENING else rng.choice(codes)
        return (opening,) if question.type == "several" else opening
    if question.type == "several":
        codes = [code for code in _codes(question, current()) if code != NONE]
        chosen = tuple(code for code in codes if (shown := _shown(question, (code,))) and shown <= signs)
        return chosen or _nothing(question)
    candidates = list(_candidates(question))
    fitting = [value for value in candidates if _shown(question, value) <= signs]
    telling = [value for value in fitting if _shown(question, value)]
    plain = [value for value in fitting if not _shown(question, value)]
    if telling:
        return rng.choice(telling)
    return _nothing(question) if _nothing(question) in plain else (rng.choice(plain) if plain else None)


def _shown(question: Question, value: Value) -> set[str]:
    """The signs that an answer shows."""
    return {use.indicator for use in question.uses if holds(use.when, {question.code: value})}


def _nothing(question: Question) -> Value | None:
    """The answer "no" or "none of these"; ``None`` where there is none."""
    if question.type == "several":
        return (NONE,) if NONE in _codes(question, current()) else None
    return next((code for code in (NO, NONE) if code in _codes(question, current())), None)


def _codes(question: Question, pack: Pack) -> list[str]:
    if question.type == "yes_no":
        return [YES, NO]
    if question.type == "code":
        return [code.code for code in pack.codes(question.list_name)]
    if question.type == "place":
        return [state.code for state in pack.states]
    return [option.code for option in question.options]


def _candidates(question: Question) -> Iterable[Value]:
    """Answers worth trying: every code, and for a number the values beside its bounds."""
    if question.type != "number":
        yield from _codes(question, current())
        return
    for use in question.uses:
        for leaf in leaves(use.when):
            if isinstance(leaf, Over | Under) and isinstance(leaf.bound, int):
                yield from (n for n in (leaf.bound - 1, leaf.bound + 1) if _within(question, n))


def _within(question: Question, number: int) -> bool:
    low, high = question.low, question.high
    return (not isinstance(low, int) or number >= low) and (not isinstance(high, int) or number <= high)
