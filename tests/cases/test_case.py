"""The page of a case: each agency its part, the timeline, and a fixed number of queries."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.assistance.actions import Given, record_services
from enlace.cases.actions import Ruling, Stretch, add_episode, close_case, decide_cases, reopen_case, write_note
from tests.cases.pages import faulty, queries_of, signed_in, told
from tests.world import World, a_case, a_person, a_referral, accepted, identified


def busy(world: World, case_id: object, count: int) -> None:
    """Notes, places, decisions, referrals and services, ``count`` of each."""
    for number in range(count):
        write_note(by=world.bruno, case_id=case_id, text=f"note {number}")
        add_episode(by=world.bruno, case_id=case_id, episode=Stretch(kind_code="transit"))
        a_referral(world.bruno, case_id, to=("ngo-harbour", "shelter-isles")[number % 2])
        given = Given(case_id=case_id, service_code="LEGAL", started_on=timezone.localdate())
        record_services(by=world.bruno, rows=[given])
    verbs = ["identify", "re_exploited"] * count
    rows = [Ruling(case_id=case_id, verb=verb, ground_code="prosecutor") for verb in verbs]
    decide_cases(by=world.bruno, rows=rows)


def test_it_takes_as_many_queries_with_sixty_rows_as_with_three(world: World) -> None:
    case_id = a_case(world.bruno)
    browser = signed_in("bruno")
    busy(world, case_id, 3)
    few = queries_of(browser, f"/cases/{case_id}/")
    busy(world, case_id, 27)
    assert queries_of(browser, f"/cases/{case_id}/") == few <= 45


def test_the_timeline_tells_everything_newest_first_and_can_be_narrowed(world: World) -> None:
    case_id = a_case(world.bruno, opened_at=timezone.now() - timedelta(days=3))
    identified(world.bruno, case_id)
    accepted(world.carla, a_referral(world.bruno, case_id))
    write_note(by=world.bruno, case_id=case_id, text="a note")
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    reopen_case(by=world.bruno, case_id=case_id)
    browser = signed_in("bruno")

    def entries(query: str = "") -> list[str]:
        page = browser.get(f"/cases/{case_id}/{query}").text
        timeline = page[page.index("timeline-title") :]
        return [
            title
            for title in re.findall(r">([^<>]+)<", timeline)
            if title in {"Case opened", "Case closed", "Case reopened", "Note", "Referral sent", "Referral accepted"}
        ]

    everything = ["Case reopened", "Case closed", "Note", "Referral accepted", "Referral sent", "Case opened"]
    assert entries() == everything
    assert entries("?kind=referral") == ["Referral accepted", "Referral sent"]
    assert entries("?kind=referral&kind=note") == ["Note", "Referral accepted", "Referral sent"]
    assert entries("?kind=%00") == []


def test_a_partner_sees_the_case_but_not_the_referrals_to_others(world: World) -> None:
    case_id = a_case(world.bruno)
    accepted(world.carla, a_referral(world.bruno, case_id))
    a_referral(world.bruno, case_id, to="shelter-isles", message="for the shelter only")
    given = Given(case_id=case_id, service_code="LEGAL", started_on=timezone.localdate(), remark="ours alone")
    record_services(by=world.bruno, rows=[given])
    page = signed_in("carla").get(f"/cases/{case_id}/")
    assert page.status_code == 200
    main = page.text
    assert "Isles House" not in main
    assert "ours alone" not in main
    assert "Safe Harbour (NGO)" in main
    assert "Decide identification" not in main
    assert signed_in("dora").get(f"/cases/{case_id}/").status_code == 404


def test_who_knows_the_person_from_elsewhere_joins_as_a_partner(world: World) -> None:
    """The recipient had registered a case of its own for the same person: both agencies see both parts they share."""
    person_id = a_person(world.alma)
    own, joined = a_case(world.alma, person_id), None
    accepted(world.bruno, a_referral(world.alma, own, to="prosecutor-north"))
    joined = a_case(world.bruno, person_id)
    page = signed_in("bruno").get(f"/people/{person_id}/")
    assert page.status_code == 200
    assert str(own) in page.text
    assert str(joined) in page.text
    assert str(joined) not in signed_in("alma").get(f"/people/{person_id}/").text


def test_no_identity_stands_on_the_page_of_a_case(world: World) -> None:
    from enlace.vault.rules import Identity

    planted = Identity(given_names="Xiomara", family_names="Plantada", phones=("5550009999",))
    case_id = a_case(world.bruno, a_person(world.bruno, identity=planted))
    text = signed_in("bruno").get(f"/cases/{case_id}/").text
    assert not re.search("Xiomara|Plantada|5550009999", text)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_pages_answer_get_head_and_post_only(world: World, method: str) -> None:
    case_id = a_case(world.bruno)
    referral_id = a_referral(world.bruno, case_id)
    browser = faulty("bruno")
    pages = ["/cases/", f"/cases/{case_id}/", "/referrals/", f"/referrals/{referral_id}/", "/services/", "/directory/"]
    forms = [f"/cases/{case_id}/{name}/" for name in ("edit", "episode", "decide", "note", "close", "refer", "service")]
    others = ["/statistics/", "/people/", "/people/register/", "/statistics/national-2024.csv"]
    for address in [*pages, *forms, *others]:
        assert getattr(browser, method)(address).status_code == 405, address
    for address in [*pages, *forms, "/statistics/", "/people/"]:
        assert browser.head(address).status_code == 200, address
    assert {browser.post(address).status_code for address in pages} == {405}


@pytest.mark.parametrize("text", ["1", "0" * 36, "not-a-uuid", "a_person", "%00", "..%2F..%2Fetc", "ñ"])
def test_an_address_that_names_nothing_is_not_there(world: World, text: str) -> None:
    browser = faulty("bruno")
    for address in (f"/cases/{text}/", f"/people/{text}/", f"/referrals/{text}/", f"/services/{text}/end/"):
        assert browser.get(address).status_code == 404
        assert browser.post(address).status_code == 404


def test_a_case_of_somebody_else_and_one_that_is_not_there_are_told_alike(world: World) -> None:
    browser = signed_in("bruno")
    answers = [browser.get(f"/cases/{pk}/") for pk in (a_case(world.alma), uuid4())]
    assert {a.status_code for a in answers} == {404}
    assert len({told(a) for a in answers}) == 1
