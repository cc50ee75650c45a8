"""Stepwise selection: published paths and totals, replicates computed by the reference, and the slow twin."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reckon.prevalence import NotEstimable, aic_stepwise, independence, prepared, profile, stepwise, stepwise_many
from reckon.prevalence.existence import code
from reckon.prevalence.stepwise import THRESHOLDS, Stepwise, threshold_path
from tests.reckon.prevalence.published import Captures, fixture, from_counts, slow_stepwise, table, term

SELECTED = {
    "UK": (11417.9911, 9977.28, 13145.66, "PF:NCA LA:NG NG:GP LA:PF PF:GP GO:GP NG:GO"),
    "UK_5": (11312.9903, 9884.40, 13027.40, "LA:NG NG:GP PFNCA:GP LA:PFNCA GO:GP NG:GO"),
    "Ned": (111139.3712, 92439.86, 133991.47, "O:Z P:Z I:Z P:R O:P K:R I:K K:O"),
    "NewOrl": (1183.6923, 720.92, 2046.06, "D:E"),
    "NewOrl_186": (1110.4881, 692.21, 1874.38, "D:E"),
    "Kosovo": (14341.6638, 12541.28, 16540.19, "ABA:OSCE OSCE:HRW EXH:OSCE EXH:ABA EXH:HRW"),
    "Korea": (268.7778, 202.53, 390.20, "b:c"),
    "Australia": (6496.0087, 2882.13, 15401.36, "B:C B:D A:B"),
    "HIV_Rome": (11124.5785, 9519.5, 13067.5, ""),
    "Allegheny": (5350.5128, 4838.6, 5961.2, "A:D C:D B:D B:C"),
}
AIC = {"UK": 162.6591, "UK_5": 127.5986, "Ned": 207.1849, "NewOrl": 113.0692, "Kosovo": 161.3176}
PATHS = {
    "UK_5": (13444.13, 13100.84, 12262.41, 12262.41, 12262.41, 11312.99, 11312.99, 11312.99, 11232.53),
    "UK": (12214.00, 13181.24, 12349.59, 12349.59, 12349.59, 11417.99, 11417.99, 11417.99, 10568.71),
}
LEFT_OUT = {
    "UK": {"LA": 11187.9, "NG": 12366.3, "PF": 19845.5, "GO": 10463.9, "GP": 11048.0, "NCA": 11394.0},
    "UK_5": {"LA": 11110.9, "NG": 12187.4, "PFNCA": 22623.0, "GO": 10202.0, "GP": 11015.2},
}
MEMBERS = {
    "UK_5": {"LA": 139.9, "NG": 425.7, "PFNCA": 1480.8, "GO": 482.9},
    "Kosovo": {"EXH": 1053.5, "ABA": 894.0, "OSCE": 1123.3, "HRW": 605.6},
}
BY_AIC = {
    "UK": (11408.92, 9982.26, 13181.69),
    "UK_5": (11303.87, 9889.20, 13063.10),
    "UK_4": (11006.92, 9587.71, 12771.92),
    "Kosovo": (14325.66, 12525.19, 16542.84),
    "Australia": (6454.94, 3129.95, 17579.54),
}
COUNTS = st.sampled_from([0, 0, 1, 2, 3, 5, 8, 20, 60])


def terms(captures: Captures, found: Stepwise) -> str:
    return " ".join(":".join(captures.history(step.term)) for step in found.path)


@pytest.mark.parametrize("name", SELECTED)
def test_selection_takes_the_published_path_to_the_published_total(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    total, *limits, path = SELECTED[name]
    found = stepwise(captures)
    assert terms(captures, found) == path
    assert found.fit.total == pytest.approx(total, rel=1e-6)
    assert found.fit.wald() == pytest.approx(tuple(limits), rel=2e-5)
    if name in AIC:
        assert found.fit.aic == pytest.approx(AIC[name], abs=1e-4)


def test_the_deviances_are_the_published_ones(shared_data: Path) -> None:
    assert stepwise(table(shared_data, "UK")).fit.deviance == pytest.approx(22.9939, abs=1e-4)
    assert stepwise(table(shared_data, "UK_5")).fit.deviance == pytest.approx(16.3514, abs=1e-4)


def test_two_pairs_of_the_netherlands_are_at_minus_infinity(shared_data: Path) -> None:
    captures = table(shared_data, "Ned")
    coefficients = stepwise(captures).fit.coefficients
    assert {t for t, value in coefficients.items() if value == -np.inf} == {
        term(captures, "K:R"),
        term(captures, "I:K"),
    }


@pytest.mark.parametrize("name", PATHS)
def test_totals_along_the_thresholds_are_the_published_ones(shared_data: Path, name: str) -> None:
    totals = [found.fit.total for found in threshold_path(table(shared_data, name), THRESHOLDS)]
    assert totals == pytest.approx(PATHS[name], abs=0.005)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_leaving_out_one_list_gives_the_published_totals(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    totals = {one: stepwise(captures.without(one)).fit.total for one in captures.lists}
    assert totals == pytest.approx(LEFT_OUT[name], abs=0.05)


@pytest.mark.parametrize("name", MEMBERS)
def test_the_known_size_of_a_list_is_estimated_as_published(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    for one, total in MEMBERS[name].items():
        members = prepared(captures.only_members_of(one)).captures
        assert stepwise(members).fit.total == pytest.approx(total, abs=0.06)


def test_members_of_a_list_whom_no_two_others_share_are_not_estimable(shared_data: Path) -> None:
    """The published packages print 5.9e11 here."""
    members = table(shared_data, "UK_5").only_members_of("GP")
    with pytest.raises(NotEstimable) as refused:
        stepwise(members)
    assert refused.value.code == "not_finite"
    assert stepwise_many(members.cells()[None, :]).totals.tolist() == [np.inf]
    assert stepwise_many(members.cells()[None, :]).models == (None,)


def test_two_hundred_replicates_have_the_totals_of_the_reference(shared_data: Path) -> None:
    rows = fixture(shared_data, "UK_5_boot200_stepwise")
    histories = [name for name in rows[0] if name.startswith("h")]
    tables = np.zeros((len(rows), 31), dtype=np.int64)
    for name in histories:
        tables[:, int(name[:0:-1], 2) - 1] = [int(row[name]) for row in rows]
    expected = np.array([float(row["N_stepwise"]) for row in rows])
    assert len(expected) == 200
    np.testing.assert_allclose(stepwise_many(tables, 0.02).totals, expected, rtol=1e-6)


@pytest.mark.parametrize("name", BY_AIC)
def test_selection_by_aic_gives_the_published_profile_intervals(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    found = profile(captures, aic_stepwise(captures).model)
    assert (found.total, found.lower, found.upper) == pytest.approx(BY_AIC[name], abs=0.01)


def test_selection_by_aic_with_a_strict_level_gives_the_published_interval(shared_data: Path) -> None:
    captures = table(shared_data, "UK")
    found = profile(captures, aic_stepwise(captures, 0.001).model)
    assert (found.total, found.lower, found.upper) == pytest.approx((14211.10, 12608.36, 16131.12), abs=0.01)


def test_selection_by_aic_records_the_falling_aic(shared_data: Path) -> None:
    found = aic_stepwise(table(shared_data, "Kosovo"))
    scores = [step.score for step in found.path]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] == pytest.approx(found.fit.aic)


@pytest.mark.parametrize("people", [(260, 18, 5), (189, 38, 4, 3, 3), (202, 33, 4, 4, 2, 5, 0)])
def test_among_equal_pairs_the_first_comes_in_first(people: tuple[int, ...]) -> None:
    """`people` by the number of their lists: every pair is as likely as any other but for the last bits of a float."""
    captures = from_counts([people[w.bit_count() - 1] for w in range(1, 1 << len(people))])
    assert stepwise(captures, 1.0).path[0].term == 0b11


def test_two_lists_have_no_pair_to_add() -> None:
    captures = from_counts([30, 40, 12])
    assert aic_stepwise(captures).path == stepwise(captures, 1.0).path == ()


def test_nothing_is_added_below_a_threshold_of_zero_and_everything_below_one(shared_data: Path) -> None:
    captures = table(shared_data, "Kosovo")
    assert stepwise(captures, 0.0).model == independence(4)
    assert len(stepwise(captures, 1.0).path) == 6


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(COUNTS, min_size=15, max_size=15), st.sampled_from([0.02, 0.3, 1.0]))
def test_selection_is_that_of_the_slow_twin(counts: list[int], threshold: float) -> None:
    captures = from_counts(counts)
    assume(captures.n and not code(4, independence(4), captures.support))
    total, added = slow_stepwise(captures, threshold)
    found = stepwise(captures, threshold)
    assert [step.term for step in found.path] == added
    assert found.fit.total == pytest.approx(total, rel=1e-5)


@settings(max_examples=100)
@given(st.lists(st.lists(st.sampled_from([0, 0, 0, 0, 1, 6]), min_size=7, max_size=7), min_size=1, max_size=20))
def test_a_degenerate_table_never_gives_a_number(rows: list[list[int]]) -> None:
    found = stepwise_many(np.array(rows))
    for counts, total, model in zip(rows, found.totals, found.models, strict=True):
        captures = from_counts(counts)
        if not captures.n or code(3, independence(3), captures.support):
            assert (total, model) == (np.inf, None)
        else:
            assert captures.n < total < 1e7
            assert model is not None
            assert not code(3, model, captures.support)


@settings(max_examples=40)
@given(st.lists(COUNTS, min_size=15, max_size=15), st.permutations(range(4)))
def test_the_order_of_the_lists_matters_only_among_equals(counts: list[int], order: list[int]) -> None:
    captures = from_counts(counts)
    assume(captures.n and not code(4, independence(4), captures.support))
    one, two = stepwise(captures), stepwise(captures.permuted(order))
    for first, second in zip(one.path, two.path, strict=False):
        if first.term != moved(second.term, order):
            assert first.score == pytest.approx(second.score, rel=1e-6)
            return
    assert len(one.path) == len(two.path)
    assert two.fit.total == pytest.approx(one.fit.total, rel=1e-7)


def moved(mask: int, order: list[int]) -> int:
    """A term of the permuted captures as a term of the first ones."""
    return sum(1 << order[place] for place in range(len(order)) if mask >> place & 1)
