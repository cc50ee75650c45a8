"""A snapshot that was kept and brought up to date is the snapshot that gathering everything anew gives."""

import stat
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils import timezone

from enlace.accounts.models import Agency
from enlace.audit.models import AuditEvent
from enlace.base.rows import is_walled
from enlace.cases.models import Case
from enlace.cli import main
from enlace.people.actions import correct_person
from enlace.people.models import Person
from enlace.statistics import changes, store
from enlace.statistics.actions import compute_national, forget_changes
from enlace.statistics.models import FactChange
from enlace.statistics.snapshot import digest_of, returned, snapshot
from reckon.tables import digest
from tests.own import undone
from tests.statistics.keeping import agree, kept, straight, take, watch_gathering, year
from tests.world import SYSTEM, World, a_case, a_referral, accepted, identified

pytestmark = pytest.mark.usefixtures("sees_all")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Any) -> Path:
    settings.ENLACE_HOME = tmp_path / "home"
    return tmp_path / "home"


@pytest.fixture
def cases(own_world: World) -> list[UUID]:
    """Twelve people identified and referred, and the year kept."""
    made = [a_case(own_world.bruno) for _ in range(12)]
    for case_id in made:
        identified(own_world.bruno, case_id)
        a_referral(own_world.bruno, case_id)
    take()
    return made


