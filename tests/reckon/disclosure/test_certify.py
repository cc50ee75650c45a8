"""Large tables, whose audit is content with fractions: forced here on small ones, where a plain linear program is judge."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import optimize

from bench import victims
from reckon.disclosure import Earlier, Interval, Rule, attack, audit, protect
from reckon.disclosure import reach as searching
from reckon.disclosure.attacker import pose, puzzle
from reckon.disclosure.independent import independent_rows
from reckon.disclosure.protection import Work
from reckon.disclosure.suppress import LARGE
from reckon.disclosure.system import build
from reckon.tables import Cell, CountTable, InputError, Key, Table
from tests.reckon.counts import Counts, from_joint, groups_of, one_way, with_zeros_only
from tests.reckon.disclosure.worlds import World, lists_of, withhold

RULE = Rule(5)
SHAPE = (3, 3, 2)
CUBE = World({"a": ("a0", "a1", "a2"), "b": ("b0", "b1", "b2"), "c": ("c0", "c1")})
JOINTS = hnp.arrays(np.int64, SHAPE, elements=st.sampled_from([0, 1, 2, 3, 4, 6, 9, 30]))
CHOICE = st.randoms(use_true_random=False)
TOLERANCE = 1e-5


@pytest.fixture
def large() -> Iterator[None]:
    """Everything is large."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(puzzle, "WHOLE_LIMIT", 0)
        patch.setattr(searching, "BATCH", 0)
        yield


def tables_of(joint: Counts) -> list[CountTable]:
    return from_joint(joint, groups_of(3, [0, 1, 2, 3]))


def careless(tables: Sequence[CountTable], choice) -> list[Table]:
    """The small counts withheld, and some others."""
    published = []
    for table in tables:
        small = [k for k, n in enumerate(table.counts) if 0 < (n or 0) < 5]
        published.append(
            withhold(
                table, small + choice.sample(range(len(table.counts)), k=choice.randint(0, min(2, len(table.counts))))
            )
        )
    return published


def limits(published: Sequence[Table], wanted: np.ndarray) -> tuple[float, float]:
    """The least and the greatest sum of the wanted cells of the joint table, in fractions: one program for each."""
    rows, low, high = [], [], []
    for table in published:
        for mask, cell in zip(CUBE.masks(lists_of(table)), table.cells, strict=True):
            rows.append(mask)
            low.append(1 if cell.value is None else cell.value)
            high.append(np.inf if cell.value is None else cell.value)
    within = optimize.LinearConstraint(np.array(rows), low, high)
    ends = [optimize.milp(sign * wanted, constraints=within) for sign in (1, -1)]
    return ends[0].fun, np.inf if ends[1].fun is None else -ends[1].fun


def judged(published: Sequence[Table], shown: Sequence[Table]) -> dict[Key, tuple[float, float]]:
    """The limits, under what is `shown`, of each withheld cell of `published`."""
    return {
        cell.key: limits(shown, mask)
        for table in published
        for mask, cell in zip(CUBE.masks(lists_of(table)), table.cells, strict=True)
        if cell.is_suppressed
    }


@given(joint=JOINTS, choice=CHOICE)
@settings(max_examples=15, deadline=None)
@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_the_attacker_reports_the_whole_numbers_within_the_linear_programs_interval(joint: Counts, choice) -> None:
    published = careless(tables_of(joint), choice)
    truth = judged(published, published)
    rough = {found.key: found for found in attack(published, exact=False)}
    for found in attack(published):
        low, high = truth[found.key]
        assert found.low == np.ceil(low - TOLERANCE)
        assert found.high == (None if np.isinf(high) else np.floor(high + TOLERANCE))
        assert found.is_recovered == rough[found.key].is_recovered


@given(joint=JOINTS, choice=CHOICE)
@settings(max_examples=25, deadline=None)
def test_fractions_never_exclude_what_whole_numbers_allow(joint: Counts, choice) -> None:
    published = careless(tables_of(joint), choice)
    whole = attack(published)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(puzzle, "WHOLE_LIMIT", 0)
        wider = attack(published)
    assert all(_holds(w, n) for w, n in zip(wider, whole, strict=True))


