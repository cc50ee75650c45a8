"""What the answers show: the state of every indicator, and the facts about the person that the rules ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from enlace.country.protocols import NO, NONE, YES, Given, Protocol, Question, Use, leaves
from enlace.screening.rules.visibility import Standing

PRESENT, OPEN, ABSENT, SKIPPED = "present", "open", "absent", "skipped"
STATES = (PRESENT, OPEN, ABSENT, SKIPPED)  # of an indicator asked about more than once, the first that applies


@dataclass(frozen=True)
class Facts:
    """What is known of the person beside the answers. ``minor``: what the recorded age group says; ``forms``: of exploitation."""

    on: date
    age: int | None = None
    birth_year: int | None = None
    minor: bool | None = None
    age_doubt: bool = False
    unable: bool | None = None
    detained: bool | None = None
    apprehended: bool | None = None
    forms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """One use of an indicator: its state there, and the questions that would settle it when it is open."""

    indicator: str
    question: str
    state: str
    settled_by: frozenset[str]


@dataclass(frozen=True)
class Circumstances:
    """Facts about the person; None: not known. ``settled_by``: by fact, the questions to put now that would tell it."""

    minor: bool | None
    minor_by_doubt: bool
    act: bool | None
    means: bool | None
    purpose: bool | None
    unable: bool | None
    detained: bool | None
    apprehended: bool | None
    forms: tuple[str, ...]
    groups: tuple[str, ...]
    settled_by: Mapping[str, frozenset[str]]


def traces(protocol: Protocol, standing: Standing) -> tuple[Trace, ...]:
    """Every use of every indicator in the order of asking."""
    return tuple(_trace(question, use, standing) for question in protocol.questions for use in question.uses)


def _trace(question: Question, use: Use, standing: Standing) -> Trace:
    found = standing.truth(use.when)
    if question.code in standing.counted:
        state = PRESENT if found else ABSENT if found is False else OPEN
    elif question.code in standing.open:
        state = ABSENT if found is False else OPEN
    else:
        state = SKIPPED
    settled_by = (
        standing.askable([question.code, *(leaf.question for leaf in leaves(use.when))])
        if state == OPEN
        else frozenset()
    )
    return Trace(use.indicator, question.code, state, settled_by)


def circumstances(protocol: Protocol, standing: Standing, facts: Facts, adult_age: int) -> Circumstances:
    """The facts that the answers fill, joined with what was known before; what protects the person prevails."""
    told: dict[str, list[Given]] = {}
    for question in protocol.questions:
        if question.fact and question.code in standing.counted:
            told.setdefault(question.fact, []).append(standing.counted[question.code])
    open_by_fact: dict[str, set[str]] = {}
    for question in protocol.questions:
        if question.fact and question.code in standing.open:
            open_by_fact.setdefault(question.fact, set()).add(question.code)
    minor, by_doubt = majority(told, facts, adult_age)
    return Circumstances(
        minor=minor,
        minor_by_doubt=by_doubt,
        act=_yes(told.get("act", ())),
        means=_yes(told.get("means", ())),
        purpose=True if facts.forms else _yes(told.get("purpose", ())),
        unable=_either(_yes(told.get("unable", ())), facts.unable),
        detained=_either(_yes(told.get("detained", ())), facts.detained),
        apprehended=_either(_yes(told.get("apprehended", ())), facts.apprehended),
        forms=tuple(sorted({*facts.forms, *_codes(told.get("purpose", ()))})),
        groups=tuple(sorted(_codes(told.get("group", ())))),
        settled_by={fact: standing.askable(codes) for fact, codes in open_by_fact.items()},
    )


def majority(told: Mapping[str, Iterable[Given]], facts: Facts, adult_age: int) -> tuple[bool | None, bool]:
    """Whether the person is a minor (None: nothing is known), and whether that rests on a doubt.

    A stated doubt, a year of birth that leaves it open, and sources that contradict one another all make a minor.
    """
    years = [year for year in (*told.get("birth_year", ()), facts.birth_year) if isinstance(year, int)]
    ages = [age for age in (*told.get("age", ()), facts.age) if isinstance(age, int)]
    youngest = [*ages, *(facts.on.year - year - 1 for year in years)]
    oldest = [*ages, *(facts.on.year - year for year in years)]
    minor = [age < adult_age for age in youngest] + [age < adult_age for age in oldest]
    if facts.minor is not None:
        minor.append(facts.minor)
    if facts.age_doubt or YES in told.get("age_doubt", ()):
        return True, not (minor and all(minor))
    return (any(minor), any(minor) and not all(minor)) if minor else (None, False)


def _either(told: bool | None, known: bool | None) -> bool | None:
    """What was just said; without it, what was known."""
    return known if told is None else told


def _yes(values: Iterable[Given]) -> bool | None:
    """Whether any answer is more than a no; None when there is none. "None of these" is a no."""
    found = [bool(_codes([value])) or value == YES for value in values]
    return any(found) if found else None


def _codes(values: Iterable[Given]) -> set[str]:
    """The codes chosen, "none of these" and plain yes and no left out."""
    parts = [part for value in values for part in (value if isinstance(value, tuple) else (value,))]
    return {part for part in parts if isinstance(part, str) and part not in (YES, NO, NONE)}
