"""One study: a headline that cannot stand alone, kept without rounding, computed again to the same bits."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from functools import partial
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reckon.prevalence import intervals, linkage_error, resample, wording
from reckon.prevalence.captures import BadCaptures, Captures, captures_from_masks, captures_from_rows
from reckon.prevalence.reading import read_captures
from reckon.prevalence.results import Finding, Headline, Interval, NoEstimate, Panel, Study
from reckon.prevalence.stepwise import stepwise, stepwise_many
from reckon.prevalence.stored import from_json, to_json
from reckon.prevalence.study import rerun, study

INTERVAL = Interval(900.0, 1500.0, 0.95, "bca", model_choice=True)
PARTS: dict[str, Any] = {
    "method": "stepwise",
    "total": 1100.0,
    "n": 300,
    "interval": INTERVAL,
    "model": "[12,3]",
    "lowest": 1000.0,
    "lowest_from": "chao",
    "highest": 2000.0,
    "highest_from": "dga",
    "warnings": (Finding("highest_interaction", "warn", {}),),
}


@pytest.fixture(scope="module")
def korea_study(shared_data: Path) -> Study:
    return study(read_captures(shared_data / "mse" / "Korea.csv"), boot=60, seed=3)


def test_a_headline_holds_the_dark_figure_beside_those_seen() -> None:
    assert Headline(**PARTS).unseen == 800


@pytest.mark.parametrize(
    "part",
    [
        {"interval": None},
        {"interval": replace(INTERVAL, lower=1600.0)},
        {"interval": replace(INTERVAL, model_choice=False)},
        {"lowest": 1200.0},
        {"highest": 1050.0},
        {"lowest_from": ""},
        {"highest_from": ""},
        {"warnings": ()},
        {"warnings": (Finding("no_overlap", "refuse", {"n": 3}),)},
        {"total": inf, "highest": inf},
        {"n": 1101},
    ],
)
def test_a_headline_cannot_be_built_without_what_belongs_to_it(part: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="headline"):
        Headline(**{**PARTS, **part})
    with pytest.raises(TypeError):
        Headline(**{name: value for name, value in PARTS.items() if name not in part})


def test_a_panel_has_all_eleven_items(korea_study: Study) -> None:
    values = {field.name: getattr(korea_study.panel, field.name) for field in fields(Panel)}
    with pytest.raises(ValueError, match="eleven"):
        Panel(**{**values, "items": korea_study.panel.items[:-1]})


def test_a_study_reads_back_as_it_was_written(korea_study: Study) -> None:
    text = to_json(korea_study)
    assert "NaN" not in text
    assert "Infinity" not in text
    assert from_json(Study, text) == korea_study
    assert to_json(from_json(Study, text)) == text


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_numbers_are_stored_to_the_last_bit_infinite_ones_too(lower: float, upper: float) -> None:
    interval = Interval(lower, upper, 0.95, "bca", model_choice=True)
    assert from_json(Interval, to_json(interval)) == interval


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-1],
        lambda text: text.replace('"verdict": "warn"', '"verdict": "fine"', 1),
        lambda text: text.replace('"boot": 60', '"boot": "60"', 1),
        lambda text: text.replace('"digest"', '"sum"', 1),
        lambda text: text.replace('"number": 11', '"number": 12', 1),
        lambda text: text.replace('"model_choice": true', '"model_choice": false', 1),
        lambda _text: "[]",
    ],
)
def test_a_stored_study_that_was_changed_is_refused(korea_study: Study, change: Any) -> None:
    with pytest.raises(BadCaptures, match="stored result"):
        from_json(Study, change(to_json(korea_study)))


def test_the_headline_is_the_method_s_own_bootstrap_with_its_range(korea_study: Study, shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "Korea.csv")
    drawn = resample.bootstrap(captures, partial(stepwise_many, threshold=0.02), 60, 3)
    headline = korea_study.headline
    assert isinstance(headline, Headline)
    assert headline.total == drawn.total == pytest.approx(268.7778, abs=1e-4)
    assert (headline.interval.lower, headline.interval.upper) == intervals.bca(drawn, 0.95).limits
    assert (headline.lowest, headline.lowest_from) == (pytest.approx(141.9926, abs=1e-4), "independence")
    assert [item.number for item in korea_study.panel.items] == list(range(1, 12))
    codes = [finding.code for finding in headline.warnings]
    assert {"two_clusters", "highest_interaction", "all_pairs_not_estimable"} <= set(codes)
    assert all(finding.verdict == "warn" for finding in headline.warnings)


def test_a_study_run_again_or_in_parallel_gives_the_same_bits(korea_study: Study, shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "Korea.csv")
    with ThreadPoolExecutor(2) as executor:
        assert to_json(rerun(korea_study, captures, executor)) == to_json(korea_study)
    with pytest.raises(BadCaptures, match="digest"):
        rerun(korea_study, captures.without("d"))


def test_progress_names_every_stage(shared_data: Path) -> None:
    told: list[tuple[str, int, int]] = []
    captures = read_captures(shared_data / "mse" / "Korea.csv")
    study(captures, methods=("stepwise",), boot=50, progress=lambda *what: told.append(what))
    stages = list(dict.fromkeys(stage for stage, _, _ in told))
    assert stages == ["stepwise", "models", "lists", "consistency", "trajectory", "linkage"]
    assert all(0 <= done <= whole for _, done, whole in told)
    assert [wording.stage(stage, "es") for stage in stages]


# --- data that cannot bear a number ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([(1, 0, 0, 9)], "one_list"),
        ([(1, 0, 0, 9), (0, 1, 0, 8), (0, 0, 1, 7)], "no_overlap"),
        ([(1, 0, 0, 9), (1, 1, 0, 8), (1, 1, 1, 3)], "one_list"),  # A holds all, then B does
    ],
)
def test_data_without_an_answer_give_a_study_that_says_so(rows: list[tuple[int, ...]], code: str) -> None:
    found = study(captures_from_rows("ABC", rows), boot=50)
    assert isinstance(found.headline, NoEstimate)
    assert found.headline.code == code
    assert found.panel.verdict == "refuse"
    assert found.estimates == ()
    assert from_json(Study, to_json(found)) == found


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=7, max_size=7))
def test_small_tables_give_a_finite_number_with_everything_or_none(counts: list[int]) -> None:
    found = study(captures_from_masks("ABC", range(1, 8), counts), methods=("stepwise", "chao"), boot=50)
    assert from_json(Study, to_json(found)) == found
    if isinstance(found.headline, Headline):
        assert sum(counts) <= found.headline.total < inf
        assert found.panel.adequacy.on_several > 0
        assert found.panel.verdict == "warn"
    else:
        assert wording.refusal(found.headline, "es")


def test_an_estimate_below_the_people_seen_is_no_headline() -> None:
    """A holds all 1,000 people, so it is left out; B and C know of 30, and their estimate cannot stand for A's 1,000."""
    rows = [(1, 0, 0, 970), (1, 1, 0, 12), (1, 0, 1, 10), (1, 1, 1, 8)]
    found = study(captures_from_rows("ABC", rows), boot=50)
    assert [one.why for one in found.dropped] == ["holds_all"]
    assert isinstance(found.headline, NoEstimate)
    assert found.headline.code == "below_seen"