def _holds(wide: Interval, narrow: Interval) -> bool:
    return wide.low <= narrow.low and (wide.high is None or (narrow.high is not None and narrow.high <= wide.high))


@given(joint=JOINTS)
@settings(max_examples=6, deadline=None)
@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_what_is_protected_as_a_large_table_has_every_interval_that_the_rule_asks(joint: Counts) -> None:
    tables = tables_of(joint)
    release = protect(tables, RULE, effort=LARGE).for_release
    counts = {key: count for table in tables for key, count in table.cells()}
    floors = judged(with_zeros_only(release), with_zeros_only(release))
    for key, (low, high) in judged(release, release).items():
        if RULE.is_sensitive(counts[key] or 0):
            assert low <= floors[key][0] + TOLERANCE
            assert high >= RULE.threshold - TOLERANCE
        assert np.floor(high + TOLERANCE) > np.ceil(low - TOLERANCE)


@given(joint=JOINTS, choice=CHOICE)
@settings(max_examples=8, deadline=None)
@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_evidence_changes_no_finding(joint: Counts, choice) -> None:
    """The tables come from a good choice of cells; what is published shows and withholds others besides."""
    tables = tables_of(joint)
    work = Work(tables, RULE)
    known = evidence_of(work)
    for published in (careless(tables, choice), list(protect(tables, RULE).for_release)):
        found = audit(published, tables, RULE, evidence={("identified", "2020"): known})
        assert found == audit(published, tables, RULE)


def evidence_of(work: Work) -> np.ndarray:
    """The tables that the choice of cells ends with, cell by cell."""
    index = np.concatenate([*work.system.index, *work.system.past])
    found = [np.where(index < 0, 0.0, table[index]) for table in work.choose(LARGE).evidence]
    return np.array(found).reshape(len(found), len(index))


@given(joint=JOINTS)
@settings(max_examples=10, deadline=None)
@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_the_choice_ends_with_all_the_evidence_that_its_small_counts_need(joint: Counts) -> None:
    tables = tables_of(joint)
    work = Work(tables, RULE)
    pattern = work.choose(LARGE)
    keys = [key for table in tables for key, _ in table.cells()]
    columns = dict(zip(keys, np.concatenate(work.system.index).tolist(), strict=True))
    spots = [[k for k, v in enumerate(i.tolist()) if v >= 0 and pattern.hidden[v]] for i in work.system.index]
    posed = pose([[withhold(table, places) for table, places in zip(tables, spots, strict=True)]], 1)
    number = {key: cell for key in keys if (cell := posed.cell(key)) is not None}
    for table in pattern.evidence:
        y = np.zeros(posed.size)
        y[list(number.values())] = [table[columns[key]] for key in number]
        assert posed.accept(y)
    counts = {key: count or 0 for table in tables for key, count in table.cells()}
    assert all(posed.spans(cell, counts[key], 5) for key, cell in number.items() if 0 < counts[key] < 5)


@given(joint=JOINTS, more=JOINTS)
@settings(max_examples=5, deadline=None)
@pytest.mark.slow
@pytest.mark.usefixtures("large")
def test_evidence_spans_two_releases(joint: Counts, more: Counts) -> None:
    """Counts that have only grown: what was added is nobody's cell and follows from the others."""
    joint[0, 0, 0], more[0, 0, 0] = 40, 40
    before, tables = tables_of(joint), tables_of(joint + more)
    first = protect(before, RULE).for_release
    earlier = [[Earlier(table, counts) for table, counts in zip(first, before, strict=True)]]
    second = protect(tables, RULE, earlier=earlier, effort=LARGE).for_release
    posed = pose([second, first], 1)
    work = Work(tables, RULE, earlier=earlier)
    places = [(r, cell.key) for r, release in enumerate((second, first)) for table in release for cell in table.cells]
    numbers = [posed.cell(key, release) for release, key in places]
    assert posed.ties[1] == "grown"
    for row in evidence_of(work):
        y = np.zeros(posed.size)
        for number, value in zip(numbers, row, strict=True):
            if number is not None:
                y[number] = value
        assert posed.accept(y)
    known = {("identified", "2020"): evidence_of(work)}
    assert audit(second, tables, RULE, earlier=earlier, evidence=known) == []


