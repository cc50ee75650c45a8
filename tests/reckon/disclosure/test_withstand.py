"""The tables of the benchmark at a reduced size: safe from the independent attacker, alone and after an earlier release."""

import numpy as np
import pytest

from bench import victims
from reckon.disclosure import Earlier, Rule, attack, audit, protect
from reckon.disclosure.suppress import EXACT, QUICK

Names = tuple[str, ...]
RULE = Rule(5)
PEOPLE = victims.victims(400)
SHAPES = tuple(zip(victims.SHAPES[:-1], (1_500, 1_500, 400, 150), strict=True))
"""With so many persons; the finest shape is left to the benchmark."""


@pytest.mark.slow
@pytest.mark.parametrize(("names", "people"), SHAPES)
def test_nothing_is_recovered_and_every_small_count_may_be_at_the_threshold(names: Names, people: int) -> None:
    tables = victims.counted(victims.victims(people), names)
    protected = protect(tables, RULE)
    counts = {key: count for table in tables for key, count in table.cells()}
    intervals = attack(protected.for_release)
    assert {interval.key for interval in intervals} >= {key for key, n in counts.items() if RULE.is_sensitive(n or 0)}
    for interval in intervals:
        count = counts[interval.key] or 0
        assert not interval.is_recovered
        assert interval.low <= count
        assert interval.high is None or interval.high >= max(count, RULE.threshold if count < RULE.threshold else count)
    assert audit(protected.for_release, tables, RULE) == []


@pytest.mark.slow
@pytest.mark.parametrize(("names", "people"), SHAPES[:3])
def test_the_quick_way_loses_at_most_a_tenth_more_than_the_least_loss(names: Names, people: int) -> None:
    tables = victims.counted(victims.victims(people), names)
    exact, quick = (protect(tables, RULE, effort=effort).losses[0] for effort in (EXACT, QUICK))
    assert exact.secondary_persons == exact.bound
    assert exact.bound <= quick.secondary_persons <= 1.1 * exact.bound


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.9, 1.0])
def test_two_releases_together_give_nothing_away(share: float) -> None:
    """A tenth of the persons found in between; and the same persons twice."""
    names = ("state", "exploitation")
    before = {name: codes[: int(len(codes) * share)] for name, codes in PEOPLE.items()}
    first = victims.counted(before, names)
    one = protect(first, RULE)
    earlier = [[Earlier(table, counts) for table, counts in zip(one.for_release, first, strict=True)]]
    tables = victims.counted(PEOPLE, names)
    two = protect(tables, RULE, earlier=earlier)
    assert audit(two.for_release, tables, RULE, earlier=earlier) == []
    both = attack(two.for_release, earlier=[one.for_release], exact=False)
    assert {interval.release for interval in both} == {0, 1}
    assert not any(interval.is_recovered for interval in both)


def test_the_same_victims_are_invented_every_time_and_their_margins_add_up() -> None:
    again = victims.victims(400)
    assert all((PEOPLE[name] == again[name]).all() for name in PEOPLE)
    for names in victims.SHAPES:
        tables = victims.counted(PEOPLE, names)
        assert sum(len(table.counts) for table in tables) == np.prod([victims.SIZES[name] + 1 for name in names])
        assert {sum(n or 0 for n in table.counts) for table in tables} == {400}
