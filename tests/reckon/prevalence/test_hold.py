"""What captures know of themselves, and the tables made from them; leaving out useless lists."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.prevalence import BadCaptures, Captures, NotEstimable, captures_from_masks, fit, independence, prepared
from reckon.prevalence.lattice import lists_in, padded, subset_sums, superset_sums
from tests.reckon.prevalence.published import from_counts

COUNTS = st.lists(st.integers(0, 9), min_size=15, max_size=15).filter(any)


def people(captures: Captures) -> list[frozenset[str]]:
    """Each person as the set of the lists that hold them."""
    return [
        frozenset(captures.history(int(mask)))
        for mask, count in zip(captures.masks, captures.counts, strict=True)
        for _person in range(count)
    ]


@given(COUNTS)
def test_sizes_overlaps_and_numbers_are_those_counted_person_by_person(counts: list[int]) -> None:
    captures = from_counts(counts)
    everybody = people(captures)
    assert captures.n == len(everybody)
    assert captures.by_number == tuple(sum(len(held) == number for held in everybody) for number in (1, 2, 3, 4))
    for one, name in enumerate(captures.lists):
        assert captures.list_sizes[one] == sum(name in held for held in everybody)
        for two, other in enumerate(captures.lists):
            assert captures.overlaps[one, two] == sum({name, other} <= held for held in everybody)
    assert [captures.count_of(mask) for mask in range(16)] == [0, *counts]
    assert captures.cells().tolist() == counts


@given(COUNTS)
def test_lists_are_removed_merged_and_conditioned_on_person_by_person(counts: list[int]) -> None:
    captures = from_counts(counts)
    everybody = people(captures)
    assert sorted(map(sorted, people(captures.without("b")))) == sorted(
        sorted(held - {"b"}) for held in everybody if held - {"b"}
    )
    merged = captures.merged("d", "a", "ad")
    assert merged.lists == ("b", "c", "ad")
    assert sorted(map(sorted, people(merged))) == sorted(
        sorted(held - {"a", "d"} | ({"ad"} if held & {"a", "d"} else set())) for held in everybody
    )
    assert sorted(map(sorted, people(captures.only_members_of("c")))) == sorted(
        sorted(held - {"c"}) for held in everybody if "c" in held and held - {"c"}
    )


@given(COUNTS, st.permutations(range(4)))
def test_permuted_captures_hold_the_same_people(counts: list[int], order: list[int]) -> None:
    captures = from_counts(counts)
    moved = captures.permuted(order)
    assert moved.lists == tuple(captures.lists[place] for place in order)
    assert sorted(map(sorted, people(moved))) == sorted(map(sorted, people(captures)))
    back = [order.index(place) for place in range(4)]
    assert moved.permuted(back) == captures


@given(COUNTS, st.permutations(range(15)))
def test_the_digest_names_the_content_whatever_the_order_of_its_rows(counts: list[int], order: list[int]) -> None:
    rows = [(place + 1, counts[place]) for place in order]
    captures = from_counts(counts)
    again = captures_from_masks("abcd", [mask for mask, _count in rows], [count for _mask, count in rows])
    assert again.digest() == captures.digest()
    assert hash(again) == hash(captures)
    assert again == captures == pickle.loads(pickle.dumps(captures))
    assert captures_from_masks("abce", captures.masks, captures.counts) != captures


@given(COUNTS, st.integers(0, 2**32 - 1))
def test_a_sample_holds_some_of_the_people_and_nobody_twice(counts: list[int], seed: int) -> None:
    captures = from_counts(counts)
    size = captures.n // 2
    drawn = captures.sample(np.random.default_rng(seed), size)
    assert drawn.n == size
    assert all(drawn.count_of(mask) <= captures.count_of(mask) for mask in range(1, 16))
    with pytest.raises(BadCaptures):
        captures.sample(np.random.default_rng(seed), captures.n + 1)


@given(st.lists(st.integers(-9, 9), min_size=16, max_size=16))
def test_sums_over_the_lattice_are_those_of_two_loops(values: list[int]) -> None:
    given_values = np.array([values, values[::-1]], dtype=np.float64)
    up, down = subset_sums(given_values), superset_sums(given_values)
    for row, line in enumerate((values, values[::-1])):
        assert up[row].tolist() == [sum(line[t] for t in range(16) if w & t == t) for w in range(16)]
        assert down[row].tolist() == [sum(line[w] for w in range(16) if w & t == t) for t in range(16)]


def test_a_dense_table_has_as_many_cells_as_its_lists_have_histories() -> None:
    assert lists_in(np.zeros((3, 31))) == 5
    assert padded(np.array([[4, 5, 6]])).tolist() == [[0, 4, 5, 6]]
    for cells in (0, 2, 16, 30):
        with pytest.raises(BadCaptures):
            lists_in(np.zeros((1, cells)))


@pytest.mark.parametrize(
    ("lists", "masks", "counts", "told"),
    [
        ("ab", [4], [1], "between 1 and 3"),
        ("ab", [0], [1], "between 1 and 3"),
        ("ab", [1], [-1], "negative"),
        ("ab", [1], [0.5], "whole number"),
        ("aa", [1], [1], "name of its own"),
        ([f"l{place}" for place in range(21)], [1], [1], "merge lists"),
    ],
)
def test_captures_that_cannot_be_are_refused(lists: str, masks: list[int], counts: list[float], told: str) -> None:
    with pytest.raises(BadCaptures, match=told):
        captures_from_masks(lists, masks, counts)


def test_captures_in_the_wrong_order_or_shape_are_refused() -> None:
    with pytest.raises(BadCaptures, match="must ascend"):
        Captures(("a", "b"), np.array([2, 1]), np.array([1, 1]))
    with pytest.raises(BadCaptures, match="needs one count"):
        Captures(("a", "b"), np.array([1, 2]), np.array([1]))
    captures = from_counts([1, 2, 3])
    with pytest.raises(BadCaptures, match="no list z; there are a, b"):
        captures.without("z")
    with pytest.raises(BadCaptures, match="itself"):
        captures.merged("a", "a", "z")
    with pytest.raises(BadCaptures, match="order"):
        captures.permuted([0, 0])


def test_useless_lists_are_left_out_one_by_one_and_named() -> None:
    """Lists a and b say something; c repeats a, e is empty, d holds everybody."""
    masks = [0b01101, 0b01010, 0b01111, 0b01000]
    found = prepared(captures_from_masks("abcde", masks, [30, 20, 10, 5]))
    assert found.captures == captures_from_masks("ab", [1, 2, 3], [30, 20, 10])
    assert [(dropped.name, dropped.why, dropped.other, dropped.lost) for dropped in found.dropped] == [
        ("e", "empty", "", 0),
        ("c", "duplicate", "a", 0),
        ("d", "holds_all", "", 5),
    ]
    sentences = [dropped.sentence for dropped in found.dropped]
    assert "is empty" in sentences[0]
    assert "the members of a" in sentences[1]
    assert "5 people whom no other list met" in sentences[2]
    assert fit(found.captures, independence(2)).unseen == pytest.approx(60)


@pytest.mark.parametrize(
    ("lists", "masks", "counts", "code"),
    [
        ("ab", [], [], "nobody"),
        ("a", [1], [9], "one_list"),
        ("ab", [3], [9], "one_list"),
        ("ab", [1, 3], [4, 9], "one_list"),
        ("abc", [1, 2, 4], [9, 9, 9], "no_overlap"),
        ("abc", [1, 2], [9, 9], "no_overlap"),
        ("abc", [1, 3], [5, 9], "one_list"),
    ],
)
def test_what_no_method_can_estimate_is_refused_with_the_reason(
    lists: str, masks: list[int], counts: list[int], code: str
) -> None:
    with pytest.raises(NotEstimable) as refused:
        prepared(captures_from_masks(lists, masks, counts))
    assert refused.value.code == code
    assert refused.value.reason == str(refused.value)
    assert pickle.loads(pickle.dumps(refused.value)).code == code


@given(st.lists(st.sampled_from([0, 0, 0, 1, 5]), min_size=15, max_size=15))
def test_prepared_captures_have_no_useless_list_left(counts: list[int]) -> None:
    try:
        found = prepared(from_counts(counts)).captures
    except NotEstimable:
        return
    assert prepared(found).dropped == ()
    sizes, shared = found.list_sizes, found.overlaps
    assert all(0 < size < found.n for size in sizes)
    assert all(not sizes[a] == sizes[b] == shared[a, b] for a in range(found.m) for b in range(a))
