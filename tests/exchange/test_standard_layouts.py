"""The layouts of standards, and what each country's pack puts into them."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from enlace.base.errors import Refusal
from enlace.country.loader import Pack, load
from enlace.exchange.standard_cells import COLUMNS, Place, area_of, places_of
from enlace.exchange.standards import MEASURES, Standard, standards, statuses, words
from tests.architecture.source import ROOT

PACKS = sorted(path.parent for path in (ROOT / "countries").glob("*/pack.toml"))
KINDS = {
    "fixed", "code", "iso3", "m49", "name", "region", "subregion", "year", "value", "status", "unit", "source", "note_en",
    "note_es", "states", "states_all", "blank",
}  # fmt: skip
NONE = ("standard", "line", "", "", "", "", "")


def mapped(pack: Pack) -> Iterator[tuple[Standard, str, Place]]:
    for standard in standards().values():
        for line, place in places_of(pack.folder, standard).items():
            yield standard, line, place


def wrong(folder: Path, *rows: tuple[str, ...], heading: list[str] = COLUMNS) -> str:
    """What is said of a pack with these rows."""
    path = folder / "exchange" / "cells.csv"
    path.parent.mkdir(exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([heading, *rows])
    with pytest.raises(Refusal) as refusal:
        places_of(folder, standards()["sdg"])
    return str(refusal.value.reason)


def test_there_are_four_standards_and_every_column_is_of_a_known_kind() -> None:
    assert list(standards()) == ["sdg", "glotip", "tip", "ictip"]
    for standard in standards().values():
        assert {column.kind for column in standard.columns} <= KINDS
        assert [column.kind for column in standard.columns].count("value") == 1
        assert {"status", "year"} < {column.kind for column in standard.columns}
        assert len(standard.of_kind("iso3", "m49")) == 1
        own = {name for line in standard.lines.values() for name in line.cells}
        assert own == {column.name for column in standard.of_kind("code")}


def test_no_two_lines_of_a_standard_are_told_by_the_same_words() -> None:
    for standard in standards().values():
        told = standard.lines_by(standard.keys)
        assert list(told.values()) == list(standard.lines.values())
        assert {line.measure for line in told.values()} <= set(MEASURES)
        assert len(standard.lines_by(standard.keys[:1])) < len(told)


def test_what_a_file_says_it_says_in_both_languages() -> None:
    assert {frozenset(texts) for texts in statuses().values()} == {frozenset({"en", "es"})}
    assert words()["en"].keys() == words()["es"].keys()
    for standard in standards().values():
        assert standard.title("es") != standard.title("en")
        assert standard.version("es") != standard.version("en")
        assert standard.title("fr") == standard.title("en")


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_a_pack_puts_into_each_line_what_it_counts(folder: Path) -> None:
    pack = load(folder)
    definitions = {definition.id: definition for definition in pack.definitions}
    assert area_of(folder).m49.isdigit()
    for standard, line, place in mapped(pack):
        if not place.indicator:
            assert place.notes["en"], (standard.code, line)
            assert place.notes["es"], (standard.code, line)
            continue
        definition = definitions[place.indicator]
        assert definition.unit == standard.lines[line].unit, (standard.code, line)
        assert (definition.measure == "ratio") == (standard.lines[line].measure == "ratio"), (standard.code, line)
        assert place.dimension in ("", *definition.dimensions, *definition.groupings), (standard.code, line)


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_nobody_stands_in_two_lines_of_one_breakdown(folder: Path) -> None:
    for standard in standards().values():
        used = [
            (place.indicator, place.dimension, code)
            for place in places_of(folder, standard).values()
            for code in place.categories
        ]
        assert [place for place in used if used.count(place) > 1] == []


def test_a_slip_in_a_pack_is_told_by_row_and_column(tmp_path: Path) -> None:
    assert "row 2, column standard: “oecd”" in wrong(tmp_path, ("oecd", *NONE[1:]))
    assert "row 2, column line: “line”" in wrong(tmp_path, ("sdg", *NONE[1:]))
    twice = ("sdg", "rate", "rate", "", "", "", "")
    assert "row 3, column line: “rate”" in wrong(tmp_path, twice, twice)
    assert "row 2, column categories" in wrong(tmp_path, ("sdg", "rate", "rate", "sex", "", "", ""))
    assert "row 2, column categories" in wrong(tmp_path, ("sdg", "rate", "", "sex", "male", "", ""))
    assert "row 2, column -" in wrong(tmp_path, ("sdg", "rate", "rate"))
    assert "row 1, column -: “a, b”" in wrong(tmp_path, heading=["a", "b"])


def test_a_country_may_have_nothing_for_a_standard_but_needs_its_names(tmp_path: Path) -> None:
    assert places_of(tmp_path, standards()["sdg"]) == {}
    with pytest.raises(Refusal, match=r"exchange/area\.toml"):
        area_of(tmp_path)
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange" / "area.toml").write_text('m49 = "998"\n')
    with pytest.raises(Refusal):
        area_of(tmp_path)
