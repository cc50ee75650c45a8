"""The annual report: every number in it is a cell of the release, and what is withheld is said in words and never worked out."""

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from enlace.releases import annual_files, annual_html, annual_pdf
from enlace.releases.annual import blocks
from enlace.releases.annual_blocks import Block, Code, Grid, Map, pieces_of
from enlace.releases.annual_cells import Cells
from enlace.releases.annual_map import PATTERNS, SHADES, drawn
from enlace.releases.files import report_name
from tests.releases.annual_documents import cell, document, item, missing, withheld
from tests.releases.annual_judge import faults
from tests.releases.annual_reading import NUMBER, Page, pdf_text

LANGUAGES = ("en", "es")
SEXES = ("female", "male", "other")


def year(**facts: Any) -> dict[str, Any]:
    """A year in which everything is published but one pair of states."""
    people = item(
        "identified",
        cell(1234),
        sex=[cell(1000, "female"), cell(234, "male"), cell(0, "other"), cell(0, "")],
        state=[withheld("XX-N"), withheld("XX-S"), missing("XX-I"), cell(0, "")],
    )
    sent = item("referrals", cell(57), outcome=[cell(40, "accepted"), cell(17, "declined"), cell(0, "")])
    return document(people, sent, before={"identified": cell(1300)}, **facts)


def said(found: list[Block]) -> str:
    """All the text but what is to be typed, where a digest has digits of its own."""
    found = [block for block in found if not isinstance(block, Code)]
    return "\n".join(annual_html.text_of(pieces) for block in found for pieces in pieces_of(block))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_the_page_is_a_cell_of_the_release(language: str) -> None:
    read = year()
    page = annual_files.written(read)[report_name(language, "html")]
    assert faults(page, read) == []
    cells = {place for place, _text in Page(page).numbers}
    assert {"identified|||value", "identified|sex|female|share", "identified|||change", "@completeness"} <= cells


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">1,000</data>", b">1,001</data>"),
        (b">81.0%</data>", b">82.0%</data>"),
        (b">-66</data>", b">-67</data>"),
        (b">4</data>", b">99</data>"),
        (b"not to be added up", b"not to be added up, 77 times"),
    ],
)
def test_a_wrong_number_is_found(old: bytes, new: bytes) -> None:
    read = year()
    page = annual_files.written(read)[report_name("en", "html")]
    assert old in page
    assert faults(page.replace(old, new, 1), read) != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_holds_the_numbers_of_the_page_and_no_other(language: str) -> None:
    made = annual_files.written(year())
    page, pdf = (made[report_name(language, kind)] for kind in ("html", "pdf"))
    text = re.sub(r"[0-9a-f]{64}", "", pdf_text(pdf).replace("\n", " "))
    steps = [str(step) for step in range(1, 6)]
    assert Counter(NUMBER.findall(text)) == Counter(Page(page).all_numbers) + Counter(steps)


def test_a_pdf_or_a_page_that_says_something_else_is_found() -> None:
    read, other = year(), year(number=2)
    made, wrong = annual_files.written(read), annual_files.written(other)
    assert annual_files.at_fault(made, read) == []
    assert sorted(annual_files.at_fault(wrong, read)) == sorted(made)
    assert annual_files.at_fault({}, read) == ["annual-report-en.html", "annual-report-en.pdf",
                                               "annual-report-es.html", "annual-report-es.pdf"]  # fmt: skip
    name = report_name("en", "pdf")
    assert annual_files.at_fault({**made, name: wrong[name]}, read) == [name]


def test_the_same_document_gives_the_same_bytes() -> None:
    assert annual_files.written(year()) == annual_files.written(year())


def test_a_release_without_a_script_has_no_report_and_no_fault() -> None:
    old = {name: value for name, value in year().items() if name not in ("annual", "year_before")}
    assert annual_files.written(old) == {}
    assert annual_files.at_fault({}, old) == []


def test_withheld_missing_zero_and_not_asked_are_told_apart_in_words() -> None:
    people = item("identified", cell(90), sex=[withheld("female"), withheld("male"), cell(0, "other"), cell(0, "")])
    text = said(blocks(document(people, item("inquiries", missing()), item("referrals", cell(0))), "en"))
    assert (
        "Not published, to protect people; it is not zero:\nPersons identified: Female\nPersons identified: Male"
        in text
    )
    assert "No data, because nobody reported; it is not zero:\nInquiries" in text
    assert "Zero, as reported:\nReferrals" in text
    assert "Not asked for this period:" in text
    assert "are women or girls" not in text
    assert "were opened" not in text


def test_of_a_sentence_that_cannot_be_completed_the_rest_is_said() -> None:
    people = item("identified", cell(90), sex=[cell(60, "female"), withheld("male"), withheld("other"), cell(0, "")])
    text = said(blocks(document(people), "en"))
    assert "Persons identified: Female: 60." in text
    assert "66.7%" in text
    assert "30" not in NUMBER.findall(text)


def test_what_was_recorded_of_nobody_is_not_called_zero() -> None:
    people = item("identified", cell(90), sex=[cell(0, "female"), cell(0, "male"), cell(0, "other"), cell(90, "")])
    text = said(blocks(document(people), "en"))
    assert "Not recorded of anybody:\nPersons identified: sex" in text
    assert "Zero, as reported:\nPersons identified: Female" not in text


def test_the_largest_is_named_only_when_nothing_is_hidden_and_nothing_is_alike() -> None:
    def largest(*cells: dict[str, Any]) -> str | None:
        return Cells(document(item("identified", cell(90), sex=list(cells))), "en").largest("identified", "sex")

    assert largest(cell(60, "female"), cell(30, "male")) == "female"
    assert largest(cell(60, "female"), withheld("male"), withheld("other")) is None
    assert largest(cell(30, "female"), cell(30, "male"), cell(30, "other")) is None
    assert largest(cell(0, "female"), cell(0, "male")) is None