@pytest.mark.usefixtures("large")
def test_two_workers_make_the_same_choice_every_time() -> None:
    tables = victims.counted(victims.victims(400), ("state", "exploitation"))
    first, *others = [Work(tables, RULE).choose(LARGE) for _ in range(3)]
    for other in others:
        assert (first.hidden == other.hidden).all()
        assert np.array_equal(np.array(first.evidence), np.array(other.evidence))


FLAT = from_joint(np.array([[3, 4, 50], [5, 20, 60], [70, 80, 90]]), groups_of(2, [0, 1, 2]))
HIDDEN = (0, 1, 3, 4)
FORGED = {
    "honest": (0, 0, 0, 0),
    "a wrong margin": (3, 0, 0, 0),
    "shown cells moved": (3, 3, 3, 3),
    "below the lowest": (4, -4, -4, 4),
    "off by a hundredth": (2.01, -2, -2, 2),
    "off by a little": (2.00001, -2, -2, 2),
    "not a number": (np.nan, 0, 0, 0),
    "without end": (np.inf, -np.inf, 0, 0),
}


@pytest.mark.parametrize("how", FORGED)
@pytest.mark.usefixtures("large")
def test_a_forged_table_is_not_believed(how: str) -> None:
    """Two by two cells withheld: the first lies between 1 and 6, and the threshold asks for 8."""
    total, by_a, by_b, both = FLAT
    published = [withhold(total, []), withhold(by_a, []), withhold(by_b, []), withhold(both, HIDDEN)]
    counts = np.concatenate([table.counts for table in FLAT]).astype(float)
    forged = counts.copy()
    forged[[7 + place for place in HIDDEN]] += FORGED[how]
    posed = pose([published], 1)
    assert posed.accept(forged[[7 + place for place in HIDDEN]]) == (how == "honest")
    found = audit(published, FLAT, Rule(8), evidence={("identified", "2020"): np.array([counts, forged])})
    assert found == audit(published, FLAT, Rule(8)) != []
    assert {finding.problem for finding in found} == {"narrow"}


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("exact", [True, False])
def test_tables_that_nothing_fits_are_refused(exact: bool) -> None:
    """Three cells hold 41 together, and the one shown holds 40 of them."""
    total, by_state = one_way([3, 40, 12])
    short = replace(withhold(total, []), cells=(Cell((), 41, "published"),))
    with pytest.raises(InputError, match="contradict"):
        attack([short, withhold(by_state, [0, 2])], exact=exact)


@given(joint=JOINTS, more=JOINTS)
@settings(max_examples=25, deadline=None)
def test_equations_that_are_left_out_follow_from_those_kept(joint: Counts, more: Counts) -> None:
    """One table with all margins; two that share one; and an earlier release."""
    linked = from_joint(joint, [(), (0,), (0, 1), (0, 2)])
    before = [Earlier(withhold(table, [0]), table) for table in linked]
    grown = from_joint(joint + more, [(), (0,), (0, 1), (0, 2)])
    for system in (build(tables_of(joint), RULE), build(linked, RULE), build(grown, RULE, earlier=[before])):
        kept = independent_rows(system.matrix)
        every = system.matrix.toarray()
        assert np.linalg.matrix_rank(every[kept]) == np.linalg.matrix_rank(every)


def test_of_a_cube_a_good_part_of_the_equations_is_left_out() -> None:
    matrix = build(tables_of(np.full(SHAPE, 7)), RULE).matrix
    assert len(independent_rows(matrix)) == np.linalg.matrix_rank(matrix.toarray()) < matrix.shape[0]
