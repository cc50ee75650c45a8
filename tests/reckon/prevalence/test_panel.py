"""The verdicts of the reliability panel, on published tables by hand and at the limits named in the module."""

from math import inf, log
from pathlib import Path

import pytest

from reckon.prevalence import evidence, panel
from reckon.prevalence.criterion import rank
from reckon.prevalence.linkage_error import LinkageWhatIf
from reckon.prevalence.models import generators
from reckon.prevalence.reading import read_captures
from reckon.prevalence.results import (
    Bootstrap,
    CensoredResult,
    Chains,
    Consistency,
    DroppedList,
    Finding,
    Limit,
    ModelCheck,
    ModelPoint,
    ModelShare,
    PriorPoint,
    TrajectoryPoint,
    Variant,
)


def codes(findings: list[Finding]) -> dict[str, str]:
    return {finding.code: finding.verdict for finding in findings}


# --- 1: by hand, from the counts in the files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "n", "by_number", "several", "apart", "small", "verdicts"),
    [
        ("UK_5", 2744, (2523, 214, 6, 1, 0), 221, 1, (), {"enough_on_several": "pass", "lists_apart": "warn"}),
        ("Korea", 123, (51, 60, 12), 72, 0, (), {"enough_on_several": "pass"}),
        ("Artificial_3", 96, (90, 6, 0), 6, 2, (), {"few_on_several": "warn", "lists_apart": "warn"}),
        (
            "NewOrl",
            185,
            (172, 11, 2, 0, 0, 0, 0, 0),
            13,
            18,
            ("B", "F", "G"),
            {"few_on_several": "warn", "lists_apart": "warn", "small_lists": "warn"},
        ),
    ],
)
def test_adequacy_of_published_tables(
    shared_data: Path,
    file: str,
    n: int,
    by_number: tuple[int, ...],
    several: int,
    apart: int,
    small: tuple[str, ...],
    verdicts: dict[str, str],
) -> None:
    found = evidence.adequacy(read_captures(shared_data / "mse" / f"{file}.csv"))
    assert (found.n, found.by_number, found.on_several) == (n, by_number, several)
    assert (len(found.apart), found.small) == (apart, small)
    assert codes(panel.adequacy_findings(found, ())) == verdicts


def test_overlaps_of_korea_by_hand(shared_data: Path) -> None:
    found = evidence.adequacy(read_captures(shared_data / "mse" / "Korea.csv"))
    assert found.overlaps == ((77, 66, 18), (66, 71, 12), (18, 12, 59))
    assert found.sizes == (77, 71, 59)


def test_dropped_lists_are_told(shared_data: Path) -> None:
    found = evidence.adequacy(read_captures(shared_data / "mse" / "Korea.csv"))
    dropped = [
        DroppedList("A", "empty", "", 0),
        DroppedList("B", "duplicate", "C", 0),
        DroppedList("D", "holds_all", "", 9),
    ]
    assert codes(panel.adequacy_findings(found, dropped)) == {
        "enough_on_several": "pass",
        "dropped_empty": "warn",
        "dropped_duplicate": "warn",
        "dropped_holds_all": "warn",
    }


# --- 2 to 4 -------------------------------------------------------------------------------------------------------------


def test_existence_of_the_chosen_model_and_of_all_pairs(shared_data: Path) -> None:
    read = {name: read_captures(shared_data / "mse" / f"{name}.csv") for name in ("UK_5", "Korea", "Artificial_3")}
    found = {name: evidence.checks(captures, 0.02) for name, captures in read.items()}
    assert [check.code for check in found["UK_5"]] == [0, 0]
    assert found["UK_5"][1].infinite == ("LA:GP",)
    assert [check.code for check in found["Korea"]] == [0, 1]
    assert [check.code for check in found["Artificial_3"]] == [0, 2]
    assert codes(panel.existence_findings(found["Korea"])) == {
        "chosen_estimable": "pass",
        "all_pairs_not_estimable": "warn",
    }
    refused = [ModelCheck("chosen", "[1,2,3]", 1, ())]
    assert codes(panel.existence_findings(refused)) == {"chosen_not_estimable": "refuse"}


def test_the_thresholds_of_uk5_give_the_path_of_the_reference(shared_data: Path) -> None:
    path = evidence.threshold_totals(read_captures(shared_data / "mse" / "UK_5.csv"))
    known = {0: 13444.13, 0.001: 13100.84, 0.002: 12262.41, 0.01: 12262.41, 0.02: 11312.99, 0.1: 11312.99, 1: 11232.53}
    for point in path:
        if point.threshold in known:
            assert point.total == pytest.approx(known[point.threshold], abs=0.01)


