"""A standard's table as a file: CSV and XLSX, the same bytes for the same release, layout and pack.

Every row carries a status beside its value (CL_OBS_STATUS of SDMX), so that withheld, missing, not collected and zero are told
apart where a cell is empty.
"""

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook

from enlace.base.spreadsheets import defused
from enlace.exchange.standard_cells import Area, Observation
from enlace.exchange.standards import NORMAL, Column, Standard, statuses, words

CSV, XLSX = "csv", "xlsx"
TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
TABLE, ABOUT = "table", "about"
EPOCH = (1980, 1, 1, 0, 0, 0)
SAVED_AT = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:(created|modified)>")
FRACTION = re.compile(r"[0-9]+\.[0-9]+")
Row = Sequence[Any]


@dataclass(frozen=True)
class Filled:
    """A table ready to be written: of which release, of which country, with which lines."""

    standard: Standard
    document: Mapping[str, Any]
    iso3: str
    area: Area
    lines: Sequence[Observation]


def rows_of(filled: Filled) -> list[Row]:
    """The lines in the columns of the standard; what has no value has an empty cell."""
    return [[_cell(filled, column, line) for column in filled.standard.columns] for line in filled.lines]


def as_csv(filled: Filled) -> bytes:
    """UTF-8 without a mark, lines end with LF; nothing that a spreadsheet program would run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(filled.standard.headings)
    writer.writerows([defused(value) for value in row] for row in rows_of(filled))
    return out.getvalue().encode()


def as_workbook(filled: Filled) -> bytes:
    """The same in one sheet, and in another what it is, from where, and what the statuses mean."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(TABLE)
    sheet.freeze_panes = "A2"
    for row in (filled.standard.headings, *rows_of(filled)):
        sheet.append([_for_sheet(value) for value in row])
    about = book.create_sheet(ABOUT)
    for row in about_of(filled):
        about.append([_for_sheet(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return _repeatable(out.getvalue())


WRITERS = {CSV: as_csv, XLSX: as_workbook}
"""How a table is written, by the ending of the file's name."""


def about_of(filled: Filled) -> list[Row]:
    """What the file is, in both languages, as rows of a name and a text."""
    standard, document = filled.standard, filled.document
    found: list[Row] = []
    for language in words():
        said = words()[language]
        if document["synthetic"]:
            found.append(("synthetic", said["synthetic"]))
        found += [("title", standard.title(language)), ("layout", standard.version(language))]
        found.append(("source", _source(document, language)))
    found += [
        ("standard", standard.source),
        ("release", document["number"]),
        ("facts_sha256", document["facts"]["digest"]),
    ]
    found += [(f"status {code}", texts[language]) for code, texts in statuses().items() for language in words()]
    return found


def _cell(filled: Filled, column: Column, line: Observation) -> Any:
    kind, document = column.kind, filled.document
    if kind in ("note_en", "note_es"):
        return _note(document, line, kind.removeprefix("note_"))
    if kind in ("states", "states_all"):
        some, every = _states(document, line)
        return some if kind == "states" else every
    plain = {
        "fixed": column.text,
        "iso3": filled.iso3,
        "m49": filled.area.m49,
        "name": filled.area.name,
        "region": filled.area.region,
        "subregion": filled.area.subregion,
        "year": document["period"]["name"],
        "value": line.value,
        "status": line.status,
        "unit": line.line.unit,
        "source": _source(document, "en"),
        "code": line.line.cells.get(column.name),
        "blank": None,
    }
    return plain[kind]


def _source(document: Mapping[str, Any], language: str) -> str:
    told = {
        "number": document["number"],
        "period": document["period"]["name"],
        "cut_off": document["cut_off"][:10],
    }
    return words()[language]["source"] % told


def _note(document: Mapping[str, Any], line: Observation, language: str) -> str:
    """What a reader has to know beside the number, or in its place."""
    said = words()[language]
    parts = [
        said["synthetic"] if document["synthetic"] else "",
        "" if line.status == NORMAL or line.is_of_nobody else _sentence(statuses()[line.status][language]),
        said["nobody"] if line.is_of_nobody else "",
        line.notes.get(language, ""),
        line.item["caveat"].get(language, "") if line.item else "",
        said["not_recorded"] % {"n": line.not_recorded} if line.not_recorded not in (None, line.value) else "",
        *_who_reported(document, line, said),
    ]
    return " ".join(part for part in parts if part)


def _who_reported(document: Mapping[str, Any], line: Observation, said: Mapping[str, str]) -> list[str]:
    """The states, and the federal body where it is asked, for the whole period or a part of it."""
    told = line.item["completeness"] if line.item else {}
    some, every = _states(document, line)
    parts = [said["states"] % {"some": some, "all": every}] if every else []
    if told.get("partly"):
        parts.append(said["partly"] % {"n": told["partly"]})
    if told.get("federal_partly"):
        parts.append(said["federal_partly"])
    elif "federal" in told:
        parts.append(said["federal"] if told["federal"] else said["federal_silent"])
    return parts


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _states(document: Mapping[str, Any], line: Observation) -> tuple[int | None, int | None]:
    """How many states reported, of how many: those that answered, where returns are added up."""
    if line.item is None:
        return None, None
    told = line.item["completeness"]
    if told:
        return (told["states"], told["of"]) if told["of"] else (None, None)
    found = document["completeness"]
    return len(found["states"]), len(found["states"]) + len(found["silent"])


def _for_sheet(value: Any) -> Any:
    """Numbers with a fraction are texts in a release; a spreadsheet program can add them up."""
    if value is None or value == "":
        return None
    return float(value) if isinstance(value, str) and FRACTION.fullmatch(value) else defused(value)


def _repeatable(workbook: bytes) -> bytes:
    """The same parts without the hour at which they were written."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as parts,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in parts.namelist():
            content = SAVED_AT.sub(b"", parts.read(name))
            packed.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
