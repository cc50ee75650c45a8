"""What Mexico's protocols promise: the whole of Delphi, safety first, children spared, plain words in two languages."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from enlace.country.loader import Pack
from enlace.country.protocols import Answers, Protocol, Question
from enlace.screening.rules import SHOWN, Configuration, Facts, Outcome, assess, visible

DAY = date(2026, 11, 22)
CODES = (
    "adult_services",
    "commercial_sex",
    "consulate",
    "delphi",
    "first_responder",
    "forced_criminality",
    "foreign_medical_staff",
    "immigration",
    "immigration_second",
    "institutions",
    "labour_domestic",
    "labour_farm",
    "labour_foreign_contract",
    "missing_persons",
    "street_children",
    "young_people",
)
# MIG.04 is a rule of practice for the second talk, not a sign of what happened to a person.
NOT_A_SIGN = {"MIG.04"}
# Words that blame, promise or label, and marks that raise the voice.
UNWELCOME = re.compile(r"víctima|por qué|culpable|prostitut|le prometo|[!¡]|^(?!¿|.*¿).*\?", re.IGNORECASE)


def asked(protocol: Protocol) -> set[str]:
    return {use.indicator for question in protocol.questions for use in question.uses}


def texts(protocol: Protocol) -> Iterator[tuple[str, str]]:
    """Every text that a protocol shows, in Spanish and in English."""
    yield protocol.title("es"), protocol.title("en")
    yield protocol.purpose("es"), protocol.purpose("en")
    yield from ((part.text("es"), part.text("en")) for part in protocol.safety)
    for section, question in protocol.asked():
        yield section.title("es"), section.title("en")
        yield question.text("es"), question.text("en")
        yield from ((option.text("es"), option.text("en")) for option in question.options)
        if question.hint:
            yield question.hint_text("es"), question.hint_text("en")


def answer(pack: Pack, code: str, answers: Answers) -> Outcome:
    assert pack.screening_rule is not None
    configuration = Configuration(rule=pack.screening_rule, adult_age=pack.adult_age, means_required=False)
    return assess(pack.protocol(code, 1), pack.screening_indicators, configuration, answers, Facts(on=DAY))


def test_the_sixteen_protocols_are_there_and_provisional_with_the_reason(mx: Pack) -> None:
    assert tuple(protocol.code for protocol in mx.protocols) == CODES
    assert all(protocol.provisional and "Provisional" in protocol.basis for protocol in mx.protocols)
    assert all(protocol.is_valid(date(2026, 11, 1)) for protocol in mx.protocols)
    assert not any(protocol.is_valid(date(2026, 10, 31)) for protocol in mx.protocols)


def test_the_full_interview_asks_for_each_of_the_67_delphi_indicators(mx: Pack) -> None:
    delphi = {indicator.id for indicator in mx.screening_indicators if indicator.instrument == "DELPHI"}
    assert len(delphi) == 67
    assert delphi <= asked(mx.protocol("delphi", 1))


def test_each_indicator_of_a_module_is_asked_by_some_protocol(mx: Pack) -> None:
    modules = {
        i.id for i in mx.screening_indicators if i.instrument in ("MODULE", "QYIT_PARAPHRASE", "TVIT_PARAPHRASE")
    }
    assert modules - {name for protocol in mx.protocols for name in asked(protocol)} == NOT_A_SIGN


@pytest.mark.parametrize("code", CODES)
def test_a_protocol_is_as_long_as_its_use_allows(mx: Pack, code: str) -> None:
    protocol = mx.protocol(code, 1)
    assert 10 <= len(protocol.questions) <= (12 if code == "first_responder" else 40)
    assert all(len(section.questions) <= 10 for section in protocol.sections)
    assert not any(question.required for question in protocol.questions)


@pytest.mark.parametrize("code", CODES)
def test_every_text_is_in_both_languages_in_calm_words(mx: Pack, code: str) -> None:
    for spanish, english in texts(mx.protocol(code, 1)):
        assert spanish != english or spanish == "No"
        assert not UNWELCOME.search(spanish), spanish
        assert not re.search("victim|!", english, re.IGNORECASE), english


@pytest.mark.parametrize("code", CODES)
def test_a_question_can_be_said_in_one_breath(mx: Pack, code: str) -> None:
    for question in mx.protocol(code, 1).questions:
        for lang in ("es", "en"):
            assert len(question.text(lang)) <= 150, question.code
            assert all(len(option.text(lang)) <= 90 for option in question.options), question.code


@pytest.mark.parametrize("code", CODES)
def test_safety_comes_first_and_every_step_is_required(mx: Pack, code: str) -> None:
    steps = {step.code: step for step in mx.protocol(code, 1).safety}
    assert all(step.required for step in steps.values())
    assert steps.keys() >= {"place", "danger", "language", "explain", "stop", "promise"}
    assert steps.keys() & {"child", "specialist"} or code == "foreign_medical_staff"
    assert steps.keys() & {"alone", "support", "own_choice"}


def test_the_second_talk_is_for_a_station_without_custody_staff(mx: Pack) -> None:
    protocol = mx.protocol("immigration_second", 1)
    assert (protocol.kind, protocol.channels) == ("second", ("migration_station",))
    assert "custody" in {step.code for step in protocol.safety}
    assert [p.code for p in mx.protocols if p.kind != "standard"] == ["immigration_second"]


@pytest.mark.parametrize("code", CODES)
def test_each_protocol_tells_the_facts_that_the_law_asks_for(mx: Pack, code: str) -> None:
    facts = {question.fact for question in mx.protocol(code, 1).questions}
    assert facts >= {"age", "age_doubt", "act", "purpose", "means"}
    if code in ("immigration", "immigration_second", "consulate", "forced_criminality", "first_responder"):
        assert "detained" in facts
    assert ("apprehended" in facts) == (code == "forced_criminality")


def test_a_purpose_is_a_form_of_the_law_so_that_it_can_be_weighed(mx: Pack) -> None:
    for protocol in mx.protocols:
        for question in protocol.questions:
            if question.fact == "purpose" and question.type == "several":
                assert {option.code for option in question.options} - {"none"} <= set(mx.forms.by_code)
            if question.fact == "group":
                known = mx.codes("vulnerability").by_code
                assert {option.code for option in question.options} - {"none"} <= set(known)


def test_one_answer_never_weighs_twice_in_a_dimension(mx: Pack) -> None:
    scored = {i.id: i.dimension for i in mx.screening_indicators if i.strengths}
    for protocol in mx.protocols:
        for question in protocol.questions:
            for code in ("yes", "no", *(option.code for option in question.options)):
                uses = [u for u in question.uses if code in getattr(u.when, "codes", ())]
                weighed = [scored[use.indicator] for use in uses if use.indicator in scored]
                assert len(weighed) == len(set(weighed)), (protocol.code, question.code, code)


def test_what_is_the_same_for_a_group_is_entered_once(mx: Pack) -> None:
    shared = {p.code: {q.code for q in p.questions if q.shared} for p in mx.protocols}
    for code in ("labour_farm", "labour_foreign_contract", "foreign_medical_staff", "institutions", "consulate"):
        assert shared[code], code
    personal = {"age", "age_doubt", "needs_now", "act", "purpose"}
    assert not any(codes & personal for codes in shared.values())


def questions(pack: Pack, code: str, answers: Answers) -> set[str]:
    return {question.code for question in visible(pack.protocol(code, 1), answers)}


def test_a_child_is_spared_contracts_means_and_questions_about_the_body(mx: Pack) -> None:
    spared = {
        "delphi": {"contract", "law_kept", "insured", "means"},
        "labour_farm": {"contract", "fee", "hours_day", "debt"},
        "labour_domestic": {"insured", "unwanted"},
        "labour_foreign_contract": {"has_contract", "hours_day"},
        "commercial_sex": {"began", "decides", "money", "stops"},
        "adult_services": {"may_ask", "unwanted", "exchange", "images"},
        "young_people": {"exchange", "pressed"},
        "institutions": {"unwanted"},
    }
    before: Answers = {"offered": "yes", "differed": "yes", "hours": "yes", "unsafe_place": "yes", "may_ask": "yes"}
    for code, hidden in spared.items():
        assert not questions(mx, code, {**before, "age": 12}) & hidden, code
        assert not questions(mx, code, {**before, "age_doubt": "yes"}) & hidden, code
        grown = questions(mx, code, {**before, "age": 30, "law_kept": "no", "exchange": "yes"})
        assert grown & hidden, code


def test_details_of_a_debt_are_asked_only_when_there_is_one(mx: Pack) -> None:
    details = {"debt_terms", "debt_grows", "debt_work", "guarantee"}
    for protocol in mx.protocols:
        own = {question.code for question in protocol.questions} & details
        yes: Answers = {"age": 30, "debt": "yes", "fee": "yes", "recruited": "yes"}
        assert not questions(mx, protocol.code, {"age": 30}) & own, protocol.code
        assert questions(mx, protocol.code, yes) >= own, protocol.code


def quiet(question: Question) -> str | int | tuple[str, ...] | None:
    """The answer with which nothing is the matter, or None where there is none to give."""
    troubling = {code for use in question.uses for code in getattr(use.when, "codes", ())}
    calm = [option.code for option in question.options if option.code not in troubling]
    return {
        "yes_no": "yes" if "no" in troubling else "no",
        "several": ("none",) if "none" in calm else tuple(calm),
        "choice": calm[0] if calm else None,
        "number": 30 if question.code == "age" else 5,
    }.get(question.type)


@pytest.mark.parametrize("code", CODES)
def test_where_nothing_is_the_matter_no_indication_is_found(mx: Pack, code: str) -> None:
    answers = {q.code: value for q in mx.protocol(code, 1).questions if (value := quiet(q)) is not None}
    outcome = answer(mx, code, answers)
    assert (outcome.class_code, outcome.would_change) == ("no_indication_found", ())


@pytest.mark.parametrize("code", CODES)
def test_without_answers_the_information_is_insufficient_and_a_presumption_still_possible(mx: Pack, code: str) -> None:
    outcome = answer(mx, code, {})
    assert (outcome.class_code, outcome.ceiling) == ("insufficient", "presumed")


CASES: dict[str, tuple[str, str, Answers]] = {
    "an adult deceived, exploited and kept": (
        "first_responder",
        "presumed",
        {"age": 30, "offer": ("work", "pay"), "days": ("hours", "pay"), "leave": ("papers", "watched")},
    ),
    "a child who works for others": (
        "first_responder",
        "presumed",
        {"age": 15, "days": ("hours", "pay"), "act": ("recruit",)},
    ),
    "a child in commercial sex, whoever brought them": (
        "commercial_sex",
        "presumed",
        {"age": 16, "child_commercial": "yes", "act": ("receive",)},
    ),
    "a child in commercial sex, nothing else known": (
        "commercial_sex",
        "possible",
        {"age": 16, "child_commercial": "yes"},
    ),
    "an adult in commercial sex who decides alone": (
        "commercial_sex",
        "insufficient",
        {"age": 28, "began": "own", "decides": ("none",), "money": "self", "stops": ("none",)},
    ),
    "an apprehended child of whom a group made use": (
        "forced_criminality",
        "presumed",
        {"age": 14, "apprehended": "yes", "orders": "yes", "used": "yes", "act": ("recruit",)},
    ),
    "a journey interrupted before any exploitation": (
        "immigration",
        "possible",
        {"age": 22, "way": ("watched", "threats"), "debt": "yes", "debt_terms": ("work",)},
    ),
    "a child who begs for somebody else": (
        "street_children",
        "presumed",
        {
            "age": 9,
            "does": ("beg",),
            "gives": "yes",
            "gives_to": "adult",
            "quota": "yes",
            "keeps_nothing": "yes",
            "act": ("receive",),
        },
    ),
    "a farm worker in debt, how it began unknown": (
        "labour_farm",
        "possible",
        {"age": 40, "hours_day": 14, "paid": "less", "debt": "yes", "debt_terms": ("more",), "stops": ("papers",)},
    ),
    "one yes of a young adult": ("young_people", "possible", {"age": 20, "afraid_to_leave": "yes"}),
}


@pytest.mark.parametrize("name", CASES)
def test_an_invented_person_comes_to_the_class_that_the_rule_says(mx: Pack, name: str) -> None:
    code, expected, answers = CASES[name]
    assert answer(mx, code, answers).class_code == expected


def test_help_is_offered_to_every_child_of_whom_a_purpose_is_known(mx: Pack) -> None:
    outcome = answer(mx, "street_children", {"age": 10, "sexual": "yes"})
    assert (outcome.class_code, outcome.refer, outcome.legal.means_needed) == ("possible", True, False)


def test_doubt_about_the_age_protects_as_a_minor(mx: Pack) -> None:
    told: Answers = {"age": 19, "age_doubt": "yes", "act": ("recruit",), "purpose": ("sexual_exploitation",)}
    outcome = answer(mx, "delphi", told)
    assert (outcome.class_code, outcome.minor_by_doubt, outcome.legal.state) == ("presumed", True, SHOWN)


def test_one_strong_sign_is_never_overlooked(mx: Pack) -> None:
    assert answer(mx, "delphi", {"age": 40, "freedom": ("hurt",)}).class_code == "possible"


def test_the_rule_scores_the_six_dimensions_as_delphi_combines_strengths(mx: Pack) -> None:
    assert (rule := mx.screening_rule) is not None
    assert len(rule.dimensions) == 6
    positive = [(2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1)]
    negative = [(1, 0, 0), (0, 2, 0), (0, 1, 2), (0, 0, 7), (0, 0, 0)]
    assert all(rule.is_positive(*counts) for counts in positive)
    assert not any(rule.is_positive(*counts) for counts in negative)


def test_every_class_that_rests_on_exploitation_leads_to_a_referral(mx: Pack) -> None:
    assert (rule := mx.screening_rule) is not None
    assert all(person.refer and person.basis for person in rule.people)
    assert {person.code for person in rule.people if not person.provisional} == {
        "adult_trafficking",
        "child_trafficking",
        "forced_labour",
    }
