"""Whatever a fact is read from is watched: a write of any kind to any of its tables is seen."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enlace.cases.actions import Stretch, add_episode
from enlace.intake.actions import Result, record_outcomes
from enlace.placements.actions import record_gap
from enlace.placements.queries import Asked
from enlace.referrals.actions import Outsider, add_partner
from enlace.statistics import changes
from enlace.statistics.models import FactChange
from enlace.statistics.snapshot import snapshot
from tests.assistance.caring import cared_for
from tests.intake.contacts import a_contact, at_risk
from tests.placements.living import a_stay
from tests.screening.talks import PRESUMED, decided, finished
from tests.statistics.keeping import straight, year
from tests.statistics.nation import acting
from tests.world import World, a_case, a_person, a_referral, accepted, identified

# Read beside the facts, and nothing of it is in them: what a case confirmed of a screening.
NOT_COUNTED = {"screening_confirmation"}
APPEND_ONLY = {"cases_decision", "assistance_careturn", "intake_outcome"}
KINDS = dict.fromkeys(("accounts_agency", "referrals_partner", "directory_site"), "kind_code")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Any) -> None:
    settings.ENLACE_HOME = tmp_path / "home"


@pytest.fixture
def nation(world: World) -> World:
    """One of everything that is counted."""
    person_id = a_person(world.bruno)
    case_id = a_case(world.bruno, person_id)
    add_episode(by=world.bruno, case_id=case_id, episode=Stretch(kind_code="transit", country_code="GT"))
    identified(world.bruno, case_id)
    accepted(world.carla, a_referral(world.bruno, case_id))
    cared_for(world.bruno, case_id)
    record_gap(by=world.bruno, case_id=case_id, asked=Asked(service_codes=("EDU",), tells_nothing=True))
    a_stay(world)
    desk = acting("helpline")
    met = a_person(desk)
    contact_id = a_contact(desk, people=(at_risk(met),))
    told = [Result(kind="victim_identified", person_id=met), Result(kind="investigation_opened", contact_id=contact_id)]
    record_outcomes(by=world.bruno, rows=told)
    decided(world.hilda, finished(world.hilda, PRESUMED).screening_id, "presumed")
    add_partner(by=world.bruno, row=Outsider(name="Invented", kind_code="ngo"))
    return world


def test_every_table_that_is_read_is_watched(nation: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = snapshot(*year())
    assert {"identified", "hotline_victim", "sheltered", "needed", "spent"} <= set(found.column("measure").to_pylist())
    read = {name for query in asked for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', query["sql"])}
    assert read - NOT_COUNTED <= changes.WATCHED
    assert len(read) > 15


@pytest.mark.parametrize("table", sorted(changes.WATCHED - APPEND_ONLY))
def test_a_write_that_passes_no_action_is_logged(nation: World, table: str) -> None:
    column = KINDS.get(table, "id")
    before = FactChange.objects.latest("id").pk
    straight(f"UPDATE {table} SET {column} = " + ("'another'" if table in KINDS else column))
    logged = list(FactChange.objects.filter(id__gt=before))
    assert logged
    assert {row.subject is None for row in logged} == {table in KINDS or table == "assistance_cost"}
    assert ({row.kind for row in logged} == {"everything"}) is (table in KINDS)


def test_a_table_without_all_its_triggers_is_noticed(nation: World) -> None:
    assert changes.is_watching()
    names = (
        ["statistics_changed"] if connection.vendor == "postgresql" else ["statistics_changed_intake_outcome_delete"]
    )
    straight(f"DROP TRIGGER {names[0]}" + (" ON intake_outcome" if connection.vendor == "postgresql" else ""))
    assert not changes.is_watching()
