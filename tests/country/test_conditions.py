"""Conditions of a protocol: when they hold, and what nobody could ever be asked."""

import shutil
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.country import report
from enlace.country.loader import load
from enlace.country.protocols import (
    AllOf,
    Answered,
    AnyOf,
    Condition,
    Given,
    NoAnswer,
    Not,
    OneOf,
    Option,
    Over,
    Question,
    Texts,
    Under,
    holds,
    leaf_holds,
    reach,
)
from enlace.country.protocols.reach import Shown, is_reachable
from enlace.country.rows import PackError
from tests.country.defects import FIRST, FOLDER, RULE, SECOND, Spoil

# --- conditions and what can be reached


@pytest.mark.parametrize(
    ("leaf", "value", "expected"),
    [
        (OneOf("q", ("a", "b")), "b", True),
        (OneOf("q", ("a",)), ("a", "c"), True),
        (OneOf("q", ("a",)), ("c",), False),
        (Over("q", 5), 5, False),
        (Over("q", 5), 6, True),
        (Under("q", 5), 4, True),
        (Under("q", date(2025, 1, 1)), date(2024, 12, 31), True),
        (Over("q", date(2025, 1, 1)), 800_000, False),
        (Under("q", 5), "4", False),
        (Answered("q"), "x", True),
        (Answered("q"), NoAnswer.NOT_ASKED, False),
        (OneOf("q", ("not_asked",)), NoAnswer.NOT_ASKED, False),
        (Answered("q"), None, False),
    ],
)
def test_a_comparison_holds_of_an_answer_of_its_own_type_only(leaf: Condition, value: Given, expected: bool) -> None:
    assert leaf_holds(leaf, value) is expected


def question(code: str, kind: str) -> Question:
    options = tuple(Option(name, Texts({"en": name})) for name in ("a", "b", "none"))
    chosen = options if kind in ("choice", "several") else ()
    low, high = {"number": (2, 6), "date": (date(2025, 1, 2), date(2025, 1, 6))}.get(kind, (None, None))
    return Question(code, kind, Texts({"en": code}), options=chosen, low=low, high=high)


EVERY_ANSWER: dict[str, list[Given]] = {
    "yes_no": ["yes", "no"],
    "choice": ["a", "b", "none"],
    "several": [("a",), ("b",), ("a", "b"), ("none",)],
    "number": list(range(2, 7)),
    "date": [date(2025, 1, day) for day in range(2, 7)],
    "place": ["XX-N", "XX-S"],
    "text": ["x"],
}


def leaves_of(asked: Question) -> st.SearchStrategy[Condition]:
    if asked.type in ("number", "date"):
        bounds = st.integers(1, 7).map(lambda n: n if asked.type == "number" else date(2025, 1, n))
        return st.one_of(bounds.map(lambda b: Over(asked.code, b)), bounds.map(lambda b: Under(asked.code, b)))
    codes = sorted({c for a in EVERY_ANSWER[asked.type] for c in (a if isinstance(a, tuple) else [a])})
    some = st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True)
    chosen = st.just(Answered(asked.code)) if asked.type == "text" else some.map(lambda c: OneOf(asked.code, tuple(c)))
    return st.one_of(st.just(Answered(asked.code)), chosen)


def conditions(asked: list[Question]) -> st.SearchStrategy[Condition]:
    return st.recursive(
        st.sampled_from(asked).flatmap(leaves_of),
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(tuple(parts))),
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: AnyOf(tuple(parts))),
        ),
        max_leaves=6,
    )


def tried_out(asked: Shown, goal: Condition) -> bool:
    """Every combination of every answer, those of hidden questions taken away."""
    for answers in product(*([*EVERY_ANSWER[q.type], None] for q in asked.questions)):
        counted: dict[str, Given] = {}
        for q, answer in zip(asked.questions, answers, strict=True):
            if answer is not None and holds(asked.condition_by_code[q.code], counted):
                counted[q.code] = answer
        if holds(goal, counted):
            return True
    return False


@settings(max_examples=100)
@given(st.data())
def test_what_can_be_reached_is_what_trying_every_answer_reaches(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(sorted(EVERY_ANSWER)), min_size=1, max_size=3))
    questions = [question(f"q{nth}", kind) for nth, kind in enumerate(kinds)]
    shown = {
        q.code: AllOf((data.draw(conditions(questions[:nth])),) if nth and data.draw(st.booleans()) else ())
        for nth, q in enumerate(questions)
    }
    sizes = {q.code: len(EVERY_ANSWER[q.type]) for q in questions}
    asked = Shown(tuple(questions), shown, sizes)
    goal = data.draw(conditions(questions))
    assert is_reachable(asked, goal) == tried_out(asked, goal)


