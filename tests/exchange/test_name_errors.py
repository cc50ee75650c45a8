"""An error says what to do, and never who the person is."""

import csv
import re
from pathlib import Path

import pytest

from enlace.exchange.htcds import read_htcds
from enlace.exchange.rows import REASONS, SEALED, FileRefused, Reason, RowError, seal, write_errors
from enlace.exchange.standard_htcds import fields
from tests.exchange.files import toolkit

IDENTIFYING = re.compile(
    r"Name|Phone|Email|Birthdate|Mailing|Street|Identity|Details|Comment|CaseWorker|CaseOwner|Title"
)


@pytest.mark.parametrize("code", REASONS)
def test_every_reason_is_a_plain_sentence_that_its_gaps_complete(code: str) -> None:
    gaps = re.findall(r"%\((\w+)\)s", REASONS[code])
    sentence = str(Reason(code, tuple((gap, 7) for gap in gaps)))
    assert sentence.endswith(".")
    assert "%" not in sentence
    assert Reason(code).msgid == REASONS[code]


def test_a_refusal_carries_its_reason_and_reads_as_it() -> None:
    refusal = FileRefused("too-large", limit=200)
    assert refusal.reason == Reason("too-large", (("limit", 200),))
    assert str(refusal) == "The file is larger than 200 MB. Send it in parts."


def test_every_field_that_may_tell_who_a_person_is_is_sealed() -> None:
    assert all(field.sealed for field in fields().values() if IDENTIFYING.search(field.name))
    assert not any(field.sealed for field in fields().values() if field.codes)


@pytest.mark.parametrize("text", ["x@example.org", "llamar al 2221234567", "PEGJ900305MPLRRN01"])
def test_a_value_that_looks_like_an_identity_is_sealed_in_any_column(text: str) -> None:
    assert seal(text) == SEALED


@pytest.mark.parametrize("text", ["Amenazas", "05/03/2025", "Otra cosa", ""])
def test_other_values_are_shown(text: str) -> None:
    assert seal(text) == text
    assert seal(text, sealed=True) == (SEALED if text else "")


def test_a_shown_value_is_short_and_printable() -> None:
    assert seal("a\n\x00b") == "a  b"
    assert len(seal("x" * 1000)) == 60


def test_no_error_of_a_file_shows_an_identity(tmp_path: Path) -> None:
    secret = "Inventada Secreta"
    case = {
        name: f"{secret} 5551234567"
        for name, field in fields().items()
        if field.kind not in ("text", "country_or_text")
    }
    case |= {"prs_FirstName": secret, "prs_MailingStreet": "x" * 40_000}
    found = read_htcds(toolkit(tmp_path / "a.xlsx", case))
    assert len(found.errors) > 10
    assert all(secret not in f"{error.value}{error.column}{error.reason}" for error in found.errors)


def test_errors_are_written_as_a_table_that_runs_nothing(tmp_path: Path) -> None:
    errors = [RowError(3, "=Género", "=1+1", Reason("unknown-value")), RowError(4, "", "", Reason("formula"))]
    write_errors(tmp_path / "errors.csv", errors)
    assert (tmp_path / "errors.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["row", "column", "value", "reason"],
        ["3", "'=Género", "'=1+1", REASONS["unknown-value"]],
        ["4", "", "", REASONS["formula"]],
    ]