def test_a_spread_is_wide_from_one_and_a_half_times() -> None:
    assert codes(panel.spread_findings([("chao", 100.0), ("dga", 150.0)])) == {"spread_narrow": "pass"}
    (wide,) = panel.spread_findings([("chao", 100.0), ("dga", 151.0), ("bic", 120.0)])
    assert (wide.code, wide.values["lowest_from"], wide.values["highest_from"]) == ("spread_wide", "chao", "dga")
    assert codes(panel.spread_findings([])) == {"no_method": "refuse"}


def test_uk5_with_pairs_only_has_two_answers_12_and_23_thousand(shared_data: Path) -> None:
    ranked = rank(read_captures(shared_data / "mse" / "UK_5.csv"), 2)
    found = panel.clusters([ModelPoint(generators(one.model), one.total, one.bic) for one in ranked[:20]])
    low, high = found
    assert low.lowest == low.highest == pytest.approx(12262.4124, abs=1e-3)
    assert (low.best, high.best) == ("[12,13,25,35,45]", "[12,13,23,25,34]")
    assert (high.lowest, high.highest) == (pytest.approx(22991.3313, abs=1e-3), pytest.approx(25978.1727, abs=1e-3))
    assert high.bic - low.bic == pytest.approx(196.5398 - 197.4950, abs=1e-3)
    assert codes(panel.bimodality_findings(found)) == {"two_clusters": "warn"}


def test_kosovo_has_two_answers_10_and_18_thousand_within_one_bic_unit(shared_data: Path) -> None:
    found = panel.clusters(evidence.best_models(read_captures(shared_data / "mse" / "Kosovo.csv"), None), close=1.0)
    low, high = found
    assert (low.lowest, low.highest) == (pytest.approx(10356.519, abs=1e-3), pytest.approx(12740.9677, abs=1e-3))
    assert high.lowest == high.highest == pytest.approx(18393.3061, abs=1e-3)


def test_models_close_together_are_one_answer() -> None:
    points = [ModelPoint("a", 100.0, 10.0), ModelPoint("b", 149.0, 11.9), ModelPoint("c", 900.0, 12.1)]
    (one,) = panel.clusters(points)
    assert (one.lowest, one.highest, one.models, one.best) == (100.0, 149.0, 2, "a")
    assert codes(panel.bimodality_findings([one])) == {"one_cluster": "pass"}
    assert panel.clusters([]) == ()
    assert codes(panel.bimodality_findings([])) == {"models_not_ranked": "warn"}


# --- 5 to 7 -------------------------------------------------------------------------------------------------------------


def test_the_farthest_variant_decides_about_the_lists() -> None:
    near = [Variant("without", ("A",), 9, 110.0), Variant("merged", ("A", "B"), 9, 95.0)]
    assert codes(panel.list_findings(near, 100.0)) == {"lists_steady": "pass"}
    far = [*near, Variant("without", ("B",), 9, 60.0)]
    (finding,) = panel.list_findings(far, 100.0)
    assert (finding.code, finding.values["lists"], finding.values["ratio"]) == ("list_without_moves", "B", 0.6)
    lost = [*near, Variant("without", ("C",), 9, None, "no_overlap")]
    assert codes(panel.list_findings(lost, 100.0)) == {"variants_without_estimate": "warn", "lists_steady": "pass"}
    assert codes(panel.list_findings(lost[-1:], 100.0)) == {"variants_without_estimate": "warn"}
    assert codes(panel.list_findings([], 100.0)) == {"lists_not_testable": "warn"}


def test_consistency_needs_four_of_five_covered_and_all_tested() -> None:
    good = [Consistency(name, 100, 90.0, 80.0, 120.0, ()) for name in "ABCD"]
    missed = Consistency("E", 100, 50.0, 40.0, 99.0, ())
    lost = Consistency("E", 100, None, None, None, (), "no_overlap")
    (finding,) = panel.consistency_findings([*good, missed])
    assert (finding.code, finding.verdict) == ("consistency_good", "pass")
    assert finding.values["bias"] == pytest.approx((4 * log(0.9) + log(0.5)) / 5)
    assert codes(panel.consistency_findings([*good[:3], missed])) == {"consistency_low": "warn"}
    assert codes(panel.consistency_findings([*good, lost])) == {"consistency_partial": "warn"}
    assert codes(panel.consistency_findings([lost])) == {"consistency_untested": "warn"}


