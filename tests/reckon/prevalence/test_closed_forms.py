"""Estimates in closed form: published numbers, known answers, and intervals that hold what they promise."""

from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.prevalence import Captures, NotEstimable, captures_from_masks, captures_from_rows
from reckon.prevalence.bounds import (
    ClosedForm,
    chao,
    chao_by_lists,
    chao_corrected,
    chapman,
    closed_forms,
    time_corrected,
    zelterman,
)
from reckon.prevalence.fit import fit
from reckon.prevalence.models import independence
from tests.reckon.prevalence.published import from_counts, table


def met(rng: np.random.Generator, chances: np.ndarray) -> Captures:
    """People (rows) met by lists (columns) with these chances."""
    masks = (rng.random(chances.shape) < chances) @ (1 << np.arange(chances.shape[1]))
    return captures_from_masks("abcdef"[: chances.shape[1]], masks[masks > 0])


@pytest.mark.parametrize(
    ("name", "plain", "corrected", "by_lists"),
    [
        ("UK", 15627.950, 15569.562, 13431.968),
        ("UK_5", 17616.731, 17541.688, 14582.151),
        ("Kosovo", 10270.478, 10262.008, 8796.506),
        ("Korea", 144.675, 143.902, 136.934),
    ],
)
def test_chao_gives_the_published_numbers(
    shared_data: Path, name: str, plain: float, corrected: float, by_lists: float
) -> None:
    captures = table(shared_data, name)
    found = [round(method(captures).total, 3) for method in (chao, chao_corrected, chao_by_lists)]
    assert found == [plain, corrected, by_lists]


@pytest.mark.parametrize(("name", "total"), [("UK", 12199.592), ("Kosovo", 7395.238)])
def test_the_corrected_time_model_gives_the_numbers_of_the_r_package(
    shared_data: Path, name: str, total: float
) -> None:
    assert round(time_corrected(table(shared_data, name)).total, 3) == total


def test_the_corrected_time_model_of_two_lists_is_chapman_s() -> None:
    captures = from_counts([31, 22, 7])
    assert time_corrected(captures).total == pytest.approx(chapman(captures).total, rel=1e-12)


def test_chapman_by_hand_with_seber_s_interval() -> None:
    """38 and 29 people of whom 7 are the same: 39 x 30 / 8 - 1, variance 39 x 30 x 31 x 22 / (64 x 9)."""
    found = chapman(from_counts([31, 22, 7]))
    assert found.total == pytest.approx(145.25)
    spread = np.sqrt(np.log(1 + 39 * 30 * 31 * 22 / (64 * 9) / 85.25**2))
    assert found.low == pytest.approx(60 + 85.25 * np.exp(-1.959964 * spread), rel=1e-6)
    assert found.high == pytest.approx(60 + 85.25 * np.exp(1.959964 * spread), rel=1e-6)
    assert [warning.code for warning in found.warnings] == ["independence_assumed"]


def test_zelterman_by_hand() -> None:
    """60 people met once and 12 twice: a rate of 0.4 and 72 / (1 - exp(-0.4)) people."""
    captures = captures_from_rows(["a", "b", "c"], [[1, 0, 0, 30], [0, 1, 0, 30], [1, 1, 0, 6], [0, 1, 1, 6]])
    assert zelterman(captures).total == pytest.approx(72 / (1 - np.exp(-0.4)), rel=1e-12)


def test_a_bound_says_that_it_is_one(shared_data: Path) -> None:
    korea = table(shared_data, "Korea")
    codes = {found.method: found.warnings[0].code for found in closed_forms(korea)}
    assert codes["chao"] == codes["chao_corrected"] == codes["chao_by_lists"] == "lower_bound"
    assert codes["zelterman"] == codes["time_corrected"] == "equal_chances"
    assert "chapman" not in codes


def test_without_anybody_on_exactly_two_lists_only_the_corrected_forms_remain() -> None:
    captures = from_counts([9, 8, 0, 7, 0, 0, 3])
    with pytest.raises(NotEstimable) as refused:
        chao(captures)
    assert refused.value.code == "no_pairs"
    assert [found.method for found in closed_forms(captures)] == ["chao_corrected", "chao_by_lists", "time_corrected"]


def test_chapman_is_refused_for_three_lists(shared_data: Path) -> None:
    with pytest.raises(NotEstimable) as refused:
        chapman(table(shared_data, "Korea"))
    assert refused.value.code == "not_two_lists"


def test_a_list_left_out_is_said() -> None:
    captures = captures_from_rows(["a", "b", "empty"], [[1, 0, 0, 31], [0, 1, 0, 22], [1, 1, 0, 7]])
    assert "list_dropped" in [warning.code for warning in chao(captures).warnings]


def test_intervals_cover_a_known_population_about_as_often_as_they_say() -> None:
    """400 simulated populations of 600 people, independent lists, nominal 95 %."""
    rng = np.random.default_rng(20)
    methods = {"time_corrected": (0.3, 0.25, 0.2), "chapman": (0.3, 0.25), "chao_by_lists": (0.2, 0.2, 0.2, 0.2)}
    for name, chances in methods.items():
        found = [form(name, met(rng, np.tile(chances, (600, 1)))) for _ in range(400)]
        covered = np.mean([one.low <= 600 <= one.high for one in found])
        print(f"{name}: coverage {covered:.3f}, mean {np.mean([one.total for one in found]):.1f} of 600")
        assert 0.92 <= covered <= 0.985


def test_under_heterogeneity_chao_stays_below_the_truth_and_above_independence() -> None:
    rng = np.random.default_rng(7)
    chances = np.tile(rng.beta(1.0, 4.0, size=(20_000, 1)), (1, 4))
    captures = met(rng, chances)
    assert fit(captures, independence(4)).total < chao_by_lists(captures).total < 20_000


def test_without_the_number_of_lists_the_bound_of_four_equal_lists_is_too_high_by_a_third() -> None:
    captures = met(np.random.default_rng(3), np.full((200_000, 4), 0.2))
    unseen = 200_000 - captures.n
    assert chao(captures).unseen / unseen == pytest.approx(4 / 3, rel=0.02)
    assert chao_by_lists(captures).unseen / unseen == pytest.approx(1, rel=0.02)


def form(name: str, captures: Captures) -> ClosedForm:
    return next(found for found in closed_forms(captures) if found.method == name)


@given(st.lists(st.integers(0, 30), min_size=7, max_size=7), st.sampled_from(list(permutations(range(3)))))
def test_the_order_of_the_lists_changes_nothing_and_no_table_gives_a_number_below_those_seen(
    counts: list[int], order: tuple[int, ...]
) -> None:
    captures = from_counts(counts)
    try:
        found = closed_forms(captures)
    except NotEstimable:
        with pytest.raises(NotEstimable):
            closed_forms(captures.permuted(order))
        return
    again = closed_forms(captures.permuted(order))
    for one, other in zip(found, again, strict=True):
        assert one.n <= one.low <= one.total <= one.high < np.inf
        assert (one.total, one.low, one.high) == pytest.approx((other.total, other.low, other.high), rel=1e-9)
