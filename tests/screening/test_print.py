"""The sheet to print: the questions of one version in one language, for places without a device."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.cases.pages import signed_in, told
from tests.world import World


@pytest.mark.parametrize(
    ("lang", "asked", "step"),
    [
        ("en", "Do you work at present?", "Before the first question"),
        ("es", "¿Trabaja actualmente?", "a solas con usted"),
    ],
)
def test_the_sheet_holds_the_questions_and_the_steps_of_safety(world: World, lang: str, asked: str, step: str) -> None:
    answer = signed_in("alma").get(f"/screenings/protocols/first_talk/1/{lang}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert asked in " ".join(text.split())
    assert step in " ".join(text.split())


def test_only_what_there_is_is_printed(world: World) -> None:
    client = signed_in("alma")
    for address in ("no_such/1/es", "first_talk/9/es", "first_talk/1/fr"):
        assert client.get(f"/screenings/protocols/{address}.pdf").status_code == 404


def test_an_agency_is_shown_the_protocols_it_may_use(world: World) -> None:
    assert "Visit to a group" in told(signed_in("alma").get("/screenings/protocols/"))
    assert "Visit to a group" not in told(signed_in("bruno").get("/screenings/protocols/"))
