"""``enlace audit verify`` and ``enlace audit anchor``, as typed."""

import json
from pathlib import Path

import pytest

from enlace.audit.models import AuditEvent, ChainHead
from enlace.cli import main
from tests.audit.tamper import CHAIN, open_the_record, row, write

pytestmark = pytest.mark.django_db

Output = pytest.CaptureFixture[str]


def test_a_whole_record_answers_zero(capsys: Output) -> None:
    write(3)
    assert main(["audit", "verify"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_an_empty_record_is_whole() -> None:
    assert main(["audit", "verify"]) == 0


def test_faults_are_printed_one_a_line_and_answer_one(capsys: Output) -> None:
    write(4)
    open_the_record()
    AuditEvent.objects.filter(pk=row(2).pk).update(action="x")
    AuditEvent.objects.filter(pk=row(3).pk).delete()
    assert main(["audit", "verify"]) == 1
    assert capsys.readouterr().out.splitlines()[:2] == [f"{CHAIN} 2: changed", f"{CHAIN} 3: removed"]


def test_an_anchor_is_one_line_that_can_be_kept_and_given_back(capsys: Output, tmp_path: Path) -> None:
    write(4)
    lines = []
    for _ in range(2):
        assert main(["audit", "anchor"]) == 0
        lines.append(capsys.readouterr().out)
    assert [json.loads(line)["number"] for line in lines] == [1, 2]
    assert json.loads(lines[0])["heads"][CHAIN] == [4, row(4).digest]
    kept = tmp_path / "anchors.jsonl"
    kept.write_text("".join(lines) + "\n")
    assert main(["audit", "verify", "--anchors", str(kept)]) == 0


def test_a_tail_cut_off_since_is_found_with_the_kept_line(capsys: Output, tmp_path: Path) -> None:
    write(4)
    main(["audit", "anchor"])
    kept = tmp_path / "anchors.jsonl"
    kept.write_text(capsys.readouterr().out)
    open_the_record()
    AuditEvent.objects.filter(chain=CHAIN, seq__gt=2).delete()
    ChainHead.objects.filter(chain=CHAIN).update(seq=2, digest=row(2).digest)
    assert main(["audit", "verify", "--anchors", str(kept)]) == 1
    assert f"{CHAIN} 4: truncated" in capsys.readouterr().out


@pytest.mark.parametrize("content", ["not json", "[1, 2]", '{"number": 1}', "\udcff"])
def test_a_file_that_holds_no_anchors_is_refused_in_words(content: str, capsys: Output, tmp_path: Path) -> None:
    kept = tmp_path / "anchors.jsonl"
    kept.write_bytes(content.encode(errors="surrogateescape"))
    assert main(["audit", "verify", "--anchors", str(kept)]) == 1
    said = capsys.readouterr()
    assert "anchors.jsonl" in said.err
    assert str(tmp_path) not in said.err


def test_a_file_that_is_not_there_is_refused_in_words(capsys: Output, tmp_path: Path) -> None:
    assert main(["audit", "verify", "--anchors", str(tmp_path / "none")]) == 1
    assert "none" in capsys.readouterr().err
