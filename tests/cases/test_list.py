"""The list of cases: filters, order and pages on the server, at the same cost however many there are."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Refusal
from enlace.cases.actions import close_case
from enlace.cases.queries import CaseFilter, case_page
from tests.cases.pages import faulty, queries_of, signed_in
from tests.world import World, a_case, a_person, a_referral, accepted, identified


def many(world: World, count: int) -> list[object]:
    person_id, now = a_person(world.bruno), timezone.now()
    return [a_case(world.bruno, person_id, opened_at=now - timedelta(hours=n)) for n in range(count)]


def shown(page: object) -> list[str]:
    return re.findall(r'href="/cases/([0-9a-f-]{36})/"', page.text)


def test_each_case_stands_on_one_page_in_either_order(world: World) -> None:
    cases = many(world, 12)
    for oldest_first, expected in ((False, cases), (True, cases[::-1])):
        found: list[object] = []
        cursor, wanted = "", CaseFilter(oldest_first=oldest_first)
        while True:
            page = case_page(viewer=world.bruno, wanted=wanted, cursor=cursor, size=5)
            found += [row.case_id for row in page.rows]
            assert len(page.rows) <= 5
            if not (cursor := page.older):
                break
        assert found == expected


def test_filters_narrow_and_combine(world: World) -> None:
    first, second, third = (a_case(world.bruno) for _ in range(3))
    identified(world.bruno, first)
    close_case(by=world.bruno, case_id=second, reason_code="moved")
    joined = a_case(world.alma)
    accepted(world.bruno, a_referral(world.alma, joined, to="prosecutor-north"))
    browser = signed_in("bruno")
    for query, expected in (
        ("", {first, second, third, joined}),
        ("status=open", {first, third, joined}),
        ("identification=identified", {first}),
        ("part=partner", {joined}),
        ("part=lead&status=open&identification=presumed", {third}),
        ("state=XX-S", set()),
    ):
        assert set(shown(browser.get(f"/cases/?{query}"))) == {str(pk) for pk in expected}, query


def test_the_next_page_keeps_the_filter(world: World) -> None:
    many(world, 30)
    browser = signed_in("bruno")
    page = browser.get("/cases/?status=open&order=oldest")
    assert len(shown(page)) == 25
    link = re.search(r'href="(\?[^"]*cursor=[^"]+)"', page.text)
    assert link
    following = browser.get("/cases/" + link[1].replace("&amp;", "&"))
    assert "order=oldest" in link[1]
    assert len(shown(following)) == 5
    assert not set(shown(page)) & set(shown(following))


@pytest.mark.parametrize(
    "query", ["status=no_such", "part=%00", "state=%F1", "order=x", "nothing=1", "status=open&status="]
)
def test_a_filter_that_does_not_exist_is_no_fault(world: World, query: str) -> None:
    a_case(world.bruno)
    assert faulty("bruno").get(f"/cases/?{query}").status_code == 200


def test_a_cursor_that_was_tampered_with_or_is_of_another_list_is_refused(world: World) -> None:
    many(world, 6)
    good = case_page(viewer=world.bruno, wanted=CaseFilter(), size=5).older
    browser = faulty("bruno")
    assert browser.get("/cases/", {"cursor": good}).status_code == 200
    forged = [good[:-2] + ("AA" if not good.endswith("AA") else "BB"), "x", "a:b:c", good * 40, "\x00", "ñ:1:2"]
    for cursor in forged:
        answer = browser.get("/cases/", {"cursor": cursor})
        assert answer.status_code == 409
        assert "This page link is no longer valid." in answer.text
    assert browser.get("/referrals/", {"cursor": good}).status_code == 409
    with pytest.raises(Refusal):
        case_page(viewer=world.bruno, wanted=CaseFilter(oldest_first=True), cursor=good)


def test_another_agency_gets_nothing_from_a_cursor(world: World) -> None:
    many(world, 6)
    cursor = case_page(viewer=world.bruno, wanted=CaseFilter(), size=5).older
    assert case_page(viewer=world.omar, wanted=CaseFilter(), cursor=cursor).rows == []
    with pytest.raises(Forbidden):
        case_page(viewer=world.elena, wanted=CaseFilter(), cursor=cursor)


def test_the_list_takes_as_many_queries_for_sixty_as_for_three(world: World) -> None:
    many(world, 3)
    browser = signed_in("bruno")
    few = queries_of(browser, "/cases/")
    many(world, 57)
    assert queries_of(browser, "/cases/") == few <= 20
    assert queries_of(browser, "/") <= 40
