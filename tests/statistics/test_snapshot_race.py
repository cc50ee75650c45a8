"""Snapshots taken while others write, on real connections: nothing that is committed is ever missed."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from enlace.assistance.actions import Given, record_services
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.people.models import Person
from enlace.statistics import changes, store
from enlace.statistics.models import FactChange
from tests.assistance.caring import days_ago
from tests.own import succeeded, together
from tests.statistics.keeping import agree, take, watch_gathering, year
from tests.statistics.nation import acting
from tests.world import World, a_case, a_person, identified

pytestmark = pytest.mark.usefixtures("sees_all")
PATIENCE = 60


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Any) -> None:
    settings.ENLACE_HOME = tmp_path / "home"


def a_slow_writer(by: Actor, person_id: UUID, wrote: threading.Event, may_end: threading.Event) -> None:
    """Corrects a person, and ends the transaction when it is told to."""
    try:
        with audited(by=by, action="person.corrected", subject=("person", person_id)):
            Person.objects.filter(pk=person_id).update(sex_code="male")
            wrote.set()
            assert may_end.wait(PATIENCE)
    finally:
        connection.close()


@pytest.mark.postgresql
@pytest.mark.parametrize("snapshots", [1, 2])
def test_a_change_that_is_committed_late_is_not_missed(
    own_world: World, monkeypatch: pytest.MonkeyPatch, snapshots: int
) -> None:
    """Its line in the log has a lower number than lines that were read long before it could be seen."""
    monkeypatch.setattr(store, "MOST_CHANGED", 10.0)
    slow, quick = (a_case(own_world.bruno, person) for person in (a_person(own_world.bruno), a_person(own_world.bruno)))
    identified(own_world.bruno, slow)
    identified(own_world.bruno, quick)
    agree()
    wrote, may_end = threading.Event(), threading.Event()
    person_id = Person.objects.get(cases=slow).pk
    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(a_slow_writer, own_world.bruno, person_id, wrote, may_end)
        assert wrote.wait(PATIENCE)
        for _number in range(snapshots):
            record_services(
                by=own_world.bruno, rows=[Given(case_id=quick, service_code="LEGAL", started_on=days_ago(3))]
            )
            assert "male" not in agree(at_once=True).column("sex").to_pylist()
        newest = FactChange.objects.latest("id").pk
        may_end.set()
        writer.result()
    asked = watch_gathering(monkeypatch)
    assert FactChange.objects.filter(kind="person", id__lt=newest, writer__gt=0).latest("id").subject == person_id
    assert "male" in agree().column("sex").to_pylist()
    assert [part is not None for part in asked] == [True]


def test_what_many_write_at_once_while_others_take_snapshots_is_all_there(
    own_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MOST_CHANGED", 10.0)
    cases = [a_case(own_world.bruno) for _ in range(6)]
    take()

    def work(number: int) -> None:
        with_eyes = acting("prosecutor-north")
        for _turn in range(3):
            if number % 2:
                take(at_once=True)
            else:
                given = Given(case_id=cases[number], service_code="LEGAL", started_on=days_ago(3))
                record_services(by=with_eyes, rows=[given])

    assert len(succeeded(together(work, 6))) == 6
    assert agree().num_rows == 9
    assert changes.is_watching()
    assert store.faults(*year()) == {}
