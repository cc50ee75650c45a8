"""``enlace import`` and ``enlace export``: what is printed, and with which exit code."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from enlace.cli import build_parser
from enlace.cli import main as enlace
from enlace.exchange.models import CtdcRecord, ImportBatch
from tests.exchange.files import survey, toolkit
from tests.exchange.house import everything
from tests.exchange.test_import_htcds import ROW
from tests.world import World

SLICE = "ctdc/ctdc_kanon_slice_minus99.csv"
PAIRS = "ctdc/ctdc_vp_synthetic_condensed_2022.csv.gz"
BAD = ROW | {"prs_FirstName": "Inventada Secreta", "prs_Gender": "Mujer", "prs_Birthdate": "05/03/1990"}


@pytest.fixture(autouse=True)
def in_english() -> Any:
    with translation.override("en"):
        yield


def test_the_totals_are_printed_with_their_unit(db: None, shared_data: Path, capsys: Any) -> None:
    assert enlace(["import", "ctdc", str(shared_data / PAIRS)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Layout: victim-perpetrator synthetic 2022 · unit: victim-perpetrator pair"
    assert lines[1] == "New: 21,195 · here already: 0 · rows not read: 0"
    assert "gender: female 9,589, male 7,995, (missing) 3,611" in lines
    assert not any(line.startswith(("citizenship", "datasource")) for line in lines)
    assert enlace(["import", "ctdc", str(shared_data / PAIRS)]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "New: 0 · here already: 21,195 · rows not read: 0"


def test_years_are_printed_in_their_order(db: None, shared_data: Path, capsys: Any) -> None:
    assert enlace(["import", "sesnsp", str(shared_data / "sesnsp/carpetas_trata_estatal_2015_2021_latin1.csv")]) == 0
    said = "by year: 2015 415, 2016 383, 2017 304, 2018 387, 2019 545, 2020 553, 2021 621"
    assert said in capsys.readouterr().out


def test_a_dry_run_says_that_nothing_was_changed(db: None, shared_data: Path, capsys: Any) -> None:
    before = everything()
    assert enlace(["import", "ctdc", "--dry-run", str(shared_data / SLICE)]) == 0
    assert capsys.readouterr().out.startswith("Dry run: nothing was changed.")
    assert everything() == before


def test_rows_that_cannot_be_read_are_told_without_any_identity(world: World, tmp_path: Path, capsys: Any) -> None:
    path, errors = toolkit(tmp_path / "a.xlsx", ROW, BAD), tmp_path / "errors.csv"
    assert enlace(["import", "htcds", "--user", "bruno", str(path), "--errors", str(errors)]) == 1
    said = capsys.readouterr()
    assert "New: 1 · here already: 0 · rows not read: 1" in said.out
    assert "row 4, Gender: Mujer - The value is not in the list of this column." in said.err
    assert "row 4, Birthdate: (sealed) - The day and the month" in said.err
    assert errors.read_text("utf-8-sig").splitlines()[0] == "row,column,value,reason"
    for text in (said.out, said.err, errors.read_text("utf-8")):
        assert "Secreta" not in text
        assert "05/03/1990" not in text


def test_the_result_can_be_had_as_json(world: World, tmp_path: Path, capsys: Any) -> None:
    path = toolkit(tmp_path / "a.xlsx", ROW, BAD)
    assert enlace(["import", "htcds", "--user", "bruno", "--json", str(path)]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["new"], said["known"], said["dry_run"], said["totals"]) == (1, 0, False, {"rows": 1})
    assert {"row": 4, "column": "Gender", "value": "Mujer"}.items() <= said["errors"][1].items()
    assert said["digest"] == ImportBatch.objects.get().digest


def test_missing_values_have_a_name_in_json_that_is_no_value(db: None, shared_data: Path, capsys: Any) -> None:
    assert enlace(["import", "ctdc", "--json", str(shared_data / SLICE)]) == 0
    totals = json.loads(capsys.readouterr().out)["totals"]
    assert totals["gender"] == {"female": 1386, "male": 440, "": 167, "transgender_nonconforming": 2}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["import", "ctdc", "/nowhere.csv"], "The file could not be opened. Send it again."),
        (["import", "htcds", "--user", "nobody", "/nowhere.csv"], "There is no such active account."),
        (["import", "htcds", "--user", "alma", "/nowhere.csv"], "Your role does not include this: import files."),
        (["export", "htcds", "--user", "alma", "/nowhere.xlsx"], "Your role does not include this: export files."),
        (["export", "htcds", "--user", "bruno", "/nowhere/a.xlsx"], "The file could not be written: a.xlsx"),
        (
            ["export", "htcds", "--user", "bruno", "--with-identity", "/tmp/a.xlsx"],
            "Say for which purpose identities are taken out.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(world: World, capsys: Any, words: list[str], sentence: str) -> None:
    assert enlace(words) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"enlace: {sentence}\n")


def test_an_errors_file_that_cannot_be_written_does_not_hide_the_import(
    world: World, tmp_path: Path, capsys: Any
) -> None:
    path = toolkit(tmp_path / "a.xlsx", ROW, BAD)
    assert enlace(["import", "htcds", "--user", "bruno", str(path), "--errors", str(tmp_path)]) == 1
    assert "The import is done, but this file could not be written" in capsys.readouterr().err


def test_what_was_exported_is_imported_as_known(world: World, tmp_path: Path, capsys: Any) -> None:
    case = {"_uuid": "u-1", "prs_Gender": "Masculine", "con_Consent": "FALSE", "cas_Status": "Active"}
    path, out = survey(tmp_path / "a.csv", case), tmp_path / "b.xlsx"
    assert enlace(["import", "htcds", "--user", "bruno", str(path)]) == 0
    assert enlace(["export", "htcds", "--user", "bruno", str(out)]) == 0
    assert "Cases written: 1" in capsys.readouterr().out
    assert enlace(["import", "htcds", "--user", "bruno", str(out)]) == 0
    assert "New: 0 · here already: 1" in capsys.readouterr().out


def test_a_terminal_sees_the_progress(db: None, shared_data: Path, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert enlace(["import", "ctdc", str(shared_data / SLICE)]) == 0
    assert capsys.readouterr().err.endswith("100 %\n")
    assert CtdcRecord.objects.count() == 1995


def test_cases_need_an_account_and_open_data_do_not(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        build_parser().parse_args(["import", "htcds", "a.xlsx"])
    assert build_parser().parse_args(["import", "ctdc", "a.csv"]).file == Path("a.csv")
