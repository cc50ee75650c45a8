"""One study of one population: a headline that cannot stand alone, every other method beside it, and the panel.

`study` computes it, `rerun` computes it again: the same bits with the same versions on the same machine. The types are in
`results`, JSON in `stored`, words in `wording`.
"""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import lru_cache, partial
from importlib.resources import files
from math import isfinite
from typing import Literal

import numpy as np
import scipy

from reckon.prevalence import evidence, methods, panel, wording
from reckon.prevalence.captures import BadCaptures, Captures, NotEstimable
from reckon.prevalence.evidence import Evidence, Told
from reckon.prevalence.lattice import MOST_FITTED
from reckon.prevalence.methods import Ran
from reckon.prevalence.preparing import prepared
from reckon.prevalence.results import (
    Adequacy,
    DroppedList,
    Estimate,
    Finding,
    Headline,
    Item,
    NoEstimate,
    Options,
    Panel,
    Provenance,
    Study,
)

STANDARD = ("stepwise", "bic", "dga", "chao", "independence")
"""The methods of an ordinary study: seconds. `methods.ORDER` are all of them; Markov chains take longer."""
FEWEST_REPLICATES = 50
FAR_BEYOND = 50
"""Times the people seen above which a total is told to rest on hardly anything."""

Answers = Mapping[str, Literal["yes", "no", "unknown"]]


def study(
    captures: Captures,
    *,
    methods: Sequence[str] = STANDARD,
    boot: int = 1000,
    seed: int = 0,
    level: float = 0.95,
    threshold: float = 0.02,
    max_order: int | None = None,
    sweeps: int = 30_000,
    censored: str = "",
    assumptions: Answers | None = None,
    imputed: Sequence[Captures] = (),
    executor: Executor | None = None,
    progress: Told | None = None,
) -> Study:
    """The whole answer. The first of `methods` is the headline's; for two lists it is Chapman's estimate.

    `boot` replicates (50 or more) with the whole selection in each; `threshold` of stepwise selection; `max_order` of the
    terms of BIC selection; `sweeps` of Markov chains; `censored` and `assumptions` see `Options`; `imputed` are other
    linkages of the same records (item 10). The executor changes no number. Data without an estimate give a study that says
    so; raises BadCaptures for options that make no sense.
    """
    answers = dict(assumptions) if assumptions else None
    options = Options(tuple(methods), boot, seed, level, threshold, max_order, sweeps, censored, answers)
    return with_options(captures, options, executor, progress, imputed)


def rerun(
    found: Study,
    captures: Captures,
    executor: Executor | None = None,
    progress: Told | None = None,
    imputed: Sequence[Captures] = (),
) -> Study:
    """The same study once more. Raises BadCaptures when these are not the data that it was computed from."""
    digests = tuple(table.digest() for table in imputed)
    if (captures.digest(), digests) != (found.provenance.digest, found.provenance.imputed):
        raise BadCaptures("These are not the data of the stored study: their digest differs.")
    return with_options(captures, found.options, executor, progress, imputed)


def with_options(
    captures: Captures,
    options: Options,
    executor: Executor | None = None,
    progress: Told | None = None,
    imputed: Sequence[Captures] = (),
) -> Study:
    """The study that these options ask for."""
    check_study(captures, options)
    told = progress or _silent
    provenance = Provenance(captures.digest(), versions(), tuple(table.digest() for table in imputed))
    try:
        usable = prepared(captures)
    except NotEstimable as reason:
        return _unusable(captures, options, provenance, reason)
    dropped = tuple(DroppedList(one.name, one.why, one.other, one.lost) for one in usable.dropped)
    chosen = _chosen(usable.captures, options)
    ran, refused = _run_all(usable.captures, replace(options, methods=chosen), executor, told)
    found = evidence.gather(usable.captures, options, told, imputed)
    estimates = tuple(one.estimate for one in ran)
    judged = _panel(usable.captures, options, found, ran, dropped, chosen[0])
    headline = _headline(chosen[0], captures.n, estimates, refused, found, judged)
    return Study(headline, estimates, refused, dropped, judged, options, provenance)


