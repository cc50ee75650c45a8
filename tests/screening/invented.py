"""Invented protocols, rules, indicators and answers: random ones for Hypothesis, and short ways to write one by hand."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from enlace.country.protocols import (
    AllOf,
    Answered,
    AnyOf,
    Combination,
    Condition,
    Dimension,
    Either,
    Every,
    Formula,
    IsPositive,
    IsShown,
    NoAnswer,
    Not,
    OneOf,
    Option,
    Over,
    PersonRule,
    Protocol,
    Question,
    SafetyStep,
    ScreeningIndicator,
    ScreeningRule,
    Section,
    Texts,
    Under,
    Use,
    Value,
)
from enlace.screening.rules import Configuration, Facts

ON = date(2025, 6, 1)
DIMENSIONS = ("DECEIT", "EXPLOITATION", "CONTROL")
FORMS = ("bonded_work", "sexual_use", "organ_taking")
POPULATIONS = ("adult_labour", "adult_sexual", "child_labour", "child_sexual")
ROLES = ("dimension_score", "supporting_sign", "structured_decision")


def texts(text: str = "x") -> Texts:
    return Texts({"en": text, "es": text})


def question(code: str, type: str = "yes_no", **fields: Any) -> Question:
    if type in ("choice", "several") and "options" not in fields:
        fields["options"] = tuple(Option(name, texts(name)) for name in ("a", "b", "none"))
    return Question(code, type, texts(f"About {code}"), **fields)


def indicator(name: str, dimension: str = "EXPLOITATION", strength: str = "S", **fields: Any) -> ScreeningIndicator:
    strengths = fields.pop("strengths", {population: strength for population in POPULATIONS if strength})
    role = fields.pop("role", "dimension_score")
    return ScreeningIndicator(name, "XAND", dimension, "any", strengths, role, {"en": name}, "Fictional")


def protocol(*questions: Question, kind: str = "standard") -> Protocol:
    return protocol_of((Section("only", texts(), questions),), kind)


def protocol_of(sections: tuple[Section, ...], kind: str = "standard") -> Protocol:
    steps = (SafetyStep("alone", True, texts("Alone")), SafetyStep("stop", False, texts("May stop")))
    about = {"minutes": 5, "basis": "Fictional", "titles": texts("Invented"), "purposes": texts("To try")}
    return Protocol("invented", 1, ON, None, True, kind, (), (), safety=steps, sections=sections, **about)


def person(code: str, class_code: str, when: Formula, *ages: str, refer: bool = True) -> PersonRule:
    return PersonRule(code, texts(code), ages or ("adult", "child"), class_code, when, refer, False, "Fictional")


PLAIN = ScreeningRule(
    code="plain",
    basis="Fictional",
    combinations=(Combination(2, 0, 0), Combination(1, 0, 1), Combination(0, 3, 0), Combination(0, 2, 1)),
    dimensions=(
        Dimension("DECEIT", texts(), ("act", "means")),
        Dimension("EXPLOITATION", texts(), ("purpose",)),
        Dimension("CONTROL", texts()),
    ),
    signs=("dimension_score", "supporting_sign"),
    people=(
        person("trafficking", "presumed", Every(tuple(IsPositive(name) for name in DIMENSIONS)), "adult"),
        person("child", "presumed", Every((IsPositive("EXPLOITATION"), IsShown("act"))), "child"),
        person("exploited", "possible", IsPositive("EXPLOITATION")),
        person("controlled", "possible", IsPositive("CONTROL"), refer=False),
    ),
    sectors={"bonded_work": "labour", "sexual_use": "sexual"},
)


def configuration(rule: ScreeningRule = PLAIN, means_required: bool = False) -> Configuration:
    return Configuration(rule, 18, means_required)


def _leaf(asked: Question) -> st.SearchStrategy[Condition]:
    if asked.type == "number":
        bounds = st.integers(0, 40)
        return st.one_of(bounds.map(lambda b: Over(asked.code, b)), bounds.map(lambda b: Under(asked.code, b)))
    codes = ["yes", "no"] if asked.type == "yes_no" else [option.code for option in asked.options] or list(FORMS)
    chosen = st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True)
    return st.one_of(st.just(Answered(asked.code)), chosen.map(lambda found: OneOf(asked.code, tuple(found))))


def conditions(asked: list[Question]) -> st.SearchStrategy[Condition]:
    leaf = st.sampled_from(asked).flatmap(_leaf)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(Not),
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: AllOf(tuple(parts))),
            st.lists(inner, min_size=1, max_size=2).map(lambda parts: AnyOf(tuple(parts))),
        ),
        max_leaves=3,
    )


FACTS_BY_TYPE = {
    "yes_no": ("", "", "age_doubt", "act", "means", "purpose", "unable", "detained", "consent"),
    "number": ("", "age", "birth_year"),
    "choice": ("", "act", "means"),
    "several": ("", "act", "means"),
    "code": ("", "purpose"),
}


@st.composite
def protocols(draw: st.DrawFn, names: list[str]) -> Protocol:
    """Up to six questions in one or two sections; ``names`` are the indicators that they may use."""
    found: list[Question] = []
    for nth in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(list(FACTS_BY_TYPE)))
        made = question(
            f"q{nth}",
            kind,
            required=draw(st.booleans()),
            fact=draw(st.sampled_from(FACTS_BY_TYPE[kind])),
            show_if=draw(st.none() | conditions(found)) if found else None,
        )
        when = st.one_of(_leaf(made), conditions([*found, made]))
        uses = draw(st.lists(st.tuples(st.sampled_from(names), when), min_size=1, max_size=2))
        found.append(question_with(made, tuple(Use(name, condition) for name, condition in uses)))
    cut = draw(st.integers(1, len(found)))
    second = [Section("second", texts(), tuple(found[cut:]), draw(st.none() | conditions(found[:cut])))]
    sections = (Section("first", texts(), tuple(found[:cut])), *(second if found[cut:] else ()))
    return protocol_of(sections, draw(st.sampled_from(["standard", "standard", "standard", "prompt"])))


def question_with(made: Question, uses: tuple[Use, ...]) -> Question:
    return Question(**{**vars(made), "uses": uses})


@st.composite
def indicator_sets(draw: st.DrawFn) -> list[ScreeningIndicator]:
    def one(nth: int) -> ScreeningIndicator:
        strengths = {p: s for p in POPULATIONS if (s := draw(st.sampled_from(["S", "M", "W", ""])))}
        role, dimension = draw(st.sampled_from(ROLES)), draw(st.sampled_from([*DIMENSIONS, "OTHER"]))
        return indicator(f"I{nth}", dimension, strengths=strengths, role=role)

    return [one(nth) for nth in range(6)]


FORMULAS: st.SearchStrategy[Formula] = st.recursive(
    st.sampled_from(
        [*(IsPositive(name) for name in DIMENSIONS), *(IsShown(fact) for fact in ("act", "means", "purpose"))]
    ),
    lambda inner: st.lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: st.sampled_from([Every(tuple(parts)), Either(tuple(parts))])
    ),
    max_leaves=5,
)


@st.composite
def screening_rules(draw: st.DrawFn) -> ScreeningRule:
    counts = [(1, 0, 0), (2, 0, 0), (1, 0, 1), (0, 2, 0), (0, 1, 1), (0, 3, 0), (0, 0, 2), (1, 1, 1)]
    combos = [Combination(*c) for c in draw(st.lists(st.sampled_from(counts), min_size=1, max_size=3, unique=True))]
    shown = st.lists(st.sampled_from(["act", "means", "purpose"]), unique=True, max_size=2).map(tuple)
    dimensions = tuple(Dimension(name, texts(), draw(shown)) for name in DIMENSIONS)
    ages = st.sampled_from([("adult",), ("child",), ("adult", "child")])
    people = [
        person(f"p{nth}", class_code, draw(FORMULAS), *draw(ages), refer=draw(st.booleans()))
        for nth, class_code in enumerate(("presumed", "presumed", "possible"))
    ]
    signs = draw(st.lists(st.sampled_from(ROLES), unique=True).map(tuple))
    return ScreeningRule("random", "Fictional", tuple(combos), dimensions, signs, tuple(people), PLAIN.sectors)


def values(asked: Question) -> st.SearchStrategy[Value]:
    """An answer of the question's type."""
    if asked.type == "number":
        return st.integers(2000, 2015) if asked.fact == "birth_year" else st.integers(0, 40)
    if asked.type == "several":
        sets = st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True).map(tuple)
        return st.one_of(sets, st.just(("none",)))
    codes = {"yes_no": ["yes", "no"], "choice": ["a", "b", "none"], "code": list(FORMS)}
    return st.sampled_from(codes[asked.type])


