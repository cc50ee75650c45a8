"""Indicators are checked when a pack is read; an error names the file, the indicator and the field."""

from collections import Counter
from pathlib import Path

import pytest

from enlace.country.loader import Pack, load
from enlace.country.rows import PackError

ONE = """
[[indicator]]
id = "{id}"
group = "people"
unit = "person"
source = "facts"
measure = "count"
of = "identified"
legal_basis = "s. 1"
label = {{ en = "Persons", es = "Personas" }}
population = {{ en = "Persons", es = "Personas" }}
{rest}
"""


def refused(folder: Path, rest: str, **changes: str) -> str:
    text = ONE.format(id="extra", rest=rest)
    for old, new in changes.items():
        text = text.replace(f"{old} = ", f"{new} # ", 1)
    (folder / "indicators" / "9_extra.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as error:
        load(folder)
    return str(error.value)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('colour = "red"', "unknown field colour"),
        ('dimensions = ["kind"]', "field dimensions: kind needs a list"),
        ('dimensions = ["kind"]\nlists = { kind = "no_list" }', "field lists.kind"),
        ('where = { sex = ["martian"] }', "field where.sex: martian"),
        ('figures = [{ indicator = "unheard_of" }]', "field figures: unheard_of"),
        ("caveat_numbers = [99]", "field caveat_numbers: there is no caveat 99"),
        ('periods = ["decade"]', "field periods: decade"),
    ],
)
def test_a_wrong_indicator_is_refused_by_file_and_field(folder: Path, rest: str, said: str) -> None:
    found = refused(folder, rest)
    assert found.startswith(f"{folder.name}/indicators/9_extra.toml, extra")
    assert said in found


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ('source = "returns"\nof = "moon_phases"', "field of: no template of a return asks for moon_phases"),
        ('source = "returns"\nof = "inquiries"', "field unit: the returns count investigation"),
        (
            'source = "returns"\nof = "charged"\ndimensions = ["sex"]',
            "field dimensions: a return does not break charged",
        ),
    ],
)
def test_an_indicator_from_returns_agrees_with_the_templates(folder: Path, rest: str, said: str) -> None:
    text = ONE.format(id="extra", rest=rest).replace('source = "facts"\n', "").replace('of = "identified"\n', "")
    (folder / "indicators" / "9_extra.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=said):
        load(folder)


def test_every_language_of_the_pack_has_its_words(folder: Path) -> None:
    text = ONE.format(id="extra", rest="").replace(', es = "Personas"', "", 1)
    (folder / "indicators" / "9_extra.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=r"extra, field label\.es"):
        load(folder)


def test_an_id_is_used_once_and_a_file_holds_indicators_only(folder: Path) -> None:
    assert "identified is used twice" in refused_file(folder, ONE.format(id="identified", rest=""))
    assert "nothing beside it" in refused_file(folder, "colour = 1\n" + ONE.format(id="extra", rest=""))


def refused_file(folder: Path, text: str) -> str:
    (folder / "indicators" / "9_extra.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as error:
        load(folder)
    return str(error.value)


def test_the_packs_count_what_the_law_orders_to_be_published(mx: Pack, xx: Pack) -> None:
    """General Law art. 88 VIII: sex, marital status, age, nationality, recruitment, form, destination, status, border."""
    identified = next(d for d in mx.definitions if d.id == "identified")
    ordered = {
        "sex", "marital_status", "age_group", "nationality", "recruitment", "form", "destination", "migration_status",
        "route", "border",
    }  # fmt: skip
    assert ordered <= set(identified.dimensions)
    assert {d.maps["tip"] for d in mx.definitions if "tip" in d.maps} == {"prosecution", "protection", "prevention"}
    assert [d.id for d in mx.definitions if d.measure == "ratio" and d.maps.get("sdg") == "16.2.2"] == ["sdg_16_2_2"]
    assert Counter(d.source for d in xx.definitions).keys() == {"facts", "returns", "indicators"}


def test_every_published_figure_is_either_computed_or_has_its_reason(mx: Pack, xx: Pack) -> None:
    for pack in (mx, xx):
        computed = {figure.indicator for definition in pack.definitions for figure in definition.figures}
        assert set(pack.not_computed) == {figure.indicator_id for figure in pack.figures} - computed
        assert all(set(reason) == set(pack.languages) for reason in pack.not_computed.values())
