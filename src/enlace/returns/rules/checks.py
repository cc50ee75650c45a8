"""Checks a return's answers by the rules of its template. What is missing is never taken for zero.

Where an answer is not known, a rule is judged only as far as the numbers that are known decide it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from enlace.country.returns import ERROR, TOTAL, WARNING, CheckRule, Key, ReturnTemplate
from enlace.returns.rules.answers import Answers, Cell, unanswered

UNANSWERED, UNREAD = "unanswered", "unread"


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is the rule's id, or unanswered. ``found`` broke it beside ``other`` (the sum, the bound, the other number)."""

    rule: str
    level: str
    cell: Cell
    found: Decimal | None = None
    other: Decimal | None = None


@dataclass(frozen=True)
class Beside:
    """The numbers that answers are held against: totals of the period before, and casework's counts by indicator."""

    before: Mapping[str, Decimal]
    casework: Mapping[str, Decimal]


NOTHING = Beside({}, {})


def findings(template: ReturnTemplate, answers: Answers, beside: Beside = NOTHING) -> list[Finding]:
    """Every unanswered cell and every rule that is broken, in the order of the template."""
    empty = [Finding(UNANSWERED, ERROR, cell) for cell in unanswered(template, answers)]
    return empty + [found for rule in template.rules for found in _broken(template, rule, answers, beside)]


def errors(found: Iterable[Finding]) -> list[Finding]:
    """Those that keep a return from being submitted."""
    return [one for one in found if one.level == ERROR]


def warnings(found: Iterable[Finding]) -> list[Finding]:
    return [one for one in found if one.level == WARNING]


def _broken(template: ReturnTemplate, rule: CheckRule, answers: Answers, beside: Beside) -> Iterator[Finding]:
    if rule.kind == "sum":
        yield from _sum(template, rule, answers)
    elif rule.kind == "range":
        yield from _range(template, rule, answers)
    elif rule.kind == "part":
        yield from _part(template, rule, answers)
    elif rule.kind == "previous":
        yield from _previous(rule, answers, beside.before.get(rule.measure))
    else:
        yield from _casework(rule, answers, beside.casework.get(rule.indicator))


def _number(answers: Answers, measure: str, key: Key) -> Decimal | None:
    answer = answers.get((measure, key))
    return answer.number if answer else None


def _sum(template: ReturnTemplate, rule: CheckRule, answers: Answers) -> Iterator[Finding]:
    """All parts known: they add up to the total. Some not: those known are not above it."""
    total = _number(answers, rule.measure, TOTAL)
    parts = [_number(answers, rule.measure, key) for key in template.breakdown(rule.by)]
    known = sum((part for part in parts if part is not None), Decimal(0))
    if total is not None and (known > total or (known < total and None not in parts)):
        yield _finding(rule, TOTAL, total, known)


def _range(template: ReturnTemplate, rule: CheckRule, answers: Answers) -> Iterator[Finding]:
    for key in template.keys(template.measure(rule.measure)):
        number = _number(answers, rule.measure, key)
        if number is not None:
            if rule.low is not None and number < rule.low:
                yield _finding(rule, key, number, rule.low)
            elif rule.high is not None and number > rule.high:
                yield _finding(rule, key, number, rule.high)


def _part(template: ReturnTemplate, rule: CheckRule, answers: Answers) -> Iterator[Finding]:
    shared = set(template.keys(template.measure(rule.whole)))
    for key in template.keys(template.measure(rule.measure)):
        part, whole = _number(answers, rule.measure, key), _number(answers, rule.whole, key)
        if key in shared and part is not None and whole is not None and part > whole:
            yield _finding(rule, key, part, whole)


def _previous(rule: CheckRule, answers: Answers, before: Decimal | None) -> Iterator[Finding]:
    now = _number(answers, rule.measure, TOTAL)
    if now is None or before is None or max(now, before) < rule.least or rule.low is None or rule.high is None:
        return
    if not rule.low * before <= now <= rule.high * before:
        yield _finding(rule, TOTAL, now, before)


def _casework(rule: CheckRule, answers: Answers, counted: Decimal | None) -> Iterator[Finding]:
    now = _number(answers, rule.measure, TOTAL)
    if now is not None and counted is not None and now != counted:
        yield _finding(rule, TOTAL, now, counted)


def _finding(rule: CheckRule, key: Key, found: Decimal, other: Decimal) -> Finding:
    return Finding(rule.id, rule.level, (rule.measure, key), found, other)
