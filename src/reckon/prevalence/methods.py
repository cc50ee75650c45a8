"""Every method asked the same way: captures in, an estimate with its interval out, and what the panel needs of it.

Papers: `stepwise` Chan, Silverman & Vincent 2021; `bic` Silverman, Chan & Vincent 2024; `threshold` Silverman 2020; `dga`
Madigan & York 1997; `lcmcr` Manrique-Vallier 2016; `chao` Chao 1987; `chapman` Chapman 1951. `mixture` are latent classes by
maximum likelihood (EM), `independence` the main effects alone.
"""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite

from reckon.prevalence import bounds, decomposable, gibbs, intervals, latent, mixture, resample, threshold
from reckon.prevalence.captures import BadCaptures, Captures, NotEstimable
from reckon.prevalence.caution import Caution
from reckon.prevalence.criterion import first_models, lowest_many, rank
from reckon.prevalence.downhill import DEFAULT_ORDER, downhill_many
from reckon.prevalence.fit import fit
from reckon.prevalence.models import MOST_ENUMERATED, Model, generators, independence
from reckon.prevalence.results import (
    Bootstrap,
    Chains,
    Estimate,
    Finding,
    Interval,
    Limit,
    ModelShare,
    Options,
    PriorPoint,
)
from reckon.prevalence.stepwise import stepwise_many

ORDER = ("stepwise", "bic", "threshold", "dga", "lcmcr", "mixture", "chao", "independence", "chapman")
NEED_THREE = ("stepwise", "bic", "threshold", "lcmcr", "mixture", "independence")
"""Methods that say nothing about two lists that Chapman's estimate does not say better."""

DELTAS = (0.25, 1.0, 4.0)
"""Of the default 2^-m; much larger ones are known to fail on sparse tables."""
TOP_MODELS = 113
"""Of the ranking by BIC that a replicate chooses from: all of them up to four lists, close to all with five."""
SHOWN_MODELS = 20
BURN_IN = 20_000
TRIED_SWEEPS = 5_000
TRIED_CHAINS = 4

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Ran:
    """A method's answer and, where it has them, its replicates, its chains and other settings of its prior."""

    estimate: Estimate
    bootstrap: Bootstrap | None = None
    chains: tuple[Chains, ...] = ()
    priors: tuple[PriorPoint, ...] = ()


