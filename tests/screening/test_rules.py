"""What is asked, what the answers come to, how far screeners agree, and the clocks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.country.protocols import (
    AllOf,
    Answered,
    AnyOf,
    Combination,
    Every,
    IsPositive,
    NoAnswer,
    Not,
    OneOf,
    Over,
    Section,
    Under,
    Use,
    Value,
)
from enlace.screening.rules import (
    CLASSES,
    DETENTION,
    SCREENING,
    WORDS,
    Facts,
    Outcome,
    Wording,
    assess,
    cohen_kappa,
    fleiss_kappa,
    missing_required,
    needs_second,
    release_due,
    screening_due,
    second_due,
    sheet,
    visible,
)
from tests.screening.invented import (
    ON,
    PLAIN,
    Screened,
    configuration,
    flat_screenings,
    indicator,
    person,
    protocol,
    protocol_of,
    question,
    screenings,
    texts,
    values,
)
from tests.screening.oracle import ask

AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
YES, NO = OneOf("q", ("yes",)), OneOf("q", ("no",))


def rank(outcome: Outcome) -> int:
    """Definite classes only: insufficient says that nothing is found so far."""
    return CLASSES.index(outcome.class_code) if outcome.class_code != "insufficient" else 0


def codes(questions: object) -> list[str]:
    return [question.code for question in questions]


# --- the engine against its slow twin, and what must always hold


@pytest.mark.parametrize("of", [screenings(), flat_screenings()], ids=["conditions", "weights"])
def test_the_engine_finds_what_the_tables_find(of: st.SearchStrategy[Screened]) -> None:
    @settings(max_examples=120)
    @given(of)
    def same(screened: Screened) -> None:
        found, expected = assess(*screened), ask(*screened)
        assert {i.id: i.state for i in found.indicators} == expected.states
        assert (found.class_code, found.floor, found.ceiling) == (
            expected.class_code,
            expected.floor,
            expected.ceiling,
        )
        assert found.settled == (CLASSES.index(found.ceiling) == rank(found))
        assert set(found.would_change) == expected.would_change
        assert set(found.populations) == expected.populations
        assert (found.minor, found.legal.state) == (expected.minor, expected.legal)

    same()


@settings(max_examples=50)
@given(st.one_of(screenings(), flat_screenings()), st.data())
def test_an_answer_more_never_lowers_a_class_through_an_indicator(screened: Screened, data: st.DataObject) -> None:
    made, indicators, rule, answers, facts = screened
    before = assess(made, indicators, rule, answers, facts)
    extra = question("extra", uses=(Use(data.draw(st.sampled_from(indicators)).id, OneOf("extra", ("yes",))),))
    longer = protocol_of((*made.sections, Section("more", texts(), (extra,))), made.kind)
    after = assess(longer, indicators, rule, {**answers, "extra": "yes"}, facts)
    assert rank(after) >= rank(before)
    assert CLASSES.index(after.class_code) >= CLASSES.index(before.class_code)


@settings(max_examples=60)
@given(st.one_of(screenings(), flat_screenings()), st.data())
def test_what_is_not_listed_as_telling_does_not_raise_the_class(screened: Screened, data: st.DataObject) -> None:
    made, indicators, rule, answers, facts = screened
    before = assess(made, indicators, rule, answers, facts)
    filled = dict(answers)
    for code in before.unanswered:
        if code not in before.would_change or data.draw(st.booleans()):
            filled[code] = data.draw(values(made.question(code)))
    after = assess(made, indicators, rule, filled, facts)
    assert rank(after) <= CLASSES.index(before.ceiling)
    if not any(filled.get(code) != answers.get(code) for code in before.would_change):
        assert rank(after) <= rank(before)


@settings(max_examples=30)
@given(screenings(), st.data())
def test_hidden_answers_and_the_order_of_answers_change_nothing(screened: Screened, data: st.DataObject) -> None:
    made, indicators, rule, answers, facts = screened
    found = assess(made, indicators, rule, answers, facts)
    hidden = {q.code for q in made.questions} - set(codes(visible(made, answers)))
    changed: dict[str, Value] = {c: a for c, a in answers.items() if c not in hidden} | {"of_another_version": "yes"}
    changed |= {code: data.draw(values(made.question(code))) for code in hidden}
    assert assess(made, indicators, rule, dict(data.draw(st.permutations(list(changed.items())))), facts) == found


@settings(max_examples=30)
@given(screenings(), st.sampled_from(["yes", "no", NoAnswer.DOES_NOT_KNOW]))
def test_consent_changes_neither_the_flag_nor_the_class(screened: Screened, consent: Value) -> None:
    made, indicators, rule, answers, facts = screened
    asked = protocol_of((*made.sections, Section("more", texts(), (question("agreed", fact="consent"),))), made.kind)
    without, given_ = (
        assess(asked, indicators, rule, {**answers, **more}, facts) for more in ({}, {"agreed": consent})
    )
    assert replace(given_, unanswered=()) == replace(without, unanswered=())


@settings(max_examples=30)
@given(screenings())
def test_whoever_may_be_a_minor_is_one_and_needs_no_means(screened: Screened) -> None:
    made, indicators, rule, answers, facts = screened
    found = assess(made, indicators, replace(rule, means_required=True), answers, replace(facts, age_doubt=True))
    assert found.minor is True
    assert found.legal.means_needed is False
    assert all(population.startswith("child_") for population in found.populations)


# --- majority


@pytest.mark.parametrize(
    ("facts", "minor", "by_doubt"),
    [
        ({}, None, False),
        ({"age": 17}, True, False),
        ({"age": 18}, False, False),
        ({"age": 40, "age_doubt": True}, True, True),
        ({"age": 12, "age_doubt": True}, True, False),
        ({"birth_year": 2006}, False, False),
        ({"birth_year": 2007}, True, True),  # 17 or 18 on 1 June 2025
        ({"birth_year": 2008}, True, False),
        ({"minor": False}, False, False),
        ({"minor": False, "age": 15}, True, True),
    ],
)
def test_a_year_that_leaves_it_open_and_a_contradiction_make_a_minor(
    facts: dict[str, object], minor: bool | None, by_doubt: bool
) -> None:
    made = protocol(question("q", uses=(Use("I", YES),)))
    found = assess(made, [indicator("I")], configuration(), {}, Facts(ON, **facts))
    assert (found.minor, found.minor_by_doubt) == (minor, by_doubt)


def test_what_is_answered_about_the_age_joins_what_was_recorded() -> None:
    made = protocol(question("old", "number", fact="age"), question("born", "number", fact="birth_year"))
    told = assess(made, [], configuration(), {"old": 30, "born": 2010}, Facts(ON, age=30))
    assert (told.minor, told.minor_by_doubt) == (True, True)


# --- weights


WEIGHTS = [indicator(f"{strength}{n}", strength=strength) for strength in "SMW" for n in (1, 2, 3)]
FLAT = protocol(*(question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in WEIGHTS))


@pytest.mark.parametrize(
    ("present", "positive"),
    [
        ("S1", False),
        ("S1 S2", True),
        ("S1 M1", True),
        ("S1 W1", True),
        ("M1 M2", False),
        ("M1 M2 M3", True),
        ("M1 M2 W1", True),
        ("M1 W1 W2 W3", False),
        ("W1 W2 W3", False),
    ],
)
def test_a_dimension_is_positive_by_the_published_combinations(present: str, positive: bool) -> None:
    answers: dict[str, Value] = {i.id: "yes" if i.id in present.split() else "no" for i in WEIGHTS}
    found = assess(FLAT, WEIGHTS, configuration(), answers, Facts(ON, age=30, forms=("bonded_work",)))
    (dimension,) = found.dimensions
    assert (dimension.code, dimension.population) == ("EXPLOITATION", "adult_labour")
    assert dimension.state == ("positive" if positive else "negative")
    assert set(dimension.indicators) == set(present.split())
    assert found.findings == (("exploited",) if positive else ())
    assert found.class_code == "possible"


def test_a_stronger_indicator_stands_in_for_a_weaker_one() -> None:
    three_of_any = replace(PLAIN, combinations=(Combination(0, 0, 3),))
    assert three_of_any.is_positive(1, 1, 1)
    assert not three_of_any.is_positive(2, 0, 0)
    assert not Combination(1, 0, 0).is_met(0, 9, 9)


def test_a_prompt_draws_attention_and_scores_no_dimension() -> None:
    answers: dict[str, Value] = {i.id: "yes" for i in WEIGHTS}
    found = assess(replace(FLAT, kind="prompt"), WEIGHTS, configuration(), answers, Facts(ON, age=12))
    assert (found.class_code, found.dimensions, found.findings) == ("possible", (), ())


def test_nobody_is_ever_found_not_to_be_a_victim() -> None:
    quiet = {i.id: "no" for i in WEIGHTS}
    assert assess(FLAT, WEIGHTS, configuration(), quiet, Facts(ON)).class_code == "no_indication_found"
    assert CLASSES == ("no_indication_found", "insufficient", "possible", "presumed")


# --- what is open


def test_open_questions_make_it_insufficient_and_are_told_the_most_telling_first() -> None:
    made = protocol(
        question("weak", uses=(Use("W1", OneOf("weak", ("yes",))),)),
        question("gate"),
        question("strong", uses=(Use("S1", OneOf("strong", ("yes",))),), show_if=OneOf("gate", ("yes",))),
        question("idle", "text"),
    )
    known = Facts(ON, age=30, forms=("bonded_work",))
    found = assess(made, WEIGHTS, configuration(), {"weak": NoAnswer.PREFERS_NOT}, known)
    assert (found.class_code, found.settled, found.ceiling) == ("insufficient", False, "possible")
    assert found.would_change == ("gate", "weak")
    assert found.unanswered == ("weak", "gate", "idle")
    assert [(i.id, i.state, i.questions) for i in found.indicators] == [
        ("S1", "open", ("strong",)),
        ("W1", "open", ("weak",)),
    ]
    closed = assess(made, WEIGHTS, configuration(), {"weak": "no", "gate": "no", "idle": "x"}, known)
    assert (closed.class_code, closed.settled, closed.would_change) == ("no_indication_found", True, ())
    assert [i.state for i in closed.indicators] == ["skipped", "absent"]


def test_a_possible_that_may_be_presumed_stays_possible_and_says_so() -> None:
    kinds = [indicator(f"{name}{n}", name) for name in ("DECEIT", "EXPLOITATION", "CONTROL") for n in (1, 2)]
    made = protocol(*(question(i.id.lower(), uses=(Use(i.id, OneOf(i.id.lower(), ("yes",))),)) for i in kinds))
    half: dict[str, Value] = {"exploitation1": "yes", "exploitation2": "yes", "deceit1": "yes", "deceit2": "yes"}
    found = assess(made, kinds, configuration(), half, Facts(ON, age=30))
    assert (found.class_code, found.ceiling, found.settled, found.refer) == ("possible", "presumed", False, True)
    assert set(found.would_change) == {"control1", "control2"}
    assert {d.code: d.state for d in found.dimensions if d.population == "adult_labour"} == {
        "DECEIT": "positive",
        "EXPLOITATION": "positive",
        "CONTROL": "open",
    }
    full = assess(made, kinds, configuration(), half | {"control1": "yes", "control2": "yes"}, Facts(ON, age=30))
    assert (full.class_code, full.settled, full.findings[0]) == ("presumed", True, "trafficking")
    lost = assess(made, kinds, configuration(), half | {"control1": "no"}, Facts(ON, age=30))
    assert (lost.class_code, lost.settled, lost.would_change) == ("possible", True, ())


def test_what_would_suffice_by_itself_makes_what_could_only_join_it_not_telling() -> None:
    alone, joined = IsPositive("EXPLOITATION"), Every((IsPositive("EXPLOITATION"), IsPositive("CONTROL")))
    rule = replace(PLAIN, people=(person("one", "presumed", alone), person("two", "presumed", joined)), signs=())
    kinds = [indicator(f"{name}{n}", name) for name in ("EXPLOITATION", "CONTROL") for n in (1, 2)]
    made = protocol(*(question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in kinds))
    found = assess(made, kinds, configuration(rule), {}, Facts(ON, age=30))
    assert found.would_change == ("EXPLOITATION1", "EXPLOITATION2")


def test_an_unknown_age_is_weighed_both_ways_and_asked_for() -> None:
    made = protocol(
        question("old", "number", fact="age"),
        question("act", fact="act"),
        *(question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in WEIGHTS[:2]),
    )
    answers: dict[str, Value] = {"act": "yes", "S1": "yes", "S2": "yes"}
    found = assess(made, WEIGHTS, configuration(), answers, Facts(ON))
    assert (found.class_code, found.floor, found.would_change) == ("presumed", "possible", ("old",))
    assert len(found.populations) == 4
    child = assess(made, WEIGHTS, configuration(), {"old": 12, "S1": "yes", "S2": "yes"}, Facts(ON))
    assert (child.class_code, child.settled, child.would_change) == ("possible", False, ("act",))
    grown = assess(made, WEIGHTS, configuration(), answers | {"old": 30}, Facts(ON))
    assert (grown.class_code, grown.would_change) == ("possible", ())


def test_a_form_of_exploitation_still_to_be_told_may_weigh_with_the_other_set() -> None:
    sexual = [indicator(name, strengths={"adult_sexual": "S"}) for name in ("S1", "S2")]
    asked = [question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in sexual]
    made = protocol(*asked, question("form", "code", fact="purpose"))
    rule = replace(PLAIN, people=(person("one", "presumed", IsPositive("EXPLOITATION")),))
    known, told = Facts(ON, age=30, forms=("bonded_work",)), {"S1": "yes", "S2": "yes"}
    found = assess(made, sexual, configuration(rule), told, known)
    assert (found.populations, found.class_code, found.ceiling) == (("adult_labour",), "possible", "presumed")
    assert found.would_change == ("form",)
    both = assess(made, sexual, configuration(rule), told | {"form": "sexual_use"}, known)
    assert (both.populations, both.class_code) == (("adult_labour", "adult_sexual"), "presumed")


def test_help_is_offered_where_the_rule_says_so() -> None:
    control = [indicator("S1", "CONTROL"), indicator("S2", "CONTROL")]
    found = assess(FLAT, control, configuration(), {"S1": "yes", "S2": "yes"}, Facts(ON, age=30))
    assert (found.findings, found.refer) == (("controlled",), False)


# --- the legal flag


@pytest.mark.parametrize(
    ("answers", "known", "required", "state"),
    [
        ({"act": "yes", "purpose": "sexual_use"}, {"age": 30}, False, "shown"),
        ({"act": "yes", "purpose": "sexual_use"}, {"age": 30}, True, "open"),
        ({"act": "yes", "purpose": "sexual_use", "means": "yes"}, {"age": 30}, True, "shown"),
        ({"act": "yes", "purpose": "sexual_use", "means": "yes"}, {}, True, "shown"),
        ({"act": "yes", "purpose": "sexual_use", "means": "no"}, {"age": 30}, True, "not_shown"),
        ({"act": "yes", "purpose": "sexual_use", "means": "no"}, {"age": 30, "unable": True}, True, "shown"),
        ({"act": "yes", "purpose": "sexual_use", "means": "no"}, {"age": 12}, True, "shown"),
        ({"act": "yes", "purpose": "sexual_use", "means": "no"}, {}, True, "open"),
        ({"act": "no", "purpose": "sexual_use"}, {}, False, "not_shown"),
        ({"act": "yes"}, {"forms": ("organ_taking",)}, False, "shown"),
        ({"act": "yes"}, {}, False, "open"),
    ],
)
def test_the_flag_asks_for_act_and_purpose_and_for_means_only_where_the_law_does(
    answers: dict[str, Value], known: dict[str, object], required: bool, state: str
) -> None:
    made = protocol(
        question("act", fact="act"), question("purpose", "code", fact="purpose"), question("means", fact="means")
    )
    facts = Facts(ON, **known)
    found = assess(made, [], configuration(means_required=required), answers, facts)
    assert found.legal.state == state
    assert ("means" in found.legal.settled_by) == ("means" not in answers and found.legal.means_needed is not False)


def test_none_of_these_is_a_no_and_a_positive_dimension_shows_what_was_not_said() -> None:
    deceit = [indicator("D1", "DECEIT"), indicator("D2", "DECEIT")]
    made = protocol(
        question("act", "several", fact="act"),
        *(question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in deceit),
    )
    plain = assess(made, deceit, configuration(), {"act": ("none",), "D1": "no", "D2": "yes"}, Facts(ON, age=30))
    assert plain.legal.act is False
    shown = assess(made, deceit, configuration(), {"act": ("none",), "D1": "yes", "D2": "yes"}, Facts(ON, age=30))
    assert (shown.legal.act, shown.legal.means) == (True, True)
    half = assess(made, deceit, configuration(), {"act": ("none",), "D1": "yes"}, Facts(ON, age=30))
    assert half.legal.act is None


def test_circumstances_are_passed_on_and_what_was_just_said_prevails() -> None:
    made = protocol(
        question("held", fact="detained"),
        question("caught", fact="apprehended"),
        question("who", "several", fact="group"),
    )
    known = Facts(ON, detained=True, apprehended=True)
    found = assess(made, [], configuration(), {"held": "no", "who": ("b", "a")}, known)
    assert (found.detained, found.apprehended, found.groups) == (False, True, ("a", "b"))


def test_an_outcome_is_plain_data() -> None:
    data = assess(FLAT, WEIGHTS, configuration(), {"S1": "yes"}, Facts(ON)).as_data()
    assert data["indicators"][0] == {
        "id": "S1",
        "dimension": "EXPLOITATION",
        "role": "dimension_score",
        "state": "present",
        "questions": ["S1"],
        "strengths": {f"{age}_{sector}": "S" for age in ("adult", "child") for sector in ("labour", "sexual")},
    }
    assert data["legal"]["state"] == "open"


# --- skip logic


def test_skip_logic_follows_the_answers_that_count() -> None:
    made = protocol_of(
        (
            Section("one", texts(), (question("a"), question("b", show_if=OneOf("a", ("yes",)), required=True))),
            Section("two", texts(), (question("c"),), show_if=Not(Answered("b"))),
        )
    )
    assert codes(visible(made, {})) == ["a", "c"]
    assert codes(visible(made, {"a": "yes", "b": "no"})) == ["a", "b"]
    assert codes(visible(made, {"a": "no", "b": "no"})) == ["a", "c"]  # b is hidden: its answer counts for nothing
    assert missing_required(made, {"a": "yes"}) == ("b",)
    assert missing_required(made, {"a": "yes", "b": NoAnswer.NOT_ASKED}) == ()


def test_an_indicator_that_hangs_on_an_open_question_is_open_even_when_its_own_is_answered() -> None:
    when = AllOf((OneOf("b", ("yes",)), Not(OneOf("a", ("yes",)))))
    made = protocol(question("a"), question("b", uses=(Use("S1", when),)))
    found = assess(made, WEIGHTS, configuration(), {"b": "yes"}, Facts(ON))
    assert (found.indicators[0].state, found.would_change) == ("open", ("a",))


def test_an_indicator_that_an_earlier_answer_rules_out_is_not_open() -> None:
    when = AllOf((OneOf("b", ("yes",)), OneOf("a", ("yes",))))
    made = protocol(question("a"), question("b", uses=(Use("S1", when),)))
    found = assess(made, WEIGHTS, configuration(), {"a": "no"}, Facts(ON))
    assert (found.indicators[0].state, found.class_code, found.would_change) == ("absent", "no_indication_found", ())


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