def check_study(captures: Captures, options: Options) -> None:
    """Raises BadCaptures for options that make no sense, with these data or any, and for more lists than can be studied."""
    check(options)
    if options.censored:
        captures.position(options.censored)
    if captures.m > MOST_FITTED:
        raise BadCaptures(
            f"There are {captures.m} lists, and at most {MOST_FITTED} can be studied together; merge lists that meet people "
            "in the same way (several police forces, several shelters)."
        )


def check(options: Options) -> None:
    """Raises BadCaptures for options that make no sense with any data."""
    if not options.methods or any(method not in methods.ORDER for method in options.methods):
        raise BadCaptures(f"Choose methods among {', '.join(methods.ORDER)}.")
    if options.boot < FEWEST_REPLICATES:
        raise BadCaptures(f"An interval needs {FEWEST_REPLICATES} replicates or more; 1000 are usual.")
    if not 0.5 <= options.level < 1 or not 0 <= options.threshold <= 1 or options.seed < 0 or options.sweeps < 100:
        raise BadCaptures("The level lies from 0.5 to 1, the threshold from 0 to 1; seed and sweeps are not negative.")
    if options.max_order is not None and options.max_order < 1:
        raise BadCaptures("The largest term holds one list or more.")
    if unknown := set(options.assumptions or {}) - set(panel.ASSUMPTIONS):
        raise BadCaptures(f"There is no question {min(unknown)}; there are {', '.join(panel.ASSUMPTIONS)}.")


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """What a result depends on besides data and options; `reckon` is the digest of this package's own source."""
    digest = hashlib.sha256()
    sources = [file for file in files("reckon.prevalence").iterdir() if file.name.endswith(".py")]
    for file in sorted(sources, key=lambda file: file.name):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return {
        "reckon": digest.hexdigest(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "python": platform.python_version(),
    }


def _chosen(captures: Captures, options: Options) -> tuple[str, ...]:
    """The methods to run: with two lists Chapman's comes first, since no model can be chosen there."""
    if captures.m == 2:
        return ("chapman", *(one for one in options.methods if one not in (*methods.NEED_THREE, "chapman")))
    return tuple(dict.fromkeys(options.methods))


def _run_all(
    captures: Captures, options: Options, executor: Executor | None, told: Told
) -> tuple[tuple[Ran, ...], tuple[NoEstimate, ...]]:
    ran: list[Ran] = []
    refused: list[NoEstimate] = []
    for method in options.methods:
        told(method, 0, 1)
        try:
            ran.append(methods.run(method, captures, options, executor, partial(told, method)))
        except NotEstimable as reason:
            refused.append(NoEstimate(method, reason.code, reason.reason))
    return tuple(ran), tuple(refused)


def _panel(
    captures: Captures,
    options: Options,
    found: Evidence,
    ran: Sequence[Ran],
    dropped: Sequence[DroppedList],
    first: str,
) -> Panel:
    """Everything that was computed, and the verdicts on it."""
    bare = Panel(
        items=_items([[Finding("not_computed", "warn", {})]] * len(panel.CODES)),
        adequacy=found.adequacy,
        checks=found.checks,
        path=found.path,
        models=found.models,
        clusters=panel.clusters(found.models),
        variants=found.variants,
        consistency=found.consistency,
        trajectory=found.trajectory,
        bootstrap=next((one.bootstrap for one in ran if one.estimate.method == first), None),
        priors=tuple(point for one in ran for point in one.priors),
        chains=tuple(chain for one in ran for chain in one.chains),
        linkage=found.linkage,
        pooled=found.pooled,
        what_ifs=found.what_ifs,
        censored=evidence.censored(captures, options.censored),
    )
    return replace(bare, items=_items(_findings(bare, options, found, ran, dropped)))


def _findings(
    bare: Panel, options: Options, found: Evidence, ran: Sequence[Ran], dropped: Sequence[DroppedList]
) -> list[list[Finding]]:
    """The findings of the eleven items, in order."""
    return [
        panel.adequacy_findings(bare.adequacy, dropped),
        panel.existence_findings(bare.checks),
        panel.spread_findings(answers(found, [one.estimate for one in ran])),
        panel.bimodality_findings(bare.clusters),
        panel.list_findings(bare.variants, found.yardstick),
        panel.consistency_findings(bare.consistency),
        panel.trajectory_findings(bare.trajectory),
        panel.bootstrap_findings(bare.bootstrap),
        panel.bayesian_findings(bare.priors, bare.chains),
        panel.linkage_findings(bare.linkage, found.yardstick, bare.pooled, found.imputed),
        panel.assumption_findings(options.assumptions, bare.censored, options.censored),
    ]


def _items(findings: Sequence[Sequence[Finding]]) -> tuple[Item, ...]:
    return tuple(panel.item(number, one) for number, one in enumerate(findings, start=1))


def answers(found: Evidence, estimates: Sequence[Estimate]) -> list[tuple[str, float]]:
    """Every answer that the headline's range spans: all methods, the thresholds, the models close to the best BIC.

    The source is a method, "threshold:0.05" or "model:[12,3]".
    """
    best = min((point.bic for point in found.models), default=0.0)
    close = [point for point in found.models if point.bic <= best + panel.BIC_CLOSE]
    given = [(one.method, one.total) for one in estimates]
    given += [(f"threshold:{one.threshold:g}", one.total) for one in found.path if one.total is not None]
    given += [(f"model:{one.model}", one.total) for one in close]
    return [(source, total) for source, total in given if isfinite(total)]


def _headline(
    first: str,
    n: int,
    estimates: Sequence[Estimate],
    refused: Sequence[NoEstimate],
    found: Evidence,
    judged: Panel,
) -> Headline | NoEstimate:
    estimate = next((one for one in estimates if one.method == first), None)
    if estimate is None:
        return next(one for one in refused if one.method == first)
    if judged.verdict == "refuse":
        why = next(one for item in judged.items for one in item.findings if one.verdict == "refuse")
        return NoEstimate(first, why.code, wording.sentence(why))
    if estimate.interval is None or not estimate.interval.model_choice:
        return NoEstimate(first, "not_a_headline", wording.refusal_text("not_a_headline", "en"))
    if estimate.total < n:
        return NoEstimate(first, "below_seen", wording.refusal_text("below_seen", "en"))
    given = answers(found, estimates)
    low, high = min(given, key=_total), max(given, key=_total)
    return Headline(
        method=first,
        total=estimate.total,
        n=n,
        interval=estimate.interval,
        model=estimate.model,
        lowest=low[1],
        lowest_from=low[0],
        highest=high[1],
        highest_from=high[0],
        warnings=_warnings(judged, estimate, n),
    )


def _total(answer: tuple[str, float]) -> float:
    return answer[1]


def _warnings(judged: Panel, estimate: Estimate, n: int) -> tuple[Finding, ...]:
    found = [finding for item in judged.items for finding in item.findings if finding.verdict == "warn"]
    if estimate.interval and not isfinite(estimate.interval.upper):
        found.insert(0, Finding("no_upper_limit", "warn", {}))
    if estimate.total > FAR_BEYOND * n:
        found.insert(0, Finding("far_beyond_seen", "warn", {"times": round(estimate.total / n)}))
    return (*found, *estimate.notes)


def _unusable(captures: Captures, options: Options, provenance: Provenance, reason: NotEstimable) -> Study:
    """Data that no method can use: the study says so, and shows what there is."""
    found = evidence.adequacy(captures)
    first = options.methods[0]
    finding = Finding(reason.code, "refuse", {"n": captures.n})
    return Study(
        headline=NoEstimate(first, reason.code, reason.reason),
        estimates=(),
        refused=tuple(NoEstimate(method, reason.code, reason.reason) for method in options.methods),
        dropped=(),
        panel=_empty_panel(found, finding),
        options=options,
        provenance=provenance,
    )


def _empty_panel(found: Adequacy, finding: Finding) -> Panel:
    untested = [Finding("not_computed", "warn", {})]
    items = _items([[finding], *[untested] * (len(panel.CODES) - 1)])
    return Panel(items, found, (), (), (), (), (), (), (), None, (), (), (), None, (), None)


def _silent(_stage: str, _done: int, _all: int) -> None:
    """Nobody wants to know."""
