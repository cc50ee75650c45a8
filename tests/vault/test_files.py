"""What a thief of the disk finds: nothing of an identity, and of an erased key not even its wrap (SQLite)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.vault.material import PLANTED, traces

SCRIPT = """
import django, json, sys
django.setup()
from django.core.management import call_command
for app in ("base", "audit", "vault"):
    call_command("migrate", app, verbosity=0)
from pathlib import Path
from django.conf import settings
from enlace.vault import actions, queries
from enlace.vault.models import PersonKey, SealedDraft
from tests.vault.material import PURPOSE, ROSA, SYSTEM, actor, new_id

def files():
    names = sorted(settings.ENLACE_HOME.glob("enlace.sqlite3*"))
    return {path.name: path.read_bytes().hex() for path in names}

bruno = actor("bruno", "prosecutor-north", "R06")
person_id = new_id()
actions.seal_identities(by=bruno, identities={person_id: ROSA})
actions.save_draft(by=bruno, form="register", subject=str(person_id), values={"name": ROSA.given_names})
queries.open_identity(viewer=bruno, person_id=person_id, purpose=PURPOSE)
queries.search_own(viewer=bruno, name=ROSA.family_names)
wraps = [bytes(m.objects.get().wrapped).hex() for m in (PersonKey, SealedDraft)]
before = files()
actions.erase_person(by=SYSTEM, person_id=person_id)
print(json.dumps({"before": before, "after": files(), "wraps": wraps}))
"""


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The database files of an installation of its own, while it runs: after sealing, and after erasing."""
    home = tmp_path_factory.mktemp("home")
    env = {**os.environ, "ENLACE_HOME": str(home), "DATABASE_URL": ""}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=env, cwd=root, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_no_planted_text_is_in_the_database_or_its_log(disk: dict[str, Any]) -> None:
    assert set(disk["before"]) == {"enlace.sqlite3", "enlace.sqlite3-shm", "enlace.sqlite3-wal"}
    for name, content in disk["before"].items():
        assert traces(bytes.fromhex(content), PLANTED) == [], name


def test_the_wrap_of_an_erased_key_is_gone_from_the_files_too(disk: dict[str, Any]) -> None:
    for wrap in disk["wraps"]:
        assert any(wrap in content for content in disk["before"].values())
        assert not any(wrap in content for content in disk["after"].values())
