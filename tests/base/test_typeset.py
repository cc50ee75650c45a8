"""Documents: tagged PDF from a template and plain data, the same bytes for the same data."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader

from enlace.base import pdf
from enlace.base.errors import Missing

TEMPLATE = """
#import "/base/templates/base/house.typ": house, note, box_to_tick
#let d = json(bytes(sys.inputs.data))
#show: house.with(title: d.title, lang: d.lang, foot: d.foot)
= #d.title
#note[#d.text]
"""
DATA = {"title": "Hoja de preguntas", "lang": "es", "foot": "Enlace", "text": "Niñez, año, pingüino. #let x"}


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(pdf, "SHARED", tmp_path)
    monkeypatch.setattr(pdf, "ROOT", tmp_path)
    (tmp_path / "base" / "templates" / "base").mkdir(parents=True)
    house = Path(pdf.__file__).parent / "templates" / "base" / "house.typ"
    (tmp_path / "base" / "templates" / "base" / "house.typ").write_text(house.read_text())
    (tmp_path / "sheet.typ").write_text(TEMPLATE)
    return "sheet.typ"


def test_the_text_is_in_the_document_and_data_are_never_markup(template: str) -> None:
    reader = PdfReader(io.BytesIO(pdf.typeset(template, DATA)))
    text = reader.pages[0].extract_text()
    assert DATA["title"] in text
    assert DATA["text"] in text
    assert reader.metadata is not None
    assert reader.metadata.title == DATA["title"]


def test_the_document_is_tagged_for_who_cannot_see_it(template: str) -> None:
    root = PdfReader(io.BytesIO(pdf.typeset(template, DATA))).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "es"


def test_the_same_data_make_the_same_bytes(template: str) -> None:
    assert pdf.typeset(template, DATA) == pdf.typeset(template, DATA)


def test_a_template_that_is_not_there_is_said(template: str) -> None:
    with pytest.raises(Missing):
        pdf.typeset("nothing.typ", DATA)
