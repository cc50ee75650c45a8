"""``enlace country check`` says what a pack holds and what it lacks."""

import argparse
from pathlib import Path

import pytest
from django.test import override_settings

from enlace.country import queries, report
from enlace.country.commands import register
from enlace.country.loader import Pack, load
from enlace.country.rows import PackError
from tests.country.conftest import COUNTRIES


def run(code: str) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    options = parser.parse_args(["country", "check", code])
    return options.run(options)


@pytest.mark.parametrize("code", ["mx", "xx"])
def test_a_sound_pack_is_described_and_the_exit_code_is_0(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    with override_settings(ENLACE_COUNTRIES_DIR=COUNTRIES):
        assert run(code) == 0
    shown = capsys.readouterr().out
    assert "exploitation_form: " in shown
    assert "missing or unchecked" in shown


def test_a_wrong_pack_is_told_on_standard_error_and_the_exit_code_is_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "roles.csv").unlink()
    with override_settings(ENLACE_COUNTRIES_DIR=folder.parent):
        assert run("xx") == 1
        assert run("zz") == 1
    assert capsys.readouterr().err.splitlines() == [
        "error: xx/roles.csv: expected this file; it cannot be read",
        "error: zz/pack.toml: expected this file; it cannot be read",
    ]


def test_the_report_names_what_is_missing(xx: Pack) -> None:
    found = list(report.gaps(xx))
    assert "no file geography/states.geojson" in found
    assert "no ctdc code in sex: other, unknown" in found


def test_the_report_names_every_fact_that_nobody_has_checked(mx: Pack) -> None:
    found = "\n".join(report.unchecked(mx))
    assert "unchecked limit residence_card" in found
    assert "unchecked offence disclosure" in found
    assert "unchecked code identification_status/not_confirmed" in found
    assert "Campeche and Colima" in found


@pytest.mark.usefixtures("dated")
def test_the_report_counts_dates_of_validity_and_lists_of_the_pack_alone(folder: Path) -> None:
    (folder / "codes" / "hats.csv").write_text("code,label_en,label_es\ntall,Tall,Alto\n", encoding="utf-8")
    shown = list(report.holdings(load(folder)))
    assert "  sex: 4 codes, 1 with dates of validity" in shown
    assert "  hats: 1 codes, only in this pack" in shown


def test_the_pack_in_use_is_the_one_of_the_settings_and_is_read_once(folder: Path) -> None:
    with override_settings(ENLACE_COUNTRIES_DIR=folder.parent, ENLACE_COUNTRY="xx"):
        assert queries.current() is queries.current()
        assert queries.current().folder == folder


def test_a_pack_in_use_that_is_wrong_is_an_error_every_time(folder: Path) -> None:
    (folder / "pack.toml").write_text("code = 1", encoding="utf-8")
    with override_settings(ENLACE_COUNTRIES_DIR=folder.parent, ENLACE_COUNTRY="xx"):
        for _ in range(2):
            with pytest.raises(PackError):
                queries.current()
