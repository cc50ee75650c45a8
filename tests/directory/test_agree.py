"""Agreements between states: recorded by who may speak for them, ended on a day, never removed."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.base.ids import new_id
from enlace.directory.actions import Agreed, end_agreement, save_agreements
from enlace.directory.models import Agreement
from enlace.directory.queries import agreement, agreement_rows, agreements
from tests.directory.houses import a_house
from tests.world import SYSTEM, World

TREATY = Agreed(from_state="XX-N", to_state="XX-I", valid_from=date(2025, 1, 10), basis="Treaty of the Isles")


def test_states_agree_nationally_and_a_house_for_itself(world: World) -> None:
    save_agreements(by=world.fidel, rows=[TREATY])
    for_one = replace(TREATY, id=new_id(), site_id=a_house(world.dora), service_code="SHELTER")
    save_agreements(by=world.dora, rows=[for_one])
    with pytest.raises(Forbidden):
        save_agreements(by=world.dora, rows=[replace(TREATY, basis="mine")])
    with pytest.raises(Forbidden):
        save_agreements(by=world.bruno, rows=[for_one])
    with pytest.raises(Missing):
        save_agreements(by=world.carla, rows=[replace(for_one, basis="not hers")])
    assert Agreement.objects.count() == len(agreement_rows(viewer=world.bruno)) == 2


WRONG: list[dict[str, Any]] = [
    {"from_state": "XX-Z"},
    {"to_state": "XX-N"},
    {"service_code": "CASTLE"},
    {"valid_to": date(2025, 1, 9)},
    {"basis": "  "},
]


@pytest.mark.parametrize("changes", WRONG, ids=[" ".join(changes) for changes in WRONG])
def test_an_impossible_agreement_is_refused(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        save_agreements(by=SYSTEM, rows=[TREATY, replace(TREATY, **changes)])
    assert not Agreement.objects.exists()


def test_a_house_agrees_only_for_the_state_it_is_in(world: World) -> None:
    with pytest.raises(Refusal, match="not in the state"):
        save_agreements(by=SYSTEM, rows=[replace(TREATY, to_state="XX-S", site_id=a_house(world.dora))])


def test_an_agreement_ends_on_a_day_once(world: World) -> None:
    save_agreements(by=SYSTEM, rows=[TREATY])
    today = timezone.localdate()
    with pytest.raises(Missing):
        end_agreement(by=world.dora, agreement_id=TREATY.id, on=today)
    with pytest.raises(Refusal):
        end_agreement(by=world.fidel, agreement_id=TREATY.id, on=date(2025, 1, 9))
    end_agreement(by=world.fidel, agreement_id=TREATY.id, on=today)
    assert agreement(viewer=world.bruno, agreement_id=TREATY.id).valid_to == today
    assert len(agreements(viewer=world.bruno, on=today)) == 1
    assert agreements(viewer=world.bruno, on=today + timedelta(days=1)) == []
    end_agreement(by=world.fidel, agreement_id=TREATY.id, on=today - timedelta(days=1))
    with pytest.raises(Refusal, match="already ended"):
        end_agreement(by=world.fidel, agreement_id=TREATY.id, on=today)


def test_a_house_ends_its_own(world: World) -> None:
    site_id = a_house(world.dora)
    row = replace(TREATY, site_id=site_id)
    save_agreements(by=world.dora, rows=[row])
    with pytest.raises(Missing):
        end_agreement(by=world.carla, agreement_id=row.id, on=timezone.localdate())
    end_agreement(by=world.dora, agreement_id=row.id, on=timezone.localdate())
