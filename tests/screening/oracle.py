"""The engine once more, slowly and from tables: every set of what is open is tried, nothing is reasoned about.

Written from the description alone and built differently: conditions are looked up in truth tables and settled by repeating
until nothing changes, a dimension is matched slot by slot against each combination, a formula is expanded into the sets that
suffice, and what is decisive is found by trying it with every set of the others.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from enlace.country.protocols import (
    AllOf,
    Answered,
    Answers,
    AnyOf,
    Condition,
    Every,
    Formula,
    IsPositive,
    IsShown,
    NoAnswer,
    Not,
    OneOf,
    Over,
    Protocol,
    ScreeningIndicator,
)
from enlace.screening.rules import Configuration, Facts

T, F, U = "true", "false", "unknown"
AND = {(T, T): T, (T, F): F, (F, T): F, (F, F): F, (T, U): U, (U, T): U, (U, U): U, (F, U): F, (U, F): F}
OR = {(T, T): T, (T, F): T, (F, T): T, (F, F): F, (T, U): T, (U, T): T, (U, U): U, (F, U): U, (U, F): U}
NOT = {T: F, F: T, U: U}
ORDER = ["no_indication_found", "possible", "presumed"]
WEIGHT = {"S": 3, "M": 2, "W": 1}
FACTS = ("act", "means", "purpose")
AGE = ("age", "birth_year", "age_doubt")

Loose = ScreeningIndicator | str  # an open indicator, or the name of an open fact


@dataclass(frozen=True)
class Expected:
    class_code: str
    floor: str
    ceiling: str
    states: Mapping[str, str]
    would_change: frozenset[str]
    populations: frozenset[str]
    minor: bool | None
    legal: str


@dataclass
class Table:
    """What is known of each question: its counted answer, and whether it is open, and whether it is shown."""

    protocol: Protocol
    counted: dict[str, object]
    open: set[str]
    shown: set[str]
    conditions: dict[str, Condition]

    def look_up(self, condition: Condition, unknown: str) -> str:
        """``unknown``: what a comparison with an open question is looked up as."""
        if isinstance(condition, AllOf | AnyOf):
            value, table = (T, AND) if isinstance(condition, AllOf) else (F, OR)
            for part in condition.parts:
                value = table[value, self.look_up(part, unknown)]
            return value
        if isinstance(condition, Not):
            return NOT[self.look_up(condition.part, unknown)]
        if condition.question in self.open:
            return unknown
        return T if condition.question in self.counted and compare(condition, self.counted[condition.question]) else F

    def ways(self, codes: set[str]) -> set[str]:
        """The shown open questions behind these."""
        found = codes & self.open & self.shown
        for code in codes & self.open - self.shown:
            found |= self.ways(mentioned(self.conditions[code]))
        return found


def compare(condition: Condition, value: object) -> bool:
    if isinstance(condition, Answered):
        return True
    if isinstance(condition, OneOf):
        return bool(set(condition.codes) & set(value if isinstance(value, tuple) else [value]))
    if type(value) is not type(condition.bound) or not isinstance(value, int | date):
        return False
    low, high = (condition.bound, value) if isinstance(condition, Over) else (value, condition.bound)
    return sorted([low, high]) == [low, high] and low != high


def mentioned(condition: Condition) -> set[str]:
    if isinstance(condition, AllOf | AnyOf):
        return set().union(*(mentioned(part) for part in condition.parts))
    return mentioned(condition.part) if isinstance(condition, Not) else {condition.question}


def tabulate(protocol: Protocol, answers: Answers) -> Table:
    conditions: dict[str, Condition] = {}
    for section in protocol.sections:
        for question in section.questions:
            conditions[question.code] = AllOf(tuple(c for c in (section.show_if, question.show_if) if c))
    table = Table(protocol, {}, set(), set(), conditions)
    while True:
        shown = {code for code, condition in conditions.items() if table.look_up(condition, F) == T}
        given = {c: a for c, a in answers.items() if c in shown and not isinstance(a, NoAnswer)}
        maybe = {code for code, condition in conditions.items() if table.look_up(condition, U) == U}
        opened = (shown | maybe) - set(given)
        after = Table(protocol, given, opened, shown, conditions)
        if after == table:
            return table
        table = after


def states(table: Table) -> tuple[dict[str, str], dict[str, set[str]]]:
    """Each indicator's state, and the questions to put for it while it is open somewhere."""
    found: dict[str, list[str]] = {}
    ways: dict[str, set[str]] = {}
    for question in table.protocol.questions:
        for use in question.uses:
            value = table.look_up(use.when, U)
            if question.code in table.counted:
                state = {T: "present", F: "absent", U: "open"}[value]
            elif question.code in table.open:
                state = "absent" if value == F else "open"
            else:
                state = "skipped"
            found.setdefault(use.indicator, []).append(state)
            if state == "open":
                ways.setdefault(use.indicator, set()).update(table.ways({question.code} | mentioned(use.when)))
    order = ["present", "open", "absent", "skipped"]
    return {name: sorted(seen, key=order.index)[0] for name, seen in found.items()}, ways


