"""The register of partners outside the system."""

import pytest

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.referrals.actions import Outsider, add_partner, correct_partner
from enlace.referrals.models import Partner
from enlace.referrals.queries import partner_names, partner_page
from tests.cases.pages import send, signed_in
from tests.referrals.asking import a_partner
from tests.world import World

SAID = {"name": "Casa Inventada", "kind": "ngo", "state": "XX-N", "agency_contact": "5550001234", "is_active": "on"}


def test_whoever_refers_adds_a_partner_and_all_agencies_find_it(world: World) -> None:
    assert "Add a partner" in signed_in("bruno").get("/partners/").text
    assert send(signed_in("bruno"), "/partners/new/", SAID).status_code == 302
    page = signed_in("carla").get("/partners/").text
    assert "Casa Inventada" in page
    assert "5550001234" in page
    assert list(partner_names(viewer=world.carla).values()) == ["Casa Inventada"]
    with pytest.raises(Forbidden):
        partner_names(viewer=world.elena)


def test_only_who_wrote_it_down_corrects_it_and_a_closed_one_is_not_asked(world: World) -> None:
    partner = a_partner(world.bruno)
    address = f"/partners/{partner.pk}/"
    assert signed_in("carla").get(address).status_code == 404
    with pytest.raises(Missing):
        correct_partner(by=world.carla, partner_id=partner.pk, row=Outsider(name="X", kind_code="ngo"))
    assert 'value="Casa Inventada"' in signed_in("lucas").get(address).text
    closed = {name: value for name, value in SAID.items() if name != "is_active"}
    assert send(signed_in("lucas"), address, closed | {"name": "Casa Nueva"}).status_code == 302
    found = Partner.objects.get()
    assert (found.name, found.is_active, found.code) == ("Casa Nueva", False, partner.code)
    assert partner_names(viewer=world.bruno) == {}


@pytest.mark.parametrize("changes", [{"name": "  "}, {"kind_code": "no_such"}, {"state_code": "no_such"}])
def test_a_partner_has_a_name_a_kind_and_a_state_of_the_list(world: World, changes: dict[str, str]) -> None:
    row = Outsider(**{"name": "Casa", "kind_code": "ngo", **changes})
    with pytest.raises(Refusal):
        add_partner(by=world.bruno, row=row)
    partner = a_partner(world.bruno)
    with pytest.raises(Refusal):
        correct_partner(by=world.bruno, partner_id=partner.pk, row=row)


def test_it_is_written_down_once_in_a_state(world: World) -> None:
    a_partner(world.bruno, state_code="XX-N")
    with pytest.raises(Refusal, match="already"):
        a_partner(world.carla, state_code="XX-N")
    other = a_partner(world.carla, state_code="XX-S")
    row = Outsider(name=other.name, kind_code="ngo", state_code="XX-N")
    with pytest.raises(Refusal, match="already"):
        correct_partner(by=world.carla, partner_id=other.pk, row=row)


def test_the_register_is_paged_by_name_and_narrowed_by_state(world: World) -> None:
    for name, state in (("C", "XX-N"), ("A", ""), ("B", "XX-S")):
        a_partner(world.bruno, name, state_code=state)
    assert [p.name for p in partner_page(viewer=world.bruno).rows] == ["A", "B", "C"]
    assert [p.name for p in partner_page(viewer=world.bruno, state_code="XX-N").rows] == ["A", "C"]
    first = partner_page(viewer=world.bruno, size=2)
    rest = partner_page(viewer=world.bruno, cursor=first.older, size=2)
    assert [p.name for p in (*first.rows, *rest.rows)] == ["A", "B", "C"]
    assert signed_in("bruno").get("/partners/?state=%00").status_code == 200
