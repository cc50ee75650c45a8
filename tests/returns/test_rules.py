"""What an answer is, which periods there are, and the checks, judged by a slow reading of the same sentences."""

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.country.returns import TOTAL, Category, CheckRule, Dimension, Key, Measure, ReturnTemplate
from enlace.returns import rules
from enlace.returns.rules import Answer, Answers, Beside, Cell, Finding

TEXTS = {"en": "so"}
LETTERS, DIGITS = ("a", "b"), ("1", "2", "3")


def dimension(name: str, codes: tuple[str, ...]) -> Dimension:
    return Dimension(name, TEXTS, tuple(Category(code, TEXTS) for code in codes))


def asked(*checks: CheckRule) -> ReturnTemplate:
    """Two measures: one by letter and by letter and digit, one by letter."""
    return ReturnTemplate(
        id="small", version=1, valid_from=date(2020, 1, 1), valid_to=None, labels=TEXTS, descriptions=TEXTS,
        legal_basis="none", kinds=("police",), level="state", periodicity="year", due_days=10,
        dimensions=(dimension("letter", LETTERS), dimension("digit", DIGITS)),
        measures=(
            Measure("whole", "person", TEXTS, {}, (("letter",), ("letter", "digit"))),
            Measure("part", "person", TEXTS, {}, (("letter",),)),
        ),
        rules=checks,
    )  # fmt: skip


def rule(kind: str, **fields: object) -> CheckRule:
    level = "warning" if kind in ("previous", "casework") else "error"
    return CheckRule(**{"id": kind, "kind": kind, "level": level, "measure": "whole", "texts": TEXTS, **fields})


RULES = (
    rule("sum", by=("letter", "digit")),
    rule("range", low=Decimal(1), high=Decimal(6)),
    rule("part", measure="part", whole="whole"),
    rule("previous", low=Decimal("0.5"), high=Decimal(2), least=4),
    rule("casework", indicator="seen"),
)
TEMPLATE = asked(*RULES)
CELLS: list[Cell] = [(measure.id, key) for measure, key in rules.cells(TEMPLATE)]
NUMBERS = st.integers(0, 8).map(lambda n: Answer("value", Decimal(n)) if n else Answer("zero", Decimal(0)))
ANSWER = st.one_of(NUMBERS, st.sampled_from([Answer("no_data"), Answer("not_asked")]))
ANSWERS = st.fixed_dictionaries({}, optional=dict.fromkeys(CELLS, ANSWER))
TOTALS = st.dictionaries(st.sampled_from(["whole", "seen"]), st.integers(0, 12).map(Decimal))


def completions(answers: Answers, keys: list[Key]) -> list[int]:
    """Every sum that the parts could have, when each one not known may be anything from 0 to 200."""
    sums = {0}
    for key in keys:
        known = answers[("whole", key)].number if ("whole", key) in answers else None
        sums = {one + int(more) for one in sums for more in ([known] if known is not None else (0, 1, 50, 200))}
    return sorted(sums)


def oracle(answers: Answers, beside: Beside) -> set[tuple[str, Cell]]:
    """The rules read slowly: each is broken where no number for what is not known could make it right."""
    found = {("unanswered", cell) for cell in CELLS if cell not in answers}
    numbers = {
        cell: int(one.value) for cell, one in answers.items() if one.kind in ("value", "zero") and one.value is not None
    }
    whole, total = numbers.get(("whole", TOTAL)), ("whole", TOTAL)
    both: list[Key] = [(("letter", a), ("digit", d)) for a, d in product(LETTERS, DIGITS)]
    unknown = any(("whole", key) not in numbers for key in both)
    if whole is not None:
        sums = completions(answers, both)
        if (unknown and min(sums) > whole) or (not unknown and whole not in sums):
            found.add(("sum", total))
        if "whole" in beside.before and max(whole, beside.before["whole"]) >= 4:
            was = int(beside.before["whole"])
            if 2 * whole < was or whole > 2 * was:
                found.add(("previous", total))
        if "seen" in beside.casework and beside.casework["seen"] != whole:
            found.add(("casework", total))
    found |= {("range", cell) for cell, n in numbers.items() if cell[0] == "whole" and n not in range(1, 7)}
    for cell, n in numbers.items():
        if cell[0] == "part" and numbers.get(("whole", cell[1]), n) < n:
            found.add(("part", cell))
    return found


@settings(max_examples=400, deadline=None)
@given(ANSWERS, TOTALS)
def test_the_checks_find_what_a_slow_reading_finds(answers: dict[Cell, Answer], totals: dict[str, Decimal]) -> None:
    beside = Beside({k: v for k, v in totals.items() if k == "whole"}, {k: v for k, v in totals.items() if k == "seen"})
    found = rules.findings(TEMPLATE, answers, beside)
    assert {(one.rule, one.cell) for one in found} == oracle(answers, beside)
    assert len({(one.rule, one.cell) for one in found}) == len(found)
    assert sorted(map(repr, found)) == sorted(map(repr, [*rules.errors(found), *rules.warnings(found)]))