def told_facts(table: Table) -> dict[str, set[object]]:
    told: dict[str, set[object]] = {}
    for question in table.protocol.questions:
        if question.fact and question.code in table.counted:
            value = table.counted[question.code]
            told.setdefault(question.fact, set()).update(value if isinstance(value, tuple) else [value])
    return told


def is_minor(told: Mapping[str, set[object]], facts: Facts, adult_age: int) -> bool | None:
    if facts.age_doubt or "yes" in told.get("age_doubt", ()):
        return True
    born = [*told.get("birth_year", ()), *([] if facts.birth_year is None else [facts.birth_year])]
    ages = [*told.get("age", ()), *([] if facts.age is None else [facts.age])]
    ages += [facts.on.year - year - shy for year in born for shy in (0, 1)]
    voices = {"minor" if age < adult_age else "adult" for age in ages}
    voices |= {None: set(), True: {"minor"}, False: {"adult"}}[facts.minor]
    return None if not voices else "minor" in voices


def is_positive(strengths: Sequence[str], configuration: Configuration) -> bool:
    """Whether some combination has an indicator, at least as strong, for each of its slots."""
    have = sorted((WEIGHT[s] for s in strengths if s), reverse=True)
    for c in configuration.rule.combinations:
        slots = [3] * c.strong + [2] * c.medium + [1] * c.weak
        if len(slots) <= len(have) and all(h >= s for h, s in zip(have, slots, strict=False)):
            return True
    return False


def alternatives(formula: Formula) -> Iterator[frozenset[object]]:
    """Every set of dimensions and facts that suffices."""
    if isinstance(formula, IsPositive | IsShown):
        yield frozenset({formula})
    elif isinstance(formula, Every):
        for choice in product(*(list(alternatives(part)) for part in formula.parts)):
            yield frozenset().union(*choice)
    else:
        for part in formula.parts:
            yield from alternatives(part)


def holding(population: str, present: Sequence[Loose], configuration: Configuration, scored: bool) -> set[object]:
    """The positive dimensions and shown facts when these indicators and facts are there."""
    found: set[object] = {IsShown(fact) for fact in present if isinstance(fact, str)}
    for dimension in configuration.rule.dimensions:
        strengths = [
            i.strengths.get(population, "") if scored else ""
            for i in present
            if not isinstance(i, str) and i.dimension == dimension.code
        ]
        if is_positive(strengths, configuration):
            found |= {IsPositive(dimension.code), *(IsShown(fact) for fact in dimension.shows)}
    return found


def class_of(population: str, present: Sequence[Loose], configuration: Configuration, scored: bool) -> str:
    holds = holding(population, present, configuration, scored)
    reached = [ORDER[0]]
    for person in configuration.rule.people:
        if population.split("_")[0] in person.ages and any(a <= holds for a in alternatives(person.when)):
            reached.append(person.class_code)
    if any(not isinstance(i, str) and i.rule_role in configuration.rule.signs for i in present):
        reached.append("possible")
    return sorted(reached, key=ORDER.index)[-1]


