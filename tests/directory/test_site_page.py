"""The pages of places: what others see, what the house edits, and the sealed address opened in place."""

from typing import Any

import pytest
from django.urls import reverse

from enlace.audit.models import AuditEvent
from enlace.base import slots
from enlace.directory.actions import Place, save_sites, seal_place
from enlace.directory.models import Criterion as CriterionRow
from enlace.directory.models import Site
from enlace.directory.queries import contacts, criteria, own_site
from enlace.directory.rules import Criterion
from tests.cases.pages import faulty, queries_of, send, signed_in, told
from tests.directory.houses import ADULTS, WOMEN, a_house, a_unit, some_supply
from tests.world import SYSTEM, World

SITE = {
    "agency": "shelter-isles",
    "name": "House of the Moon",
    "kind": "safe_house",
    "state": "XX-I",
    "security": "watched",
    "is_open": "on",
    "accepts_trafficking": "on",
    "languages": ["eng"],
    "max_stay_days": "30",
}


def test_the_list_narrows_by_service_state_and_who_is_taken(world: World) -> None:
    some_supply(world)
    browser = faulty("bruno")

    def named(query: str) -> set[str]:
        page = browser.get(f"/directory/?{query}").text
        return {name for name in ("House of the Tide", "Harbour Door", "Little Home", "Cells") if name in page}

    assert named("") == {"House of the Tide", "Harbour Door", "Little Home", "Cells"}
    assert named("service=LEGAL") == {"Harbour Door"}
    assert named("state=XX-I") == {"House of the Tide"}
    assert named("sex=male&age=30") == {"Harbour Door", "Cells"}
    assert named("sex=female&age=20&service=SHELTER") == {"House of the Tide", "Cells"}
    assert named("age=many&cursor=") == named("")
    page = browser.get("/directory/?sex=male&state=XX-S").text
    assert 'href="?state=XX-S"' in page, "a chip takes one filter away and leaves the other"


def test_the_list_takes_as_many_queries_for_many_places_as_for_few(world: World) -> None:
    some_supply(world)
    few = queries_of(signed_in("bruno"), "/directory/"), queries_of(signed_in("dora"), "/directory/ours/")
    rows = [
        Place(
            agency_code="shelter-isles",
            name=f"House {n}",
            kind_code="safe_house",
            state_code="XX-I",
            security_code="open",
        )
        for n in range(30)
    ]
    for site in save_sites(by=SYSTEM, rows=rows):
        a_unit(SYSTEM, site.pk)
    assert (queries_of(signed_in("bruno"), "/directory/"), queries_of(signed_in("dora"), "/directory/ours/")) == few
    first = signed_in("bruno").get("/directory/")
    assert "Next page" in first.text
    assert "House 9" in signed_in("bruno").get(f"/directory/?cursor={first.context['page'].older}").text


def test_of_a_secret_place_others_see_nothing_that_leads_there(world: World) -> None:
    site_id = a_house(world.dora, rows=(WOMEN,), hours="At the tide", funding_code="gifts")
    a_unit(world.dora, site_id, name="Lighthouse wing")
    seal_place(by=world.dora, site_id=site_id, content={"address": "1 Invented Street"})
    address = reverse("directory:site", args=[site_id])
    theirs, own = told(signed_in("bruno").get(address)), told(signed_in("dora").get(address))
    for hidden in ("At the tide", "Gifts", "Lighthouse wing", "Edit the place", "Write the address"):
        assert hidden not in theirs
        assert hidden in own
    assert "House of the Tide" in theirs
    assert "Sex: only Female" in theirs
    assert "Invented Street" not in theirs + own
    Site.objects.filter(pk=site_id).update(is_secret=False)
    assert "Lighthouse wing" in told(signed_in("bruno").get(address))


def test_the_sealed_address_opens_in_place_for_a_purpose(world: World) -> None:
    site_id = a_house(world.dora)
    seal_place(by=world.dora, site_id=site_id, content={"address": "1 Invented Street"})
    address = reverse("directory:open_place", args=[site_id])
    unsaid = signed_in("dora").post(address, {})
    assert unsaid.status_code == 422
    assert "Invented Street" not in unsaid.text
    assert not AuditEvent.objects.filter(action="place.read").exists()
    opened = signed_in("dora").post(address, {"purpose": "safety"})
    assert "1 Invented Street" in opened.text
    assert AuditEvent.objects.get(action="place.read").purpose == "safety"
    assert faulty("bruno").post(address, {"purpose": "safety"}).status_code == 404
    assert faulty("carla").post(address, {"purpose": "safety"}).status_code == 403