def test_a_finding_says_both_numbers() -> None:
    answers = {cell: Answer("zero", Decimal(0)) for cell in CELLS}
    answers["whole", TOTAL] = Answer("value", Decimal(5))
    found = rules.findings(asked(rule("sum", by=("letter",))), answers)
    assert found == [Finding("sum", "error", ("whole", TOTAL), Decimal(5), Decimal(0))]


@given(ANSWER)
def test_an_answer_that_was_written_is_read_as_the_same(answer: Answer) -> None:
    assert rules.read_answer(rules.written(answer)) == answer


@given(st.decimals(min_value=0, max_value=10**11, places=2))
def test_an_amount_that_was_written_is_read_as_the_same(amount: Decimal) -> None:
    answer = Answer("value", amount) if amount else Answer("zero", Decimal(0))
    assert rules.read_answer(rules.written(answer), amount=True) == answer


@given(st.text(max_size=30), st.booleans())
def test_any_text_is_an_answer_nothing_or_refused(text: str, amount: bool) -> None:
    with suppress(rules.Unreadable):
        answer = rules.read_answer(text, amount=amount)
        assert (answer is None) == (not text.strip())
        if answer is not None:
            assert (answer.kind == "zero") == (answer.value == 0)
            assert (answer.value is None) == (answer.kind in ("no_data", "not_asked"))


@pytest.mark.parametrize(
    ("text", "amount", "kind", "value"),
    [
        ("12", False, "value", "12"), ("1,234", False, "value", "1234"), ("1 234 567", False, "value", "1234567"),
        ("12.0", False, "value", "12"), ("0.00", False, "zero", "0"), ("00", False, "zero", "0"),
        ("ND", False, "no_data", None), (" sin  dato ", False, "no_data", None), ("np", True, "not_asked", None),
        ("1,234.5", True, "value", "1234.5"), ("0.50", True, "value", "0.50"), ("0.500", True, "value", "0.50"),
    ],
)  # fmt: skip
def test_what_people_type_is_understood(text: str, amount: bool, kind: str, value: str | None) -> None:
    answer = rules.read_answer(text, amount=amount)
    assert answer == Answer(kind, None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "amount", "code"),
    [
        ("=1+1", False, "formula"), ("-3", False, "negative"), ("−3.5", True, "negative"), ("2.5", False, "fraction"),
        ("1.234", True, "too-many-decimals"), ("12,5", False, "not-a-number"), ("1,23,4", False, "not-a-number"),
        ("about 5", False, "not-a-number"), ("1" * 13, False, "too-large"), ("-", False, "not-a-number"),
        ("N.A.", False, "not-a-number"), ("٣", False, "not-a-number"), ("1e3", False, "not-a-number"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_told_why(text: str, amount: bool, code: str) -> None:
    with pytest.raises(rules.Unreadable) as caught:
        rules.read_answer(text, amount=amount)
    assert caught.value.code == code


def test_nothing_typed_is_no_answer() -> None:
    assert rules.read_answer("  ") is None
    assert rules.written(None) == ""


def test_a_key_that_was_written_is_read_as_the_same() -> None:
    for measure, key in rules.cells(TEMPLATE):
        assert rules.read_key(rules.key_text(key)) == key, measure.id
    assert rules.read_key("") == ()
    assert rules.cell_name(("files", (("sex", "female"), ("form", "labour")))) == "files|sex=female;form=labour"


KINDS = st.sampled_from(["month", "quarter", "half", "year"])
DAYS = st.dates(date(1991, 1, 1), date(2190, 12, 31))


@given(KINDS, DAYS)
def test_every_day_lies_in_one_period_known_by_its_name(kind: str, day: date) -> None:
    period = rules.period_at(kind, day)
    assert period.start <= day <= period.end
    assert rules.period_of(period.name) == period
    earlier = rules.before(period)
    assert earlier.end + timedelta(days=1) == period.start
    assert period.due(20) - period.end == timedelta(days=20)


@given(KINDS, DAYS, st.integers(0, 900))
def test_the_periods_of_a_span_follow_one_another_inside_it(kind: str, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    found = list(rules.periods(kind, start, end))
    assert all(start <= one.start and one.end <= end for one in found)
    assert [rules.before(one) for one in found[1:]] == found[:-1]
    inside = {rules.period_at(kind, start + timedelta(days=n)) for n in range(days + 1)}
    assert set(found) == {one for one in inside if start <= one.start and one.end <= end}


@pytest.mark.parametrize(
    "name", ["", "20", "2020-13", "2020-H3", "2020-Q5", "2020-1", "1200", "2020-H1 ", "abcd", "9999"]
)
def test_a_name_of_no_period_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="no period"):
        rules.period_of(name)


def test_what_was_accepted_or_given_back_is_never_moved_but_to_be_published() -> None:
    ends = {state: rules.RETURN.verbs(state) for state in rules.RETURN.states}
    assert ends[rules.ACCEPTED] == ("publish",)
    assert (ends[rules.RETURNED], ends[rules.PUBLISHED]) == ((), ())
    assert all("submit" not in verbs for state, verbs in ends.items() if state != rules.OPEN)