def populations(
    minor: bool | None, forms: set[object], open_facts: set[str], configuration: Configuration
) -> tuple[set[str], set[str]]:
    """Those that apply by what is known, and those that still may."""
    ages = {None: {"adult", "child"}, True: {"child"}, False: {"adult"}}[minor]
    kinds = {configuration.rule.sectors.get(str(form), "both") for form in forms}
    sectors = kinds if kinds in ({"labour"}, {"sexual"}) else {"labour", "sexual"}
    later_ages = ages if minor or not open_facts & set(AGE) else {"adult", "child"}
    later_sectors = {"labour", "sexual"} if "purpose" in open_facts else sectors
    return {f"{a}_{s}" for a in ages for s in sectors}, {f"{a}_{s}" for a in later_ages for s in later_sectors}


def subsets(loose: Sequence[Loose]) -> Iterator[frozenset[int]]:
    for size in range(len(loose) + 1):
        yield from map(frozenset, combinations(range(len(loose)), size))


def legal(
    elements: Mapping[str, str], told: Mapping[str, set[object]], facts: Facts, minor: bool | None, required: bool
) -> str:
    unable = "yes" in told["unable"] if "unable" in told else facts.unable
    values = [elements["act"], elements["purpose"]]
    if required and not unable and minor is not True:
        values.append(elements["means"] if minor is False or elements["means"] == T else U)
    return "not_shown" if F in values else "open" if U in values else "shown"


def ask(
    protocol: Protocol,
    indicators: Sequence[ScreeningIndicator],
    configuration: Configuration,
    answers: Answers,
    facts: Facts,
) -> Expected:
    table = tabulate(protocol, answers)
    found, ways = states(table)
    told = told_facts(table)
    open_questions = {
        fact: {q.code for q in protocol.questions if q.fact == fact and q.code in table.open}
        for fact in {q.fact for q in protocol.questions if q.fact and q.code in table.open}
    }
    minor = is_minor(told, facts, configuration.adult_age)
    forms = {*facts.forms, *(code for code in told.get("purpose", ()) if code not in ("yes", "no", "none"))}
    true_facts = [f for f in FACTS if told.get(f, set()) - {"no", "none"} or (f == "purpose" and facts.forms)]
    present: list[Loose] = [i for i in indicators if found.get(i.id) == "present"] + true_facts
    loose: list[Loose] = [i for i in indicators if found.get(i.id) == "open"]
    loose += [fact for fact in FACTS if fact in open_questions and fact not in true_facts]
    now, later = populations(minor, forms, set(open_questions), configuration)
    scored = protocol.kind != "prompt"
    classes = {
        name: {s: class_of(name, [*present, *(loose[n] for n in s)], configuration, scored) for s in subsets(loose)}
        for name in later
    }
    nothing: frozenset[int] = frozenset()
    best = max((classes[name][nothing] for name in now), key=ORDER.index)
    floor = min((classes[name][nothing] for name in later), key=ORDER.index)
    ceiling = max((code for name in later for code in classes[name].values()), key=ORDER.index)
    changing: set[str] = set()
    for n, element in enumerate(loose):
        if any(classes[p][s] != classes[p][s | {n}] for p in later for s in classes[p]):
            changing |= table.ways(open_questions[element]) if isinstance(element, str) else ways[element.id]
    if floor != ceiling:
        ages, sectors = {p.split("_")[0] for p in later}, {p.split("_")[1] for p in later}
        for fact in (*(AGE if len(ages) > 1 else ()), *(("purpose",) if len(sectors) > 1 else ())):
            changing |= table.ways(open_questions.get(fact, set()))
    elements = {}
    for fact in FACTS:
        shown = any(IsShown(fact) in holding(p, present, configuration, scored) for p in now)
        may_be = any(IsShown(fact) in holding(p, [*present, *loose], configuration, scored) for p in later)
        elements[fact] = T if shown else U if may_be or fact not in told else F
    return Expected(
        class_code="insufficient" if best == ORDER[0] and ceiling != ORDER[0] else best,
        floor=floor,
        ceiling=ceiling,
        states=found,
        would_change=frozenset(changing),
        populations=frozenset(now),
        minor=minor,
        legal=legal(elements, told, facts, minor, configuration.means_required),
    )