@st.composite
def answer_sets(draw: st.DrawFn, of: Protocol) -> dict[str, Value]:
    """Answers to some of the questions, hidden ones among them, and reasons for none."""
    found: dict[str, Value] = {}
    for asked in of.questions:
        given = draw(st.one_of(st.none(), values(asked), values(asked), st.sampled_from(NoAnswer)))
        if given is not None:
            found[asked.code] = given
    return found


KNOWN = st.builds(
    Facts,
    on=st.just(ON),
    age=st.none() | st.integers(10, 30),
    birth_year=st.none() | st.integers(2000, 2015),
    minor=st.none() | st.booleans(),
    age_doubt=st.sampled_from([False, False, False, True]),
    unable=st.none() | st.booleans(),
    forms=st.lists(st.sampled_from(FORMS), max_size=1).map(tuple),
)


Screened = tuple[Protocol, list[ScreeningIndicator], Configuration, dict[str, Value], Facts]


@st.composite
def screenings(draw: st.DrawFn) -> Screened:
    """Everything that ``assess`` takes, with conditions of every kind."""
    indicators = draw(indicator_sets())
    made = draw(protocols([item.id for item in indicators]))
    rule = Configuration(draw(st.just(PLAIN) | screening_rules()), 18, draw(st.booleans()))
    facts = draw(st.just(Facts(ON)) | KNOWN)
    return made, indicators, rule, draw(answer_sets(made)), facts


@st.composite
def flat_screenings(draw: st.DrawFn) -> Screened:
    """The same with one plain question for each indicator and each fact, so that the weighing is tried at every depth."""
    indicators = draw(indicator_sets())
    asked = [question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in indicators]
    asked += [question(fact, fact=fact) for fact in ("age_doubt", "act", "means", "purpose")]
    given = {q.code: draw(st.sampled_from(["yes", "yes", "no", NoAnswer.NOT_ASKED])) for q in asked}
    rule = Configuration(draw(screening_rules()), 18, draw(st.booleans()))
    return protocol(*asked), indicators, rule, given, draw(KNOWN)
