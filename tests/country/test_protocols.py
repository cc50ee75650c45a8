"""Protocols of screening are read whole or refused: the error names file, line, table and field, and what was expected."""

import json
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.country import report
from enlace.country.loader import Pack, load
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
from tests.country.conftest import COUNTRIES
from tests.country.test_check import run

Spoil = Callable[[str, str, str], Path]
FOLDER = "screening/protocols"
FIRST, SECOND, GROUP = (f"{FOLDER}/{name}-1.toml" for name in ("first_talk", "second_talk", "group_visit"))
RULE = "screening/rule.toml"

CONTROL = '[[sections]]\ncode = "control"'
NOT_MOVED = (
    '    { code = "none", text = { en = "None of these", es = "Nada de esto" } },\n]\nindicators = [{ id = "X11"'
)
ONE_OPTION = (
    '    { code = "moved", text = { en = "Moved", es = "Traslado" } },\n' + NOT_MOVED,
    ']\nindicators = [{ id = "X11"',
)

# file: (what is wrong, text in the file, text in its place, line, field, part of what was expected)
DEFECTS = {
    FIRST: [
        ("no TOML", 'code = "first_talk"', "code = first", 2, "", "TOML"),
        ("an unknown name", "provisional = false", "provisionally = false", 5, "provisionally", "only the names"),
        ("another name than its file's", 'code = "first_talk"', 'code = "last_talk"', 2, "code", "first_talk-1.toml"),
        ("no version", "version = 1", "version = 0", 3, "version", "at least 1"),
        ("a date in quotes", "valid_from = 2024-01-01", 'valid_from = "2024-01-01"', 4, "valid_from", "without quotes"),
        ("a date with a time", "= 2024-01-01", "= 2024-01-01T10:00:00", 4, "valid_from", "a date"),
        (
            "an end before the start",
            "provisional =",
            "valid_to = 2023-01-01\nprovisional =",
            5,
            "valid_to",
            "not before",
        ),
        ("neither true nor false", "provisional = false", 'provisional = "no"', 5, "provisional", "true or false"),
        ("an unknown kind", 'kind = "standard"', 'kind = "third"', 6, "kind", "prompt, second, standard"),
        ("no basis", 'basis = "Fictional"', 'basis = " "', 8, "basis", "a text"),
        ("a title in one language", 'es = "Primera conversación"', 'fr = "Conversation"', 9, "title.fr", "en, es"),
        ("no translation", ', es = "Primera conversación"', "", 9, "title.es", "a translation"),
        ("a title that is no table", '{ en = "First talk", es = "Primera conversación" }', "1", 9, "title", "a table"),
        (
            "a step without a text",
            'code = "alone"\nrequired = true\ntext',
            'code = "alone"\nwords',
            14,
            "words",
            "only",
        ),
        ("a step twice", 'code = "stop"', 'code = "alone"', 18, "code", "not used before"),
        (
            "a section without questions",
            CONTROL,
            f'[[sections]]\ncode = "void"\n\n{CONTROL}',
            115,
            "questions",
            "at least one",
        ),
        ("a section twice", 'code = "control"', 'code = "work"', 116, "code", "not used before"),
        ("a question twice", 'code = "debt"', 'code = "watched"', 137, "code", "not used before"),
        ("capital letters in a code", 'code = "debt"', 'code = "Debt"', 137, "code", "small letters"),
        ("an unknown type", 'type = "text"', 'type = "essay"', 145, "type", "several"),
        ("one option", *ONE_OPTION, 158, "options", "at least two options"),
        ("options of a number", 'fact = "age"\n', 'fact = "age"\noptions = []\n', 29, "options", "only for choice"),
        ("an option twice", 'code = "with_loss"', 'code = "freely"', 96, "options.freely.code", "not used before"),
        ("an unknown list", 'list = "exploitation_form"', 'list = "hats"', 168, "list", "one of"),
        ("a list of a text", 'type = "text"', 'type = "text"\nlist = "service"', 146, "list", "only for the type code"),
        ("bounds upside down", "max = 24", "max = -1", 111, "max", "not below min"),
        (
            "a bound of a yes",
            'type = "yes_no"\nrequired = true',
            'type = "yes_no"\nmin = 1',
            88,
            "min",
            "number or date",
        ),
        ("a bound that is true", "max = 24", "max = true", 111, "max", "a whole number"),
        ("an unknown fact", 'fact = "detained"', 'fact = "tall"', 53, "fact", "apprehended"),
        ("a fact of another type", 'fact = "detained"', 'fact = "age"', 53, "fact", "yes_no"),
        ("an unknown indicator", 'id = "X3"', 'id = "X99"', 62, "indicators.1.id", "indicators.csv"),
        ("no condition", "when = { over = 12 }", "when = {}", 113, "when.is", "exactly one of"),
        (
            "two conditions",
            "when = { over = 12 }",
            "when = { over = 12, under = 20 }",
            113,
            "when.under",
            "exactly one of",
        ),
        ("an answer that is none", 'when = { is = "never" }', 'when = { is = "maybe" }', 101, "when.is", "freely"),
        ("a bound on a choice", 'when = { is = "never" }', "when = { over = 3 }", 101, "when.over", "number or date"),
        ("an answer of a number", "when = { over = 12 }", 'when = { is = "12" }', 113, "when.is", "has no codes"),
        (
            "no answer at all",
            'when = { in = ["with_loss", "never"] }',
            "when = { in = [] }",
            101,
            "when.in",
            "at least one",
        ),
        ("an empty all", "when = { over = 12 }", "when = { all = [] }", 113, "when.all", "at least one"),
        (
            "a later question",
            'show_if = { not = { answered = "age" } }',
            'show_if = { answered = "debt" }',
            39,
            "show_if.answered",
            "before this one",
        ),
        (
            "itself",
            'show_if = { not = { answered = "age" } }',
            'show_if = { answered = "birth_year" }',
            39,
            "show_if.answered",
            "before this one",
        ),
        (
            "an unknown question",
            'show_if = { not = { answered = "age" } }',
            'show_if = { answered = "shoe" }',
            39,
            "show_if.answered",
            "of this protocol",
        ),
        (
            "a number nobody can be",
            "when = { over = 12 }",
            "when = { over = 24 }",
            0,
            "sections.work.questions.hours.indicators.X9.when",
            "none can",
        ),
    ],
    SECOND: [
        (
            "a place that is none",
            '{ answered = "where" }',
            '{ question = "where", is = "XX-W" }',
            37,
            "show_if.any.1.is",
            "XX-I",
        ),
    ],
    GROUP: [
        ("an unknown channel", '"street_outreach"', '"telepathy"', 7, "channels", "'telepathy' is not one"),
        (
            "an unknown kind of agency",
            '"police", "ngo"]',
            '"police", "circus"]',
            8,
            "agency_kinds",
            "'circus' is not one",
        ),
        ("a channel twice", '"police", "street_outreach"', '"police", "police"', 7, "channels", "each code once"),
        (
            "channels that are no list",
            'channels = ["labour_inspection", "police", "street_outreach"]',
            "channels = 1",
            7,
            "channels",
            "a list of codes",
        ),
    ],
    RULE: [
        ("an unknown name", "signs =", "sign =", 4, "sign", "only the names"),
        ("an unknown role", '"supporting_sign"', '"star_sign"', 4, "signs", "'star_sign' is not one"),
        ("a combination of nothing", "strong = 2", "strong = 0", 7, "combinations.1.strong", "at least one"),
        ("an unknown dimension", 'code = "CONTROL"', 'code = "LUCK"', 27, "code", "CONTROL"),
        ("an unknown fact", 'shows = ["purpose"]', 'shows = ["motive"]', 23, "shows", "act, means, purpose"),
        ("a rule for nobody", 'ages = ["child"]', "ages = []", 43, "ages", "adult, child"),
        ("a class that is none", 'class = "possible"', 'class = "certain"', 54, "class", "possible, presumed"),
        (
            "possible before presumed",
            'ages = ["adult"]\nclass = "presumed"',
            'ages = ["adult"]\nclass = "possible"',
            44,
            "class",
            "presumed before possible",
        ),
        (
            "an unknown dimension in a formula",
            'when = { dimension = "EXPLOITATION" }',
            'when = { dimension = "LUCK" }',
            58,
            "when.dimension",
            "CONTROL",
        ),
        (
            "a negation",
            'when = { dimension = "EXPLOITATION" }',
            'when = { not = { fact = "act" } }',
            58,
            "when.not",
            "only the names",
        ),
        (
            "two formulas in one",
            'when = { dimension = "EXPLOITATION" }',
            'when = { dimension = "CONTROL", fact = "act" }',
            58,
            "when.all",
            "exactly one of",
        ),
        (
            "an empty formula",
            'when = { dimension = "EXPLOITATION" }',
            "when = { any = [] }",
            58,
            "when.any",
            "at least one",
        ),
        ("an unknown form", 'bonded_work = "labour"', 'boxing = "labour"', 62, "sectors.boxing", "only the names"),
        (
            "an unknown sector",
            'bonded_work = "labour"',
            'bonded_work = "rest"',
            62,
            "sectors.bonded_work",
            "labour, sexual",
        ),
    ],
}


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "field", "expected"),
    [
        pytest.param(name, *defect[1:], id=f"{name.rpartition('/')[2]}-{defect[0]}")
        for name, defects in DEFECTS.items()
        for defect in defects
    ],
)
def test_a_defect_is_told_by_file_line_and_field(
    spoil: Spoil, name: str, old: str, new: str, line: int, field: str, expected: str
) -> None:
    with pytest.raises(PackError) as refused:
        load(spoil(name, old, new))
    assert (refused.value.file, refused.value.line) == (f"xx/{name}", line)
    assert refused.value.field.endswith(field)
    assert expected in refused.value.expected


