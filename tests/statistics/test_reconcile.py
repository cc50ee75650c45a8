"""Every published figure stands beside ours, with a difference only where the two may be compared, and with the reason else."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from enlace.cli import main
from enlace.country.figures import PublishedFigure
from enlace.country.labels import figure_name
from enlace.country.queries import current
from enlace.exchange.models import ImportBatch, MonthlyFigure
from enlace.statistics.actions import compute_national
from enlace.statistics.models import NationalTable
from enlace.statistics.queries import national
from enlace.statistics.reconciliation import Row, beside, reconciliation, years
from tests.cases.pages import faulty, signed_in
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

PAGE = "/statistics/published/"


@pytest.fixture
def counted(world: World) -> NationalTable:
    make_nation(5)
    return compute_national(by=world.elena, year=YEAR)


def figure_of(indicator: str, **breakdown: str) -> PublishedFigure:
    return next(
        figure
        for figure in current().figures
        if figure.indicator_id == indicator and figure.breakdown == breakdown and figure.period == str(YEAR)
    )


def row_of(world: World, figure: PublishedFigure) -> Row:
    (row,) = beside(figure, national(viewer=world.elena, period=str(YEAR)), YEAR)
    return row


def say(table: NationalTable, value: int | None, status: str) -> None:
    """What the stored table says of the people identified."""
    for stored in table.tables:
        if stored["indicator"] == "identified" and not stored["dimension"]:
            stored["cells"][0] |= {"value": value, "status": status}
    table.save(update_fields=["tables"])


def test_no_published_figure_is_left_out(world: World, counted: NationalTable) -> None:
    found = reconciliation(viewer=world.elena, year=0)
    assert {id(row.figure) for row in found.rows} == {id(figure) for figure in current().figures}
    by_year = [row for year in years(viewer=world.elena) for row in reconciliation(viewer=world.elena, year=year).rows]
    assert {id(row.figure) for row in by_year} == {id(figure) for figure in current().figures}


def test_equal_is_equal_and_a_difference_has_its_size_and_reasons(world: World, counted: NationalTable) -> None:
    figure = figure_of("victims_identified")
    say(counted, 41, "published")
    row = row_of(world, figure)
    assert (row.verdict, row.difference, row.reasons) == ("equal", 0, [])
    say(counted, 30, "published")
    row = row_of(world, figure)
    assert (row.verdict, row.difference) == ("different", -11)
    assert any("of 3 states" in reason for reason in row.reasons)
    assert any(reason.startswith("What ours counts:") for reason in row.reasons)


@pytest.mark.parametrize(
    ("value", "status", "verdict", "words"),
    [
        (None, "suppressed", "not_comparable", "withheld"),
        (None, "missing", "not_computable", "missing, which is not zero"),
    ],
)
def test_what_is_withheld_or_missing_has_no_difference(
    world: World, counted: NationalTable, value: int | None, status: str, verdict: str, words: str
) -> None:
    say(counted, value, status)
    row = row_of(world, figure_of("victims_identified"))
    assert (row.verdict, row.difference) == (verdict, None)
    assert words in " ".join(row.reasons)
    assert (verdict == "not_comparable") is not any("Reported here:" in reason for reason in row.reasons)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": "cases"}, "theirs counts cases, ours persons"),
        ({"period": f"{YEAR}-H1"}, f"theirs is {YEAR}-H1, ours {YEAR}"),
        ({"value": None, "qualifier": "none_reported"}, "reports none"),
    ],
)
def test_other_units_and_periods_are_not_compared(
    world: World, counted: NationalTable, change: dict[str, Any], words: str
) -> None:
    say(counted, 30, "published")
    row = row_of(world, replace(figure_of("victims_identified"), **change))
    assert (row.verdict, row.difference, row.ours_text) == ("not_comparable", None, "30")
    assert words in " ".join(row.reasons)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"breakdown": {"sex": "other"}}, "not broken down"),
        ({"indicator_id": "shelters_burnt"}, "No module records this"),
        ({"indicator_id": "law_penalty", "unit": "years"}, "Not a count"),
        ({"indicator_id": "homicides", "note": "context"}, "Background"),
        ({"indicator_id": "slavery", "period": "undated", "qualifier": "approximately"}, "An estimate without a year"),
    ],
)
def test_what_we_do_not_count_says_why(
    world: World, counted: NationalTable, change: dict[str, Any], words: str
) -> None:
    row = row_of(world, replace(figure_of("victims_identified"), **change))
    assert (row.verdict, row.indicator, row.difference) == ("not_computable", "", None)
    assert words in " ".join(row.reasons)


def test_a_bound_is_told_as_one(world: World, counted: NationalTable) -> None:
    say(counted, 50, "published")
    figure = replace(figure_of("victims_identified"), qualifier="at_least")
    assert "The published figure is a lower bound." in row_of(world, figure).reasons
    say(counted, 30, "published")
    assert "Ours is below their lower bound." in row_of(world, figure).reasons
    assert row_of(world, figure).published_text == ">= 41"


def test_a_year_that_was_not_counted_says_so(world: World) -> None:
    found = reconciliation(viewer=world.elena, year=YEAR)
    assert {row.verdict for row in found.rows} == {"not_computable"}
    assert any(f"{YEAR} has not been counted here." in row.reasons for row in found.rows)


def test_a_count_older_than_the_indicator_says_so(world: World, counted: NationalTable) -> None:
    counted.tables = [stored for stored in counted.tables if stored["indicator"] != "identified"]
    counted.save(update_fields=["tables"])
    row = row_of(world, figure_of("victims_identified"))
    assert (row.verdict, row.difference) == ("not_computable", None)
    assert "does not have this yet" in row.reasons[0]


def test_warnings_stand_with_the_figures_that_they_are_about(world: World, counted: NationalTable) -> None:
    found = reconciliation(viewer=world.elena, year=YEAR, indicator="victims_abroad")
    assert [number for number, _text in found.caveats] == [2]
    assert all(2 in row.caveats for row in found.rows)
    text = signed_in("elena").get(f"{PAGE}?year={YEAR}").text
    for number in (1, 2):
        assert f'<li value="{number}">' in text


def test_the_official_series_is_a_source_of_its_own_and_units_stay_apart(world: World, counted: NationalTable) -> None:
    assert official(world) == {}
    batch = ImportBatch.objects.create(
        kind="sesnsp", digest="c" * 64, layout="long", unit="victims", row_count=2, error_count=0, imported_by="a",
        imported_at=timezone.now(),
    )  # fmt: skip
    for series, month, value in (("victims", 1, 17), ("victims", 2, None), ("victims", 3, 14), ("files", 1, 9)):
        MonthlyFigure.objects.create(batch=batch, series=series, year=YEAR, month=month, state="01", value=value)
    said = official(world)
    assert [value for _what, value in said["person"]] == ["31"]
    assert [value for _what, value in said["investigation"]] == ["9"]


def official(world: World) -> Any:
    found = reconciliation(viewer=world.elena, year=YEAR)
    assert len(found.sources) == 4
    return found.sources[1].said


def test_page_files_api_and_command_say_the_same(
    world: World, counted: NationalTable, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = signed_in("elena")
    rows = browser.get(f"/statistics/published-{YEAR}.json").json()["rows"]
    assert browser.get(f"/api/v1/statistics/reconciliation/{YEAR}").json()["rows"] == rows
    lines = list(csv.DictReader(io.StringIO(browser.get(f"/statistics/published-{YEAR}.csv").text)))
    for line, row in zip(lines, rows, strict=True):
        assert [line[name] for name in ("figure", "verdict", "reasons")] == [
            row[n] for n in ("figure", "verdict", "reasons")
        ]
        assert line["difference"] == ("" if row["difference"] is None else str(row["difference"]).replace("-", "'-", 0))
    assert main(["report", "reconciliation", "--year", str(YEAR), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["rows"] == rows
    assert main(["report", "reconciliation", "--year", str(YEAR)]) == 0
    told = capsys.readouterr().out
    assert all(figure_name(row["figure"]) in told for row in rows)
    page = browser.get(f"{PAGE}?year={YEAR}").text
    assert page.count('<th scope="row">') >= len(rows)


@pytest.mark.parametrize("verdict", ["different", "not_computable"])
def test_filters_keep_what_they_name(world: World, counted: NationalTable, verdict: str) -> None:
    say(counted, 30, "published")
    every = reconciliation(viewer=world.elena, year=YEAR)
    kept = reconciliation(viewer=world.elena, year=YEAR, verdict=verdict)
    assert {row.verdict for row in kept.rows} == {verdict}
    assert len(kept.rows) == every.counts[verdict]


def test_a_year_without_figures_is_empty_and_strange_words_do_no_harm(world: World) -> None:
    browser = faulty("elena")
    assert browser.get("/statistics/published-1900.csv").status_code == 404
    for asked in ("?year=x", "?year=all", "?verdict=x", "?indicator=x", "?year=2024&verdict=different"):
        assert browser.get(PAGE + asked).status_code == 200
    assert "No published figure fits" in browser.get(f"{PAGE}?indicator=x").text
    assert faulty("alma").get(PAGE).status_code == 403
