"""Receipt numbers: drawn, kept as digests, guessed in vain."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Missing
from enlace.intake import receipts
from enlace.intake.actions import open_receipt
from enlace.intake.models import Receipt, WrongTries
from enlace.intake.permissions import PUBLIC
from enlace.intake.queries import by_receipt, wrong_tries_lately
from tests.intake.telling import a_report, everything_stored, open_number, solved
from tests.own import together
from tests.world import World

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ENGLISH = {"Accept-Language": "en"}
WRONG = "0000 0000 0000 0001"
numbers = st.integers(0, 10**16 - 1).map(lambda n: f"{n:016}")


def text_of(page: Any) -> str:
    """The page without what differs from one opening to the next, and without what was typed."""
    return re.sub(r'(data-challenge|value|data-bits)="[^"]*"', "", page.text)


def plain_questions_removed(page: Any) -> str:
    return re.sub(r"<div data-plain>.*?</div>\s*</div>", "", text_of(page), flags=re.DOTALL)


@given(numbers)
def test_a_number_is_read_however_it_is_spaced(number: str) -> None:
    shown = receipts.grouped(number)
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", shown)
    assert {receipts.read_number(text) for text in (number, shown, shown.replace(" ", "-"), f" {shown} ")} == {number}


@given(st.text())
def test_whatever_is_typed_becomes_at_most_a_few_digits(text: str) -> None:
    assert re.fullmatch(r"[0-9]{0,32}", receipts.read_number(text))


@given(numbers, numbers)
def test_digests_tell_numbers_and_kinds_apart(one: str, other: str) -> None:
    assert (receipts.digest("report", one) == receipts.digest("report", other)) == (one == other)
    assert receipts.digest("report", one) != receipts.digest("complaint", one)


def test_numbers_are_drawn_from_the_whole_range() -> None:
    drawn = {receipts.new_number() for _ in range(2000)}
    assert len(drawn) == 2000
    assert {len(number) for number in drawn} == {16}
    assert {number[0] for number in drawn} == set("0123456789")


def test_counters_name_neither_the_number_nor_its_groups() -> None:
    limits = receipts.buckets("1234567890123456", NOON)
    assert len(limits) == 5
    assert not any(group in bucket for bucket in limits for group in ("1234567890", "123456789012"))
    same_groups = receipts.buckets("1234567890129999", NOON)
    assert len(set(limits) & set(same_groups)) == 4
    assert not set(limits) & set(receipts.buckets("1234567890123456", NOON.replace(day=2)))


def test_a_right_number_opens_its_report_and_only_as_its_kind(world: World) -> None:
    report, number = a_report()
    assert open_receipt(by=PUBLIC, kind="report", number=receipts.grouped(number)) == report.pk
    assert by_receipt(viewer=PUBLIC, kind="report", number=number) == report.pk
    with pytest.raises(Missing):
        open_receipt(by=PUBLIC, kind="complaint", number=number)


def test_only_a_digest_is_stored(world: World) -> None:
    _report, number = a_report()
    open_number(number)
    assert number not in everything_stored()
    assert receipts.grouped(number) not in everything_stored()
    assert re.fullmatch(r"[0-9a-f]{64}", Receipt.objects.get().digest)


@pytest.mark.parametrize(
    "typed", [WRONG, "1", "12345678901234567", "not a number", "１２３４ ５６７８ ９０１２ ３４５６"]
)
def test_guessed_and_malformed_numbers_get_one_same_answer_by_the_same_steps(world: World, typed: str) -> None:
    a_report()
    with CaptureQueriesContext(connection) as usual:
        expected = open_number("9999 9999 9999 9998")
    with CaptureQueriesContext(connection) as queries:
        page = open_number(typed)
    assert page.status_code == expected.status_code == 422
    assert plain_questions_removed(page) == plain_questions_removed(expected)
    assert abs(len(queries) - len(usual)) <= 1  # the first try of a day makes its counters


def test_wrong_tries_are_counted_without_who_tried(world: World) -> None:
    client = Client(REMOTE_ADDR="203.0.113.78")
    open_number(WRONG, client=client)
    assert wrong_tries_lately() == 1
    assert "203.0.113.78" not in everything_stored()
    assert dict(client.cookies) == {}


def test_who_knows_three_groups_is_stopped_and_the_right_number_waits(world: World) -> None:
    _report, number = a_report()
    near = [f"{number[:12]}{guess:04}" for guess in range(10_000) if f"{guess:04}" != number[12:]]
    for guess in near[: receipts.GROUP_LIMIT]:
        with pytest.raises(Missing) as wrong:
            open_receipt(by=PUBLIC, kind="report", number=guess)
    with pytest.raises(Missing) as right:
        open_receipt(by=PUBLIC, kind="report", number=number)
    assert right.value.reason == wrong.value.reason
    WrongTries.objects.all().delete()  # another day
    assert open_receipt(by=PUBLIC, kind="report", number=number)


def test_a_blind_search_does_not_lock_anybody_out_and_ends_at_the_day_s_limit(world: World) -> None:
    report, number = a_report()
    for guess in range(60):
        with pytest.raises(Missing):
            open_receipt(by=PUBLIC, kind="report", number=f"{guess * 166_777_777_777_777:016}")
    assert open_receipt(by=PUBLIC, kind="report", number=number) == report.pk
    WrongTries.objects.update(count=receipts.DAY_LIMIT)
    with pytest.raises(Missing):
        open_receipt(by=PUBLIC, kind="report", number=number)


def test_the_arithmetic_of_the_documentation_holds() -> None:
    a_day = 100_000 * receipts.DAY_LIMIT / 10**receipts.DIGITS
    assert a_day == pytest.approx(2e-7)
    assert a_day * 365 == pytest.approx(7.3e-5)
    assert pytest.approx(0.003) == receipts.GROUP_LIMIT / 10**receipts.GROUP


def test_no_try_is_lost_when_many_guess_at_once(own_world: World) -> None:
    def guess(number: int) -> None:
        with pytest.raises(Missing):
            open_receipt(by=PUBLIC, kind="report", number=f"{number:016}")

    assert [error for error in together(guess) if error is not None] == []
    assert wrong_tries_lately() == 32


def test_a_number_form_sent_again_with_the_same_puzzle_opens_nothing(world: World) -> None:
    _report, number = a_report()
    client = Client()
    fields = {**solved(client.get(reverse("intake:come_back"), headers=ENGLISH)), "number": number}
    assert "What you sent" in client.post(reverse("intake:come_back"), fields, headers=ENGLISH).text
    again = client.post(reverse("intake:come_back"), fields, headers=ENGLISH)
    assert again.status_code == 422
    assert "What you sent" not in again.text
