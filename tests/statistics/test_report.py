"""The same numbers on the screen, in the files, from the API and in a terminal."""

import csv
import io
import json
import re
from dataclasses import replace
from html import unescape

import pytest

from enlace.base.errors import Forbidden, Missing
from enlace.cli import main
from enlace.country.queries import current
from enlace.statistics import report
from enlace.statistics.actions import compute_national
from enlace.statistics.queries import Line, National, category_label, cell_text, national, periods, within
from tests.cases.pages import faulty, queries_of, signed_in
from tests.statistics.nation import YEAR, make_nation
from tests.world import World


@pytest.fixture
def counted(world: World) -> National:
    make_nation(5)
    compute_national(by=world.elena, year=YEAR)
    return national(viewer=world.elena, period=str(YEAR))


def rows_of_csv(text: str) -> list[tuple[str, str, str, object, str]]:
    found = csv.DictReader(io.StringIO(text))
    return [
        (r["indicator"], r["dimension"], r["category"], float(r["value"]) if r["value"] else None, r["status"])
        for r in found
    ]


def rows_of_json(data: dict[str, list[dict[str, object]]]) -> list[tuple[object, ...]]:
    return [tuple(r[n] for n in ("indicator", "dimension", "category", "value", "status")) for r in data["rows"]]


def texts(html: str) -> list[list[str]]:
    """The cells of each row of the page's tables, as words."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', html, re.DOTALL)
    return [
        [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.split(r"</t[hd]>", row)[:-1]] for row in rows
    ]


def test_files_api_and_command_say_the_same(
    world: World, counted: National, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = signed_in("elena")
    from_csv = rows_of_csv(browser.get(f"/statistics/national-{YEAR}.csv").text)
    from_json = rows_of_json(browser.get(f"/statistics/national-{YEAR}.json").json())
    from_api = rows_of_json(browser.get(f"/api/v1/statistics/national/{YEAR}").json())
    assert from_csv == from_json == from_api
    assert len(from_csv) > 30
    for kind, read in (("csv", rows_of_csv), ("json", lambda text: rows_of_json(json.loads(text)))):
        assert main(["report", "national", "--year", str(YEAR), "--format", kind, "--stored"]) == 0
        assert read(capsys.readouterr().out) == from_csv


def test_the_screen_and_the_terminal_say_the_same_words(
    world: World, counted: National, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = texts(signed_in("elena").get(f"/statistics/?year={YEAR}").text)
    main(["report", "national", "--year", str(YEAR), "--stored"])
    printed = [re.sub(r"\s+", " ", line).strip() for line in capsys.readouterr().out.splitlines()]
    for breakdown in within(counted, "people").breakdowns:
        for line in breakdown.lines:
            words = [line.label, *(cell_text(cell) for cell in line.cells)]
            assert " ".join(words) in printed
            assert words in shown
    people = within(counted, "people").columns
    assert " ".join(["Total", *(cell_text(column.total) for column in people)]) in printed


def test_completeness_cut_off_unit_and_threshold_travel_with_the_numbers(counted: National) -> None:
    data = report.as_dict(counted, synthetic=True)
    assert data["synthetic"] is True
    assert data["cut_off"] == counted.table.cut_off.isoformat()
    assert data["threshold"] == 5
    told = data["completeness"]
    assert told["state_count"] == 3
    assert set(told["reporting_states"]) <= {"XX-N", "XX-S", "XX-I"}
    assert 0 < told["reporting_agencies"] <= told["agency_count"] == 16
    text = report.render_text(counted)
    assert f"{told['reporting_agencies']} agencies and {len(told['reporting_states'])} of 3 states reported" in text
    assert "published 41" in text
    assert {row["indicator"]: row["unit"] for row in data["rows"]} == {d.id: d.unit for d in current().definitions}


def test_a_withheld_total_shows_no_difference_anywhere(world: World) -> None:
    make_nation(6, size=4)
    compute_national(by=world.elena, year=YEAR)
    found = national(viewer=world.elena, period=str(YEAR))
    hidden = [c for c in found.columns if c.total["value"] is None and c.compared]
    assert hidden
    published = report.as_dict(found, synthetic=True)["published"]
    told = {row["indicator"]: row["difference"] for row in published}
    assert all(told[column.id] is None for column in hidden)
    assert all("difference –" in line for line in report.figure_lines(found) if "withheld" in line)


def test_no_cell_of_the_csv_is_run_as_a_formula(counted: National) -> None:
    nasty = ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\tx", "\r=1"]
    cells = [{"value": None, "status": "missing"}] * len(counted.columns)
    lines = [Line(category, label, cells) for label in nasty for category in (label,)]
    found = replace(counted, breakdowns=[replace(counted.breakdowns[0], lines=lines)])
    for row in csv.reader(io.StringIO(report.as_csv(found, synthetic=True), newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_every_export_says_whether_it_is_synthetic(counted: National) -> None:
    for synthetic, word in ((True, "yes"), (False, "no")):
        said = {row["synthetic"] for row in csv.DictReader(io.StringIO(report.as_csv(counted, synthetic=synthetic)))}
        assert said == {word}
        assert json.loads(report.as_json(counted, synthetic=synthetic))["synthetic"] is synthetic


def test_words_for_what_has_no_number() -> None:
    assert cell_text(None) == "–"
    assert cell_text({"value": None, "status": "missing"}) == "no data"
    assert cell_text({"value": None, "status": "primary"}) == "withheld"
    assert cell_text({"value": 12345, "status": "shown"}) == "12,345"
    assert category_label("sex", "") == "Not recorded"
    assert category_label("form", "several") == "More than one form"
    assert category_label("state", "XX-N") != "XX-N"


def test_a_year_that_was_never_counted_is_missing_everywhere(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert report.as_text(2003) == ""
    with pytest.raises(Missing):
        national(viewer=world.elena, period="2003")
    with pytest.raises(Forbidden):
        periods(viewer=world.carla)
    browser = faulty("elena")
    for year in ("2003", "x", "\x00", "²²²²", "9" * 5000):
        assert browser.get("/statistics/", {"year": year}).status_code == 200
    for path in ("national-2003.csv", "national-2003.json", "national-x.csv", "national-2003.xml", "national-²²²².csv"):
        assert browser.get(f"/statistics/{path}").status_code == 404
    assert main(["report", "national", "--year", "2003", "--stored"]) == 1
    assert "has not been counted" in capsys.readouterr().err


def test_a_measure_that_does_not_exist_shows_the_first(world: World, counted: National) -> None:
    browser = faulty("elena")
    for measure in ("assisted", "identified_abroad", "no_such", "%00"):
        assert browser.get(f"/statistics/?measure={measure}").status_code == 200


def test_the_page_takes_as_many_queries_for_many_years_as_for_one(world: World, counted: National) -> None:
    browser = signed_in("elena")
    few = queries_of(browser, f"/statistics/?year={YEAR}")
    for year in range(2010, 2020):
        compute_national(by=world.elena, year=year)
    assert queries_of(browser, f"/statistics/?year={YEAR}") == few <= 15