@pytest.mark.parametrize(
    ("name", "old", "opening", "inner", "closing"),
    [
        (FIRST, "{ over = 12 }", "{ not = ", "{ over = 12 }", " }"),
        (RULE, '{ dimension = "EXPLOITATION" }\ntitle', "{ all = [", '{ fact = "act" }', "] }"),
    ],
)
def test_conditions_within_conditions_have_a_depth(
    spoil: Spoil, name: str, old: str, opening: str, inner: str, closing: str
) -> None:
    title = "\ntitle" if old.endswith("title") else ""
    with pytest.raises(PackError, match="at most 12 deep"):
        load(spoil(name, old, opening * 13 + inner + closing * 13 + title))


@pytest.mark.parametrize("name", ["safety", "sections"])
def test_a_protocol_without_safety_steps_or_questions_is_refused(folder: Path, name: str) -> None:
    path = folder / GROUP
    kept = [part for part in path.read_text().split("\n\n") if not part.startswith(f"[[{name}")]
    path.write_text("\n\n".join(kept))
    with pytest.raises(PackError, match="at least one") as refused:
        load(folder)
    assert refused.value.field == name


def test_a_rule_without_people_and_protocols_without_a_rule_are_refused(folder: Path) -> None:
    path = folder / RULE
    kept = [part for part in path.read_text().split("\n\n") if not part.startswith("[[people]]")]
    path.write_text("\n\n".join(kept))
    with pytest.raises(PackError, match="people: expected at least one"):
        load(folder)
    path.unlink()
    with pytest.raises(PackError, match="without it no protocol comes to a class"):
        load(folder)


