"""Rates per 100,000 come only from groups whose data bear one."""

from pathlib import Path

import numpy as np
import pytest

from reckon.__main__ import main
from reckon.prevalence.captures import BadCaptures
from reckon.prevalence.covariates import Covariate, JointTable
from reckon.prevalence.results import Finding, Interval, Options
from reckon.prevalence.stored import from_json, to_json
from reckon.prevalence.strata import NotPublished, Rate, Rates, joint_rates, separate_rates

OPTIONS = Options(("stepwise",), boot=60, seed=1)
POPULATIONS = {"f": 1_000_000, "m": 2_000_000, "x": 10_000}
INTERVAL = Interval(90.0, 120.0, 0.95, "bca", model_choice=True)
SAID = (Finding("highest_interaction", "warn", {}),)


@pytest.fixture(scope="module")
def table() -> JointTable:
    """Women and men with many people on several lists; a third group of 14 people, one of them on two lists."""
    rng = np.random.default_rng(8)
    sizes, chances = (2000, 1200), ([0.3, 0.25, 0.2], [0.15, 0.2, 0.25])
    counts = [
        np.bincount((rng.random((n, 3)) < p) @ [1, 2, 4], minlength=8) for n, p in zip(sizes, chances, strict=True)
    ]
    counts.append(np.array([0, 5, 4, 1, 4, 0, 0, 0]))
    full = np.array(counts)
    full[:, 0] = 0
    return JointTable(tuple("ABC"), (Covariate("sex", ("f", "m", "x")),), full)


@pytest.mark.parametrize("rates", [joint_rates, separate_rates])
def test_a_group_that_fails_the_first_item_is_not_published_and_says_why(rates: object, table: JointTable) -> None:
    found = rates(table, "sex", POPULATIONS, OPTIONS)
    women, men, others = found.groups
    for rate, size, population in ((women, 2000, 1_000_000), (men, 1200, 2_000_000)):
        assert isinstance(rate, Rate)
        assert rate.total == pytest.approx(size, rel=0.1)
        assert rate.per_100k == pytest.approx(rate.total / population * 100_000)
        lower, upper = rate.limits_per_100k
        assert lower < rate.per_100k < upper
        assert rate.warnings
    assert isinstance(others, NotPublished)
    assert others.code == "not_adequate"
    assert "few_on_several" in {finding.code for finding in others.findings}
    assert from_json(Rates, to_json(found)) == found


def test_the_joint_model_s_interval_says_that_the_choice_is_not_in_it(table: JointTable) -> None:
    women = joint_rates(table, "sex", POPULATIONS, OPTIONS).groups[0]
    assert isinstance(women, Rate)
    assert "choice_not_included" in {finding.code for finding in women.warnings}
    alone = separate_rates(table, "sex", POPULATIONS, OPTIONS).groups[0]
    assert isinstance(alone, Rate)
    assert alone.interval.model_choice
    assert "choice_not_included" not in {finding.code for finding in alone.warnings}


def test_small_groups_and_groups_of_unknown_size_are_not_published(table: JointTable) -> None:
    found = joint_rates(table, "sex", {"m": 2_000_000}, OPTIONS, smallest=15)
    assert [group.code for group in found.groups if isinstance(group, NotPublished)] == ["no_population", "small_count"]


def test_a_group_on_one_list_has_no_rate(table: JointTable) -> None:
    counts = table.counts.copy()
    counts[2] = [0, 40, 0, 0, 0, 0, 0, 0]
    lonely = JointTable(table.lists, table.covariates, counts)
    for rates in (joint_rates, separate_rates):
        others = rates(lonely, "sex", POPULATIONS, OPTIONS).groups[2]
        assert isinstance(others, NotPublished)
        assert others.code in ("not_adequate", "one_list")


def test_a_rate_cannot_be_built_without_interval_or_warnings() -> None:
    assert Rate("f", 50, 100.0, INTERVAL, 1000, SAID).per_100k == 10_000
    for interval, total, population, said in (
        (INTERVAL, 100.0, 1000, ()),
        (INTERVAL, float("inf"), 1000, SAID),
        (INTERVAL, 100.0, 0, SAID),
        (Interval(130.0, 120.0, 0.95, "bca", model_choice=True), 100.0, 1000, SAID),
    ):
        with pytest.raises(ValueError, match="a rate needs"):
            Rate("f", 50, total, interval, population, said)


def test_an_unknown_covariate_is_refused(table: JointTable) -> None:
    with pytest.raises(BadCaptures, match="no covariate age"):
        joint_rates(table, "age", POPULATIONS, OPTIONS)


# --- from the shell -----------------------------------------------------------------------------------------------------


@pytest.fixture
def files(table: JointTable, tmp_path: Path) -> tuple[Path, Path]:
    lines = ["A,B,C,sex,count"]
    for (sex,), counts in zip(table.strata, table.counts, strict=True):
        lines += [f"{w & 1},{w >> 1 & 1},{w >> 2 & 1},{sex},{counts[w]}" for w in range(1, 8)]
    (tmp_path / "lists.csv").write_text("\n".join(lines))
    (tmp_path / "groups.csv").write_text("group,population\nf,1000000\nm,2000000\nx,10000\n")
    return tmp_path / "lists.csv", tmp_path / "groups.csv"


def rates(files: tuple[Path, Path], *more: str) -> int:
    lists, groups = map(str, files)
    return main(["rates", lists, "--lists", "A,B,C", "--by", "sex", "--population", groups, "--boot", "60", *more])


def test_the_shell_prints_rates_and_why_others_are_not_published(
    files: tuple[Path, Path], table: JointTable, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rates(files, "--seed", "1", "--format", "json") == 0
    found = from_json(Rates, capsys.readouterr().out)
    assert found == joint_rates(table, "sex", POPULATIONS, OPTIONS)
    assert rates(files, "--seed", "1", "--separately") == 0
    shown = capsys.readouterr().out
    women = separate_rates(table, "sex", POPULATIONS, OPTIONS).groups[0]
    assert isinstance(women, Rate)
    assert f"{women.per_100k:.1f} [" in shown
    assert "not published: The data of this group do not pass the first item of the panel." in shown


@pytest.mark.parametrize(
    ("groups", "more", "says"),
    [
        ("sex,people\nf,3\n", (), "needs the columns group and population"),
        ("group,population\nf,many\n", (), "Line 2 of the populations"),
        ("group,population\nf\n", (), "Line 2 of the populations"),
        (None, (), "populations cannot be read"),
        ("group,population\nf,3\n", ("--by", "age"), "no covariate age"),
        ("group,population\nf,3\n", ("--lists", "A,B,D"), "no column D"),
        ("group,population\nf,3\n", ("--boot", "7"), "50 replicates"),
    ],
)
def test_the_shell_answers_what_it_cannot_use(
    files: tuple[Path, Path],
    capsys: pytest.CaptureFixture[str],
    groups: str | None,
    more: tuple[str, ...],
    says: str,
) -> None:
    files[1].unlink()
    if groups is not None:
        files[1].write_text(groups)
    assert rates(files, *more) == 2
    assert says in capsys.readouterr().err


def test_the_shell_says_when_the_whole_has_no_estimate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "lists.csv").write_text("A,B,C,sex,count\n1,0,0,f,9\n0,1,0,m,8\n0,0,1,m,7\n")
    (tmp_path / "groups.csv").write_text("group,population\nf,1000\n")
    assert rates((tmp_path / "lists.csv", tmp_path / "groups.csv"), "--lang", "es") == 2
    assert "No existe una estimación finita" in capsys.readouterr().err
