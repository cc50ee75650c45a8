"""Pictures and the report: complete in both languages, safe to embed, saying the same in tables."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reckon.prevalence import panel, wording
from reckon.prevalence.captures import Captures, captures_from_rows
from reckon.prevalence.plots import bootstrap_plot, methods_plot, models_plot, overlap_plot, trajectory_plot
from reckon.prevalence.reading import read_captures
from reckon.prevalence.report import figures, report
from reckon.prevalence.results import Estimate, Headline, Interval, Study
from reckon.prevalence.study import study
from reckon.prevalence.wording import Language

WORDS = wording.words("en")


@pytest.fixture(scope="module")
def korea(shared_data: Path) -> Study:
    return study(read_captures(shared_data / "mse" / "Korea.csv"), boot=60, seed=3)


def shapes(svg: str, kind: str) -> int:
    return len(ElementTree.fromstring(svg).findall(f"{{http://www.w3.org/2000/svg}}{kind}"))


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_picture_has_title_description_and_a_table_and_may_stand_on_a_strict_page(
    korea: Study, language: Language
) -> None:
    found = figures(korea, language)
    assert set(found) == {"overlap", "methods", "bic", "bootstrap", "trajectory"}
    for figure in found.values():
        root = ElementTree.fromstring(figure.svg)
        title, description = root[0], root[1]
        assert (title.text, root.get("role")) == (figure.title, "img")
        assert description.text
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert not re.search(r"style|<script|on\w+=|href|url\(", figure.svg.replace("plot-", ""))
        assert figure.rows
        assert all(len(row) == len(figure.columns) for row in figure.rows)


def test_the_pictures_show_what_the_tables_say(korea: Study) -> None:
    found = korea.panel
    assert isinstance(korea.headline, Headline)
    models = models_plot(found.models, korea.headline, WORDS)
    assert shapes(models.svg, "circle") == len(models.rows) == 6
    assert [row[3] for row in models.rows[:3]] == ["yes", "yes", "no"]
    assert found.bootstrap
    bootstrap = bootstrap_plot(found.bootstrap, korea.headline, WORDS)
    counts = [int(row[2]) for row in bootstrap.rows]
    assert sum(counts) == 60
    assert counts[-1] == sum(total == float("inf") for total in found.bootstrap.totals)
    overlap = overlap_plot(found.adequacy, WORDS)
    assert overlap.rows[0] == ("b", "77", "66", "18")
    assert shapes(overlap.svg, "rect") == 9
    trajectory = trajectory_plot(found.trajectory, 123, WORDS)
    assert shapes(trajectory.svg, "circle") == sum(point.total is not None for point in found.trajectory)


def test_pairs_that_share_nobody_are_marked_by_more_than_colour(shared_data: Path) -> None:
    from reckon.prevalence.evidence import adequacy

    found = overlap_plot(adequacy(read_captures(shared_data / "mse" / "UK_5.csv")), WORDS)
    assert found.svg.count("stroke-dasharray") == 2  # LA:GP, on both sides of the diagonal


def test_an_interval_without_upper_limit_ends_in_an_arrow_and_words() -> None:
    open_above = Estimate("bic", 90.0, Interval(50.0, float("inf"), 0.95, "bca", model_choice=True), "[1,2,3]")
    bare = Estimate("mixture", 80.0, None, "K=2")
    found = methods_plot([open_above, bare], {"bic": "BIC", "mixture": "EM"}, WORDS)
    assert "▸" in found.svg
    assert found.rows == (("BIC", "90", "50", "no limit"), ("EM", "80", "none", "none"))


def test_a_picture_of_one_single_number_can_be_drawn(korea: Study) -> None:
    assert korea.panel.bootstrap
    flat = replace(korea.panel.bootstrap, totals=(7.0,) * 9)
    assert sum(int(row[2]) for row in bootstrap_plot(flat, None, WORDS).rows) == 9
    assert shapes(models_plot(korea.panel.models[:1], None, WORDS).svg, "circle") == 1


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_the_report_holds_everything_and_needs_nothing(korea: Study, language: Language) -> None:
    page = report(korea, language)
    assert page.startswith(f'<!doctype html><html lang="{language}">')
    assert not re.search(r"<script|<link|<img|@import|url\(|https?://(?!www\.w3\.org/2000/svg)", page)
    assert " style=" not in page
    assert page.count("<svg") == 5
    assert page.count('class="verdict ') == 11
    for code in panel.CODES:
        assert wording.label(code, language) in page
    for finding in korea.headline.warnings if isinstance(korea.headline, Headline) else ():
        assert page.count(wording.sentence(finding, language).replace("'", "&#x27;").replace("<", "&lt;")) >= 1
    assert korea.provenance.digest in page
    assert "Madigan &amp; York, Biometrika 84:19 (1997)" in page
    assert "@media print" in page
    ids = re.findall(r' id="([\w-]+)"', page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_without_a_headline_the_report_says_why_and_shows_no_number(language: Language) -> None:
    found = study(captures_from_rows("ABC", [(1, 0, 0, 9), (0, 1, 0, 8), (0, 0, 1, 7)]), boot=50)
    page = report(found, language)
    assert 'class="number"' not in page.split("<h2>")[1]
    assert {"en": "Nobody is on two lists", "es": "está en dos listas"}[language] in page


def test_names_of_lists_cannot_become_markup() -> None:
    captures: Captures = captures_from_rows(
        ("<b>A</b>", 'B"&', "C'"),
        [(1, 0, 0, 30), (0, 1, 0, 25), (0, 0, 1, 28), (1, 1, 0, 9), (1, 0, 1, 8), (0, 1, 1, 10), (1, 1, 1, 3)],
    )
    page = report(study(captures, methods=("stepwise",), boot=50), "en")
    assert "<b>" not in page
    assert "&lt;b&gt;A&lt;/b&gt;" in page
    for svg in re.findall(r"<svg.*?</svg>", page):
        ElementTree.fromstring(svg)
