"""What a sending costs: the puzzle, or the plain question and a wait; the same for everybody, kept about nobody."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from enlace.intake import effort
from enlace.intake.models import Report
from tests.intake.telling import Teller, hidden, opened_some_time_ago, plain_answer, solved
from tests.world import World

ENGLISH = {"Accept-Language": "en"}


def test_without_puzzle_and_without_answer_nothing_is_sent_and_nothing_is_lost(world: World) -> None:
    teller = Teller().to_check().send(solve=False)
    assert teller.page.status_code == 422
    assert "Answer this question" in teller.page.text
    assert "(optional)" not in teller.page.text
    assert Report.objects.count() == 0
    teller.send()
    assert Report.objects.count() == 1


def test_the_plain_question_counts_only_after_the_wait(world: World) -> None:
    teller = Teller().to_check()
    quick = hidden(teller.page) | {"plain": plain_answer(teller.page)}
    page = teller.client.post(reverse("intake:inform"), quick, headers=ENGLISH)
    assert "Please wait" in page.text
    assert Report.objects.count() == 0
    patient = opened_some_time_ago(teller.page) | {"plain": f"  {plain_answer(teller.page).upper()} "}
    page = teller.client.post(reverse("intake:inform"), patient, headers=ENGLISH)
    assert "It was sent" in page.text


def test_a_wrong_answer_does_not_count_however_long_one_waits(world: World) -> None:
    teller = Teller().to_check()
    fields = opened_some_time_ago(teller.page) | {"plain": "nonsense"}
    page = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
    assert page.status_code == 422
    assert Report.objects.count() == 0


def test_one_puzzle_pays_for_one_sending(world: World) -> None:
    first, second = Teller().to_check(), Teller().to_check()
    paid = solved(first.page)
    assert "It was sent" in first.client.post(reverse("intake:inform"), paid, headers=ENGLISH).text
    stolen = hidden(second.page) | {name: paid[name] for name in ("challenge", "solution")}
    page = second.client.post(reverse("intake:inform"), stolen, headers=ENGLISH)
    assert page.status_code == 422
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    "challenge",
    ["", "forged", signing.dumps(["a", 0, 0, 0], salt="another")],
    ids=["none", "invented", "of another form"],
)
def test_a_forged_challenge_is_no_challenge(world: World, challenge: str) -> None:
    assert effort.read_challenge(challenge) is None
    teller = Teller().to_check()
    fields = solved(teller.page) | {"challenge": challenge}
    page = teller.client.post(reverse("intake:inform"), fields, headers=ENGLISH)
    assert page.status_code == 422
    assert Report.objects.count() == 0


@given(st.text(max_size=30))
def test_only_digits_that_fit_solve_the_puzzle(solution: str) -> None:
    challenge = effort.new_challenge(effort.Demand(bits=12, seconds=4))
    right = effort.solve(challenge)
    assert effort.is_solved(challenge, right)
    assert not effort.is_solved(challenge, solution) or int(solution) >= int(right)


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_the_price_rises_with_what_is_sent_and_has_an_end(one: int, other: int) -> None:
    low, high = effort.demand(min(one, other)), effort.demand(max(one, other))
    assert (low.bits, low.seconds) <= (high.bits, high.seconds)
    assert high.bits <= effort.MOST_BITS
    assert high.seconds <= effort.MOST_WAIT
    assert effort.demand(0) == effort.Demand(effort.BASE_BITS, effort.BASE_WAIT)


def test_the_puzzle_page_holds_a_script_of_our_own_and_no_picture(world: World) -> None:
    page = Teller(client=Client()).to_check().page
    assert 'src="/static/intake/effort.js"' in page.text
    assert "<img" not in page.text
    assert f'data-challenge="{hidden(page)["challenge"]}"' in page.text
    assert f'data-bits="{effort.BASE_BITS}"' in page.text