def test_a_place_is_added_then_asked_what_it_gives(world: World) -> None:
    browser = signed_in("dora")
    answer = send(browser, "/directory/places/new/", SITE)
    made = Site.objects.get()
    assert answer.url == reverse("directory:programmes", args=[made.pk])
    assert (made.name, made.agency_id, made.max_stay_days, made.is_secret) == (
        "House of the Moon", "shelter-isles", 30, False,
    )  # fmt: skip
    send(browser, answer.url, {"services": ["SHELTER", "EDU"]})
    send(browser, reverse("directory:edit", args=[made.pk]), SITE | {"name": "House of the Sun", "max_stay_days": ""})
    found = own_site(viewer=world.dora, site_id=made.pk)
    assert (found.name, found.max_stay_days, found.language_codes) == ("House of the Sun", None, ["eng"])
    assert "House of the Sun" in browser.get("/directory/ours/").text


def test_the_administrator_of_the_country_adds_for_any_agency_an_agency_for_itself_alone(world: World) -> None:
    send(signed_in("fidel"), "/directory/places/new/", SITE)
    assert Site.objects.get().agency_id == "shelter-isles"
    refused = send(signed_in("carla"), "/directory/places/new/", SITE)
    assert refused.status_code == 422
    assert Site.objects.count() == 1


def test_the_edit_form_shows_what_is_there(world: World) -> None:
    site_id = a_house(world.dora, hours="Day and night", language_codes=("spa",), max_stay_days=45)
    page = signed_in("dora").get(reverse("directory:edit", args=[site_id]))
    shown = page.context["form"].initial
    assert (shown["hours"], shown["languages"], shown["max_stay_days"]) == ("Day and night", ["spa"], 45)


KEPT = Criterion(False, "sex", frozenset({"other"}), basis="from a file")
CHANGED = Criterion(True, "age", least=16, basis="Act 1")


def test_conditions_are_asked_in_plain_questions_and_others_are_kept(world: World) -> None:
    site_id = a_house(world.dora, rows=(WOMEN, KEPT, CHANGED, Criterion(False, "pregnancy", basis="Rule 2")))
    address = reverse("directory:criteria", args=[site_id])
    page = signed_in("dora").get(address)
    assert "Sex: not Other or intersex" in page.text
    shown = page.context["form"].initial
    assert shown == {"sex": ["female"], "age_least": 16, "age_most": None, "pregnancy": "cannot"}
    answers = {"sex": ["female"], "age_least": "18", "pregnancy": "cannot", "exclusion": ["animal"], "basis": "Rule 9"}
    send(signed_in("dora"), address, answers)
    assert set(criteria(viewer=world.dora, site_id=site_id)) == {
        WOMEN,
        KEPT,
        Criterion(True, "age", least=18, basis="Rule 9"),
        Criterion(False, "pregnancy", basis="Rule 2"),
        Criterion(False, "exclusion", frozenset({"animal"}), basis="Rule 9"),
    }


def test_every_question_can_be_answered_and_shows_its_answer_again(world: World) -> None:
    site_id = a_house(world.dora)
    answers: dict[str, Any] = {
        "sex": ["female", "other"], "gender": ["feminine"], "age_least": 3, "age_most": 50, "boys_most": 12,
        "nationality": "foreign", "migration_status": ["irregular"], "exploitation": ["sexual"], "security_most": "2",
        "exclusion": ["acute_crisis"], "with_children": "must", "family": "cannot", "pregnancy": "must",
        "disability": "cannot", "lgbti": "must",
    }  # fmt: skip
    address = reverse("directory:criteria", args=[site_id])
    answers["exploitation"] = [signed_in("dora").get(address).context["form"].fields["exploitation"].choices[0][0]]
    assert send(signed_in("dora"), address, answers).status_code == 302
    assert CriterionRow.objects.count() == len(answers) - 1, "the two ends of age are one condition"
    assert signed_in("dora").get(address).context["form"].initial == answers
    for name in ("boys_most", "age_least"):
        assert send(signed_in("dora"), address, {name: "-1"}).status_code == 422


