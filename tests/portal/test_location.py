"""Whatever is recorded of where she lives, her page says how it stands and never where."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.base.ids import new_id
from enlace.country.queries import current
from enlace.directory.actions import seal_place
from enlace.placements.actions import Transfer, release_stay, request_bed, transfer_stay
from enlace.placements.models import Stay
from enlace.placements.queries import read_stay, stays_of_own
from tests.cases.pages import in_spanish
from tests.directory.houses import a_house, a_unit
from tests.intake.telling import hidden
from tests.placements.living import admitted, held, left, referred
from tests.portal.holding import URL, a_page, herself, open_own
from tests.world import World

ENDS = ("requested", "held", "released", "admitted", "transferred", "exited")
unlikely = st.text(alphabet="bcdfghjkmpqrstvwxz", min_size=12, max_size=20)


def lived(world: World, end: str, name: str, state: str) -> tuple[UUID, list[Stay]]:
    """Somebody whose stay in a house of that name came as far as ``end``; and all her stays."""
    case_id, referral_id = referred(world)
    site_id = a_house(world.dora, name=name, state_code=state)
    seal_place(by=world.dora, site_id=site_id, content={"address": f"Calle {name} 7"})
    unit_id = a_unit(world.dora, site_id, name=f"{name} East")
    if end == "requested":
        request_bed(by=world.dora, case_id=case_id, site_id=site_id, referral_id=referral_id)
    else:
        stay_id = held(world.dora, case_id, unit_id, referral_id=referral_id)
        if end == "released":
            release_stay(by=world.dora, stay_id=stay_id)
        elif end != "held":
            admitted(world.dora, stay_id)
        if end == "exited":
            left(world.dora, stay_id)
        if end == "transferred":
            other = a_unit(world.dora, site_id, name=f"{name} West")
            transfer_stay(by=world.dora, row=Transfer(stay_id=stay_id, unit_id=other, is_voluntary=True))
    stays = list(Stay.objects.filter(case_id=case_id).select_related("site", "case"))
    read_stay(viewer=world.dora, stay_id=stays[0].pk)
    return stays[0].case.person_id, stays


def telling(stays: list[Stay]) -> set[str]:
    """Everything about the places of stays that nobody who looks over her shoulder may learn."""
    found = {"shelter-isles", "Isles", "Islas"}
    for stay in stays:
        site = stay.site
        state = current().state(site.state_code)
        found |= {site.name, site.code, str(site.pk), site.state_code, state.name("en"), state.name("es"), stay.code}
        found |= {str(stay.pk), str(stay.bed_id or new_id())}
    return found


def pages(number: str) -> list[Any]:
    """Every page behind the number that shows something, in both languages."""
    opened = open_own(number)
    with in_spanish(Client()) as client:
        fields = hidden(opened) | {"do": "show", "lang": "es"}
        return [opened, client.post(reverse(URL), fields), client.post(reverse(URL), fields | {"do": "write"})]


@settings(max_examples=18, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(end=st.sampled_from(ENDS), name=unlikely, state=st.sampled_from(["XX-I", "XX-S"]))
def test_no_place_of_a_stay_is_ever_on_her_page(world: World, end: str, name: str, state: str) -> None:
    person_id, stays = lived(world, end, name, state)
    shown = pages(a_page(world.bruno, person_id))
    assert all(page.status_code == 200 for page in shown)
    assert "A place to live" in shown[0].text
    for page in shown:
        text = page.text.casefold()
        assert {place for place in telling(stays) if place.casefold() in text} == set()


@pytest.mark.parametrize("field", ["site", "site_id", "bed", "bed_id", "agency_code", "pk", "code"])
def test_what_the_page_gets_of_a_stay_has_no_place_to_show(world: World, field: str) -> None:
    person_id, _stays = lived(world, "admitted", "House of the Tide", "XX-I")
    found = stays_of_own(viewer=herself(world.bruno, person_id))
    assert [stay.status for stay in found] == ["admitted"]
    assert not hasattr(found[0], field)