@pytest.mark.parametrize("most_stale", [0.0, 1.0], ids=["written anew", "kept beside"])
def test_only_what_was_touched_is_gathered_again(
    own_world: World, cases: list[UUID], most_stale: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_STALE", most_stale)
    asked, touched = watch_gathering(monkeypatch), [cases[3], cases[3], cases[7]]
    for case_id in touched:
        accepted(own_world.carla, a_referral(own_world.bruno, case_id))
        agree()
    assert [part and set(part.cases) for part in asked] == [{case_id} for case_id in touched]


def test_a_person_corrected_is_in_all_her_cases(own_world: World, cases: list[UUID]) -> None:
    person_id = Case.objects.get(pk=cases[0]).person_id
    second = a_case(own_world.bruno, person_id)
    identified(own_world.bruno, second)
    agree()
    correct_person(by=own_world.bruno, person_id=person_id, changes={"sex_code": "male", "birth_year": 2012})
    found = agree().to_pylist()
    assert {row["case"] for row in found if row["sex"] == "male"} == {str(cases[0]), str(second)}


def test_nothing_touched_writes_no_events(cases: list[UUID]) -> None:
    take().digest()
    before = kept()
    take().digest()
    written = {name for name, data in kept().items() if before.get(name) != data}
    # On PostgreSQL the manifest remembers which transactions of the whole server were over.
    assert written <= ({store.MANIFEST} if is_walled() else set())
    assert kept().keys() == before.keys()


def test_the_digest_is_worked_out_once_while_nothing_is_touched(
    own_world: World, cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = take().digest()
    monkeypatch.setattr(store, "digest", lambda table: "worked out again")
    assert take().digest() == name == digest(snapshot(*year()))
    accepted(own_world.carla, a_referral(own_world.bruno, cases[0]))
    assert take().digest() == "worked out again"


def test_a_transaction_sees_its_own_changes_and_keeps_none(own_world: World, cases: list[UUID]) -> None:
    before = kept()
    with undone():
        Person.objects.update(sex_code="male")
        assert {row["sex"] for row in agree().to_pylist()} == {"male"}
    assert kept() == before
    assert {row["sex"] for row in agree().to_pylist()} == {"female"}


def test_files_are_sealed_and_for_the_owner_alone(cases: list[UUID], own_home: Path) -> None:
    files = [path for path in (own_home / "snapshots").rglob("*") if path.is_file()]
    assert len(files) == 3
    folders = {path.parent for path in files} | {own_home / "snapshots"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    for path in files:
        data = path.read_bytes()
        assert not any(str(case_id).encode() in data or case_id.bytes in data for case_id in cases)
        assert b"PAR1" not in data
        assert b"identified" not in data


@pytest.mark.parametrize("damage", ["cut", "swapped", "gone"])
def test_damaged_files_are_not_believed(cases: list[UUID], damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = store.folder_of(*year())
    for path in [path for path in folder.iterdir() if path.name != store.MANIFEST]:
        data = path.read_bytes()
        path.unlink()
        if damage != "gone":
            path.write_bytes(data[:-1] if damage == "cut" else (folder / store.MANIFEST).read_bytes())
    asked = watch_gathering(monkeypatch)
    agree()
    assert asked == [None]


def test_another_database_or_an_older_state_of_it_is_known_apart(
    cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = watch_gathering(monkeypatch)
    newest = FactChange.objects.latest("id")
    FactChange.objects.filter(pk=newest.pk).update(token="of another history")
    agree()
    FactChange.objects.filter(pk=newest.pk).delete()
    agree()
    assert asked == [None, None]


def test_another_pack_or_software_gathers_everything(cases: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = watch_gathering(monkeypatch)
    monkeypatch.setattr(store, "frame_of", lambda folder: "another")
    agree()
    agree()
    assert asked == [None]


def test_an_agency_of_another_kind_changes_everything(cases: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = watch_gathering(monkeypatch)
    Agency.objects.filter(pk="prosecutor-north").update(name="Renamed")
    agree()
    assert asked == []
    Agency.objects.filter(pk="prosecutor-north").update(kind_code="police")
    assert {row["agency_kind"] for row in agree().to_pylist() if row["measure"] == "referred"} == {"police"}
    assert asked == [None]


def test_of_whom_the_database_forgets_nothing_is_kept(cases: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person.objects.create(
        code="P-0000-0000-0", sex_code="male", registered_by="a", registered_at=timezone.now()
    )
    agree()
    asked, before = watch_gathering(monkeypatch), set(kept())
    Person.objects.filter(pk=person.pk).delete()
    agree()
    assert asked == [None]
    assert before & set(kept()) == {store.MANIFEST}


def test_without_its_triggers_nothing_is_believed_or_kept(cases: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    asked, before = watch_gathering(monkeypatch), kept()
    of_table = " ON cases_decision" if connection.vendor == "postgresql" else ""
    name = "statistics_changed" if of_table else "statistics_changed_cases_decision_update"
    straight(f"DROP TRIGGER {name}{of_table}")
    agree()
    agree()
    assert asked == [None, None]
    assert kept() == before


def test_what_no_trigger_saw_is_found_by_comparing_and_thrown_away(
    cases: list[UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    compare = ["report", "snapshot", "--year", str(year()[0].year)]
    assert main(compare) == 0
    last = FactChange.objects.latest("id").pk
    straight("UPDATE people_person SET sex_code = 'male'")
    FactChange.objects.filter(id__gt=last).delete()
    assert digest(take().table) != digest(snapshot(*year()))
    capsys.readouterr()
    assert main(compare) == 1
    assert capsys.readouterr().out.splitlines()[:2] == ["identified: 24", "referred: 24"]
    assert kept() == {}
    assert main(compare) == 0


def test_the_year_is_counted_from_what_is_kept(
    own_world: World, cases: list[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = watch_gathering(monkeypatch)
    table = compute_national(by=own_world.elena, year=year()[0].year)
    assert asked == []
    assert table.digest == digest_of(digest(snapshot(*year())), returned(*year()))
    assert table.fact_count == 24


def test_old_lines_are_forgotten_but_the_newest(cases: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    take()
    newest, later = FactChange.objects.latest("id").pk, timezone.now() + timedelta(days=60)
    assert forget_changes(by=SYSTEM, at=timezone.now()) == 0
    assert AuditEvent.objects.filter(action="statistics.changes_forgotten").count() == 0
    assert forget_changes(by=SYSTEM, at=later) > 12
    assert list(FactChange.objects.values_list("id", flat=True)) == [newest]
    assert kept() == {}
    assert AuditEvent.objects.filter(action="statistics.changes_forgotten").count() == 1
    agree()
    asked = watch_gathering(monkeypatch)
    agree()
    assert asked == []
    assert changes.is_watching()