@pytest.mark.parametrize(
    ("show_if", "reachable"),
    [
        ('{ all = [{ question = "age", over = 20 }, { question = "age", under = 20 }] }', False),
        ('{ all = [{ question = "age", over = 20 }, { question = "age", under = 22 }] }', True),
        ('{ question = "age", over = 110 }', False),
        ('{ question = "age", over = 109 }', True),
        (
            '{ all = [{ answered = "birth_year" }, { answered = "age" }] }',
            False,
        ),  # the year is asked without an age only
        ('{ all = [{ question = "promised", is = "none" }, { question = "promised", is = "work" }] }', False),
        ('{ all = [{ question = "promised", is = "papers" }, { question = "promised", is = "work" }] }', True),
        ('{ all = [{ question = "leave", is = "never" }, { question = "leave", is = "freely" }] }', False),
        ('{ all = [{ question = "leave", is = "never" }, { question = "works", is = "no" }] }', False),
        ('{ not = { any = [{ answered = "works" }, { not = { answered = "works" } }] } }', False),
    ],
)
def test_a_question_that_nobody_would_ever_be_asked_is_refused(spoil: Spoil, show_if: str, reachable: bool) -> None:
    spoiled = spoil(FIRST, 'code = "more"\n', f'code = "more"\nshow_if = {show_if}\n')
    if reachable:
        assert load(spoiled).protocol("first_talk", 1).question("more").show_if is not None
        return
    with pytest.raises(PackError, match="none can") as refused:
        load(spoiled)
    assert refused.value.field == "sections.control.questions.more.show_if"


def test_a_section_that_nobody_would_ever_see_is_refused(spoil: Spoil) -> None:
    closed = '{ all = [{ question = "works", is = "yes" }, { question = "works", is = "no" }] }'
    with pytest.raises(PackError, match="none can") as refused:
        load(spoil(FIRST, 'code = "close"\n', f'code = "close"\nshow_if = {closed}\n'))
    assert refused.value.field == "sections.close.show_if"


def test_conditions_on_too_many_answers_are_refused_in_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MOST_STEPS", 300)
    questions = tuple(question(f"q{nth}", "yes_no") for nth in range(12))
    asked = Shown(questions, {q.code: AllOf(()) for q in questions}, {q.code: 2 for q in questions})
    either = AllOf(tuple(AnyOf((OneOf(q.code, ("yes",)), OneOf(q.code, ("no",)))) for q in questions))
    with pytest.raises(reach.TooMany):
        is_reachable(asked, AllOf((either, Not(either))))
    monkeypatch.setattr(reach, "MOST_STEPS", 1)
    with pytest.raises(PackError, match="cannot be followed to the end"):
        load(folder)


def test_a_condition_may_name_its_own_question_and_a_choice_may_lack_none_of_these(spoil: Spoil) -> None:
    spoil(FIRST, "when = { over = 12 }", 'when = { question = "hours", over = 12 }')
    show_if = '{ not = { question = "promised", in = ["work", "papers", "place"] } }'
    none = '    { code = "none", text = { en = "None of these", es = "Nada de esto" } },\n]\nindicators = [\n'
    spoil(FIRST, none, "]\nindicators = [\n")
    talk = load(spoil(FIRST, 'code = "more"\n', f'code = "more"\nshow_if = {show_if}\n')).protocol("first_talk", 1)
    assert talk.question("hours").uses[0].when == Over("hours", 12)
    assert talk.question("more").show_if is not None


def test_a_country_without_protocols_or_without_a_second_one_is_told_so(folder: Path) -> None:
    (folder / SECOND).unlink()
    assert any("no protocol of the kind second" in line for line in report.gaps(load(folder)))
    shutil.rmtree(folder / FOLDER)
    pack = load(folder)
    assert "no protocol in screening/protocols/" in list(report.gaps(pack))
    assert "0 screening protocols" in list(report.holdings(pack))
    (folder / RULE).unlink()
    assert "no file screening/rule.toml" in list(report.gaps(load(folder)))
