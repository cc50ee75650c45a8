"""Small files in the shapes that clients send. Every person in them is invented."""

import csv
import gzip
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from enlace.exchange.standard_htcds import fields, toolkit_fields
from enlace.exchange.tables import read_table

# The hidden names of the published workbooks, with their mistakes.
SHIFTED = {
    "prs_MailingStreet": "prs_MailingCity",
    "prs_MailingCity": "prs_MailingCountry",
    "prs_MailingPostalCode": "prs_MailingStreet",
    "prs_MailingCountry": "prs_MailingPostalCode",
    "vic_TraffickingStatusDecisionMakingOrg": "vic_TraffickinStatusDecisionMakingOrg",
    "cas_ReasonForOutgoingReferral": None,
}


def toolkit(path: Path, *cases: dict[str, Any], sheet: str = "Sheet1", extra: Sequence[tuple[str, str]] = ()) -> Path:
    """A toolkit workbook with cells by field name (or by label, for ``extra`` columns of name and label)."""
    names = toolkit_fields()
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    page.append([None, *(SHIFTED.get(name, name) for name in names), *(name for name, _ in extra)])
    page.append([None, *(fields()[name].label for name in names), *(label for _, label in extra)])
    for number in range(20):
        case = cases[number] if number < len(cases) else {}
        page.append([number + 1, *(case.get(name) for name in (*names, *(name for name, _ in extra)))])
    book.save(path)
    return path


def survey(path: Path, *cases: dict[str, Any], separator: str = ",") -> Path:
    """A survey export as text, with the columns of the first case."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(cases[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(cases)
    return path


def survey_workbook(path: Path, *cases: dict[str, Any]) -> Path:
    """The same as a workbook."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = "htcds_xlsform"
    page.append(list(cases[0]))
    for case in cases:
        page.append(list(case.values()))
    book.save(path)
    return path


def ctdc_columns(layout: str) -> list[str]:
    return [row["column"] for row in read_table("ctdc_columns.csv") if row["layout"] == layout]


def ctdc(path: Path, headings: Sequence[str], *cases: dict[str, str], missing: str = "") -> Path:
    """A CTDC file with the given headings, compressed when its name ends in gz."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    for case in cases:
        writer.writerow([case.get(heading, missing) for heading in headings])
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path
