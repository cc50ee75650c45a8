"""Protocols of screening are read whole or refused: the error names file, line, table and field, and what was expected."""

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.country.loader import Pack, load
from enlace.country.rows import PackError
from tests.country.conftest import COUNTRIES
from tests.country.defects import DEFECTS, FIRST, FOLDER, GROUP, RULE, SECOND, Spoil
from tests.country.test_check import run


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
