"""What is still open in a screening, the flag of the law, and which questions are skipped."""

from dataclasses import replace

import pytest

from enlace.country.protocols import (
    AllOf,
    Answered,
    Every,
    IsPositive,
    NoAnswer,
    Not,
    OneOf,
    Section,
    Use,
    Value,
)
from enlace.screening.rules import (
    Facts,
    assess,
    missing_required,
    visible,
)
from tests.screening.invented import (
    ON,
    PLAIN,
    configuration,
    indicator,
    person,
    protocol,
    protocol_of,
    question,
    texts,
)
from tests.screening.outcomes import FLAT, WEIGHTS, codes

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
