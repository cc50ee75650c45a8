"""The command line: rotation and erasure."""

from pathlib import Path

import pytest

from enlace.base.actor import Actor
from enlace.cli import main
from enlace.vault import envelope
from enlace.vault.actions import seal_identities
from enlace.vault.models import PersonKey
from enlace.vault.queries import open_identity
from tests.vault.material import PLANTED, PURPOSE, ROSA, new_id, rows_of, traces


@pytest.fixture(autouse=True)
def own_home(settings: object, tmp_path: Path) -> Path:
    settings.ENLACE_HOME = tmp_path
    return tmp_path


def test_keys_are_rotated_from_the_command_line(
    bruno: Actor, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    file = own_home / "new.key"
    file.write_text("ab" * 32 + "\n")
    assert main(["vault", "rotate-agency-key", bruno.agency_code]) == 0
    assert main(["vault", "rotate-master-key", "--new-key-file", str(file)]) == 0
    assert envelope.master_keys() == [bytes.fromhex("ab" * 32)]
    assert open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE) == ROSA
    shown = capsys.readouterr()
    assert traces((shown.out + shown.err).encode(), [*PLANTED, "ab" * 32]) == []


def test_a_key_file_that_cannot_be_used_changes_nothing(
    bruno: Actor, own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    short, binary = own_home / "short.key", own_home / "binary.key"
    short.write_text("ab")
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (own_home / "absent.key", short, binary):
        assert main(["vault", "rotate-master-key", "--new-key-file", str(path)]) == 1
    assert not envelope.key_file().exists()
    assert capsys.readouterr().err.count("enlace:") == 3


def test_a_person_is_erased_only_when_it_is_said_twice(bruno: Actor, own_home: Path) -> None:
    person_id = new_id()
    seal_identities(by=bruno, identities={person_id: ROSA})
    assert main(["vault", "erase", str(person_id)]) == 1
    assert len(rows_of(PersonKey)) == 1
    assert main(["vault", "erase", str(person_id), "--yes"]) == 0
    assert rows_of(PersonKey) == []