def test_an_age_that_runs_backwards_is_refused_on_the_form(world: World) -> None:
    site_id = a_house(world.dora, rows=(ADULTS,))
    page = send(signed_in("dora"), reverse("directory:criteria", args=[site_id]), {"age_least": "20", "age_most": "10"})
    assert page.status_code == 422
    assert "The least is not above the most." in page.text
    assert criteria(viewer=world.dora, site_id=site_id) == [ADULTS]


def test_a_unit_asks_besides(world: World) -> None:
    site_id = a_house(world.dora, rows=(WOMEN,))
    unit_id = a_unit(world.dora, site_id)
    send(signed_in("dora"), reverse("directory:unit_criteria", args=[unit_id]), {"with_children": "must"})
    assert criteria(viewer=world.dora, site_id=site_id) == [WOMEN]
    assert "People with children: nobody else" in signed_in("dora").get(reverse("directory:unit", args=[unit_id])).text


def test_contacts_are_written_in_rows_and_emptied_to_be_removed(world: World) -> None:
    site_id = a_house(world.carla, is_secret=False)
    address = reverse("directory:contacts", args=[site_id])
    first = {"kind0": "phone", "value0": "555 000", "who0": "agencies", "kind1": "web", "value1": "x.example"}
    blank = {f"{name}{n}": value for n in range(3) for name, value in (("kind", "phone"), ("who", "agencies"))}
    send(signed_in("carla"), address, blank | first | {"who1": "public"})
    assert [row.value for row in contacts(viewer=world.bruno, site_id=site_id)] == ["555 000", "x.example"]
    more = {f"{name}{n}": value for n in range(5) for name, value in (("kind", "web"), ("who", "public"))}
    send(signed_in("carla"), address, more | {"value1": "x.example"})
    assert [row.value for row in contacts(viewer=world.bruno, site_id=site_id)] == ["x.example"]


def test_the_address_is_written_by_its_agency_only_and_never_shown_again(world: World) -> None:
    site_id = a_house(world.dora)
    address = reverse("directory:seal_place", args=[site_id])
    send(signed_in("dora"), address, {"address": "1 Invented Street"})
    assert Site.objects.get(pk=site_id).place_record_id
    assert "Invented Street" not in signed_in("dora").get(address).text
    for name in ("carla", "fidel"):
        assert faulty(name).get(address).status_code == 404


@pytest.mark.parametrize("name", ["edit", "programmes", "criteria", "contacts", "seal_place"])
def test_the_pages_of_anothers_place_are_not_there(world: World, name: str) -> None:
    address = reverse(f"directory:{name}", args=[a_house(world.dora)])
    assert faulty("carla").get(address).status_code == 404
    assert faulty("bruno").get(address).status_code == 403
    assert signed_in("dora").get(address).status_code == 200


def test_a_closed_place_is_seen_by_its_house_alone(world: World) -> None:
    site_id = a_house(world.dora)
    Site.objects.filter(pk=site_id).update(is_open=False)
    address = reverse("directory:site", args=[site_id])
    assert faulty("bruno").get(address).status_code == 404
    assert "Closed" in signed_in("dora").get(address).text
    assert "Closed" in signed_in("fidel").get(address).text


@pytest.mark.parametrize(
    ("stay", "said"),
    [
        ({}, "No limit"),
        ({"max_stay_days": 1}, "1 day"),
        ({"max_stay_days": 90, "extension_days": 30}, "90 days, and 30 more if extended"),
    ],
)
def test_how_long_people_may_stay_is_said(world: World, stay: dict[str, int], said: str) -> None:
    page = signed_in("bruno").get(reverse("directory:site", args=[a_house(world.dora, **stay)]))
    assert f"<dd>{said}</dd>" in page.text


def test_a_kind_that_the_law_bars_says_so(world: World) -> None:
    site_id = some_supply(world)["lockup"]
    assert signed_in("bruno").get("/directory/").text.count("Closed to them by law") == 1
    assert "Fictional Act 8" in signed_in("bruno").get(reverse("directory:site", args=[site_id])).text


def test_modules_above_add_their_part_to_the_page_of_a_place(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_registered", {})
    panel = slots.Panel("site", "test", 1, "STAY_READ", "base/_empty.html", lambda viewer, site: {"title": site.name})
    slots.register(panel)
    address = reverse("directory:site", args=[a_house(world.dora)])
    assert [told["title"] for _template, told in signed_in("dora").get(address).context["panels"]] == [
        "House of the Tide"
    ]
    assert signed_in("carla").get(address).context["panels"] == [], "her role may not read stays"
