"""Reading tables with covariates, and fitting models of lists and covariates."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, linprog, minimize

from reckon.prevalence.captures import BadCaptures, NotEstimable
from reckon.prevalence.covariates import Covariate, JointTable, read_joint
from reckon.prevalence.joint import JointDesign, JointModel, fit_joint
from reckon.prevalence.joint_search import search
from reckon.prevalence.joint_totals import predicted, totals

LISTS = ("R1", "R2", "R3", "R4")
SEXES = (Covariate("sex", ("f", "m")),)


def table_of(counts: list[list[int]], lists: int = 3) -> JointTable:
    """Two strata with these counts of the histories 1, 2, ..."""
    full = np.zeros((len(counts), 2**lists), dtype=np.int64)
    full[:, 1:] = counts
    return JointTable(tuple("ABCD"[:lists]), (Covariate("sex", tuple("fmx"[: len(counts)])),), full)


def every_term(design: JointDesign) -> JointModel:
    return frozenset(design.pairs)


# --- reading -----------------------------------------------------------------------------------------------------------


def test_read_sums_repeated_histories_and_keeps_years_in_order(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("A,B,year,count\n1,0,10,2\n1,0,10,3\n1,1,9,4\n0,1,9,0\n0,1,2,1\n")
    table = read_joint(file, ("A", "B"), {"year": 1})
    assert table.covariates == (Covariate("year", ("2", "9", "10"), 1),)
    assert table.counts.tolist() == [[0, 0, 1, 0], [0, 0, 0, 4], [0, 5, 0, 0]]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A,B,sex\n1,0,f\n", "no column count"),
        ("A,A,count\n1,0,1\n", "no column B"),
        ("A,B,sex,sex,count\n1,0,f,f,1\n", "same name"),
        ("A,B,sex,count\n1,0,f\n", "Line 2: 4 values"),
        ("A,B,sex,count\n1,0,f,1,1\n", "Line 2: 4 values"),
        ("A,B,sex,count\n1,2,f,1\n", "Line 2: expected 0"),
        ("A,B,sex,count\n1,0,f,1\n1,0,f,1.5\n", "Line 3: the count"),
        ("A,B,sex,count\n1,0,f,-1\n", "Line 2: the count"),
        ("A,B,sex,count\n1,0,,1\n", "Line 2: a covariate is empty"),
        ("A,B,sex,count\n0,0,f,1\n", "Line 2: it counts people who are on no list"),
        ("A,B,sex,count\n1,0,f,0\n", "counts nobody"),
    ],
)
def test_read_says_what_is_wrong_and_where(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "t.csv"
    file.write_text(text)
    with pytest.raises(BadCaptures, match=says):
        read_joint(file, ("A", "B"))


def test_read_refuses_a_polynomial_in_words_or_of_too_high_a_degree(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("A,B,year,count\n1,0,2001,2\n1,1,2002,2\n")
    with pytest.raises(BadCaptures, match="the degree is 1 to 1"):
        read_joint(file, ("A", "B"), {"year": 2})
    file.write_text("A,B,year,count\n1,0,first,2\n1,1,second,2\n")
    with pytest.raises(BadCaptures, match="whole numbers"):
        read_joint(file, ("A", "B"), {"year": 1})


def test_read_refuses_more_cells_than_can_be_fitted(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    rows = "".join(f"1,0,{level},{level},{level},1\n" for level in range(60))
    file.write_text("A,B,u,v,w,count\n" + rows)
    with pytest.raises(BadCaptures, match="too many levels"):
        read_joint(file, ("A", "B"))


# --- fitting: judged by slow, independent routes ------------------------------------------------------------------------


def slow_unseen(design: JointDesign, model: JointModel) -> np.ndarray:
    """Never seen by stratum, from a general optimiser and a log-likelihood written cell by cell with names."""
    table = design.table
    names = [*table.lists, *(covariate.name for covariate in table.covariates)]
    values = {covariate.name: covariate.levels for covariate in table.covariates}

    def effects(stratum: tuple[str, ...], history: int) -> list[float]:
        held = {name: [float(history >> j & 1)] for j, name in enumerate(table.lists)}
        for covariate, level in zip(table.covariates, stratum, strict=True):
            held[covariate.name] = [float(level == other) for other in values[covariate.name][1:]]
        row = [1.0, *(x for name in names for x in held[name])]
        return row + [x * y for a, b in sorted(model) for x in held[names[a]] for y in held[names[b]]]

    rows, counts = [], []
    for s, stratum in enumerate(table.strata):
        for history in range(1, 2**table.m):
            rows.append(effects(stratum, history))
            counts.append(table.counts[s, history])
    x, y = np.array(rows), np.array(counts, dtype=float)
    start = np.append(np.log(y.mean() + 0.5), np.zeros(x.shape[1] - 1))
    found = minimize(
        lambda b: np.sum(np.exp(x @ b) - y * (x @ b)),
        start,
        jac=lambda b: x.T @ (np.exp(x @ b) - y),
        hess=lambda b: x.T @ (np.exp(x @ b)[:, None] * x),
        method="trust-exact",
        options={"gtol": 1e-9, "maxiter": 2000},
    )
    return np.exp([np.dot(effects(stratum, 0), found.x) for stratum in table.strata])


def test_fit_agrees_with_a_general_optimiser_on_real_data(shared_data: Path) -> None:
    table = read_joint(shared_data / "mse" / "ScotPWID.csv", ("S1", "S2", "S3", "S4"))
    design = JointDesign(table)
    for model in (frozenset(), frozenset({(0, 1), (1, 4), (4, 6)}), every_term(design)):
        fit = fit_joint(design, model)
        assert fit.code == 0
        np.testing.assert_allclose(fit.unseen, slow_unseen(design, model), rtol=1e-5)


def test_lists_in_each_stratum_for_themselves_equal_separate_independence_fits() -> None:
    table = table_of([[40, 30, 9, 20, 5, 4, 2], [15, 60, 12, 44, 6, 13, 3]])
    design = JointDesign(table)
    fit = fit_joint(design, frozenset({(0, 3), (1, 3), (2, 3)}))
    for stratum, counts in enumerate(table.counts):
        sizes = [sum(int(c) for w, c in enumerate(counts) if w >> j & 1) for j in range(3)]
        n = int(counts.sum())
        closed = brentq(lambda total: 1 - n / total - np.prod([1 - size / total for size in sizes]), n + 1, 1e6)  # noqa: B023
        assert n + fit.unseen[stratum] == pytest.approx(closed, rel=1e-8)


counts_of_two_strata = st.lists(st.lists(st.integers(0, 4), min_size=7, max_size=7), min_size=2, max_size=2)


@settings(max_examples=60, deadline=None)
@given(counts_of_two_strata, st.integers(0, 63))
def test_existence_agrees_with_the_search_for_a_direction_without_end(counts: list[list[int]], chosen: int) -> None:
    """The estimate does not exist when some direction of the parameters lowers no positive cell (the dual program)."""
    design = JointDesign(table_of(counts))
    if min(np.array(counts).sum(axis=1)) == 0:
        return
    pairs = list(combinations(range(4), 2))
    model = frozenset(pair for place, pair in enumerate(pairs) if chosen >> place & 1)
    fit = fit_joint(design, model)
    kept = design.observable & ~design.impossible(model)
    x, y = design.matrix(model)[kept], design.counts[kept]
    zero, positive = x[y == 0], x[y > 0]
    if not len(zero):
        assert not fit.code & 1
        return
    answer = linprog(
        zero.sum(axis=0),
        np.vstack([zero, -zero]),
        np.repeat([0.0, 1.0], len(zero)),
        positive,
        np.zeros(len(positive)),
        [(None, None)] * x.shape[1],
    )
    assert bool(fit.code & 1) == (answer.fun < -1e-6)


@settings(max_examples=40, deadline=None)
@given(counts_of_two_strata, st.integers(0, 63))
def test_the_order_of_levels_changes_nothing(counts: list[list[int]], chosen: int) -> None:
    if min(np.array(counts).sum(axis=1)) == 0:
        return
    pairs = list(combinations(range(4), 2))
    model = frozenset(pair for place, pair in enumerate(pairs) if chosen >> place & 1)
    one = fit_joint(JointDesign(table_of(counts)), model)
    other = fit_joint(JointDesign(table_of(counts[::-1])), model)
    assert one.code == other.code
    if not one.code:
        np.testing.assert_allclose(one.unseen, other.unseen[::-1], rtol=1e-6, atol=1e-9)
        assert one.bic == pytest.approx(other.bic, abs=1e-6)


def test_a_polynomial_of_full_degree_is_every_year_for_itself() -> None:
    rng = np.random.default_rng(3)
    counts = np.zeros((4, 8), dtype=np.int64)
    counts[:, 1:] = rng.integers(3, 40, (4, 7))
    years = ("2019", "2020", "2021", "2022")
    apart = JointDesign(JointTable(tuple("ABC"), (Covariate("year", years),), counts))
    smooth = JointDesign(JointTable(tuple("ABC"), (Covariate("year", years, 3),), counts))
    model = frozenset({(0, 1), (1, 3)})
    np.testing.assert_allclose(fit_joint(apart, model).fitted, fit_joint(smooth, model).fitted, rtol=1e-7)


# --- searching ---------------------------------------------------------------------------------------------------------


def test_search_ends_where_no_term_lowers_the_criterion(shared_data: Path) -> None:
    design = JointDesign(read_joint(shared_data / "mse" / "SpinaBifida.csv", ("S1", "S2", "S3")))
    path = search(design)
    for criterion in ("bic", "aic"):
        chosen = path.stage(criterion)
        others = [fit_joint(design, chosen.model ^ {pair}) for pair in design.pairs]
        better = [fit for fit in others if not fit.code and getattr(fit, criterion) < getattr(chosen, criterion) - 1e-6]
        assert better == []
    assert path.stage("aic").aic <= path.stage("bic").aic
    assert path.stage("bic").model == frozenset({(1, 2)})
    assert path.refused > 0  # better by the criterion, but without an estimate


@pytest.mark.slow
def test_years_and_strata_add_up_to_the_whole(shared_data: Path) -> None:
    design = JointDesign(read_joint(shared_data / "mse" / "CruyffSim_covariates.csv", LISTS, {"Y": 2}))
    path = search(design, ("bic",))
    fit = path.selected
    assert fit.code == 0
    result = totals(design, fit, boot=20, seed=1)
    assert result.whole.observed == 1043
    assert sum(total.estimate for total in result.levels["Y"]) == pytest.approx(result.whole.estimate)
    assert result.whole.estimate == pytest.approx(fit.fitted.sum(), rel=1e-8)
    assert result.whole.lower < result.whole.estimate < result.whole.upper


def test_strata_without_common_people_have_no_estimate() -> None:
    with pytest.raises(NotEstimable):
        search(JointDesign(table_of([[4, 3, 0, 2, 0, 0, 0], [1, 2, 0, 5, 0, 0, 0]])))


@pytest.mark.slow
def test_totals_recover_a_known_population_and_their_intervals_cover_it() -> None:
    """Women are met more easily than men: 1,500 and 2,500 people, three lists, forty populations."""
    rng = np.random.default_rng(11)
    chances = np.array([[0.35, 0.3, 0.25], [0.15, 0.2, 0.15]])
    sizes = np.array([1500, 2500])
    covered, errors = 0, []
    for seed in range(40):
        met = [rng.random((size, 3)) < chance for size, chance in zip(sizes, chances, strict=True)]
        counts = np.array([np.bincount(one @ [1, 2, 4], minlength=8) for one in met])
        counts[:, 0] = 0
        design = JointDesign(JointTable(tuple("ABC"), SEXES, counts))
        fit = search(design, ("bic",)).selected
        result = totals(design, fit, boot=60, seed=seed)
        covered += result.whole.lower <= 4000 <= result.whole.upper
        errors.append(np.log(result.whole.estimate / 4000))
    print(f"coverage of the 95 % interval: {covered} of 40; mean log error {np.mean(errors):+.3f}")
    assert covered >= 32
    assert abs(np.mean(errors)) < 0.03


def test_the_same_seed_gives_the_same_bits(shared_data: Path) -> None:
    design = JointDesign(read_joint(shared_data / "mse" / "SpinaBifida.csv", ("S1", "S2", "S3")))
    fit = search(design).selected
    assert totals(design, fit, boot=20, seed=5) == totals(design, fit, boot=20, seed=5)
    assert predicted(design, fit).sum() == pytest.approx(fit.unseen.sum())