def test_a_protocol_that_could_never_find_anything_is_refused(folder: Path) -> None:
    path = folder / SECOND
    kept = [line for line in path.read_text().splitlines() if not line.startswith("indicators")]
    path.write_text("\n".join(kept))
    with pytest.raises(PackError, match="enough to come to a class"):
        load(folder)


def test_dimensions_alone_can_make_a_class_but_not_in_a_prompt(folder: Path) -> None:
    path = folder / RULE
    path.write_text(path.read_text().replace('signs = ["dimension_score", "supporting_sign"]', "signs = []"))
    assert load(folder).screening_rule is not None
    prompt = (folder / SECOND).read_text().replace('kind = "second"', 'kind = "prompt"')
    (folder / SECOND).write_text(prompt)
    with pytest.raises(PackError, match="enough to come to a class"):
        load(folder)


@pytest.mark.parametrize(
    ("valid_to", "overlap"), [(None, True), ("2025-03-01", True), ("2025-02-28", False), ("2024-06-01", False)]
)
def test_two_versions_are_never_valid_on_the_same_day(folder: Path, valid_to: str | None, overlap: bool) -> None:
    first, second = folder / SECOND, folder / FOLDER / "second_talk-2.toml"
    text = first.read_text()
    second.write_text(text.replace("version = 1", "version = 2").replace("= 2024-01-01\nprov", "= 2025-03-01\nprov"))
    if valid_to:
        first.write_text(text.replace("provisional =", f"valid_to = {valid_to}\nprovisional =", 1))
    if overlap:
        with pytest.raises(PackError, match="before 2025-03-01, when version 2 begins"):
            load(folder)
        return
    pack = load(folder)
    versions = [p.version for p in pack.protocols if p.code == "second_talk" and p.is_valid(date(2025, 3, 1))]
    assert versions == [2]


def test_the_check_of_a_pack_tells_a_defect_of_every_file_at_once(
    spoil: Spoil, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(RULE, 'class = "possible"', 'class = "certain"')
    spoil(SECOND, "minutes = 5", "minutes = 0")
    folder = spoil(FIRST, "{ over = 12 }", "{ over = 24 }")
    with override_settings(ENLACE_COUNTRIES_DIR=folder.parent):
        assert run("xx") == 1
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(",")[0] for line in told] == [
        f"error: xx/{SECOND}",
        f"error: xx/{RULE}",
        f"error: xx/{FIRST}",
    ]
    (folder / "pack.toml").unlink()
    with override_settings(ENLACE_COUNTRIES_DIR=folder.parent):
        assert run("xx") == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_check_of_a_pack_shows_each_protocol_with_the_start_of_its_digest(
    xx: Pack, capsys: pytest.CaptureFixture[str]
) -> None:
    with override_settings(ENLACE_COUNTRIES_DIR=xx.folder.parent):
        assert run("xx") == 0
    shown = capsys.readouterr().out
    digest = xx.protocol("group_visit", 1).digest[:12]
    assert f"  group_visit 1 (standard): 8 questions, from 2024-01-01, content {digest}" in shown
    assert "  provisional protocol group_visit 1: Fictional" in shown
    assert "  provisional finding child_trafficking: Fictional" in shown


