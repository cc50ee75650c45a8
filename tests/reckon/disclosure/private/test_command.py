"""`python -m reckon synthesize`: a file of persons in, invented rows out, paid from a ledger in a file."""

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

from reckon.__main__ import main
from reckon.disclosure.private.kept import open_ledger, read_ledger, spend_in
from reckon.disclosure.private.ledger import OverBudget
from reckon.tables import InputError

NO_NOISE = "the optional noise (extra: synthetic) is not installed"
SCHEMA = """
person = "id"

[[column]]
name = "sex"
codes = ["f", "m", ""]

[[column]]
name = "state"
list = "states.csv"
may_be_absent = true
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "schema.toml").write_text(SCHEMA, encoding="utf-8")
    (tmp_path / "states.csv").write_text("code,label\nA,First\nB,Second\nC,Third\n", encoding="utf-8")
    lines = [f"{number},{'fm'[number % 2]},{'AAB'[number % 3]}" for number in range(300)]
    (tmp_path / "people.csv").write_text("\n".join(["id,sex,state,name", *(f"{line},x" for line in lines)]) + "\n")
    return tmp_path


def run(folder: Path, *more: str, epsilon: str = "1") -> int:
    paths = {"--columns": "schema.toml", "--ledger": "ledger.json", "--out": "out.csv"}
    given = [text for name, path in paths.items() for text in (name, str(folder / path))]
    return main(["synthesize", str(folder / "people.csv"), *given, "--epsilon", epsilon, *more])


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_rows_and_reports_are_written_and_the_ledger_has_paid(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("opendp", reason=NO_NOISE)
    reports = ["--privacy-report", str(folder / "privacy.json"), "--utility-report", str(folder / "utility.json")]
    assert run(folder, "--budget", "1.5", *reports) == 0
    assert "rows for 1; 0.5 of the budget is left." in said(capsys)
    with (folder / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert abs(len(rows) - 300) < 150
    assert {tuple(row) for row in rows} == {("sex", "state")}
    assert {row["sex"] for row in rows} <= {"f", "m", ""}
    assert {row["state"] for row in rows} <= {"A", "B", "C", ""}
    privacy = json.loads((folder / "privacy.json").read_text())
    assert (privacy["epsilon"], privacy["delta"], privacy["rows"]) == ("1", "0", len(rows))
    assert json.loads((folder / "utility.json").read_text())["for_the_house_only"] is True
    assert read_ledger(folder / "ledger.json").left == Fraction(1, 2)


def test_what_costs_more_than_is_left_is_refused_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("opendp", reason=NO_NOISE)
    open_ledger(folder / "ledger.json", "1")
    assert run(folder, epsilon="1.1") == 1
    assert "costs 1.1 of the budget, and 1 is left" in said(capsys)
    assert not (folder / "out.csv").exists()
    assert read_ledger(folder / "ledger.json").entries == ()


def test_what_was_paid_for_is_never_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("opendp", reason=NO_NOISE)
    (folder / "out.csv").write_text("kept")
    assert run(folder, "--budget", "1") == 1
    assert "there already" in said(capsys)
    assert (folder / "out.csv").read_text() == "kept"
    assert not (folder / "ledger.json").exists()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("schema.toml", "person = ", "no TOML file"),
        ("schema.toml", 'person = "id"', "a [[column]] for each"),
        ("schema.toml", SCHEMA + '[[column]]\nname = "age"', "column age: give its codes or the file"),
        ("schema.toml", SCHEMA.replace("may_be", "can_be"), "column state: can_be_absent is not known"),
        ("schema.toml", SCHEMA.replace('["f", "m", ""]', "[1]"), "column sex: codes are texts"),
        ("states.csv", "name\nA\n", "states.csv has no column named code"),
        ("states.csv", "code\nA\nA\n", "column state: the list of its codes is empty, or has one twice"),
        ("people.csv", "id,sex\n1,f\n", "people.csv is not a CSV file"),
        ("people.csv", "id,sex,state\n1,f\n", "people.csv is not a CSV file"),
        ("people.csv", "id,sex,state\n1,f,A\n1,f,B\n", "2 rows are about 1 persons"),
        ("people.csv", "id,sex,state\n1,f,A\n2,f,Zed\n", "line 3 first"),
    ],
)
def test_what_cannot_be_read_is_told_without_repeating_a_value(
    folder: Path, name: str, text: str, expected: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    assert run(folder, "--budget", "1") == 1
    found = said(capsys)
    assert expected in found
    assert "Zed" not in found
    assert not (folder / "ledger.json").exists()


def test_a_file_that_is_not_there_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "schema.toml").unlink()
    assert run(folder) == 1
    assert "schema.toml: No such file" in said(capsys)


def test_an_epsilon_that_cannot_be_used_costs_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    open_ledger(folder / "ledger.json", "1")
    for epsilon in ("0.001", "-1", "much"):
        assert run(folder, epsilon=epsilon) == 1
        assert "epsilon" in said(capsys)
    assert read_ledger(folder / "ledger.json").spent == 0


def test_a_budget_is_set_once(folder: Path) -> None:
    open_ledger(folder / "ledger.json", "1")
    with pytest.raises(InputError, match="ledger already"):
        open_ledger(folder / "ledger.json", "5")
    assert read_ledger(folder / "ledger.json").budget == 1


def test_many_at_once_cannot_spend_more_than_the_budget(folder: Path) -> None:
    path = folder / "ledger.json"
    open_ledger(path, "1")

    def work(number: int) -> bool:
        try:
            spend_in(path, "0.1", f"work {number}")
        except OverBudget:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        paid = list(pool.map(work, range(30)))
    assert sum(paid) == 10
    assert read_ledger(path).left == 0


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"budget": "1"}', '{"budget": 0.5, "entries": []}',
        '{"budget": "1", "entries": [{"amount": "2", "what": "x"}]}',
        '{"budget": "1", "entries": [{"amount": "-1", "what": "x"}]}',
    ],
)  # fmt: skip
def test_a_file_that_is_no_ledger_pays_nothing(folder: Path, text: str) -> None:
    (folder / "ledger.json").write_text(text)
    with pytest.raises(InputError):
        spend_in(folder / "ledger.json", "0.1", "work")
    assert (folder / "ledger.json").read_text() == text
