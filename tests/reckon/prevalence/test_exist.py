"""Which models have a finite and unique estimate: published cases, the slow twin, and what the shortcuts rest on."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reckon.prevalence import NotEstimable, all_pairs, independence
from reckon.prevalence.existence import (
    at_infinity,
    code,
    every_pair_model_exists,
    has_triangle,
    is_finite,
    require_estimable,
)
from reckon.prevalence.lattice import design_on, observed, supports
from reckon.prevalence.models import Model, generators, hierarchical, removable
from tests.reckon.prevalence.published import exists, from_counts, is_identifiable, table

SPARSE = st.sampled_from([0, 0, 0, 1, 7])


def codes(shared_data: Path, name: str, order: int) -> dict[str, int]:
    captures = table(shared_data, name)
    return {generators(m): code(captures.m, m, captures.support) for m in hierarchical(captures.m, order)}


def test_two_of_the_eight_models_of_korea_have_no_finite_estimate(shared_data: Path) -> None:
    found = codes(shared_data, "Korea", 2)
    assert {model for model, value in found.items() if value} == {"[12,13]", "[12,13,23]"}
    assert set(found.values()) == {0, 1}


@pytest.mark.parametrize("name", ["UK_5", "Kosovo", "Australia", "HIV_Rome"])
def test_all_models_of_pairs_of_these_tables_can_be_fitted(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    assert not any(codes(shared_data, name, 2).values())
    assert every_pair_model_exists(captures.m, captures.support)


@pytest.mark.parametrize("name", ["UK", "NewOrl"])
def test_one_check_settles_all_models_of_pairs_of_six_and_of_eight_lists(shared_data: Path, name: str) -> None:
    captures = table(shared_data, name)
    assert every_pair_model_exists(captures.m, captures.support)
    assert has_triangle(captures)


@pytest.mark.slow
def test_of_the_6893_models_of_the_united_kingdom_6519_can_be_fitted(shared_data: Path) -> None:
    captures = table(shared_data, "UK_5")
    assert sum(not code(5, model, captures.support) for model in hierarchical(5)) == 6519


def test_without_three_lists_that_overlap_in_pairs_all_pairs_cannot_be_told_apart(shared_data: Path) -> None:
    captures = table(shared_data, "Artificial_3")
    assert not has_triangle(captures)
    assert code(3, all_pairs(3), captures.support) & 2
    with pytest.raises(NotEstimable) as refused:
        require_estimable(from_counts([9, 9, 9]), all_pairs(2))
    assert refused.value.code == "not_identifiable"


def test_lists_without_overlap_have_no_estimate_though_a_fit_would_print_one() -> None:
    captures = from_counts([40, 30, 0, 20, 0, 0, 0])
    with pytest.raises(NotEstimable) as refused:
        require_estimable(captures, independence(3))
    assert refused.value.code == "not_finite"


def test_pairs_that_share_nobody_are_named(shared_data: Path) -> None:
    captures = table(shared_data, "UK")
    named = {captures.history(t) for t in at_infinity(captures, all_pairs(6))}
    assert len(named) == 2
    assert all(captures.overlaps[captures.position(one), captures.position(two)] == 0 for one, two in named)


def test_nobody_at_all_is_neither_finite_nor_identifiable() -> None:
    assert code(3, independence(3), 0) == 3


@pytest.mark.slow
@settings(max_examples=150)
@given(st.lists(SPARSE, min_size=15, max_size=15), st.sampled_from(hierarchical(4)))
def test_the_check_is_that_of_the_slow_twin(counts: list[int], model: Model) -> None:
    assume(any(counts))
    captures = from_counts(counts)
    found = code(4, model, captures.support)
    assert bool(found & 1) is not exists(captures, model)
    assert bool(found & 2) is not is_identifiable(captures, model)


@settings(max_examples=150)
@given(st.lists(SPARSE, min_size=15, max_size=15), st.sampled_from(hierarchical(4)))
def test_the_shortcut_and_the_linear_program_agree(counts: list[int], model: Model) -> None:
    """Where the observed histories alone tell all terms apart, the program is never asked; here it is."""
    assume(any(counts))
    support = from_counts(counts).support
    shape = design_on(4, model, support)
    finite = is_finite(shape.matrix, np.isin(shape.kept, observed(support)))
    assert finite is not bool(code(4, model, support) & 1)


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(SPARSE, min_size=15, max_size=15))
def test_a_model_that_passes_takes_its_submodels_with_it(counts: list[int]) -> None:
    """What `every_pair_model_exists` rests on."""
    support = from_counts(counts).support
    for model in hierarchical(4):
        for t in removable(model):
            smaller = tuple(held for held in model if held != t)
            assert code(4, model, support) or not code(4, smaller, support)


@given(st.lists(SPARSE, min_size=31, max_size=31))
def test_a_support_says_which_histories_were_observed(counts: list[int]) -> None:
    (support,) = supports(np.array([counts]))
    assert support == from_counts(counts).support
    assert observed(support).tolist() == [place + 1 for place, count in enumerate(counts) if count]
