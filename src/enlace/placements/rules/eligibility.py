"""Who needs a place, and whether a condition of a house lets that person in: yes, no, or not known.

What is not known never excludes: it is a question to ask before the person is sent (strong three-valued logic of Kleene,
Introduction to Metamathematics, 1952, section 64).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from enlace.directory.rules import CODED, FLAGGED, Criterion

MALE = "male"
NOT_KNOWN = frozenset({"", "unknown", "not_specified"})
ANY_AGE = (0, 130)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Child:
    """A child who comes with the person. Age in years; ``None``: not known."""

    sex: str = ""
    age: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One person (or a person with her children) for whom help is sought. ``""`` and ``None`` mean: not known.

    ``age_span``: the age group, both ends included, used where ``age`` is not known. ``children``: who come along; ``()``
    when it is known that none do. ``forms``: of exploitation; empty when not known. ``exclusions``: codes of the list
    ``place_exclusion`` that apply; ``frozenset()`` when it is known that none does. ``security``: the level the person
    needs. ``services``: all of them are asked of one site. ``beds``: how many in one unit; 0 for help without lodging.
    ``avoid_states``: where the known trafficker is or has people. ``days``: for how long. ``has_consent_or_ground``: for
    whoever may help; consent for one agency, or its refusal, stands in ``consented_agencies`` and ``refused_agencies``.
    """

    sex: str = ""
    gender: str = ""
    age: int | None = None
    age_span: Span = ANY_AGE
    children: tuple[Child, ...] | None = None
    family: bool | None = None
    pregnant: bool | None = None
    disability: bool | None = None
    lgbti: bool | None = None
    nationality: str = ""
    migration_status: str = ""
    forms: frozenset[str] = frozenset()
    exclusions: frozenset[str] | None = None
    security: int | None = None
    state: str = ""
    services: frozenset[str] = frozenset()
    accessibility: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    needs_interpreter: bool = False
    avoid_states: frozenset[str] = frozenset()
    refused_sites: frozenset[UUID] = frozenset()
    days: int | None = None
    beds: int = 1
    has_consent_or_ground: bool = False
    consented_agencies: frozenset[str] = frozenset()
    refused_agencies: frozenset[str] = frozenset()


def admits(criterion: Criterion, need: Need) -> bool | None:
    """Whether the condition lets the person in; ``None`` when that depends on something not known."""
    if criterion.fact == "boys_age":
        return _admits_males(criterion, need)
    if criterion.fact in CODED:
        found = _has_code(criterion, _codes(criterion.fact, need))
    elif criterion.fact in FLAGGED:
        found = _flag(criterion.fact, need)
    else:
        found = _within(criterion, _span(criterion.fact, need))
    return found if criterion.must else _not(found)


def _codes(fact: str, need: Need) -> frozenset[str] | None:
    if fact == "form":
        return need.forms or None
    if fact == "exclusion":
        return need.exclusions
    code: str = getattr(need, fact)  # sex, gender, nationality, migration_status: named alike on both sides
    return None if code in NOT_KNOWN else frozenset({code})


def _has_code(criterion: Criterion, codes: frozenset[str] | None) -> bool | None:
    return None if codes is None else not codes.isdisjoint(criterion.values)


def _flag(fact: str, need: Need) -> bool | None:
    if fact == "with_children":
        return None if need.children is None else bool(need.children)
    flags = {"family": need.family, "pregnancy": need.pregnant, "disability": need.disability, "lgbti": need.lgbti}
    return flags[fact]


def _span(fact: str, need: Need) -> Span | None:
    if fact == "security_level":
        return None if need.security is None else (need.security, need.security)
    return _years(need.age, need.age_span)


def _years(age: int | None, otherwise: Span = ANY_AGE) -> Span:
    return otherwise if age is None else (age, age)


def _within(criterion: Criterion, span: Span | None) -> bool | None:
    """Whether the person's number is in the criterion's span; not known when only part of what it may be is."""
    if span is None:
        return None
    low, high = span
    least = low if criterion.least is None else criterion.least
    most = high if criterion.most is None else criterion.most
    if high < least or low > most:
        return False
    return True if least <= low and high <= most else None


def _admits_males(criterion: Criterion, need: Need) -> bool | None:
    """``must``: every male of those who come is inside the span; ``cannot``: none is."""
    return _not(_any(_keeps_out(criterion, sex, span) for sex, span in _those_who_come(need)))


def _those_who_come(need: Need) -> Iterator[tuple[str, Span]]:
    yield need.sex, _years(need.age, need.age_span)
    # Nobody has asked about children: one of whom nothing is known stands for them.
    for child in (Child(),) if need.children is None else need.children:
        yield child.sex, _years(child.age)


def _keeps_out(criterion: Criterion, sex: str, span: Span) -> bool | None:
    is_male = None if sex in NOT_KNOWN else sex == MALE
    inside = _within(criterion, span)
    return _both(is_male, _not(inside) if criterion.must else inside)


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _any(values: Iterable[bool | None]) -> bool | None:
    found = set(values)
    return True if True in found else None if None in found else False