def test_a_change_is_of_two_published_totals() -> None:
    for total, before in ((withheld(), cell(80)), (cell(80), withheld()), (cell(80), None)):
        found = blocks(document(item("identified", total), before={"identified": before} if before else None), "en")
        assert "the difference is" not in said(found)


def test_every_table_has_a_caption_and_a_heading_for_each_column() -> None:
    tables = [block for block in blocks(year(), "en") if isinstance(block, Grid)]
    assert all(table.caption and all(table.columns) for table in tables)
    assert all(len(line.cells) == len(table.columns) - 1 for table in tables for line in table.lines)
    assert len({table.id for table in tables}) == len(tables) > 3


def test_the_map_shades_what_is_published_and_marks_what_is_not() -> None:
    states = [cell(1200, "XX-N"), withheld("XX-S"), missing("XX-I"), cell(0, "")]
    read = document(item("identified", cell(1200), state=states))
    assert not any(isinstance(one, Map) for one in blocks(read, "en"))  # this country has no outlines
    read["annual"]["outlines"] = True
    shown = next(one for one in blocks(read, "en") if isinstance(one, Map))
    assert shown.shades == {"XX-N": "5", "XX-S": "suppressed", "XX-I": "missing"}
    legend = [annual_html.text_of(pieces) for _shade, pieces in shown.legend]
    assert legend == ["1,200", "withheld", "no data"]
    assert "says the same in figures" in annual_html.text_of(shown.alt)


def test_each_state_is_drawn_in_its_shade() -> None:
    def square(code: str, left: int) -> dict[str, Any]:
        ring = [[left, 20], [left + 1, 20], [left + 1, 21], [left, 21], [left, 20]]
        return {"id": code, "geometry": {"type": "Polygon", "coordinates": [ring]}}

    features = {"features": [square("A", -100), square("B", -99), square("C", -98)]}
    picture = drawn(features, {"A": "5", "B": "suppressed"}, "A map")
    assert [path.get("fill") for path in picture.iter("path")] == [
        SHADES["5"],
        PATTERNS["suppressed"],
        PATTERNS["missing"],
    ]
    assert picture.get("aria-label") == "A map"
    assert {pattern.get("id") for pattern in picture.iter("pattern")} == {"annual-suppressed", "annual-missing"}


@st.composite
def hidden_years(draw: st.DrawFn) -> tuple[dict[str, Any], set[int]]:
    """A document in which at least two sexes are withheld, and their true counts, which nobody else has."""
    true = dict(zip(SEXES, draw(st.lists(st.integers(3000, 99999), min_size=3, max_size=3, unique=True)), strict=True))
    hidden = draw(st.sampled_from([SEXES, SEXES[:2], SEXES[1:]]))
    total = sum(true.values())
    cells = [withheld(code) if code in hidden else cell(true[code], code) for code in SEXES]
    before = cell(draw(st.integers(1000, 99999)))
    shown = [
        total,
        before["value"],
        abs(total - before["value"]),
        *(true[code] for code in SEXES if code not in hidden),
    ]
    secrets = {true[code] for code in hidden}
    assume(not secrets & set(shown))
    return document(item("identified", cell(total), sex=[*cells, cell(0, "")]), before={"identified": before}), secrets


@given(hidden_years())
def test_no_withheld_number_is_ever_in_the_report(found: tuple[dict[str, Any], set[int]]) -> None:
    read, secrets = found
    for language in LANGUAGES:
        text = said(blocks(read, language))
        assert not {int(Fraction(number.replace(",", ""))) for number in NUMBER.findall(text)} & secrets
        total = read["indicators"][0]["tables"][0]["cells"][0]["value"]
        shares = {f"{round(Fraction(1000 * secret, total)) / 10:.1f}%" for secret in secrets}
        allowed = {f"{round(Fraction(1000 * entry['value'], total)) / 10:.1f}%" for entry in
                   read["indicators"][0]["tables"][1]["cells"] if entry["value"]}  # fmt: skip
        assert not (shares - allowed) & set(re.findall(r"[\d.]+%", text))


def test_a_report_that_completes_the_sum_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The property above has teeth: with the one missing number worked out from the total, it fails."""

    def careless(self: Cells, indicator: str, dimension: str) -> Mapping[str, Any]:
        found = self._cells.get((indicator, dimension), {})
        rest = 90 - sum(entry["value"] or 0 for entry in found.values())
        return {code: entry if entry["value"] is not None else cell(rest, code) for code, entry in found.items()}

    people = item("identified", cell(90), sex=[cell(51, "female"), withheld("male"), cell(0, "other"), cell(0, "")])
    assert "39" not in NUMBER.findall(said(blocks(document(people), "en")))
    monkeypatch.setattr(Cells, "table", careless)
    assert "39" in NUMBER.findall(said(blocks(document(people), "en")))


def test_the_words_of_the_report_hold_no_number_of_their_own() -> None:
    for words in (one["annual"] for one in year()["labels"].values()):
        held = {name: text for name, text in words.items() if re.search(r"\d", re.sub(r"%\(\w+\)[ds]", "", text))}
        assert set(held) <= {"cut_off"}


def test_the_pdf_is_tagged_and_tells_its_language_and_title() -> None:
    content = annual_pdf.render(blocks(year(), "es"), year(), "es")
    assert b"/Lang(es)" in content.replace(b" ", b"") or b"/Lang (es" in content
    assert b"/MarkInfo" in content