def run(
    method: str,
    captures: Captures,
    options: Options,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Ran:
    """Run one method on prepared captures. Raises NotEstimable, and BadCaptures for a method that there is not."""
    if method not in _RUN:
        raise BadCaptures(f"There is no method {method}; there are {', '.join(ORDER)}.")
    if captures.m == 2 and method in NEED_THREE:
        raise NotEstimable("two_lists", "This method needs three lists or more; with two, see Chapman's estimate.")
    return _RUN[method](captures, options, executor, progress)


def _stepwise(captures: Captures, options: Options, executor: Executor | None, progress: Progress | None) -> Ran:
    select = partial(stepwise_many, threshold=options.threshold)
    drawn = resample.bootstrap(captures, select, options.boot, options.seed, executor, progress)
    return _resampled("stepwise", captures, drawn, options.level)


def _bic(captures: Captures, options: Options, executor: Executor | None, progress: Progress | None) -> Ran:
    if captures.m <= MOST_ENUMERATED:
        select = partial(lowest_many, models=first_models(rank(captures, options.max_order), TOP_MODELS))
    else:
        select = partial(downhill_many, max_order=options.max_order or DEFAULT_ORDER)
    drawn = resample.bootstrap(captures, select, options.boot, options.seed, executor, progress)
    return _resampled("bic", captures, drawn, options.level)


def _resampled(method: str, captures: Captures, drawn: resample.Bootstrap, level: float) -> Ran:
    """BCa, or percentiles where BCa cannot be computed. Raises NotEstimable when most replicates have no estimate."""
    notes: tuple[Finding, ...] = ()
    try:
        found, kind = intervals.bca(drawn, level), "bca"
    except NotEstimable as reason:
        found, kind = intervals.percentile(drawn, level), "percentile"
        notes = (Finding("percentile_instead", "warn", {"why": reason.code}),)
    lower, upper = found.limits
    if not isfinite(lower):
        raise NotEstimable(
            "no_interval", "In most resamples of these data there is no estimate, so there is no interval."
        )
    limits = tuple(
        Limit(limit.quantile, limit.value, limit.monte_carlo_error, limit.extreme)
        for limit in (found.lower, found.upper)
    )
    shares = tuple(ModelShare(generators(model), share) for model, share in drawn.model_shares().items())
    interval = Interval(lower, upper, level, kind, model_choice=True)
    model = generators(drawn.model) if drawn.model else ""
    totals = tuple(float(total) for total in drawn.totals)
    return Ran(Estimate(method, drawn.total, interval, model, notes), Bootstrap(totals, limits, shares))


def _independence(captures: Captures, options: Options, _executor: Executor | None, _progress: Progress | None) -> Ran:
    model: Model = independence(captures.m)
    found = fit(captures, model)
    interval = Interval(*found.wald(options.level), options.level, "wald", model_choice=False)
    return Ran(Estimate("independence", found.total, interval, generators(model)))


def _dga(captures: Captures, options: Options, _executor: Executor | None, _progress: Progress | None) -> Ran:
    found = decomposable.average(captures, level=options.level)
    deltas = [times * 2.0**-captures.m for times in DELTAS]
    tried = decomposable.sensitivity(captures, deltas, level=options.level)
    priors = tuple(PriorPoint("dga", f"delta={one.delta:g}", one.total, one.low, one.high) for one in tried)
    interval = Interval(found.low, found.high, options.level, "credible", model_choice=True)
    model = found.top[0].cliques
    return Ran(Estimate("dga", found.total, interval, model, _notes(found.warnings)), priors=priors)


def _lcmcr(captures: Captures, options: Options, _executor: Executor | None, progress: Progress | None) -> Ran:
    setting = gibbs.Options(sweeps=options.sweeps, burn_in=min(BURN_IN, options.sweeps), seed=options.seed)
    found = latent.latent_classes(captures, setting, level=options.level, progress=progress)
    short = replace(
        setting,
        chains=TRIED_CHAINS,
        sweeps=min(TRIED_SWEEPS, setting.sweeps),
        burn_in=min(TRIED_SWEEPS, setting.burn_in),
    )
    tried = {
        "K=5": replace(short, classes=5),
        "a=b=1": replace(short, shape=1.0, rate=1.0),
        "N-n<=5n": replace(short, bound=5.0),
    }
    priors = [_prior("K=10", found)]
    priors += [
        _prior(name, latent.latent_classes(captures, other, level=options.level)) for name, other in tried.items()
    ]
    chains = Chains("lcmcr", found.chains.rhat, found.chains.effective, found.chains.chain_medians)
    interval = Interval(found.low.value, found.high.value, options.level, "credible", model_choice=True)
    estimate = Estimate("lcmcr", found.total, interval, "", _notes(found.warnings))
    return Ran(estimate, chains=(chains,), priors=tuple(priors))


def _prior(setting: str, found: latent.LatentClasses) -> PriorPoint:
    return PriorPoint("lcmcr", setting, found.total, found.low.value, found.high.value)


def _threshold(captures: Captures, options: Options, _executor: Executor | None, _progress: Progress | None) -> Ran:
    """The posterior of the terms that were kept: that others might have been is not in the interval."""
    order = 3 if (options.max_order or 2) > 2 else 2
    found = threshold.thresholded(captures, max_order=order, level=options.level, seed=options.seed)
    chains = Chains("threshold", found.chains.rhat, found.chains.effective, found.chains.chain_medians)
    interval = Interval(found.low.value, found.high.value, options.level, "credible", model_choice=False)
    return Ran(Estimate("threshold", found.total, interval, found.generators, _notes(found.warnings)), chains=(chains,))


def _mixture(captures: Captures, options: Options, _executor: Executor | None, _progress: Progress | None) -> Ran:
    """The number of classes by BIC; without interval, as a check from below."""
    found = mixture.best(mixture.mixtures(captures, seed=options.seed))
    return Ran(Estimate("mixture", found.total, None, f"K={found.classes}", _notes(found.warnings)))


def _chao(captures: Captures, options: Options, _executor: Executor | None, _progress: Progress | None) -> Ran:
    """Chao's bound; its bias-corrected form where nobody is on exactly two lists."""
    bound = bounds.chao if captures.by_number[1] else bounds.chao_corrected
    return _closed("chao", bound(captures, options.level))


def _chapman(captures: Captures, options: Options, _executor: Executor | None, _progress: Progress | None) -> Ran:
    return _closed("chapman", bounds.chapman(captures, options.level))


def _closed(method: str, found: bounds.ClosedForm) -> Ran:
    interval = Interval(found.low, found.high, found.level, method, model_choice=True)
    return Ran(Estimate(method, found.total, interval, "", _notes(found.warnings)))


def _notes(cautions: tuple[Caution, ...]) -> tuple[Finding, ...]:
    """What a method has to say about its own answer: the code for translations, the English sentence beside it."""
    said = (one for one in cautions if one.code != "list_dropped")
    return tuple(Finding(f"note_{one.code}", "warn", {"sentence": one.sentence}) for one in said)


_RUN: dict[str, Callable[[Captures, Options, Executor | None, Progress | None], Ran]] = {
    "stepwise": _stepwise,
    "bic": _bic,
    "threshold": _threshold,
    "mixture": _mixture,
    "dga": _dga,
    "lcmcr": _lcmcr,
    "chao": _chao,
    "independence": _independence,
    "chapman": _chapman,
}