def test_the_digest_follows_the_content_and_not_its_spelling(folder: Path, spoil: Spoil) -> None:
    before = load(folder).protocol("first_talk", 1)
    path = folder / FIRST
    path.write_text("# Another comment.\n\n" + path.read_text().replace("minutes = 10", "minutes   =   10"))
    assert load(folder).protocol("first_talk", 1).digest == before.digest
    after = load(spoil(FIRST, "Could you leave this work?", "Could you leave that work?")).protocol("first_talk", 1)
    assert after.digest != before.digest
    assert after.key == before.key


def test_a_protocol_is_offered_by_day_channel_and_kind_of_agency(xx: Pack) -> None:
    visit = xx.protocol("group_visit", 1)
    asked = {"channel": "police", "agency_kind": "ngo", "on": date(2025, 1, 1)}
    assert visit.is_offered(**asked)
    assert visit.is_offered(**asked | {"channel": ""})
    assert not visit.is_offered(**asked | {"channel": "school"})
    assert not visit.is_offered(**asked | {"agency_kind": "health"})
    assert not visit.is_offered(**asked | {"on": date(2023, 12, 31)})
    assert xx.protocol("first_talk", 1).is_offered(**asked | {"channel": "school", "agency_kind": "health"})
    with pytest.raises(KeyError):
        xx.protocol("group_visit", 2)


def test_everything_in_a_protocol_is_there_in_both_languages(xx: Pack) -> None:
    talk = xx.protocol("first_talk", 1)
    assert (talk.title("en"), talk.title("es"), talk.title("fr")) == (
        "First talk",
        "Primera conversación",
        "First talk",
    )
    assert talk.safety[1].text("es") == "Le dijo que puede parar cuando quiera."
    assert talk.question("promised").hint_text("en") == "Tick all that apply."
    assert talk.question("promised").options[3].text("es") == "Nada de esto"
    assert talk.question("debt").hint_text("en") == ""
    assert "debt" in talk
    assert "shoe" not in talk


def test_the_rule_names_its_dimensions_and_findings(xx: Pack) -> None:
    assert xx.screening_rule is not None
    assert xx.screening_rule.dimension("CONTROL").title("es") == "Control"
    assert xx.screening_rule.finding("child_trafficking").title("en") == "Trafficking of a child"
    assert xx.means_required


ODD: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from(
        ["", " ", "yes", "age", "none", "X1", "first_talk", "EXPLOITATION", 0, -1, 2**70, True, 1.5, [], {}]
    ),
    st.sampled_from(
        [[{}], [[]], ["age", "age"], {"is": "yes"}, {"all": []}, {"not": {}}, date(2024, 1, 1), {"en": "x"}]
    ),
    st.text(max_size=5),
)


def spelled(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(str(k))} = {spelled(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(spelled, value)) + "]"
    return json.dumps(value) if isinstance(value, str | bool) else str(value)


def spoilt(node: Any, data: st.DataObject) -> Any:
    """The same with one value somewhere in it replaced, taken out or added."""
    if not isinstance(node, dict | list) or not node or data.draw(st.integers(0, 5)) == 0:
        return data.draw(ODD)
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    key = data.draw(st.sampled_from(keys))
    changed: Any = dict(node) if isinstance(node, dict) else list(node)
    if data.draw(st.integers(0, 9)) == 0:
        del changed[key]
    else:
        changed[key] = spoilt(node[key], data)
    return changed


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(COUNTRIES / "xx", tmp_path_factory.mktemp("odd") / "xx")


@settings(max_examples=100)
@given(data=st.data(), name=st.sampled_from([FIRST, SECOND, GROUP, RULE]))
def test_whatever_stands_where_a_value_should_a_file_loads_or_is_refused(
    copy: Path, data: st.DataObject, name: str
) -> None:
    text = (COUNTRIES / "xx" / name).read_text()
    changed = spoilt(tomllib.loads(text), data)
    lines = [f"{json.dumps(k)} = {spelled(v)}" for k, v in changed.items()] if isinstance(changed, dict) else []
    (copy / name).write_text("\n".join(lines))
    try:
        pack = load(copy)
    except PackError:
        pack = None
    finally:
        (copy / name).write_text(text)
    assert pack is None or pack.code == "xx"


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
