"""Which open indicators and facts can still change the class: exactly, and without trying every set of them.

In a monotone formula a part matters if and only if it stands in a prime implicant, a smallest combination of parts that makes
the formula true (Quine 1952; for monotone formulas these are found by multiplying out and dropping what contains another).
Dimensions share no indicators, so an indicator matters when it can turn its dimension and its dimension matters.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from itertools import product

from enlace.country.protocols import (
    POSSIBLE,
    PRESUMED,
    Either,
    Every,
    Formula,
    IsPositive,
    IsShown,
    ScreeningIndicator,
    ScreeningRule,
)
from enlace.screening.rules.weigh import NOTHING, RANK, STRENGTHS, Counts, Scale

Part = IsPositive | IsShown
Implicant = frozenset[Part]


@dataclass(frozen=True)
class Known:
    """Indicators that are present and facts that are shown, and those that are open."""

    present: Sequence[ScreeningIndicator]
    open: Sequence[ScreeningIndicator]
    facts: Collection[str]
    open_facts: Collection[str]


def decisive(scale: Scale, known: Known) -> tuple[frozenset[str], frozenset[str]]:
    """The open indicators (by id) and the open facts that can raise the class, alone or together with other open ones."""
    now = scale.weigh(known.present, known.facts).class_code
    indicators: set[str] = set()
    facts: set[str] = set()
    if now == NOTHING:
        # One sign makes trafficking possible at once, so that other parts matter only while there is no sign.
        indicators |= {i.id for i in known.open if i.rule_role in scale.rule.signs}
        quiet = [i for i in known.open if i.rule_role not in scale.rule.signs]
        _collect(scale, replace(known, open=quiet), POSSIBLE, indicators, facts)
    if now != PRESUMED:
        _collect(scale, known, PRESUMED, indicators, facts)
    return frozenset(indicators), frozenset(facts)


def _collect(scale: Scale, known: Known, class_code: str, indicators: set[str], facts: set[str]) -> None:
    """Add what matters for reaching at least ``class_code``."""
    for part in _parts(scale, known, class_code):
        if isinstance(part, IsShown):
            facts.add(part.fact)
        else:
            candidates = [i for i in known.open if i.dimension == part.dimension]
            turning = _turning(
                scale, scale.counts(part.dimension, known.present), scale.counts(part.dimension, candidates)
            )
            indicators |= {i.id for i in candidates if scale.strength(i) in turning}


def _parts(scale: Scale, known: Known, class_code: str) -> Implicant:
    """The dimensions and facts, not settled yet, that stand in a prime implicant of "at least this class"."""
    now = scale.weigh(known.present, known.facts).positive
    possible = scale.weigh([*known.present, *known.open], ()).positive
    facts = {*known.facts, *known.open_facts}
    found: set[Implicant] = set()
    for person in scale.rule.people:
        if scale.age not in person.ages or RANK[person.class_code] < RANK[class_code]:
            continue
        for implicant in _implicants(_independent(person.when, scale.rule)):
            if all(_holds(part, possible, facts) for part in implicant):
                found.add(frozenset(part for part in implicant if not _holds(part, now, known.facts)))
    return frozenset[Part]().union(*_smallest(found))


def _holds(part: Part, positive: Collection[str], facts: Collection[str]) -> bool:
    return part.dimension in positive if isinstance(part, IsPositive) else part.fact in facts


def _independent(formula: Formula, rule: ScreeningRule) -> Formula:
    """The same with every fact replaced by itself or the dimensions that show it, so that no part depends on another."""
    if isinstance(formula, Every | Either):
        parts = tuple(_independent(part, rule) for part in formula.parts)
        return Every(parts) if isinstance(formula, Every) else Either(parts)
    if isinstance(formula, IsPositive):
        return formula
    return Either((formula, *(IsPositive(d.code) for d in rule.dimensions if formula.fact in d.shows)))


def _implicants(formula: Formula) -> set[Implicant]:
    """The formula as alternatives, each a set of parts that together suffice."""
    if isinstance(formula, Either):
        return _smallest({implicant for part in formula.parts for implicant in _implicants(part)})
    if isinstance(formula, Every):
        found: set[Implicant] = {frozenset()}
        for part in formula.parts:
            found = _smallest({left | right for left in found for right in _implicants(part)})
        return found
    return {frozenset({formula})}


def _smallest(implicants: Collection[Implicant]) -> set[Implicant]:
    """Those that contain no other."""
    return {one for one in implicants if not any(other < one for other in implicants)}


def _turning(scale: Scale, present: Counts, more: Counts) -> set[str]:
    """The strengths of which one more can turn the dimension from negative to positive, with some of the others or none."""
    found = set()
    ranges = [range(have, have + open_ + 1) for have, open_ in zip(present, more, strict=True)]
    for counts in product(*ranges):
        if scale.rule.is_positive(*counts):
            continue
        for place, strength in enumerate(STRENGTHS):
            one_more = tuple(count + (place == nth) for nth, count in enumerate(counts))
            if one_more[place] in ranges[place] and scale.rule.is_positive(*one_more):
                found.add(strength)
    return found
