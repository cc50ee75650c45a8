"""Asking on a page and over the API: the same question, the same numbers in every form, nothing of another agency."""

import csv
import io
import re
from html import unescape
from uuid import uuid4

import pytest
from openpyxl import load_workbook

from enlace.statistics import questions, tasks
from enlace.statistics.models import SavedTable
from reckon.disclosure import protect
from tests.cases.pages import faulty, queries_of, signed_in
from tests.statistics.asking import a_counted_nation, answered, asked, cells, question
from tests.statistics.nation import YEAR
from tests.world import World

LIST = "/statistics/questions/"
NEW = f"{LIST}new/?indicator=identified&year={YEAR}"
API = "/api/v1/statistics/questions"


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_a_question_is_asked_on_the_page_and_read_there(world: World) -> None:
    a_counted_nation(world)
    browser = signed_in("elena")
    assert "Nothing was asked yet" in browser.get(LIST).text
    chosen = browser.get(f"{LIST}new/").text
    assert '<option value="identified"' in chosen
    assert '<option value="spent"' not in chosen
    sent = browser.post(NEW, {"by_1": "sex", "only_1": "age_group:25_plus", "only_2": "age_group:0_15"})
    row = SavedTable.objects.get()
    assert sent.url == f"{LIST}{row.pk}/"
    assert row.query == {
        "indicator": "identified", "period": str(YEAR), "dimensions": ["sex"], "only": {"age_group": ["0_15", "25_plus"]},
    }  # fmt: skip
    assert "being worked out" in browser.get(sent.url).text
    assert "HX-Refresh" not in browser.get(f"{sent.url}progress/").headers
    tasks.answer.call(str(row.pk))
    assert browser.get(f"{sent.url}progress/").headers["HX-Refresh"] == "true"
    row.refresh_from_db()
    assert (row.status, row.reason) == ("answered", "")
    page = words(browser.get(sent.url).text)
    total, _status = cells(row)[()]
    assert f"Total {total or 'withheld'}" in page
    assert "Age group: " in page
    assert row.name in browser.get(LIST).text


def test_page_files_and_api_say_the_same(world: World) -> None:
    a_counted_nation(world, size=80)
    row = answered(world.elena, question("sex", "age_group"))
    browser = signed_in("elena")
    stored = [cell["value"] for table in row.result["tables"] for cell in table["cells"]]
    lines = list(csv.DictReader(io.StringIO(browser.get(f"{LIST}{row.pk}/table.csv").text)))
    assert [int(line["value"]) if line["value"] else None for line in lines] == stored
    assert all(line["status"] == "suppressed" for line in lines if not line["value"])
    for found in (browser.get(f"{LIST}{row.pk}/table.json").json(), browser.get(f"{API}/{row.pk}").json()):
        assert [cell["value"] for table in found["tables"] for cell in table["cells"]] == stored
        assert found["digest"] == row.digest
    book = load_workbook(io.BytesIO(browser.get(f"{LIST}{row.pk}/table.xlsx").content))
    heading, *rows = list(book.worksheets[0].values)
    assert [line[heading.index("value")] for line in rows] == stored
    page = words(browser.get(f"{LIST}{row.pk}/").text)
    for value in {value for value in stored if value}:
        assert f" {value} " in page


def test_a_table_by_three_dimensions_is_read_in_parts(world: World) -> None:
    a_counted_nation(world, size=150)
    row = answered(world.elena, question("state", "sex", "nationality"))
    assert row.status == "answered"
    page = words(signed_in("elena").get(f"{LIST}{row.pk}/").text)
    assert "State: " in page
    total, _status = cells(row)[()]
    assert f" {total} " in page


def test_a_refusal_stands_on_the_form_with_what_was_chosen(world: World) -> None:
    a_counted_nation(world, size=10)
    page = signed_in("elena").post(NEW, {"by_1": "sex", "by_2": "sex"})
    assert page.status_code == 422
    assert "Choose up to three dimensions, each once." in page.text
    assert page.text.count('<option value="sex" selected>') == 2
    wide = {"by_1": "state", "by_2": "form", "by_3": "age_group", "only_1": "sex:male", "only_2": "destination:abroad"}
    assert "up to 2000 can be asked for at once" in signed_in("elena").post(NEW, wide).text
    assert not SavedTable.objects.exists()


