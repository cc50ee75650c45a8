"""The tables of standards of a published release: from a terminal, from the public site, and never before it is published."""

import csv
import io
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from enlace.cli import main
from enlace.country.queries import current
from enlace.exchange.queries import standard_files
from enlace.exchange.standard_cells import NOT_RECORDED, faults, places_of
from enlace.exchange.standard_reader import read_standard
from enlace.exchange.standards import standards
from enlace.releases import files
from enlace.releases.models import Release
from tests.cases.pages import english, faulty  # noqa: F401 - english is a fixture of every test here
from tests.releases.closing import closed, counted, prepared, second
from tests.statistics.nation import YEAR
from tests.world import World

pytestmark = pytest.mark.django_db
NAMES = [name for standard in standards().values() for name in standard_files(standard)]


def address(row: Release, name: str) -> str:
    return reverse("releases:download", args=[row.number, name])


def outsider(row: Release) -> dict[tuple[str, str, str], tuple[str, str]]:
    """What the release's own CSV says, read by somebody who has nothing else."""
    text = bytes(row.files.get(name=files.CSV).content).decode()
    return {
        (line["indicator"], line["dimension_1"], line["category_1"]): (line["value"], line["status"])
        for line in csv.DictReader(io.StringIO(text))
        if not line["dimension_2"]
    }


def test_before_a_release_is_approved_there_is_no_table_of_it(
    client: Client, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    counted(world)
    row = prepared(world)
    assert {client.get(address(row, name)).status_code for name in NAMES} == {404}
    assert main(["standard", "write", "sdg", str(tmp_path / "a.csv"), "--release", "1"]) == 1
    assert "There is no such release" in capsys.readouterr().err
    assert not (tmp_path / "a.csv").exists()


def test_everybody_takes_each_table_from_the_site_and_it_has_no_fault(
    client: Client, world: World, tmp_path: Path
) -> None:
    row = closed(world, second(world))
    page = client.get(reverse("releases:data", args=[row.number]), {"lang": "es"}).text
    for standard in standards().values():
        assert standard.title("es") in page
        assert faults(row.document, standard, places_of(current().folder, standard)) == []
        for name, kind in standard_files(standard).items():
            answer = client.get(address(row, name))
            assert answer.headers["Content-Type"] == kind
            assert answer.headers["Cache-Control"] == "public, max-age=300"
            assert f'filename="{name}"' in answer.headers["Content-Disposition"]
            assert address(row, name) in page
            assert client.get(address(row, name)).content == answer.content
            path = tmp_path / name
            path.write_bytes(answer.content)
            found = read_standard(path, standard)
            assert (found.errors, len(found.rows)) == ([], len(standard.lines))


def test_a_table_tells_an_outsider_nothing_that_the_release_does_not(
    client: Client, world: World, tmp_path: Path
) -> None:
    """Each number is made again from the published CSV alone; what that does not give is in no table."""
    row = closed(world, second(world), size=30)
    shown = outsider(row)
    assert any(status == "suppressed" for _value, status in shown.values())
    checked = withheld = 0
    for standard in standards().values():
        path = tmp_path / f"{standard.stem}.csv"
        path.write_bytes(client.get(address(row, path.name)).content)
        places = places_of(current().folder, standard)
        for line in read_standard(path, standard).rows:
            assert line.line is not None
            place = places.get(line.line.id)
            codes = [] if place is None or not place.indicator else (place.categories or ("",))
            cells = [shown[place.indicator, place.dimension, code] for code in codes] if place else []
            if any(status == "suppressed" for _value, status in cells):
                assert (line.value, line.status) == (None, "Q")
                withheld += 1
            elif line.value is not None:
                assert line.value == sum(Decimal(value) for value, _status in cells)
                checked += 1
    assert checked > 20
    assert withheld > 2
    assert NOT_RECORDED not in {code for _indicator, _dimension, code in shown}


def test_whoever_closes_years_finds_the_tables_from_the_release(world: World) -> None:
    row = closed(world, second(world))
    page = faulty("elena").get(reverse("releases:release", args=[row.number])).text
    assert f"{reverse('releases:data', args=[row.number])}#formats" in page
    unknown = Client().get(address(row, "oecd.csv"))
    assert unknown.status_code == 404


def test_a_table_is_written_and_judged_from_a_terminal(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closed(world, second(world))
    assert main(["standard", "list"]) == 0
    assert "sdg\t14 of 18 lines\tSDG indicator 16.2.2" in capsys.readouterr().out
    for name in ("a.csv", "a.xlsx"):
        path = str(tmp_path / name)
        assert main(["standard", "write", "tip", path, "--release", "1"]) == 0
        assert "Lines written: 66" in capsys.readouterr().out
        assert main(["standard", "check", "tip", path]) == 0
        told = capsys.readouterr().out
        assert f"Rows read: 66 · countries or regions: 1 · years: {YEAR}\n" in told
        assert "A " in told
    assert main(["standard", "write", "tip", str(tmp_path / "a.pdf"), "--release", "1"]) == 1
    assert "must end in .csv or .xlsx" in capsys.readouterr().err


def test_what_is_wrong_in_a_file_is_printed_and_written(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, errors = tmp_path / "a.csv", tmp_path / "errors.csv"
    path.write_text("Indicator,SeriesCode,GeoAreaCode,TimePeriod,Value\n16.2.2,VC_HTF_DETV,8,2019,many\n")
    assert main(["standard", "check", "sdg", str(path), "--errors", str(errors)]) == 1
    assert "row 2, Value: many - A number is expected." in capsys.readouterr().err
    assert "2,Value,many,A number is expected." in errors.read_text(encoding="utf-8-sig")
    assert main(["standard", "check", "sdg", str(path), "--json"]) == 1
    assert '"column": "Value"' in capsys.readouterr().out
    assert main(["standard", "check", "sdg", str(path), "--errors", str(tmp_path)]) == 1
    assert "This file could not be written" in capsys.readouterr().err
    assert main(["standard", "check", "glotip", str(path)]) == 1
    assert "These columns of the standard were not found: Iso3_code" in capsys.readouterr().err


def test_a_slip_in_the_pack_is_told_when_a_table_is_written(
    world: World, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    closed(world, second(world))
    pack = shutil.copytree(current().folder, tmp_path / "packs" / "xx")
    cells = pack / "exchange" / "cells.csv"
    cells.write_text(cells.read_text().replace("sdg,rate_male,rate,sex,male,", "sdg,rate_male,rate,sex,man,"))
    settings.ENLACE_COUNTRIES_DIR = tmp_path / "packs"
    assert main(["standard", "write", "sdg", str(tmp_path / "a.csv"), "--release", "1"]) == 1
    assert "This release has no such number: sdg rate_male: rate sex=man" in capsys.readouterr().err
    assert (tmp_path / "a.csv").exists()
    cells.write_text(cells.read_text().replace("sdg,rate_male,", "sdg,rate_man,"))
    assert main(["standard", "write", "sdg", str(tmp_path / "a.csv"), "--release", "1"]) == 1
    assert "column line: “rate_man”" in capsys.readouterr().err
