"""Places: added and changed by their agency, checked against the pack, and what they offer follows."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.directory.actions import Place, Reach, save_contacts, save_criteria, save_programmes, save_sites
from enlace.directory.models import Criterion as CriterionRow
from enlace.directory.models import ServiceOffer, Site
from enlace.directory.queries import contacts, criteria, own_site, site
from enlace.directory.rules import Criterion
from tests.directory.houses import ADULTS, WOMEN, a_house, a_unit
from tests.world import SYSTEM, World

HOUSE = Place(
    agency_code="shelter-isles",
    name=" House of the Tide ",
    kind_code="safe_house",
    state_code="XX-I",
    security_code="watched",
    language_codes=("eng", "eng", "spa"),
    max_stay_days=90,
    extension_days=30,
)


def test_a_place_is_added_with_a_code_and_changed_under_the_same_one(world: World) -> None:
    (made,) = save_sites(by=world.dora, rows=[HOUSE])
    assert (made.code[:2], made.name, made.language_codes) == ("S-", "House of the Tide", ["eng", "spa"])
    save_sites(by=world.dora, rows=[replace(HOUSE, name="House of the Wind", may_go_out_alone=False)])
    found = own_site(viewer=world.dora, site_id=made.pk)
    assert (found.code, found.name, found.may_go_out_alone) == (made.code, "House of the Wind", False)


def test_an_agency_edits_its_own_places_and_a_national_role_all(world: World) -> None:
    site_id = a_house(world.dora)
    with pytest.raises(Forbidden):
        save_sites(by=world.carla, rows=[HOUSE])
    taken = replace(HOUSE, id=site_id, agency_code="ngo-harbour")
    with pytest.raises(Missing):
        save_sites(by=world.carla, rows=[taken])
    for act, values in (
        (save_programmes, {"service_codes": ["LEGAL"]}),
        (save_criteria, {"rows": [WOMEN]}),
        (save_contacts, {"rows": []}),
    ):
        with pytest.raises(Missing):
            act(by=world.carla, site_id=site_id, **values)
    save_sites(by=world.fidel, rows=[replace(HOUSE, id=site_id, name="Renamed")])
    assert site(viewer=world.bruno, site_id=site_id).name == "Renamed"


@pytest.mark.parametrize("who", ["bruno", "alma", "elena"])
def test_who_may_not_edit_the_directory_adds_nothing(world: World, who: str) -> None:
    actor = getattr(world, who)
    with pytest.raises(Forbidden):
        save_sites(by=actor, rows=[replace(HOUSE, agency_code=actor.agency_code)])
    assert not Site.objects.exists()


WRONG: list[dict[str, Any]] = [
    {"agency_code": "no-such"},
    {"name": "  "},
    {"name": "x" * 121},
    {"kind_code": "castle"},
    {"state_code": "XX-Z"},
    {"security_code": ""},
    {"funding_code": "gold"},
    {"language_codes": ("klingon",)},
    {"accessibility_codes": ("lift_off",)},
    {"max_stay_days": 0},
    {"extension_days": 30, "max_stay_days": None},
    {"inspected_on": timezone.localdate() + timedelta(days=2)},
    {"hours": "x" * 201},
]


@pytest.mark.parametrize("changes", WRONG, ids=[" ".join(changes) for changes in WRONG])
def test_what_cannot_be_is_refused_and_nothing_is_written(world: World, changes: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        save_sites(by=SYSTEM, rows=[replace(HOUSE, name="First"), replace(HOUSE, **changes)])
    assert not Site.objects.exists()


def test_a_place_stays_with_its_agency_and_stands_once_in_a_batch(world: World) -> None:
    site_id = a_house(world.dora)
    with pytest.raises(Refusal, match="stays with its agency"):
        save_sites(by=SYSTEM, rows=[replace(HOUSE, id=site_id, agency_code="ngo-harbour")])
    with pytest.raises(Refusal, match="twice"):
        save_sites(by=SYSTEM, rows=[HOUSE, HOUSE])


def open_offers(agency: str) -> set[tuple[str, str]]:
    return set(ServiceOffer.objects.filter(agency=agency, is_open=True).values_list("service_code", "state_code"))


def test_what_an_agency_offers_follows_its_places(world: World) -> None:
    before = open_offers("ngo-harbour")
    site_id = a_house(world.carla, services=("EDU", "JOB"), state_code="XX-S")
    assert open_offers("ngo-harbour") == before | {("EDU", "XX-S"), ("JOB", "XX-S")}
    save_programmes(by=world.carla, site_id=site_id, service_codes=["JOB"])
    assert open_offers("ngo-harbour") == before | {("JOB", "XX-S")}
    a_house(world.carla, services=("JOB",), state_code="XX-S", name="Second")
    moved = replace(HOUSE, id=site_id, agency_code="ngo-harbour", state_code="XX-N")
    save_sites(by=world.carla, rows=[moved])
    assert open_offers("ngo-harbour") == before | {("JOB", "XX-S"), ("JOB", "XX-N")}
    save_sites(by=world.carla, rows=[replace(moved, is_open=False)])
    assert open_offers("ngo-harbour") == before | {("JOB", "XX-S")}, "the second house still gives it"


def test_a_barred_place_or_one_that_takes_no_victims_makes_no_offer(world: World) -> None:
    a_house(SYSTEM, services=("SHELTER",), kind_code="lockup", agency_code="police-north", state_code="XX-N")
    a_house(SYSTEM, services=("SHELTER",), accepts_trafficking=False, agency_code="health-south", state_code="XX-S")
    assert not open_offers("police-north")
    assert ("SHELTER", "XX-S") not in open_offers("health-south")


def test_conditions_replace_those_before_and_a_unit_has_its_own(world: World) -> None:
    site_id = a_house(world.dora, rows=(WOMEN,))
    unit_id = a_unit(world.dora, site_id, rows=(ADULTS,))
    save_criteria(by=world.dora, site_id=site_id, rows=[WOMEN, Criterion(False, "pregnancy", basis="House rule 4")])
    assert criteria(viewer=world.bruno, site_id=site_id) == [Criterion(False, "pregnancy", basis="House rule 4"), WOMEN]
    assert criteria(viewer=world.bruno, site_id=site_id, unit_id=unit_id) == [ADULTS]
    with pytest.raises(Missing):
        save_criteria(by=world.carla, site_id=a_house(world.carla), unit_id=unit_id, rows=[])


def test_a_service_of_no_list_is_refused(world: World) -> None:
    site_id = a_house(world.dora)
    with pytest.raises(Refusal):
        save_programmes(by=world.dora, site_id=site_id, service_codes=["SHELTER", "CASTLE"])
    assert [row.service_code for row in Site.objects.get().programmes.all()] == ["SHELTER"]


@pytest.mark.parametrize(
    "row",
    [
        Criterion(True, "sex", frozenset({"women"})),
        Criterion(True, "nationality", frozenset({"martian"})),
        Criterion(True, "form", frozenset({"no_such_form"})),
        Criterion(True, "age", least=9, most=3),
    ],
    ids=lambda row: row.fact,
)
def test_a_condition_with_codes_of_no_list_is_refused(world: World, row: Criterion) -> None:
    site_id = a_house(world.dora, rows=(WOMEN,))
    with pytest.raises(Refusal):
        save_criteria(by=world.dora, site_id=site_id, rows=[row])
    assert CriterionRow.objects.get().fact == "sex"


def test_a_secret_place_has_no_contacts_outside_the_vault(world: World) -> None:
    phone = Reach("phone", "555 000 1111")
    secret, known = a_house(world.dora), a_house(world.carla, is_secret=False)
    with pytest.raises(Refusal, match="sealed address"):
        save_contacts(by=world.dora, site_id=secret, rows=[phone])
    save_contacts(by=world.carla, site_id=known, rows=[phone, phone, Reach("web", "harbour.example", "public")])
    assert [(row.kind, row.confidentiality) for row in contacts(viewer=world.bruno, site_id=known)] == [
        ("phone", "agencies"),
        ("web", "public"),
    ]
    with pytest.raises(Refusal, match="Remove the contacts"):
        save_sites(by=world.carla, rows=[replace(HOUSE, id=known, agency_code="ngo-harbour", is_secret=True)])


@pytest.mark.parametrize("row", [Reach("pigeon", "x"), Reach("phone", " "), Reach("phone", "1", "sealed")])
def test_a_contact_of_no_kind_or_class_is_refused(world: World, row: Reach) -> None:
    with pytest.raises(Refusal):
        save_contacts(by=world.carla, site_id=a_house(world.carla, is_secret=False), rows=[row])
