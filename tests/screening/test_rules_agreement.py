"""Agreement between screeners, the states and clocks of a screening, and its printed sheet."""

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from enlace.base.errors import Refusal
from enlace.country.protocols import (
    AllOf,
    Answered,
    AnyOf,
    Not,
    OneOf,
    Over,
    Section,
    Under,
)
from enlace.screening.rules import (
    DETENTION,
    SCREENING,
    WORDS,
    Wording,
    cohen_kappa,
    fleiss_kappa,
    needs_second,
    release_due,
    screening_due,
    second_due,
    sheet,
)
from tests.screening.invented import (
    protocol_of,
    question,
    texts,
)
from tests.screening.outcomes import AT

# --- agreement


def pairs_of(table: list[list[int]]) -> list[tuple[str, str]]:
    size = range(len(table))
    return [(str(i), str(j)) for i, j in product(size, size) for _ in range(table[i][j])]


@pytest.mark.parametrize(
    ("table", "kappa", "error"),
    [
        # Cohen 1960, table 2: kappa 0.492.
        ([[88, 14, 18], [10, 40, 10], [2, 6, 12]], 0.492, None),
        # Fleiss, Cohen and Everitt 1969: kappa 0.429, variance 0.002885.
        ([[106, 10, 4], [22, 28, 10], [2, 12, 6]], 0.429, 0.002885**0.5),
        # Fleiss 1981, Statistical Methods for Rates and Proportions, table 13.1: kappa 0.68, standard error 0.087.
        ([[75, 1, 4], [5, 4, 1], [0, 0, 10]], 0.676, 0.0877),
    ],
)
def test_cohens_kappa_is_that_of_the_published_examples(
    table: list[list[int]], kappa: float, error: float | None
) -> None:
    found = cohen_kappa(pairs_of(table))
    assert found is not None
    assert found.value == pytest.approx(kappa, abs=5e-4)
    if error is not None:
        assert found.error == pytest.approx(error, abs=5e-5)
    assert found.low == pytest.approx(found.value - 1.96 * found.error, abs=1e-5)
    assert (found.subjects, found.raters) == (sum(map(sum, table)), 2)


# Fleiss 1971, table 1: thirty people, six psychiatrists each, five diagnoses.
PSYCHIATRISTS = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""


def test_fleiss_kappa_is_that_of_the_published_example() -> None:
    rows = [[str(k) for k, n in enumerate(row) for _ in range(int(n))] for row in PSYCHIATRISTS.split()]
    found = fleiss_kappa(rows)
    assert found is not None
    assert (found.subjects, found.raters) == (30, 6)
    assert found.value == pytest.approx(0.430, abs=5e-4)
    assert (found.observed, found.expected) == (pytest.approx(0.5556, abs=5e-5), pytest.approx(0.2199, abs=5e-5))
    jackknife = [fleiss_kappa(rows[:n] + rows[n + 1 :]) for n in range(30)]
    values_ = [one.value for one in jackknife if one is not None]
    mean = sum(values_) / 30
    assert found.error == pytest.approx((29 / 30 * sum((v - mean) ** 2 for v in values_)) ** 0.5, rel=0.05)


def test_agreement_is_not_defined_where_chance_agrees_fully_or_nobody_can_differ() -> None:
    assert cohen_kappa([]) is None
    assert cohen_kappa([("a", "a")] * 5) is None
    assert cohen_kappa([("a", "b")]) is None
    assert fleiss_kappa([]) is None
    assert fleiss_kappa([["a", "a"], ["a", "a"]]) is None
    assert fleiss_kappa([["a"], ["b"]]) is None
    assert fleiss_kappa([["a", "b"]]) is None
    with pytest.raises(ValueError, match="same number"):
        fleiss_kappa([["a", "b"], ["a"]])


def test_full_agreement_is_1_and_never_agreeing_is_below_chance() -> None:
    full = cohen_kappa([("a", "a"), ("b", "b")] * 5)
    assert full is not None
    assert (full.value, full.high) == (1.0, 1.0)
    none = fleiss_kappa([["a", "b"]] * 5)
    assert none is not None
    assert none.value == -1.0
    assert none.low == -1.0


# --- states and clocks


def test_a_screening_is_finished_before_it_is_decided_and_then_stays() -> None:
    assert {state: SCREENING.verbs(state) for state in SCREENING.states} == {
        "draft": ("finish",),
        "finished": ("decide",),
        "decided": (),
    }
    with pytest.raises(Refusal):
        SCREENING.after("draft", "decide")
    assert DETENTION.after("raised", "release") == "released"


@pytest.mark.parametrize(
    ("class_code", "settled", "again"),
    [
        ("insufficient", False, True),
        ("possible", False, True),
        ("possible", True, False),
        ("presumed", True, False),
        ("no_indication_found", True, False),
    ],
)
def test_whoever_could_not_be_placed_is_screened_again(class_code: str, settled: bool, again: bool) -> None:
    assert needs_second(class_code, settled) is again


def test_every_clock_is_the_countrys() -> None:
    limits = {
        "screening": timedelta(hours=48),
        "insufficient_review": timedelta(days=20),
        "detained_release": timedelta(1),
    }
    assert screening_due(AT, limits) == AT + timedelta(hours=48)
    assert second_due(AT, limits) == AT + timedelta(days=20)
    assert release_due(AT, limits) == AT + timedelta(days=1)


# --- the printed sheet


def test_the_sheet_puts_safety_first_and_says_when_a_question_is_left_out() -> None:
    conditions = AllOf((OneOf("a", ("yes",)), AnyOf((Over("n", 3), Under("n", 1))), Not(Answered("w"))))
    made = protocol_of(
        (
            Section(
                "one",
                texts("First"),
                (
                    question("a", required=True, hint=texts("Slowly")),
                    question("n", "number", observed=True),
                    question("w", "place", shared=True),
                    question("c", "choice", show_if=conditions),
                ),
            ),
            Section("two", texts("Second"), (question("z", "text"),), OneOf("c", ("a", "b"))),
            Section(
                "three", texts("Third"), (question("l", "code", list_name="form"),), AllOf((OneOf("w", ("XX-N",)),))
            ),
            Section("four", texts("Fourth"), (question("y", "text"),), OneOf("l", ("bonded",))),
        )
    )
    words = {name: name for name in WORDS} | {"question": "no. %(number)s", "version": "%(code)s %(version)s"}
    found = sheet(made, Wording("en", words | {"minutes": "%(minutes)s min"}, lambda name, code: f"{name}/{code}"))
    assert found["safety"] == [{"text": "Alone", "mark": "must"}, {"text": "May stop", "mark": ""}]
    assert (found["foot"], found["minutes"], found["provisional"]) == ("invented 1", "5 min", "provisional")
    first, second, third, fourth = found["sections"]
    assert [q["boxes"] for q in first["questions"]] == [["yes", "no"], [], [], ["a", "b", "none"]]
    assert [q["marks"] for q in first["questions"]] == [["required"], ["observed"], ["shared"], []]
    assert first["questions"][0]["hint"] == "Slowly"
    assert first["questions"][3]["only_if"] == (
        "only_if (no. 1: yes) and ((no. 2: over 3) or (no. 2: under 1)) and (not (no. 3: answered))"
    )
    assert (second["title"], second["only_if"]) == ("Second", "only_if no. 4: a or b")
    assert third["only_if"] == "only_if no. 3: state/XX-N"
    assert fourth["only_if"] == "only_if no. 6: form/bonded"
    assert sheet(replace(made, provisional=False), Wording("en", words, lambda _, code: code))["provisional"] == ""
