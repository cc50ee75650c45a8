"""An estimate put to the test with the data's own lists: known sizes, lists left out or merged, growing data."""

from pathlib import Path

import numpy as np
import pytest

from reckon.prevalence.captures import Captures, NotEstimable, captures_from_rows
from reckon.prevalence.consistency import internal_consistency, leave_one_out, pair_merges
from reckon.prevalence.reading import read_captures
from reckon.prevalence.stepwise import stepwise
from reckon.prevalence.trajectory import POINTS, trajectory


def total(captures: Captures) -> float:
    return stepwise(captures).fit.total


def with_wald(captures: Captures) -> tuple[float, float, float]:
    found = stepwise(captures).fit
    return found.total, *found.wald()


@pytest.fixture
def uk5(shared_data: Path) -> Captures:
    return read_captures(shared_data / "mse" / "UK_5.csv")


def test_known_sizes_of_the_uk_lists_are_those_of_the_reference(uk5: Captures) -> None:
    """SparseMSE's stepwise selection on the members of each list; GP's members are on lists that share nobody."""
    found = {row.name: row for row in internal_consistency(uk5, with_wald)}
    known = {"LA": (94, 139.9), "NG": (567, 425.7), "PFNCA": (1169, 1480.8), "GO": (807, 482.9)}
    for name, (size, estimate) in known.items():
        assert found[name].known == size
        assert found[name].total == pytest.approx(estimate, abs=0.05)
        assert found[name].covered is True
    assert found["LA"].dropped == ("GP",)
    assert (found["GP"].known, found["GP"].total, found["GP"].covered) == (336, None, None)
    assert found["GP"].code == "no_overlap"


def test_known_sizes_in_kosovo_are_those_of_the_reference_and_most_are_missed(shared_data: Path) -> None:
    found = internal_consistency(read_captures(shared_data / "mse" / "Kosovo.csv"), with_wald)
    rows = [(row.name, row.known, round(row.total or 0, 1)) for row in found]
    assert rows == [("EXH", 1910, 1053.5), ("ABA", 1528, 894.0), ("OSCE", 1786, 1123.3), ("HRW", 685, 605.6)]
    assert [row.covered for row in found] == [False, False, False, True]


@pytest.mark.parametrize(
    ("file", "known"),
    [
        ("UK", {"LA": 11187.9, "NG": 12366.3, "PF": 19845.5, "GO": 10463.9, "GP": 11048.0, "NCA": 11394.0}),
        ("UK_5", {"LA": 11110.9, "NG": 12187.4, "PFNCA": 22623.0, "GO": 10202.0, "GP": 11015.2}),
    ],
)
def test_leaving_out_one_list_gives_the_numbers_of_the_reference(
    shared_data: Path, file: str, known: dict[str, float]
) -> None:
    found = leave_one_out(read_captures(shared_data / "mse" / f"{file}.csv"), total)
    for row in found:
        (name,) = row.lists
        assert row.total == pytest.approx(known[name], abs=0.06)


def test_merging_two_lists_is_reading_the_published_merged_table(shared_data: Path) -> None:
    six, five = (read_captures(shared_data / "mse" / f"{name}.csv") for name in ("UK", "UK_5"))
    merged = next(row for row in pair_merges(six, total) if row.lists == ("PF", "NCA"))
    assert merged.total == pytest.approx(total(five), rel=1e-9)
    assert merged.n == five.n


def test_a_variant_without_estimate_keeps_its_reason() -> None:
    captures = captures_from_rows("ABC", [(1, 0, 0, 9), (0, 1, 0, 8), (0, 0, 1, 7), (1, 1, 0, 4)])
    found = {row.lists: row for row in leave_one_out(captures, total)}
    assert (found["A",].total, found["A",].code) == (None, "no_overlap")
    assert found["C",].total == pytest.approx(13 * 12 / 4)


def test_two_lists_have_no_variants() -> None:
    captures = captures_from_rows("AB", [(1, 0, 9), (0, 1, 8), (1, 1, 4)])
    assert leave_one_out(captures, total) == pair_merges(captures, total) == ()


def test_a_trajectory_goes_from_half_to_twice_the_data_and_is_exact_at_both_whole_sizes(uk5: Captures) -> None:
    points = trajectory(uk5, total, np.random.default_rng(4))
    assert len(points) == POINTS
    assert (points[0].size, points[-1].size) == (1372, 5488)
    by_size = {point.size: point.total for point in points}
    assert by_size[2744] == pytest.approx(11312.9903, abs=1e-3)
    # Twice the data is every count doubled: the same fit for every model, though more pairs may now be significant.
    assert by_size[5488] == pytest.approx(total(Captures(uk5.lists, uk5.masks, 2 * uk5.counts)) / 2)
    assert points == trajectory(uk5, total, np.random.default_rng(4))


def test_a_size_without_estimate_is_told() -> None:
    captures = captures_from_rows("AB", [(1, 0, 40), (0, 1, 40), (1, 1, 1)])

    def chapman_like(one: Captures) -> float:
        if not one.count_of(3):
            raise NotEstimable("no_overlap", "nothing shared")
        return float(one.list_sizes[0] * one.list_sizes[1])

    points = trajectory(captures, chapman_like, np.random.default_rng(0))
    assert points[-1].total is not None
    lost = [
        seed for seed in range(20) if trajectory(captures, chapman_like, np.random.default_rng(seed))[0].total is None
    ]
    assert 0 < len(lost) < 20
