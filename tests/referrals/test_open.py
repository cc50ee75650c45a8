"""The pages of a package: made by the sender, opened and answered by the partner without account or cookie."""

import re
from typing import Any

import pytest
from django.test import Client

from enlace.referrals.models import DisclosurePackage, Referral
from tests.cases.pages import in_spanish, send, signed_in, token_in
from tests.referrals.asking import INVENTED, a_package, a_partner
from tests.world import World, a_case, a_person

WHO = "Lic. Invitada, recepción"


def address(link: str) -> str:
    return f"/packages/{link}/"


def knock(browser: Client, link: str, code: str, **more: str) -> Any:
    return browser.post(address(link), {"code": code, "opened_by": WHO, **more})


def pass_in(page: Any) -> str:
    found = re.search(r'name="pass" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_the_sender_reads_link_and_code_once_and_the_partner_opens_with_them(world: World) -> None:
    partner = a_partner(world.bruno)
    case_id = a_case(world.bruno, a_person(world.bruno, identity=INVENTED))
    browser = signed_in("bruno")
    form = browser.get(f"/cases/{case_id}/refer/partner/?service=LEGAL")
    said = {
        "services": ["LEGAL"],
        "partner": str(partner.pk),
        "fields_told": ["sex_code", "names"],
        "message": "gently",
    }
    token = token_in(form)
    made = send(browser, f"/cases/{case_id}/refer/partner/", said, token)
    link = re.search(r"data-package-link>[^<]*/packages/([^/<]+)/<", made.text)
    code = re.search(r"data-package-code>([\d ]+)<", made.text)
    assert link
    assert code
    again = send(browser, f"/cases/{case_id}/refer/partner/", said, token)
    referral = Referral.objects.get()
    assert again.headers["Location"] == f"/referrals/{referral.pk}/"
    page = browser.get(f"/referrals/{referral.pk}/").text
    assert "Not opened yet" in page
    assert link[1] not in page
    outside = Client()
    read = knock(outside, link[1], code[1])
    assert "Xiomara Inventada" in read.text
    assert "gently" in read.text
    page = browser.get(f"/referrals/{referral.pk}/").text
    assert WHO in page
    assert "Sex, Names" in page


def test_opening_the_address_opens_nothing_and_does_not_tell_whether_it_leads_anywhere(world: World) -> None:
    made = a_package(world)
    browser = Client()
    pages = [browser.get(address(link)).text.replace(link, "") for link in (made.link, "no-such-link")]
    assert pages[0] == pages[1]
    assert DisclosurePackage.objects.get().status == "sealed"
    refused = [knock(browser, link, "00000000").text.replace(link, "") for link in (made.link, "no-such-link")]
    assert refused[0] == refused[1]


def test_nothing_is_kept_of_who_reads_it(world: World) -> None:
    made = a_package(world)
    browser = Client()
    for answer in (browser.get(address(made.link)), knock(browser, made.link, made.code)):
        assert not answer.cookies
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"
        assert "<title>Information" in answer.text
    assert not browser.cookies


def test_shown_once_it_can_be_answered_on_the_same_page_or_later(world: World) -> None:
    made = a_package(world)
    browser = Client()
    page = knock(browser, made.link, made.code)
    waiting = browser.post(address(made.link), {"pass": pass_in(page), "do": "decline"})
    assert waiting.status_code == 422
    assert "Say why" in waiting.text
    assert "Xiomara Inventada" in waiting.text
    later = browser.post(address(made.link), {"pass": pass_in(page), "do": "acknowledge"})
    assert "Come back with the same link and code" in later.text
    back = knock(Client(), made.link, made.code)
    assert "opened before" in back.text
    assert "Xiomara" not in back.text
    done = browser.post(address(made.link), {"pass": pass_in(back), "do": "accept", "note": "tomorrow at ten"})
    assert "knows that you receive the person" in done.text
    assert 'name="do"' not in done.text
    assert "tomorrow at ten" in signed_in("bruno").get(f"/referrals/{made.package.referral_id}/").text
    assert "partner outside the system" in signed_in("bruno").get(f"/referrals/{made.package.referral_id}/").text


@pytest.mark.parametrize("spoilt", ["", "x", "00" * 40])
def test_a_pass_that_was_made_up_answers_nothing(world: World, spoilt: str) -> None:
    made = a_package(world)
    answer = Client().post(address(made.link), {"pass": spoilt, "do": "accept"})
    assert answer.status_code == 422
    assert Referral.objects.get(pk=made.package.referral_id).status == "sent"


def test_an_anonymous_one_says_only_that_somebody_will_come(world: World) -> None:
    made = a_package(world, fields=(), consents=None, is_anonymous=True)
    page = knock(Client(), made.link, made.code).text
    assert "Somebody with these needs will come to you" in page
    assert made.package.referral.code in page
    assert "Psychological or psychiatric care" in page


def test_a_mistake_keeps_what_was_typed_and_seals_nothing(world: World) -> None:
    partner = a_partner(world.bruno)
    case_id = a_case(world.bruno, a_person(world.bruno, consents=False, identity=INVENTED))
    said = {"services": ["LEGAL"], "partner": str(partner.pk), "fields_told": ["names"], "message": "long words"}
    page = send(signed_in("bruno"), f"/cases/{case_id}/refer/partner/", said)
    assert page.status_code == 422
    assert "There is no consent for this recipient." in page.text
    assert "long words" in page.text
    wider = send(signed_in("bruno"), f"/cases/{case_id}/refer/partner/", said | {"ground": "emergency"})
    assert "Choose fewer" in wider.text
    assert not DisclosurePackage.objects.exists()


def test_the_partner_reads_the_language_it_chooses(world: World) -> None:
    made = a_package(world)
    with in_spanish(Client()) as browser:
        browser.cookies.clear()
        page = browser.post(address(made.link), {"to_lang": "en"})
        assert '<html lang="en"' in page.text
        page = browser.post(address(made.link), {"to_lang": "es"})
        assert '<html lang="es"' in page.text
    assert DisclosurePackage.objects.get().status == "sealed"