def test_a_trajectory_settles_jumps_or_breaks() -> None:
    assert codes(panel.trajectory_findings([TrajectoryPoint(5, 100.0), TrajectoryPoint(9, 125.0)])) == {
        "trajectory_settles": "pass"
    }
    assert codes(panel.trajectory_findings([TrajectoryPoint(5, 100.0), TrajectoryPoint(9, 126.0)])) == {
        "trajectory_jumps": "warn"
    }
    assert codes(panel.trajectory_findings([TrajectoryPoint(5, None), TrajectoryPoint(9, 126.0)])) == {
        "trajectory_breaks": "warn"
    }


# --- 8 to 11 ------------------------------------------------------------------------------------------------------------


def limits(error: float = 1.0, is_extreme: bool = False) -> tuple[Limit, Limit]:
    return Limit(0.02, 100.0, error, is_extreme), Limit(0.98, inf, inf, False)


def test_the_bootstrap_tells_what_its_interval_rests_on() -> None:
    steady = Bootstrap((100.0,) * 99 + (inf,), limits(), (ModelShare("a", 0.9), ModelShare("b", 0.09)))
    assert codes(panel.bootstrap_findings(steady)) == {"replicates_lost": "pass", "choice_stable": "pass"}
    shaky = Bootstrap((100.0,) * 90 + (inf,) * 10, limits(5.1, True), (ModelShare("a", 0.4),))
    assert codes(panel.bootstrap_findings(shaky)) == dict.fromkeys(
        ("replicates_lost", "limits_extreme", "limits_uncertain", "choice_unstable"), "warn"
    )
    (boundless,) = panel.bootstrap_findings(Bootstrap((1.0,), limits(inf), ()))
    assert (boundless.code, boundless.values["share"]) == ("limits_uncertain", 1.0)
    assert codes(panel.bootstrap_findings(Bootstrap((1.0,), limits(), ()))) == {"bootstrap_complete": "pass"}
    assert codes(panel.bootstrap_findings(None)) == {"no_bootstrap": "warn"}


def test_chains_and_priors_are_judged_method_by_method() -> None:
    priors = [PriorPoint("dga", "a", 100, 1, 2), PriorPoint("dga", "b", 151, 1, 2), PriorPoint("lcmcr", "c", 9, 1, 2)]
    chains = [Chains("lcmcr", 1.2, 30, (1.0, 2.0)), Chains("threshold", 1.001, 900, (1.0, 1.0))]
    found = panel.bayesian_findings(priors, chains)
    assert [(one.code, one.values["method"]) for one in found] == [
        ("chains_disagree", "lcmcr"),
        ("chains_agree", "threshold"),
        ("prior_moves", "dga"),
        ("prior_steady", "lcmcr"),
    ]
    assert codes(panel.bayesian_findings([], [])) == {"no_bayesian": "warn"}


def test_linkage_warns_when_the_estimate_moves_by_a_tenth() -> None:
    near, far = (LinkageWhatIf("false", 0.05, middle, 1, 2, 9, 0) for middle in (109.0, 111.0))
    lost = LinkageWhatIf("missed", 0.05, inf, 1, inf, 9, 6)
    assert [one.verdict for one in panel.linkage_findings([near, far], 100.0)] == ["pass", "warn"]
    assert codes(panel.linkage_findings([lost], 100.0)) == {"linkage_missed_breaks": "warn"}
    assert codes(panel.linkage_findings([lost], None)) == {"linkage_untested": "warn"}


def test_the_untestable_assumption_is_always_said_and_answers_are_kept() -> None:
    found = codes(panel.assumption_findings({"same_period": "yes", "same_people": "no"}, None))
    assert found["highest_interaction"] == "warn"
    assert (found["same_period_yes"], found["same_people_no"]) == ("pass", "warn")
    assert found["same_definition_unknown"] == "warn"
    assert len(found) == 1 + len(panel.ASSUMPTIONS)
    assert codes(panel.assumption_findings(None, None, "A"))["censored_untested"] == "warn"
    assert "censored_kept" in codes(panel.assumption_findings(None, CensoredResult("A", 10, 9.0, 99.0)))
    assert "censored_exceeds" in codes(panel.assumption_findings(None, CensoredResult("A", 10, 11.0, 99.0)))
