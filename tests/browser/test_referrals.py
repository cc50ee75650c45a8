"""Referrals in a real browser: several asked at once, what came back, what came of it, and a partner outside."""

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from enlace.base.rows import seeing_as
from enlace.referrals.actions import Answer, Onward, answer_referrals, reroute_referrals
from enlace.referrals.models import DisclosurePackage, Partner, Referral
from tests.browser.conftest import Open
from tests.browser.places import choose, follow, send, tick, write
from tests.browser.served import House
from tests.browser.watched import look
from tests.referrals.asking import INVENTED, a_package
from tests.world import SYSTEM, a_case, a_person, a_referral

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
PHONE = {"width": 320, "height": 700}
ENOUGH = (320, 1280)


def seen(page: Page, name: str, faults: list[str]) -> None:
    faults += look(page, name, SHOTS, ENOUGH)


def declined(house: House) -> Referral:
    """Sent by Bruno, and Carla has no place."""
    with seeing_as(SYSTEM):
        referral_id = a_referral(house.world.bruno, a_case(house.world.bruno))
        no = Answer(referral_id=referral_id, verb="decline", reason_code="no_capacity")
        answer_referrals(by=house.world.carla, rows=[no])
        return Referral.objects.get(pk=referral_id)


def test_what_came_back_is_asked_of_two_at_once_and_the_first_receives_the_person(
    house: House, open_page: Open
) -> None:
    back, faults = declined(house), list[str]()
    bruno = open_page("bruno")
    bruno.goto("/")
    seen(bruno, "cola-regresos", faults)
    follow(bruno, f"/referrals/{back.pk}/")
    seen(bruno, "canalizacion-sin-ayuda", faults)
    with bruno.expect_navigation():
        bruno.locator("main a[href*='previous=']").click()
    expect(bruno.locator("[name=services][value=MENTAL]")).to_be_checked()
    choose(bruno, "recipient", "shelter-isles")
    choose(bruno, "also_1", "health-south")
    seen(bruno, "canalizar-a-varias", faults)
    send(bruno)
    seen(bruno, "canalizacion-a-varias", faults)
    dora = open_page("dora")
    dora.goto("/")
    dora.locator("section[aria-labelledby=queue-inbox] a").first.click()
    follow(dora, "/accept/")
    send(dora)
    bruno.reload()
    expect(bruno.locator("section[aria-labelledby=together-title]")).to_be_visible()
    follow(dora, "/feedback/")
    choose(dora, "result", "helped")
    write(dora, text="Llegó bien.")
    seen(dora, "contrarreferencia", faults)
    send(dora)
    bruno.goto("/")
    expect(bruno.locator("section[aria-labelledby=queue-told]")).to_be_visible()
    with seeing_as(SYSTEM):
        status = sorted(Referral.objects.filter(previous_id=back.pk).values_list("status", flat=True))
    assert status == ["accepted", "withdrawn"]
    assert faults == []


def test_the_queue_tells_where_the_clock_sent_it_on(house: House, open_page: Open) -> None:
    back, faults = declined(house), list[str]()
    with seeing_as(SYSTEM):
        reroute_referrals(by=SYSTEM, rows=[Onward(previous_id=back.pk, recipient_code="shelter-isles")])
    page = open_page("bruno")
    page.goto("/")
    expect(page.locator("section[aria-labelledby=queue-came_back] li")).to_have_count(1)
    seen(page, "cola-reenviada", faults)
    page.locator("section[aria-labelledby=queue-came_back] a").click()
    seen(page, "canalizacion-reenviada", faults)
    assert faults == []


def test_a_partner_opens_on_a_phone_without_script_what_the_coordination_sealed(house: House, open_page: Open) -> None:
    faults = list[str]()
    with seeing_as(SYSTEM):
        case_id = a_case(house.world.bruno, a_person(house.world.bruno, identity=INVENTED))
    bruno = open_page("bruno")
    bruno.goto("/partners/")
    seen(bruno, "aliadas-vacio", faults)
    follow(bruno, "/partners/new/")
    write(bruno, name="Casa Inventada", agency_contact="5550001234")
    choose(bruno, "kind", "ngo")
    seen(bruno, "aliada", faults)
    send(bruno)
    seen(bruno, "aliadas", faults)
    bruno.goto(f"/cases/{case_id}/refer/")
    follow(bruno, "/refer/partner/")
    with seeing_as(SYSTEM):
        partner_id = str(Partner.objects.get().pk)
    tick(bruno, "services", "LEGAL")
    choose(bruno, "partner", partner_id)
    tick(bruno, "fields_told", "sex_code")
    tick(bruno, "fields_told", "names")
    seen(bruno, "paquete", faults)
    send(bruno)
    link = (bruno.locator("[data-package-link]").text_content() or "").strip()
    code = (bruno.locator("[data-package-code]").text_content() or "").strip()
    seen(bruno, "paquete-sellado", faults)
    phone = open_page(java_script_enabled=False)
    phone.set_viewport_size(PHONE)
    phone.goto(link)
    write(phone, code=code, opened_by="Lic. Invitada")
    send(phone)
    expect(phone.locator("main")).to_contain_text("Xiomara Inventada")
    with phone.expect_navigation():
        phone.click("main button[value=accept]")
    expect(phone.locator(".notice.success")).to_be_visible()
    assert phone.context.cookies() == []
    with seeing_as(SYSTEM):
        found = DisclosurePackage.objects.select_related("referral").get()
    assert (found.status, found.referral.status) == ("opened", "accepted")
    bruno.goto(f"/referrals/{found.referral_id}/")
    expect(bruno.locator("section[aria-labelledby=package-title]")).to_contain_text("Lic. Invitada")
    seen(bruno, "canalizacion-aliada", faults)
    assert faults == []


def test_the_pages_of_the_partner_are_open_to_everybody_who_may_open_them(house: House, open_page: Open) -> None:
    faults = list[str]()
    with seeing_as(SYSTEM):
        made = a_package(house.world, fields=("sex_code", "forms", "names", "phones"), message="Habla poco.")
    page = open_page(expected="422")
    page.goto(f"/packages/{made.link}/?lang=es")
    seen(page, "paquete-codigo", faults)
    send(page)
    expect(page.locator(".field.invalid").first).to_be_visible()
    seen(page, "paquete-error", faults)
    write(page, code=made.code, opened_by="Lic. Invitada")
    send(page)
    expect(page.locator("main")).to_contain_text("Habla poco.")
    seen(page, "paquete-abierto", faults)
    with page.expect_navigation():
        page.click("main button[value=decline]")
    expect(page.locator("main")).to_contain_text("Habla poco.")
    choose(page, "reason", "no_capacity")
    with page.expect_navigation():
        page.click("main button[value=decline]")
    seen(page, "paquete-respondido", faults)
    assert faults == []
