"""Consent in a real browser: asked, written down, revoked after reading what stops; on every width."""

import os
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from playwright.sync_api import expect

from enlace.people.actions import Disclosed, Grounded, record_disclosures, record_ground
from enlace.vault.actions import grant_key
from enlace.vault.rules import Identity
from tests.browser.conftest import Open
from tests.browser.places import choose, follow, send, tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.world import World, a_person

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None


def somebody(world: World, **facts: object) -> UUID:
    """A person with answers, a ground, two disclosures and a key that waits."""
    person_id = a_person(world.bruno, identity=Identity(given_names="Persona", family_names="Inventada"), **facts)
    ground = Grounded(
        person_id=person_id,
        purpose_code="justice",
        ground_code="court_order",
        article="s. 31",
        decided_by="Juzgado inventado",
        decided_on=timezone.localdate(),
    )
    record_ground(by=world.bruno, row=ground)
    slice_ = Disclosed(
        person_id=person_id,
        kind="slice",
        fields=("age_group_code", "sex_code", "needs_interpreter"),
        purpose_code="referral",
        recipient_code="ngo-harbour",
    )
    outside = Disclosed(
        person_id=person_id,
        kind="package",
        fields=("names",),
        purpose_code="justice",
        recipient_name="Organización inventada",
    )
    record_disclosures(by=world.bruno, rows=[slice_, outside])
    grant_key(by=world.bruno, person_id=person_id, to_agency="shelter-isles", purpose_code="referral")
    return person_id


def test_a_guardian_answers_and_the_answer_is_revoked_after_reading_what_stops(house: House, open_page: Open) -> None:
    person_id = somebody(house.world, birth_year=timezone.localdate().year - 9)
    page = open_page("bruno")
    page.goto(f"/people/{person_id}/")
    follow(page, "/consents/")
    follow(page, "/consent/")
    choose(page, "purpose", "contact")
    tick(page, "answer", "yes")
    choose(page, "given_by", "guardian")
    choose(page, "relation", "parent")
    write(page, signer="Tutora Inventada")
    choose(page, "child_view", "agrees")
    send(page)
    expect(page.locator("main")).to_contain_text("Madre, padre o tutor")
    expect(page.locator("main")).not_to_contain_text("Tutora Inventada")
    page.locator("tr", has_text="Canalización").locator("a[href$='/revoke/']").first.click()
    expect(page.locator(".notice.warning")).to_contain_text("Casa de las Islas")
    expect(page.locator("main table")).to_contain_text("Puerto Seguro")
    send(page)
    expect(page.locator(".messages")).to_contain_text("Casa de las Islas")


def test_every_page_of_consent_passes_at_every_width(house: House, open_page: Open) -> None:
    person_id = somebody(house.world, birth_year=timezone.localdate().year - 9)
    bare = a_person(house.world.bruno, consents=None)
    page = open_page("bruno")
    faults: list[str] = []
    for address, name in (
        (f"/people/{person_id}/consents/", "consents"),
        (f"/people/{bare}/consents/", "consents-empty"),
        (f"/people/{person_id}/consent/", "consent-form"),
        (f"/people/{person_id}/ground/", "ground-form"),
        (f"/people/{person_id}/", "consent-person"),
    ):
        page.goto(address)
        faults += look(page, name, SHOTS)
    page.goto(f"/people/{person_id}/consents/")
    revoke = page.locator("a[href$='/revoke/']").last.get_attribute("href") or ""
    page.goto(revoke)
    faults += look(page, "consent-revoke", SHOTS)
    page.goto(revoke.replace("/revoke/", "/signature/"))
    faults += look(page, "consent-signature", SHOTS)
    assert faults == []


def test_the_sheet_to_sign_is_given_as_a_document(house: House, open_page: Open) -> None:
    person_id = somebody(house.world)
    page = open_page("bruno")
    page.goto(f"/people/{person_id}/consents/")
    address = page.locator("a[href$='/sheet/']").get_attribute("href") or ""
    answer = page.request.get(house.url + address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.body().startswith(b"%PDF")
    if SHOTS:
        (SHOTS / "sheet.pdf").write_bytes(answer.body())
