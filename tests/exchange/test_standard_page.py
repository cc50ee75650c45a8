"""The page on which a table of a standard is checked: what is wrong is shown, and nothing of it is kept."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from enlace.exchange import forms
from enlace.exchange.standard_files import as_csv
from tests.cases.pages import english, faulty  # noqa: F401 - english is a fixture of every test here
from tests.exchange.house import everything
from tests.exchange.standards import a_document, a_place, a_table, an_indicator, filled
from tests.world import World

PAGE = "/exchange/standards/"
FOUND = a_document(an_indicator("found", a_table("", ("", 40, "published"))))


def sent(browser: Client, content: bytes, standard: str = "tip") -> HttpResponse:
    return browser.post(PAGE, {"standard": standard, "file": SimpleUploadedFile("t.csv", content)})


def test_a_table_without_a_fault_is_told_by_its_statuses(world: World) -> None:
    content = as_csv(filled("tip", FOUND, {"identified": a_place("found")}))
    browser = faulty("elena")
    before = everything()
    page = sent(browser, content).text
    assert "Prosecution, protection, prevention (TIP Report): nothing is wrong" in page
    assert "<dd>2024</dd>" in page
    assert everything() == before


def test_what_is_wrong_is_shown_by_row_and_column(world: World) -> None:
    content = as_csv(filled("tip", FOUND, {"identified": a_place("found")})).replace(b",40,A,", b",many,A,")
    answer = sent(faulty("elena"), content)
    assert answer.status_code == 200
    errors = answer.context["found"]["errors"]
    assert [(column, value, reason) for _row, column, value, reason in errors] == [
        ("Value", "many", "A number is expected.")
    ]
    assert "something is wrong" in answer.text


def test_what_is_no_table_of_the_standard_is_told_on_the_form(world: World) -> None:
    browser = faulty("elena")
    for content, standard, why in (
        (b"a,b\n1,2\n", "tip", "These columns of the standard were not found"),
        (b"", "tip", "The submitted file is empty"),
        (b"x" * (forms.MAX_TABLE + 1), "tip", "larger than 10 MB"),
        (b"a,b\n", "oecd", "Select a valid choice"),
    ):
        answer = sent(browser, content, standard)
        assert answer.status_code == 422
        assert why in answer.text, why


def test_it_is_for_those_who_read_releases(world: World) -> None:
    assert faulty("elena").get(PAGE).status_code == 200
    assert faulty("bruno").get(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 302
