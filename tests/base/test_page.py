"""Keyset pages against the slow, obvious way: the whole list, cut into slices."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models import QuerySet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.accounts.models import Agency
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.base.pages import Page, page
from enlace.people.models import Person, PersonAgency

pytestmark = pytest.mark.django_db

START = datetime(2025, 1, 1, tzinfo=UTC)
in_one_transaction = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Few values, so that ties abound: (hours, agency, microseconds)
people = st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab"), st.integers(0, 1)), max_size=30)
ORDERS = [
    ("-registered_at", "-id"),
    ("registered_at", "id"),
    ("-registered_by", "-registered_at", "-id"),
    ("id",),
    ("-code",),
]


def fill(rows: list[tuple[int, str, int]]) -> None:
    PersonAgency.objects.all().delete()
    Person.objects.all().delete()
    made = []
    for place, (hours, agency, micro) in enumerate(rows):
        pk = UUID(int=new_id().int)
        at = START + timedelta(hours=hours, microseconds=micro)
        made.append(Person(pk=pk, code=f"{place % 7}-{place}", registered_by=agency, registered_at=at))
    Person.objects.bulk_create(made)


def walk(rows: QuerySet[Any], order: tuple[str, ...], size: int) -> list[Page]:
    pages = [page(rows, order=order, size=size)]
    while pages[-1].older:
        pages.append(page(rows, order=order, cursor=pages[-1].older, size=size))
    return pages


def slices(rows: QuerySet[Any], order: tuple[str, ...], size: int) -> list[list[Any]]:
    whole = list(rows.order_by(*order))
    return [whole[start : start + size] for start in range(0, len(whole), size)] or [[]]


@in_one_transaction
@given(people, st.sampled_from(ORDERS), st.integers(1, 7))
def test_every_row_comes_once_and_in_order(rows: list[Any], order: tuple[str, ...], size: int) -> None:
    fill(rows)
    pages = walk(Person.objects.all(), order, size)
    assert [list(each.rows) for each in pages] == slices(Person.objects.all(), order, size)
    assert [each.is_first for each in pages] == [True] + [False] * (len(pages) - 1)


@in_one_transaction
@given(people, st.integers(1, 5), st.sampled_from("ab"), st.integers(0, 3))
def test_a_filtered_list_pages_like_its_own_whole(rows: list[Any], size: int, agency: str, hour: int) -> None:
    fill(rows)
    found = Person.objects.filter(registered_by=agency, registered_at__gte=START + timedelta(hours=hour))
    pages = walk(found, ORDERS[0], size)
    assert [list(each.rows) for each in pages] == slices(found, ORDERS[0], size)


@in_one_transaction
@given(people, st.integers(1, 5))
def test_an_order_through_a_relation_works_too(rows: list[Any], size: int) -> None:
    fill(rows)
    links = [PersonAgency(person=p, agency_code="a", since=START, reason="registered") for p in Person.objects.all()]
    PersonAgency.objects.bulk_create(links)
    order = ("-person__registered_at", "-id")
    found = PersonAgency.objects.select_related("person")
    assert [list(each.rows) for each in walk(found, order, size)] == slices(found, order, size)


@in_one_transaction
@given(people, st.integers(1, 5))
def test_rows_as_dictionaries_page_the_same(rows: list[Any], size: int) -> None:
    fill(rows)
    found = Person.objects.values("id", "registered_at")
    assert [list(each.rows) for each in walk(found, ORDERS[0], size)] == slices(found, ORDERS[0], size)


@in_one_transaction
@given(people.filter(lambda rows: len(rows) > 3), st.integers(1, 3))
def test_what_is_added_meanwhile_moves_no_page(rows: list[Any], size: int) -> None:
    fill(rows)
    first = page(Person.objects.all(), order=ORDERS[0], size=size)
    whole = list(Person.objects.order_by(*ORDERS[0]))
    newest = START + timedelta(days=1)
    Person.objects.create(code="new", registered_by="a", registered_at=newest)
    rest: list[Any] = []
    cursor = first.older
    while cursor:
        following = page(Person.objects.all(), order=ORDERS[0], cursor=cursor, size=size)
        rest, cursor = rest + list(following.rows), following.older
    assert list(first.rows) + rest == whole


def test_text_with_accents_pages_in_the_databases_own_order() -> None:
    names = ["Ñandú", "nube", "Ándale", "andén", "Zorro", "ñame", "Álamo", "zarza", "oso", "Oso", "", "árbol"]
    for place, name in enumerate(names):
        Agency.objects.create(code=f"a{place}", name=name, kind_code="ngo", since=START)
    for size in (1, 2, 5):
        found = Agency.objects.all()
        for order in (("name", "code"), ("-name", "-code")):
            assert [list(each.rows) for each in walk(found, order, size)] == slices(found, order, size)


@pytest.fixture
def cursor() -> str:
    fill([(hour % 4, "a", 0) for hour in range(9)])
    return page(Person.objects.all(), order=ORDERS[0], size=3).older


def test_a_cursor_changed_anywhere_is_refused(cursor: str) -> None:
    for place in range(len(cursor)):
        changed = cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        with pytest.raises(Refusal):
            page(Person.objects.all(), order=ORDERS[0], cursor=changed)


@pytest.mark.parametrize("order", ORDERS[1:])
def test_a_cursor_of_another_order_is_refused(cursor: str, order: tuple[str, ...]) -> None:
    with pytest.raises(Refusal):
        page(Person.objects.all(), order=order, cursor=cursor)


@in_one_transaction
@given(
    st.text(min_size=1) | st.from_regex(r"[.A-Za-z0-9_-]{1,30}:[A-Za-z0-9]{1,8}:[A-Za-z0-9_-]{1,43}", fullmatch=True)
)
def test_no_text_passes_for_a_cursor(text: str) -> None:
    with pytest.raises(Refusal):
        page(Person.objects.all(), order=ORDERS[0], cursor=text)


def test_the_last_page_may_be_full(cursor: str) -> None:
    pages = walk(Person.objects.all(), ORDERS[0], 3)
    assert [len(each.rows) for each in pages] == [3, 3, 3]
    assert pages[-1].older == ""


def test_a_page_costs_one_query_and_one_row_more_than_it_shows(cursor: str, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1) as asked:
        page(Person.objects.all(), order=ORDERS[0], cursor=cursor, size=3)
    assert "LIMIT 4" in asked.captured_queries[0]["sql"]
    assert "OFFSET" not in asked.captured_queries[0]["sql"]
