"""Tables by regions and states, by overlapping groups, several of one release: what they tell together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from reckon.disclosure import Hierarchy, Rule, attack, protect
from reckon.tables import CountTable, InputError
from tests.reckon.counts import Counts
from tests.reckon.disclosure.worlds import World, withhold

REGIONS = Hierarchy("state", {"north": ("a", "b"), "south": ("c", "d")})
STATES = World({"state": ("a", "b", "c", "d"), "sex": ("f", "m")}, (REGIONS,))
LEAVES, GROUPS, SEX = ("a", "b", "c", "d"), ("north", "south"), ("sex", ("f", "m"))
NATION = [
    (),
    (("state", GROUPS),),
    (("state", LEAVES),),
    (SEX,),
    (("state", GROUPS), SEX),
    (("state", LEAVES), SEX),
]
MIXED = [(), (("state", (*GROUPS, *LEAVES)),), (SEX,), (("state", (*LEAVES, *GROUPS)), SEX)]
AGES = World(
    {"age": ("0-15", "16-17", "18+")}, (Hierarchy("age", {"0-17": ("0-15", "16-17"), "16+": ("16-17", "18+")}),)
)
JOINT = np.array([[3, 20], [15, 30], [40, 12], [25, 60]])


def small(shape: tuple[int, ...]) -> st.SearchStrategy[Counts]:
    return hnp.arrays(np.int64, shape, elements=st.sampled_from([0, 0, 1, 1, 2])).filter(lambda j: j.sum() <= 7)


def withheld(tables: list[CountTable], rule: Rule) -> set[str]:
    protected = protect(tables, rule, hierarchies=[REGIONS])
    return {"/".join(c for _, c in cell.key) for t in protected.for_release for cell in t.cells if cell.is_suppressed}


def test_a_small_state_is_hidden_behind_another_of_its_region() -> None:
    assert withheld(STATES.count(JOINT, NATION), Rule(10)) == {"a/f", "a/m", "b/f", "b/m"}


def test_a_table_may_list_regions_and_states_together() -> None:
    assert withheld(STATES.count(JOINT, MIXED), Rule(10)) == {"a/f", "a/m", "b/f", "b/m"}


def test_a_region_of_one_state_hides_as_that_state_does() -> None:
    world = World({"state": ("a", "b", "c")}, (Hierarchy("state", {"north": ("a",), "south": ("b", "c")}),))
    tables = world.count(np.array([3, 20, 30]), [(), (("state", ("north", "south")),), (("state", ("a", "b", "c")),)])
    protected = protect(tables, Rule(10), hierarchies=world.hierarchies)
    hidden = [dict(cell.key).get("state") for t in protected.for_release for cell in t.cells if cell.is_suppressed]
    assert hidden == [None, "north", "a"]


@given(
    joint=small((4, 2)), mixed=st.booleans(), lowest=st.sampled_from([0, 1]), choice=st.randoms(use_true_random=False)
)
@settings(max_examples=40, deadline=None)
def test_across_levels_the_interval_is_that_of_all_tables_that_fit(joint, mixed, lowest, choice) -> None:
    counted = STATES.count(joint, MIXED if mixed else NATION)
    tables = [withhold(counted[0], [])]
    tables += [
        withhold(t, choice.sample(range(len(t.counts)), k=choice.randint(0, len(t.counts)))) for t in counted[1:]
    ]
    if lowest == 0:
        tables = [
            withhold(t, [k for k, c in enumerate(p.cells) if c.is_suppressed], 0)
            for t, p in zip(counted, tables, strict=True)
        ]
    spans = STATES.spans(tables, STATES.fitting(tables, int(joint.sum()), lowest))
    found = {}
    for interval in attack(tables, lowest, hierarchies=[REGIONS]):
        found.setdefault(frozenset(interval.key), (interval.low, interval.high))
    for (_, key), span in spans.items():
        assert found[frozenset(key)] == span


@given(joint=small((3,)), choice=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_groups_that_overlap_are_set_against_each_other(joint, choice) -> None:
    counted = AGES.count(joint, [(), (("age", ("0-17", "18+")),), (("age", ("0-15", "16+")),)])
    tables = [withhold(t, choice.sample(range(len(t.counts)), k=choice.randint(0, len(t.counts)))) for t in counted]
    total = int(joint.sum())
    spans = AGES.spans(tables, AGES.fitting(tables, total + 4, 1))
    intervals = attack(tables, 1, hierarchies=AGES.hierarchies)
    for (number, key), (low, high) in spans.items():
        found = next(i for i in intervals if i.key == key)
        assert found.low == low
        assert found.high == high or (found.high is None and tables[0].cells[0].is_suppressed) or number < 0


@given(joint=small((4, 2)), mixed=st.booleans())
@settings(max_examples=30, deadline=None)
def test_no_level_undoes_what_another_hides(joint: Counts, mixed: bool) -> None:
    tables, rule = STATES.count(joint, MIXED if mixed else NATION), Rule(3)
    protected = protect(tables, rule, hierarchies=[REGIONS])
    fitting = STATES.fitting(protected.for_release, 11, 1)
    counts = {(n, key): count for n, table in enumerate(tables) for key, count in table.cells()}
    for place, (low, high) in STATES.spans(protected.for_release, fitting).items():
        assert low < high
        assert high >= 3 or counts[place] >= 3


@pytest.mark.parametrize(
    "lists",
    [
        [(), (("state", ("north", "a", "c", "d")),)],
        [(), (("state", ("north", "b", "c", "d")), SEX)],
        [(), (("state", ("a", "b", "c")),), (("state", LEAVES),)],
    ],
)
def test_codes_that_do_not_add_up_are_refused(lists) -> None:
    with pytest.raises(InputError, match="different categories of state"):
        protect(STATES.count(JOINT, lists), hierarchies=[REGIONS])


@pytest.mark.parametrize("parts", [{"a": ("b",), "b": ("a",)}, {"a": ()}, {"a": ("b", "b")}])
def test_a_hierarchy_that_is_none_is_refused(parts: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(InputError, match="hierarchy of state"):
        Hierarchy("state", parts)