def test_a_total_far_beyond_those_seen_is_told_first_not_to_be_published() -> None:
    found = study(captures_from_rows("AB", [(1, 0, 300), (0, 1, 300), (1, 1, 1)]), boot=50)
    assert isinstance(found.headline, Headline)
    assert found.headline.total == pytest.approx(302 * 302 / 2 - 1)
    assert found.headline.warnings[0] == Finding("far_beyond_seen", "warn", {"times": 76})


def test_two_lists_have_chapman_s_estimate_and_its_caution() -> None:
    found = study(captures_from_rows("AB", [(1, 0, 60), (0, 1, 50), (1, 1, 40)]), boot=50)
    assert isinstance(found.headline, Headline)
    assert found.headline.method == "chapman"
    assert found.headline.total == pytest.approx(101 * 91 / 41 - 1)
    codes = {finding.code for finding in found.headline.warnings}
    assert {"two_lists", "note_independence_assumed", "lists_not_testable", "no_bootstrap"} <= codes


def test_a_method_whose_interval_leaves_out_the_choice_is_no_headline(shared_data: Path) -> None:
    found = study(read_captures(shared_data / "mse" / "Korea.csv"), methods=("independence", "chao"), boot=50)
    assert isinstance(found.headline, NoEstimate)
    assert found.headline.code == "not_a_headline"
    assert [one.method for one in found.estimates] == ["independence", "chao"]


def test_a_method_that_refuses_the_data_does_not_stop_the_others() -> None:
    rng = np.random.default_rng(5)
    people = rng.random((400, 8)) < 0.2
    masks = people @ (1 << np.arange(8))
    captures = captures_from_masks("ABCDEFGH", masks[masks > 0])
    found = study(captures, methods=("stepwise", "dga"), boot=50)
    assert isinstance(found.headline, Headline)
    assert [(one.method, one.code) for one in found.refused] == [("dga", "too_many_lists")]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"methods": ()}, "Choose methods"),
        ({"methods": ("guess",)}, "Choose methods"),
        ({"boot": 49}, "50 replicates"),
        ({"level": 1.0}, "level"),
        ({"threshold": 1.5}, "threshold"),
        ({"seed": -1}, "seed"),
        ({"sweeps": 3}, "sweeps"),
        ({"max_order": 0}, "largest term"),
        ({"censored": "Z"}, "no list Z"),
        ({"assumptions": {"weather": "yes"}}, "no question weather"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], says: str) -> None:
    captures = captures_from_rows("AB", [(1, 0, 60), (0, 1, 50), (1, 1, 40)])
    with pytest.raises(BadCaptures, match=says):
        study(captures, **options)


