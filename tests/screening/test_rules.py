"""What the engine finds of what is answered, judged by a slow twin; the majority of a person, and what weighs how much."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.country.protocols import (
    Combination,
    NoAnswer,
    OneOf,
    Section,
    Use,
    Value,
)
from enlace.screening.rules import (
    CLASSES,
    Facts,
    assess,
    visible,
)
from tests.screening.invented import (
    ON,
    PLAIN,
    Screened,
    configuration,
    flat_screenings,
    indicator,
    protocol,
    protocol_of,
    question,
    screenings,
    texts,
    values,
)
from tests.screening.oracle import ask
from tests.screening.outcomes import FLAT, WEIGHTS, YES, codes, rank

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
