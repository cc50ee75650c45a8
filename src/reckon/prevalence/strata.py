"""Rates per 100,000 (SDG 16.2.2) by sex, age, form of exploitation or place, only from groups whose data bear one.

A group without enough people on several lists, below the threshold of publication or without a known size of the group in
the country is not published, and the reason is. A rate cannot be built without its interval and its warnings.
Source: United Nations, metadata of SDG indicator 16.2.2; Cruyff, van Dijk & van der Heijden, Chance 30(3), 2017.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from math import isfinite

from reckon.prevalence import evidence, methods, panel
from reckon.prevalence.captures import BadCaptures, Captures, NotEstimable
from reckon.prevalence.covariates import JointTable
from reckon.prevalence.joint import JointDesign, terms
from reckon.prevalence.joint_search import search
from reckon.prevalence.joint_totals import Total, totals
from reckon.prevalence.preparing import prepared
from reckon.prevalence.results import Finding, Interval, Options
from reckon.prevalence.study import check

PER = 100_000
FAILS = ("few_on_several",)
"""Findings of the panel's first item, besides refusals, with which a group's number is not published."""


@dataclass(frozen=True)
class Rate:
    """One group: people seen, estimate, interval, size of the group in the country, rate per 100,000 with its interval.

    Raises ValueError without warnings, or for an interval that does not fit.
    """

    group: str
    observed: int
    total: float
    interval: Interval
    population: int
    warnings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        if not self.warnings:
            raise ValueError("a rate needs its warnings")
        if not self.interval.lower <= self.interval.upper or not isfinite(self.total) or self.population < 1:
            raise ValueError("a rate needs its interval and a population")

    @property
    def per_100k(self) -> float:
        return self.total / self.population * PER

    @property
    def limits_per_100k(self) -> tuple[float, float]:
        return self.interval.lower / self.population * PER, self.interval.upper / self.population * PER


@dataclass(frozen=True)
class NotPublished:
    """A group without a rate: `code` is small_count, not_adequate, no_population or that of a refusal."""

    group: str
    code: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Rates:
    """All groups of one covariate. `model`: the terms of the joint model, empty when each group stands alone."""

    covariate: str
    model: tuple[str, ...]
    groups: tuple[Rate | NotPublished, ...]
    options: Options


def joint_rates(
    table: JointTable, covariate: str, populations: Mapping[str, int], options: Options, smallest: int = 10
) -> Rates:
    """Rates from one model of lists and covariates, chosen by BIC; groups lend each other strength.

    The interval is by parametric bootstrap and does not include the choice of the model, which a warning says. Groups
    with fewer than `smallest` people seen are not published. Raises NotEstimable when the whole has no estimate.
    """
    _check(table, covariate, options)
    design = JointDesign(table)
    fit = search(design, ("bic",)).selected
    found = totals(design, fit, boot=options.boot, seed=options.seed, level=options.level)
    said = (Finding("choice_not_included", "warn", {}), Finding("highest_interaction", "warn", {}))
    groups = []
    for total in found.levels[covariate]:
        (name,) = total.name
        interval = Interval(total.lower, total.upper, options.level, "parametric", model_choice=False)
        groups.append(_judged(table, covariate, total, interval, populations.get(name), said, smallest))
    return Rates(covariate, tuple(terms(design, fit.model)), tuple(groups), options)


def separate_rates(
    table: JointTable,
    covariate: str,
    populations: Mapping[str, int],
    options: Options,
    smallest: int = 10,
    executor: Executor | None = None,
) -> Rates:
    """Rates from every group for itself, by the first method of the options, the choice of model in the interval.

    A method whose interval leaves the choice out has none. The executor changes no number.
    """
    _check(table, covariate, options)
    levels = next(one.levels for one in table.covariates if one.name == covariate)
    groups: list[Rate | NotPublished] = []
    for name in levels:
        captures = table.captures({covariate: name})
        try:
            estimate = methods.run(options.methods[0], prepared(captures).captures, options, executor).estimate
        except NotEstimable as reason:
            groups.append(NotPublished(name, reason.code, tuple(_adequacy(captures))))
            continue
        if estimate.interval is None or not estimate.interval.model_choice:
            groups.append(NotPublished(name, "not_a_headline", ()))
            continue
        total = Total((name,), captures.n, estimate.total, estimate.interval.lower, estimate.interval.upper)
        said = (Finding("highest_interaction", "warn", {}), *estimate.notes)
        groups.append(_judged(table, covariate, total, estimate.interval, populations.get(name), said, smallest))
    return Rates(covariate, (), tuple(groups), options)


def _check(table: JointTable, covariate: str, options: Options) -> None:
    check(options)
    names = [one.name for one in table.covariates]
    if covariate not in names:
        raise BadCaptures(f"There is no covariate {covariate}; there are {', '.join(names) or 'none'}.")


def _judged(
    table: JointTable,
    covariate: str,
    total: Total,
    interval: Interval,
    population: int | None,
    said: Sequence[Finding],
    smallest: int,
) -> Rate | NotPublished:
    (name,) = total.name
    findings = _adequacy(table.captures({covariate: name}))
    concerns = tuple(finding for finding in findings if finding.verdict != "pass")
    if total.observed < smallest:
        return NotPublished(name, "small_count", ())
    if any(finding.verdict == "refuse" or finding.code in FAILS for finding in findings):
        return NotPublished(name, "not_adequate", concerns)
    if population is None or population < 1:
        return NotPublished(name, "no_population", concerns)
    if not isfinite(total.estimate):
        return NotPublished(name, "not_finite", concerns)
    if total.estimate < total.observed:
        return NotPublished(name, "below_seen", concerns)
    if not isfinite(interval.upper):
        said = (Finding("no_upper_limit", "warn", {}), *said)
    return Rate(name, total.observed, total.estimate, interval, population, (*concerns, *said))


def _adequacy(captures: Captures) -> list[Finding]:
    return panel.adequacy_findings(evidence.adequacy(captures), ())