def test_a_list_with_outsiders_is_answered_beside(shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "ScotPWID.csv", ["S1", "S2", "S3", "S4"])
    found = study(captures, methods=("stepwise",), boot=50, censored="S4", assumptions={"no_outsiders": "no"})
    assert found.panel.censored is not None
    assert found.panel.censored.bound == 684
    assert found.panel.censored.total < next(one.total for one in found.estimates)
    codes = {finding.code for finding in found.panel.items[10].findings}
    assert {"no_outsiders_no"} <= codes
    assert {"censored_kept", "censored_exceeds"} & codes


@pytest.mark.slow
def test_every_method_stands_beside_the_headline(shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "Korea.csv")
    every = ("stepwise", "bic", "threshold", "dga", "lcmcr", "mixture", "chao", "independence")
    found = study(captures, methods=every, boot=60, sweeps=500)
    answered = {one.method for one in found.estimates}
    assert answered | {one.method for one in found.refused} == set(every)
    assert {"stepwise", "bic", "threshold", "dga", "lcmcr", "chao", "independence"} <= answered
    assert {chain.method for chain in found.panel.chains} == {"threshold", "lcmcr"}
    assert {prior.method for prior in found.panel.priors} == {"dga", "lcmcr"}
    for language in wording.LANGUAGES:
        for item in found.panel.items:
            assert all(wording.sentence(finding, language) for finding in item.findings)
        notes = [note for one in found.estimates for note in one.notes]
        assert all(wording.sentence(note, language) for note in notes)


def population(rng: np.random.Generator, size: int) -> Captures:
    """`size` people and four lists; who is on A is on B three times as readily."""
    met = rng.random((size, 4)) < [0.2, 0.12, 0.15, 0.1]
    met[:, 1] |= met[:, 0] & (rng.random(size) < 0.3)
    masks = met @ [1, 2, 4, 8]
    return captures_from_masks("ABCD", masks[masks > 0])


@pytest.mark.slow
def test_a_known_population_is_recovered_and_the_interval_covers_it_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(2)
    covered, errors, runs = 0, [], 60
    for seed in range(runs):
        drawn = resample.bootstrap(population(rng, 3000), partial(stepwise_many, threshold=0.02), 200, seed)
        lower, upper = intervals.bca(drawn, 0.95).limits
        covered += lower <= 3000 <= upper
        errors.append(np.log(drawn.total / 3000))
    rmse = float(np.sqrt(np.mean(np.square(errors))))
    print(
        f"95 % interval covered {covered} of {runs}; mean log error {np.mean(errors):+.3f}, root mean square {rmse:.3f}"
    )
    assert covered >= 0.8 * runs
    assert rmse < 0.2


def test_outsiders_on_one_of_two_lists_cannot_be_set_apart() -> None:
    captures = captures_from_rows("AB", [(1, 0, 60), (0, 1, 50), (1, 1, 40)])
    found = study(captures, methods=("chao",), boot=50, censored="B")
    assert found.panel.censored is None
    assert "censored_untested" in {finding.code for finding in found.panel.items[10].findings}


@pytest.mark.slow
def test_other_linkages_of_the_same_records_widen_what_is_known(shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "UK_5.csv")
    rng = np.random.default_rng(6)
    others = [linkage_error.with_false_undone(captures, share, rng) for share in (0.1, 0.3)]
    found = study(captures, methods=("stepwise",), boot=50, imputed=others)
    together = found.panel.pooled
    assert together is not None
    assert together.totals[0] == pytest.approx(11312.9903, abs=1e-3)
    assert min(together.totals) < together.total < max(together.totals)
    lower, upper = stepwise(captures).fit.wald()
    assert together.upper / together.lower > upper / lower
    pooled = next(one for one in found.panel.items[9].findings if one.code == "linkages_pooled")
    assert (pooled.verdict, pooled.values["tables"]) == ("warn", 3)
    with pytest.raises(BadCaptures, match="digest"):
        rerun(found, captures)
    assert rerun(found, captures, imputed=others) == found


def test_a_linkage_without_estimate_leaves_none_together(shared_data: Path) -> None:
    captures = read_captures(shared_data / "mse" / "Korea.csv")
    apart = captures_from_rows(captures.lists, [(1, 0, 0, 9), (0, 1, 0, 8), (0, 0, 1, 7)])
    found = study(captures, methods=("stepwise",), boot=50, imputed=[apart])
    assert found.panel.pooled is None
    assert "linkages_without_estimate" in {one.code for one in found.panel.items[9].findings}
