"""`python -m reckon protect`: a file of counts in, a protected table out."""

from pathlib import Path

import pytest

from reckon.__main__ import main

COUNTS = """state,sex,count
A,f,120
A,m,3
B,f,40
B,m,25
C,f,12
C,m,
D,f,15
"""


def run(path: Path, text: str, *options: str) -> int:
    path.write_text(text, encoding="utf-8")
    return main(["protect", str(path), *options])


def test_counts_come_back_with_margins_and_without_small_cells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "counts.csv", COUNTS) == 0
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0] == "state,sex,count"
    assert [line for line in lines if "suppressed" in line] == [
        f"{cell},suppressed" for cell in ("A,f", "A,m", "B,f", "B,m")
    ]
    assert {"C,m,missing", "D,m,0", "C,*,12", "*,m,28", "*,*,215"} <= set(lines)
    assert said.err.startswith("1 small counts and 3 others withheld, 9 published")
    assert "everyone in state D is in sex f" in said.err


def test_the_threshold_decides_what_is_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "counts.csv", COUNTS, "--threshold", "3") == 0
    assert "suppressed" not in capsys.readouterr().out


def test_the_table_can_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "counts.csv", COUNTS, "--output", str(tmp_path / "out.csv")) == 0
    assert capsys.readouterr().out == ""
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").endswith("*,*,215\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column count; the columns are none"),
        ("state,number\nA,3\n", "no column count; the columns are state, number"),
        ("count\n3\n", "1 to 4 different columns"),
        ("sex,sex,count\nf,f,3\n", "1 to 4 different columns"),
        ("state,count\n", "no line with a count"),
        ("state,count\nA,-3\n", "line 2: -3 is negative"),
        ("state,count\nA,3\nB,2.5\n", "line 3: 2.5 is not a whole number"),
        ("state,count\nA,²\n", "line 2: ² is not a whole number"),
        ("state,count\nA,3\nA,4\n", "line 3: A is there twice"),
        ("state,sex,count\nA,3\n", "line 2: 3 values are expected"),
        ("state,count\nA,3,4\n", "line 2: 2 values are expected"),
        ("state,count\nA,3\n*,3\n", "line 3: margins"),
    ],
)
def test_a_wrong_file_is_refused_by_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    assert run(tmp_path / "counts.csv", text) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert said in told.err


def test_a_wrong_file_does_not_empty_the_output(tmp_path: Path) -> None:
    before = tmp_path / "out.csv"
    before.write_text("kept", encoding="utf-8")
    assert run(tmp_path / "counts.csv", "state,count\nA,-3\n", "--output", str(before)) == 1
    assert before.read_text(encoding="utf-8") == "kept"


def test_an_output_that_cannot_be_written_is_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path / "counts.csv", COUNTS, "--output", str(tmp_path / "none" / "out.csv")) == 1
    assert "No such file" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_no_traceback(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["protect", str(tmp_path / "none.csv")]) == 1
    assert "No such file" in capsys.readouterr().err
