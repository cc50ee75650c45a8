"""`python -m reckon prevalence`: good files, bad files, both with a clear answer."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from reckon.__main__ import main
from reckon.prevalence.results import Headline, Study
from reckon.prevalence.stored import from_json

SMALL = "A,B,C,count\n1,0,0,60\n0,1,0,50\n1,1,0,12\n0,0,1,40\n1,0,1,15\n0,1,1,11\n1,1,1,4\n"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    file = tmp_path / "lists.csv"
    file.write_text(SMALL)
    return file


def prevalence(*arguments: object) -> int:
    return main(["prevalence", *map(str, arguments)])


def test_the_table_shows_number_interval_range_and_all_items(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prevalence(small, "--boot", 60) == 0
    shown = capsys.readouterr()
    first, interval, between = shown.out.splitlines()[:3]
    assert first.replace(",", "").isdigit()
    assert interval.startswith("95 % interval, the choice of the model included: ")
    assert between.startswith("Other methods and models say between ")
    assert [f"{number}. " in shown.out for number in range(1, 12)] == [True] * 11
    assert "Stepwise log-linear model ..." in shown.err


@pytest.mark.slow
def test_json_is_unrounded_and_the_same_from_two_processes(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert prevalence(small, "--boot", 60, "--seed", 7, "--format", "json", "--level", 0.8) == 0
    text = capsys.readouterr().out
    found = from_json(Study, text)
    assert isinstance(found.headline, Headline)
    assert found.headline.interval.level == 0.8
    assert json.loads(text)["headline"]["total"] == found.headline.total
    assert prevalence(small, "--boot", 60, "--seed", 7, "--format", "json", "--level", 0.8, "--jobs", 2) == 0
    assert capsys.readouterr().out == text


def test_a_report_is_written_in_the_language_asked_for(small: Path, tmp_path: Path) -> None:
    assert prevalence(small, "--boot", 60, "--report", tmp_path / "r.html", "--lang", "es") == 0
    assert "Confiabilidad: once preguntas" in (tmp_path / "r.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("method", "first"), [("bic", "bic"), ("dga", "dga"), ("chao", "chao"), ("threshold", "stepwise")]
)
def test_the_method_asked_for_leads_where_its_interval_allows(
    small: Path, capsys: pytest.CaptureFixture[str], method: str, first: str
) -> None:
    assert prevalence(small, "--boot", 60, "--method", method, "--format", "json") == 0
    found = from_json(Study, capsys.readouterr().out)
    assert found.headline.method == first
    assert {method, "independence", "dga"} <= {one.method for one in found.estimates}


def test_answers_and_a_censored_list_reach_the_panel(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    confirmed = ("--confirm", "same_period=yes", "--confirm", "no_outsiders=no", "--censored", "C")
    assert prevalence(small, "--boot", 60, *confirmed) == 0
    shown = capsys.readouterr().out
    assert "Confirmed by the analyst: All lists cover the same period" in shown
    assert "The list C holds outsiders" in shown


def test_another_linkage_is_read_in_the_same_form(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.csv"
    other.write_text(SMALL.replace("1,1,0,12", "1,1,0,9"))
    assert prevalence(small, "--boot", 60, "--imputed", other) == 0
    assert "Over 2 linkages of the same records" in capsys.readouterr().out
    assert prevalence(small, "--boot", 60, "--imputed", tmp_path / "none.csv") == 2


HEAD = "A,B,C,count\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("A,count\n1,5\n", "Only one list"),
        (HEAD + "1,0,0,5\n0,1,0,6\n0,0,1,7\n", "Nobody is on two lists"),
        (HEAD + "1,0,0,5\n0,1,0,-6\n", "Line 3, column count: the count is negative"),
        (HEAD + "1,0,0,5\n1,1,0,2.5\n", "Line 3, column count: expected a whole number"),
        (HEAD + "1,0,0,5\n1,2,0,2\n", "Line 3, column B: expected 0"),
        (HEAD + "1,0,0,5\n1,1\n", "Line 3: 4 values"),
        (HEAD + "1,0,0,900\n1,1,0,12\n1,0,1,10\n1,1,1,8\n", "smaller than the number of people seen"),
        (",".join(f"L{k}" for k in range(21)) + ",count\n", "merge lists"),
        (
            ",".join(f"L{k}" for k in range(20))
            + ",count\n"
            + "".join(",".join("1" if j in (k, (k + 1) % 20) else "0" for j in range(20)) + ",3\n" for k in range(20)),
            "merge lists",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_by_one_sentence_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, says: str
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text(text)
    assert prevalence(file, "--boot", 60) == 2
    assert says in capsys.readouterr().err.splitlines()[-1]


def test_a_file_that_is_not_there_or_cannot_be_written_is_answered(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prevalence(tmp_path / "nowhere.csv") == 2
    assert "cannot be read" in capsys.readouterr().err
    assert prevalence(small, "--boot", 60, "--report", tmp_path / "no" / "r.html") == 2
    assert "No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--people", "person"), "two names"),
        (("--confirm", "same_period=perhaps"), "--confirm needs"),
        (("--confirm", "weather=yes"), "no question weather"),
        (("--boot", "5"), "50 replicates"),
        (("--lists", "A,Z"), "no column Z"),
        (("--censored", "Z"), "no list Z"),
    ],
)
def test_options_that_make_no_sense_are_answered(
    small: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], says: str
) -> None:
    assert prevalence(small, *arguments) == 2
    assert says in capsys.readouterr().err


@pytest.mark.slow
def test_a_million_rows_of_linked_persons_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(1)
    person = rng.integers(0, 900_000, 1_000_000)
    names = np.array(["NGO", "police", "labour"])
    place = np.where(rng.random(1_000_000) < 0.2, person % 3, rng.integers(0, 3, 1_000_000))
    parquet.write_table(pa.table({"who": person, "where": names[place]}), tmp_path / "people.parquet")
    assert prevalence(tmp_path / "people.parquet", "--people", "who,where", "--boot", 50, "--format", "json") == 0
    found = from_json(Study, capsys.readouterr().out)
    assert found.panel.adequacy.n == len(np.unique(person))
    assert sum(found.panel.adequacy.sizes) == len(np.unique(np.stack([person, place]), axis=1).T)


@pytest.mark.slow
def test_the_module_runs_from_the_shell(small: Path) -> None:
    command = [sys.executable, "-m", "reckon", "prevalence", str(small), "--boot", "50", "--format", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert isinstance(from_json(Study, done.stdout).headline, Headline)


def test_what_is_wrong_with_a_file_is_said_in_the_language_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lists.csv"
    path.write_text("a,b,count\n1,0,5\n0,1,-4\n")
    assert main(["prevalence", str(path), "--lang", "es"]) == 2
    assert "Línea 3, columna count: el conteo es negativo" in capsys.readouterr().err
    rates = ["rates", str(path), "--lists", "a,b,c", "--by", "sex", "--population", str(path), "--lang", "es"]
    assert main(rates) == 2
    assert "No existe la columna c" in capsys.readouterr().err
