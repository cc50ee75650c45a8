"""The eleven items of the reliability panel: from what was computed to verdicts and plain sentences (codes).

Each function takes what was computed for its item and returns the findings; nothing is asserted that was not computed.
Sources: Binette & Steorts 2022; Whitehead et al. 2021; Sharifi Far et al. 2021; Silverman 2020; the limits between pass and
warn are ours, are named here, and are told to the reader with the value.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite, log
from statistics import mean
from typing import Literal

from reckon.prevalence.linkage_error import LinkageWhatIf, Pooled
from reckon.prevalence.results import (
    Adequacy,
    Bootstrap,
    CensoredResult,
    Chains,
    Cluster,
    Consistency,
    DroppedList,
    Finding,
    Item,
    ModelCheck,
    ModelPoint,
    PriorPoint,
    TrajectoryPoint,
    Value,
    Variant,
    Verdict,
)

CODES = (
    "adequacy",
    "existence",
    "spread",
    "bimodality",
    "lists",
    "consistency",
    "trajectory",
    "bootstrap",
    "bayesian",
    "linkage",
    "assumptions",
)

ASSUMPTIONS = ("same_period", "same_people", "same_definition", "everyone_reachable", "linkage_checked", "no_outsiders")
"""What the analyst is asked: one period, nobody comes or goes; ...; no list holds people who are not of the population."""

FEWEST_ON_SEVERAL = 30
SMALL_LIST = 10
WIDE = 1.5
"""Ratio of the highest to the lowest answer above which methods, models or lists disagree."""
BIC_CLOSE = 2.0
RESTLESS = 1.25
"""Ratio of the highest to the lowest estimate of a trajectory above which it has not settled."""
LOST_SHARE = 0.05
STABLE_SHARE = 0.5
LIMIT_ERROR = 0.05
R_HAT = 1.05
COVERED_SHARE = 0.8
LINKAGE_MOVE = 0.1
LINKAGE_PART = 0.1
"""Share of the variance that comes from not knowing the linkage above which it is no side issue."""


def item(number: int, findings: Sequence[Finding]) -> Item:
    """Item `number` (1 to 11) with its findings."""
    return Item(number, CODES[number - 1], tuple(findings))


def _pass(code: str, **values: Value) -> Finding:
    return Finding(code, "pass", values)


def _warn(code: str, **values: Value) -> Finding:
    return Finding(code, "warn", values)


def _refuse(code: str, **values: Value) -> Finding:
    return Finding(code, "refuse", values)


def adequacy_findings(found: Adequacy, dropped: Sequence[DroppedList]) -> list[Finding]:
    """Item 1: how much the data can bear."""
    several = found.on_several
    if not several:
        return [_refuse("no_overlap", n=found.n)]
    findings = [
        _warn("few_on_several", several=several, n=found.n, least=FEWEST_ON_SEVERAL)
        if several < FEWEST_ON_SEVERAL
        else _pass("enough_on_several", several=several, n=found.n)
    ]
    if len(found.lists) == 2:
        findings.append(_warn("two_lists"))
    if found.apart:
        pairs = ", ".join(":".join(pair) for pair in found.apart)
        possible = len(found.lists) * (len(found.lists) - 1) // 2
        findings.append(_warn("lists_apart", pairs=pairs, number=len(found.apart), possible=possible))
    if found.small:
        findings.append(_warn("small_lists", lists=", ".join(found.small), least=SMALL_LIST))
    findings += [_warn(f"dropped_{one.why}", list=one.name, other=one.other, lost=one.lost) for one in dropped]
    return findings


def existence_findings(checks: Sequence[ModelCheck]) -> list[Finding]:
    """Item 2: whether the chosen model and the model of all pairs can be estimated at all."""
    findings: list[Finding] = []
    for check in checks:
        if check.code:
            grave: Verdict = "refuse" if check.what == "chosen" else "warn"
            findings.append(Finding(f"{check.what}_not_estimable", grave, {"model": check.model, "code": check.code}))
        elif check.infinite:
            findings.append(_warn(f"{check.what}_infinite", model=check.model, terms=", ".join(check.infinite)))
        else:
            findings.append(_pass(f"{check.what}_estimable", model=check.model))
    return findings


def spread_findings(answers: Sequence[tuple[str, float]]) -> list[Finding]:
    """Item 3: how far methods and specifications lie apart. `answers`: (where from, total)."""
    if not answers:
        return [_refuse("no_method")]
    low, high = min(answers, key=_total), max(answers, key=_total)
    ratio = high[1] / low[1]
    values: dict[str, Value] = {
        "lowest": low[1],
        "lowest_from": low[0],
        "highest": high[1],
        "highest_from": high[0],
        "ratio": ratio,
    }
    return [Finding("spread_wide", "warn", values) if ratio > WIDE else Finding("spread_narrow", "pass", values)]


def _total(answer: tuple[str, float]) -> float:
    return answer[1]


def clusters(models: Sequence[ModelPoint], close: float = BIC_CLOSE, wide: float = WIDE) -> tuple[Cluster, ...]:
    """Groups of totals among the models within `close` BIC units of the best.

    One group unless the totals span more than the ratio `wide`; then they part at the widest gap (of logarithms).
    """
    if not models:
        return ()
    best = min(point.bic for point in models)
    near = sorted((point for point in models if point.bic <= best + close), key=lambda point: point.total)
    if near[-1].total <= wide * near[0].total:
        return (_cluster(near),)
    gaps = [log(after.total / before.total) for before, after in pairwise(near)]
    cut = gaps.index(max(gaps)) + 1
    return _cluster(near[:cut]), _cluster(near[cut:])


def _cluster(points: Sequence[ModelPoint]) -> Cluster:
    best = min(points, key=lambda point: point.bic)
    return Cluster(points[0].total, points[-1].total, len(points), best.model, best.bic)


def bimodality_findings(found: Sequence[Cluster]) -> list[Finding]:
    """Item 4: whether models that fit equally well give answers far apart."""
    if not found:
        return [_warn("models_not_ranked")]
    if len(found) == 1:
        (one,) = found
        if one.models == 1:
            return [_pass("one_model", model=one.best, total=one.lowest)]
        return [_pass("one_cluster", lowest=one.lowest, highest=one.highest, models=one.models)]
    low, high = found
    return [
        _warn(
            "two_clusters",
            low_from=low.lowest,
            low_to=low.highest,
            high_from=high.lowest,
            high_to=high.highest,
            ratio=high.highest / low.lowest,
        )
    ]


def list_findings(found: Sequence[Variant], total: float | None) -> list[Finding]:
    """Item 5: what happens without a list, or with two lists taken as one."""
    if not found:
        return [_warn("lists_not_testable")]
    known = [variant for variant in found if variant.total is not None]
    findings = []
    if lost := [variant for variant in found if variant.total is None]:
        findings.append(_warn("variants_without_estimate", number=len(lost), of=len(found)))
    if not known or total is None:
        return findings or [_warn("lists_not_testable")]
    far = max(known, key=lambda variant: abs(log((variant.total or total) / total)))
    ratio = (far.total or total) / total
    values: dict[str, Value] = {"lists": " + ".join(far.lists), "total": far.total or total, "ratio": ratio}
    is_far = max(ratio, 1 / ratio) > WIDE
    findings.append(
        Finding(f"list_{far.what}_moves", "warn", values) if is_far else Finding("lists_steady", "pass", values)
    )
    return findings


def consistency_findings(found: Sequence[Consistency]) -> list[Finding]:
    """Item 6: whether the method finds list sizes that are known."""
    tested = [row for row in found if row.total is not None]
    if not tested:
        return [_warn("consistency_untested", lists=len(found))]
    bias = mean(log((row.total or row.known) / row.known) for row in tested)
    covered = sum(bool(row.covered) for row in tested)
    values: dict[str, Value] = {"covered": covered, "tested": len(tested), "lists": len(found), "bias": bias}
    if covered < COVERED_SHARE * len(tested):
        return [Finding("consistency_low", "warn", values)]
    is_partial = len(tested) < len(found)
    return [
        Finding("consistency_partial" if is_partial else "consistency_good", "warn" if is_partial else "pass", values)
    ]


def trajectory_findings(found: Sequence[TrajectoryPoint]) -> list[Finding]:
    """Item 7: whether the estimate stays where it is as the data grow from a half to twice as many."""
    known = [point.total for point in found if point.total is not None]
    if len(known) < len(found) or not known:
        return [_warn("trajectory_breaks", number=len(found) - len(known), of=len(found))]
    values: dict[str, Value] = {"lowest": min(known), "highest": max(known), "ratio": max(known) / min(known)}
    jumps = max(known) > RESTLESS * min(known)
    return [Finding("trajectory_jumps", "warn", values) if jumps else Finding("trajectory_settles", "pass", values)]


def bootstrap_findings(found: Bootstrap | None) -> list[Finding]:
    """Item 8: what the interval rests on."""
    if found is None:
        return [_warn("no_bootstrap")]
    findings = []
    if found.not_estimable > 0:
        grave: Verdict = "warn" if found.not_estimable > LOST_SHARE else "pass"
        findings.append(Finding("replicates_lost", grave, {"share": found.not_estimable}))
    if any(limit.is_extreme for limit in found.limits):
        findings.append(_warn("limits_extreme", replicates=len(found.totals)))
    error = max((limit.error / limit.value for limit in found.limits if isfinite(limit.value)), default=0.0)
    if error > LIMIT_ERROR:
        # an error that has no bound is told as the whole of the limit
        findings.append(_warn("limits_uncertain", share=min(error, 1.0), replicates=len(found.totals)))
    if found.models and found.models[0].share < STABLE_SHARE:
        findings.append(_warn("choice_unstable", share=found.models[0].share, models=len(found.models)))
    elif found.models:
        findings.append(_pass("choice_stable", share=found.models[0].share, models=len(found.models)))
    return findings or [_pass("bootstrap_complete", replicates=len(found.totals))]


def bayesian_findings(priors: Sequence[PriorPoint], chains: Sequence[Chains]) -> list[Finding]:
    """Item 9: what the prior decides, and whether the chains tell one story."""
    if not priors and not chains:
        return [_warn("no_bayesian")]
    findings = []
    for one in chains:
        verdict: Verdict = "warn" if one.r_hat > R_HAT else "pass"
        code = "chains_disagree" if one.r_hat > R_HAT else "chains_agree"
        values: dict[str, Value] = {"method": one.method, "r_hat": one.r_hat}
        findings.append(Finding(code, verdict, values))
    for method in dict.fromkeys(point.method for point in priors):
        totals = [point.total for point in priors if point.method == method]
        spread: dict[str, Value] = {"method": method, "lowest": min(totals), "highest": max(totals)}
        is_far = max(totals) > WIDE * min(totals)
        findings.append(Finding("prior_moves", "warn", spread) if is_far else Finding("prior_steady", "pass", spread))
    return findings


def linkage_findings(
    found: Sequence[LinkageWhatIf], total: float | None, together: Pooled | None = None, tables: int = 0
) -> list[Finding]:
    """Item 10: how much errors of linkage would move the estimate; `together` is over `tables` imputed linkages."""
    if not found or total is None:
        return [_warn("linkage_untested")]
    findings = []
    if tables and together is None:
        findings.append(_warn("linkages_without_estimate", tables=tables))
    if together:
        said: dict[str, Value] = {
            "tables": tables,
            "total": together.total,
            "lower": together.lower,
            "upper": together.upper,
            "share": together.linkage_share,
        }
        findings.append(Finding("linkages_pooled", "warn" if together.linkage_share > LINKAGE_PART else "pass", said))
    for what in found:
        if not isfinite(what.median):
            findings.append(_warn(f"linkage_{what.kind}_breaks", share=what.share))
            continue
        move = what.median / total - 1
        verdict: Verdict = "warn" if abs(move) > LINKAGE_MOVE else "pass"
        values: dict[str, Value] = {"share": what.share, "total": what.median, "move_share": move}
        findings.append(Finding(f"linkage_{what.kind}", verdict, values))
    return findings


def assumption_findings(
    answers: Mapping[str, Literal["yes", "no", "unknown"]] | None, censored: CensoredResult | None, asked: str = ""
) -> list[Finding]:
    """Item 11: what only people who know the lists can say, and the assumption that nobody can test.

    `asked` is the list said to hold outsiders, whether or not there is a result for it.
    """
    given = answers or {}
    findings = [_warn("highest_interaction")]
    for name in ASSUMPTIONS:
        answer = given.get(name, "unknown")
        findings.append(Finding(f"{name}_{answer}", "pass" if answer == "yes" else "warn", {}))
    if asked and not censored:
        findings.append(_warn("censored_untested", list=asked))
    if censored:
        values: dict[str, Value] = {
            "list": censored.name,
            "bound": censored.bound,
            "predicted": censored.predicted,
            "total": censored.total,
        }
        kept = censored.predicted <= censored.bound
        findings.append(Finding("censored_kept" if kept else "censored_exceeds", "warn", values))
    return findings
