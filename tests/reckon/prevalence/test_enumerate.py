"""Models: their enumeration, their text, their neighbours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.prevalence import BadCaptures, all_pairs, generators, independence
from reckon.prevalence.models import (
    Model,
    addable,
    hierarchical,
    is_hierarchical,
    lists_of,
    mask_of,
    neighbours,
    pairs,
    parse,
    removable,
    subsets,
    with_terms,
)
from tests.reckon.prevalence.published import slow_models


@pytest.mark.parametrize(
    ("m", "order", "count"),
    [(2, None, 1), (3, None, 8), (4, None, 113), (4, 2, 64), (5, 2, 1024), (5, 3, 6212), (5, None, 6893)],
)
def test_there_are_as_many_hierarchical_models_as_published(m: int, order: int | None, count: int) -> None:
    found = hierarchical(m, order)
    assert len(set(found)) == len(found) == count
    assert all(is_hierarchical(model, m) for model in found)
    assert (1 << m) - 1 not in {term for model in found for term in model}


@pytest.mark.parametrize("m", [2, 3, 4])
def test_the_enumeration_finds_what_trying_every_set_of_terms_finds(m: int) -> None:
    assert set(hierarchical(m)) == slow_models(m)


def test_more_models_than_can_be_fitted_are_refused_with_what_to_do_instead() -> None:
    for m, order in ((6, None), (6, 3), (7, 2)):
        with pytest.raises(BadCaptures, match="stepwise selection or the downhill search"):
            hierarchical(m, order)


@given(st.sampled_from(hierarchical(4)))
def test_a_model_is_read_back_from_its_text(model: Model) -> None:
    assert parse(generators(model), 4) == model


def test_the_text_of_a_model_is_its_maximal_terms() -> None:
    model = with_terms(5, mask_of(1, 2), mask_of(3, 5))
    assert generators(model) == "[12,35,4]"
    assert parse("[12;35]", 5) == parse(" [12, 35, 4] ", 5) == model
    assert generators(independence(3)) == "[1,2,3]"
    assert generators(with_terms(11, mask_of(3, 10))) == "[3.10,1,2,4,5,6,7,8,9,11]"
    assert parse("[3.10]", 11) == with_terms(11, mask_of(3, 10))


@pytest.mark.parametrize("text", ["[16]", "[1a]", "", "[0]", "[12,]", "[1-2]", "[²]"])
def test_a_text_that_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(BadCaptures, match="lists numbered from 1 to 5"):
        parse(text, 5)


def test_pairs_come_in_the_order_that_decides_ties() -> None:
    assert [lists_of(pair) for pair in pairs(4)] == [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]
    assert all_pairs(3) == (1, 2, 3, 4, 5, 6)
    assert subsets(0b1101) == (1, 4, 5, 8, 9, 12, 13)


@given(st.sampled_from(hierarchical(4)), st.sampled_from([2, 3]))
def test_neighbours_differ_by_one_term_and_are_models(model: Model, order: int) -> None:
    found = neighbours(model, 4, order)
    assert len(found) == len(addable(model, 4, order)) + len(removable(model))
    for other in found:
        assert is_hierarchical(other, 4)
        assert len(set(other) ^ set(model)) == 1
        assert other == tuple(sorted(other))
    reachable = {m for m in hierarchical(4) if len(set(m) ^ set(model)) == 1}
    within = {m for m in reachable if max(t.bit_count() for t in m) <= max(order, *(t.bit_count() for t in model))}
    assert set(found) == {m for m in within if len(m) < len(model) or _order(m, model) <= order}


def _order(larger: Model, model: Model) -> int:
    (term,) = set(larger) - set(model)
    return term.bit_count()


def test_a_set_of_terms_without_its_parts_is_no_model() -> None:
    assert not is_hierarchical((1, 2, 4, 7), 3)
    assert not is_hierarchical((1, 2, 3), 3)
    assert is_hierarchical((1, 2, 3, 4), 3)