def test_no_answer_says_why_and_what_to_ask(world: World) -> None:
    a_counted_nation(world, size=14)
    row = answered(world.elena, question("sex", "age_group", "form"))
    page = words(signed_in("elena").get(f"{LIST}{row.pk}/").text)
    assert "There is no answer" in page
    assert "the same without form of exploitation" in page
    assert signed_in("elena").get(f"{API}/{row.pk}").json()["ask_instead"]
    assert faulty("elena").get(f"{LIST}{row.pk}/table.csv").status_code == 404


def test_an_answer_that_would_undo_an_earlier_one_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last gate, by itself: the fault is planted in what comes before it."""
    monkeypatch.setattr(questions, "protect", lambda counts, rule, earlier: protect(counts, rule))
    a_counted_nation(world, 6, 80)
    pairs = [("sex", "form"), ("form", "age_group"), ("state", "form"), ("state", "sex")]
    refused = [row for row in (answered(world.elena, question(*pair)) for pair in pairs) if row.reason == "exposed"]
    assert refused
    assert all((row.status, row.result) == ("refused", {}) for row in refused)
    assert "Together with what was given before" in signed_in("elena").get(f"{LIST}{refused[0].pk}/").text


def test_a_fault_of_the_program_ends_the_question(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    a_counted_nation(world, size=10)
    row = asked(world.elena, question("sex"))
    monkeypatch.setattr(questions, "protect", None)
    with pytest.raises(TypeError):
        tasks.answer.call(str(row.pk))
    row.refresh_from_db()
    assert (row.status, row.reason) == ("refused", "failed")


def test_a_table_is_deleted_once_that_was_confirmed(world: World) -> None:
    a_counted_nation(world, size=20)
    row = answered(world.elena, question("sex"), "Women and men")
    browser = signed_in("elena")
    assert "Women and men" in browser.get(f"{LIST}{row.pk}/delete/").text
    assert SavedTable.objects.exists()
    assert "The table was deleted." in browser.post(f"{LIST}{row.pk}/delete/", follow=True).text
    assert not SavedTable.objects.exists()


def test_the_api_asks_reads_lists_and_deletes(world: World) -> None:
    a_counted_nation(world)
    browser = signed_in("elena")
    body = {"indicator": "identified", "year": YEAR, "dimensions": ["sex"], "only": {"age_group": ["25_plus"]}}
    sent = browser.post(API, body, content_type="application/json")
    assert (sent.status_code, sent.json()["status"]) == (202, "waiting")
    (listed,) = browser.get(API).json()
    assert listed["id"] == sent.json()["id"]
    tasks.answer.call(listed["id"])
    found = browser.get(f"{API}/{listed['id']}").json()
    assert (found["status"], found.get("reason")) == ("answered", None)
    assert browser.post(f"{API}/{listed['id']}/delete").status_code == 204
    assert browser.get(API).json() == []
    assert faulty("elena").get(f"{API}/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"indicator": "x", "year": YEAR}, 409),
        ({"indicator": "identified", "year": 1}, 422),
        ({"indicator": "identified", "year": YEAR, "dimensions": ["a", "b", "c", "d"]}, 422),
        ({"indicator": "identified", "year": YEAR, "name": "\x00"}, 409),
        ({"indicator": "identified", "year": YEAR, "only": {"sex": []}}, 409),
        ({"indicator": "identified", "year": 2001}, 409),
    ],
)
def test_the_api_says_what_is_wrong(world: World, body: dict[str, object], status: int) -> None:
    a_counted_nation(world, size=5)
    assert faulty("elena").post(API, body, content_type="application/json").status_code == status
    assert not SavedTable.objects.exists()


def test_another_agency_finds_nothing(world: World) -> None:
    a_counted_nation(world, size=10)
    row = asked(world.elena, question("sex"))
    SavedTable.objects.filter(pk=row.pk).update(agency_code="prosecutor-north")
    browser = faulty("elena")
    for end in ("", "progress/", "delete/", "table.csv"):
        assert browser.get(f"{LIST}{row.pk}/{end}").status_code == 404
    assert browser.post(f"{LIST}{row.pk}/again/").status_code == 404
    assert row.name not in browser.get(LIST).text
    assert faulty("bruno").get(LIST).status_code == 403


def test_the_list_costs_the_same_however_long(world: World) -> None:
    a_counted_nation(world, size=5)
    counts = []
    for size in (1, 12):
        for _ in range(size):
            asked(world.elena, question("sex"))
        counts.append(queries_of(signed_in("elena"), LIST))
    assert counts[0] == counts[1]
