"""The printed prompt sheet: every safety step and question is on it, the safety steps first, in each language."""

import io

import pypdf
import pytest

from enlace.base.pdf import typeset
from enlace.country.queries import current
from enlace.screening.labels import sheet_wording
from enlace.screening.rules.sheet import WORDS, sheet

TEMPLATE = "screening/prompt_sheet.typ"


def without_spaces(text: str) -> str:
    """A PDF breaks lines where the page ends: only the letters are compared."""
    return "".join(text.split())


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("key", [("first_talk", 1), ("second_talk", 1), ("group_visit", 1)])
def test_everything_a_screener_needs_is_on_the_sheet_and_safety_comes_first(key: tuple[str, int], lang: str) -> None:
    protocol = current().protocol(*key)
    pdf = pypdf.PdfReader(io.BytesIO(typeset(TEMPLATE, sheet(protocol, sheet_wording(lang)))))
    printed = without_spaces("".join(page.extract_text() for page in pdf.pages))
    steps = [printed.index(without_spaces(step.text(lang))) for step in protocol.safety]
    asked = [printed.index(f"{n}.{without_spaces(q.text(lang))}") for n, q in enumerate(protocol.questions, start=1)]
    assert steps + asked == sorted(steps + asked)
    for question in protocol.questions:
        for option in question.options:
            assert without_spaces(option.text(lang)) in printed
    assert pdf.metadata is not None
    assert pdf.metadata.title == protocol.title(lang)
    assert pdf.root_object["/Lang"] == lang
    assert pdf.root_object["/MarkInfo"]["/Marked"]


def test_the_sheet_has_a_word_for_everything_it_says_in_each_language() -> None:
    english, spanish = sheet_wording("en"), sheet_wording("es")
    assert set(english.words) == set(spanish.words) == set(WORDS)
    assert all(english.words.values())
    assert spanish.name_of("state", "XX-S") == "Marca del Sur"
    assert english.name_of("exploitation_form", "sexual_use") == current().codes("exploitation_form").label(
        "sexual_use", "en"
    )
