"""Two releases side by side: what the second gives away about either."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.disclosure import Earlier, Finding, Rule, attack, audit, protect
from reckon.disclosure.attacker import Puzzle
from reckon.tables import CountTable, InputError, Table
from tests.reckon.counts import all_joint_tables, from_joint, groups_of, one_way
from tests.reckon.disclosure.worlds import World, withhold

RULE = Rule(10)
FLAT = World({"a": ("a0", "a1"), "b": ("b0", "b1")})
ONE, TWO = (("a", ("a0", "a1")),), (("a", ("a0", "a1")), ("b", ("b0", "b1")))
LISTS = [(), ONE, (("b", ("b0", "b1")),), TWO]
SMALL = st.lists(st.sampled_from([0, 0, 1, 1, 2]), min_size=4, max_size=4).filter(lambda n: sum(n) <= 5)
MORE = st.lists(st.sampled_from([0, 0, 0, 1]), min_size=4, max_size=4).filter(lambda n: sum(n) <= 2)


def released(tables: list[CountTable], rule: Rule = RULE) -> list[Earlier]:
    protected = protect(tables, rule)
    return [Earlier(table, counts) for table, counts in zip(protected.for_release, tables, strict=True)]


def shown(release: list[Earlier]) -> list[Table]:
    return [item.published for item in release]


def hidden(tables) -> list[str]:
    return ["/".join(c for _, c in cell.key) for t in tables for cell in t.cells if cell.is_suppressed]


def test_a_cell_withheld_once_and_shown_later_gives_away_the_first() -> None:
    first, counted = released(one_way([3, 20, 60, 40])), one_way([3, 20, 60, 40])
    assert hidden(shown(first)) == ["state0", "state1"]
    second = [withhold(counted[0], []), withhold(counted[1], [0, 2])]
    assert not any(interval.is_recovered for interval in attack(second))
    recovered = [(i.release, i.key[0][1]) for i in attack(second, earlier=[shown(first)]) if i.is_recovered]
    assert recovered == [(0, "state0"), (0, "state2"), (1, "state0"), (1, "state1")]
    place = ("identified", "2020", (("state", "state0"),))
    assert Finding(place, "recovered") in audit(second, counted, Rule(10), earlier=[first])


def test_the_second_release_keeps_what_the_first_withheld() -> None:
    first = released(one_way([3, 20, 60, 40]))
    joint = np.array([[1, 2], [12, 8], [35, 25], [20, 20]])
    tables = [*one_way([3, 20, 60, 40]), *from_joint(joint, [(1,)])[:1]]
    protected = protect(tables, earlier=[first])
    assert hidden(protected.for_release)[:2] == ["state0", "state1"]


def test_one_person_more_does_not_move_the_veil() -> None:
    """Alone the second release would hide the two smallest; seen with the first that would tell both."""
    first = released(one_way([3, 20, 21, 40]))
    grown = one_way([3, 22, 21, 40])
    assert hidden(protect(grown).for_release) == ["state0", "state2"]
    protected = protect(grown, earlier=[first])
    assert "state1" in hidden(protected.for_release)
    every = attack(protected.for_release, earlier=[shown(first)])
    assert {interval.release for interval in every} == {0, 1}
    assert min(i.high - i.low for i in every if i.high is not None and i.key[0][1] == "state0") >= 9


def test_corrected_numbers_are_not_taken_together() -> None:
    first = released(one_way([3, 20, 60, 40]))
    corrected = one_way([4, 15, 66, 40])
    assert protect(corrected, earlier=[first]).for_release == protect(corrected).for_release


def test_what_was_public_before_is_not_held_against_the_new_release() -> None:
    counted = one_way([3, 20, 60, 40])
    careless = [Earlier(withhold(table, []), table) for table in counted]
    protected = protect(counted, earlier=[careless])
    assert hidden(protected.for_release) == ["state0"]
    assert audit(protected.for_release, counted, Rule(10), earlier=[careless]) == []


def test_a_category_that_is_new_was_nobody_before() -> None:
    before, after = one_way([30, 20, 60]), one_way([30, 20, 60, 3])
    protected = protect(after, earlier=[released(before)])
    assert not any(i.is_recovered for i in attack(protected.for_release, earlier=[shown(released(before))]))


def test_an_earlier_table_belongs_to_its_counts() -> None:
    total, by_state = one_way([30, 20])
    with pytest.raises(InputError, match="does not belong"):
        Earlier(withhold(total, []), by_state)


@given(old=SMALL, more=MORE, choice=st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_two_releases_tell_what_all_pairs_of_tables_that_fit_tell(old, more, choice) -> None:
    first = [_some(table, choice) for table in FLAT.count(np.array(old), LISTS)]
    second = [_some(table, choice) for table in FLAT.count(np.array(old) + np.array(more), LISTS)]
    tie = Puzzle([second, first], 1).ties[1]
    if tie == "apart":
        return
    before, after = FLAT.fitting(first, sum(old), 1), FLAT.fitting(second, sum(old) + sum(more), 1)
    pairs = (before[:, None, :] <= after[None, :, :]).all(axis=2)
    if tie == "same":
        pairs &= (before[:, None, :] == after[None, :, :]).all(axis=2)
    try:
        intervals = attack(second, earlier=[first])
    except InputError:
        assert not pairs.any()
        return
    spans = {0: FLAT.spans(second, after[pairs.any(axis=0)]), 1: FLAT.spans(first, before[pairs.any(axis=1)])}
    for interval in intervals:
        span = next(span for (_, key), span in spans[interval.release].items() if key == interval.key)
        assert (interval.low, interval.high) == span


@given(old=SMALL, more=MORE)
@settings(max_examples=30, deadline=None)
def test_a_second_release_never_undoes_the_first(old, more) -> None:
    rule, counted = Rule(3), FLAT.count(np.array(old) + np.array(more), LISTS)
    first = released(FLAT.count(np.array(old), LISTS), rule)
    protected = protect(counted, rule, earlier=[first])
    assert audit(protected.for_release, counted, rule, earlier=[first]) == []
    alone = {i.key: i for i in attack(shown(first))}
    truth = [{k: n for t in counted for k, n in t.cells()}, {k: n for e in first for k, n in e.counts.cells()}]
    for interval in attack(protected.for_release, earlier=[shown(first)]):
        is_lost_already = interval.release == 1 and alone[interval.key].is_recovered
        is_right = truth[interval.release][interval.key] == interval.low
        assert is_lost_already or not (interval.is_recovered and is_right)


def _some(table, choice) -> Table:
    places = range(len(table.counts)) if table.dimensions else []
    return withhold(table, choice.sample(places, k=choice.randint(0, len(places))))


def test_the_judge_counts_every_table_once() -> None:
    assert len(all_joint_tables(4, 5)) == 126
    assert groups_of(2, [1]) == [(0,), (1,)]
