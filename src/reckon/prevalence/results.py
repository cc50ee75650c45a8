"""What a study of one population found: frozen, complete, and stored without rounding (`stored`).

A headline cannot be built without its interval, its range across methods and its warnings. What could not be estimated
is a result too (`NoEstimate`). Sentences are codes with values; `wording` puts them into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Literal

from reckon.prevalence.dependence import WhatIf
from reckon.prevalence.linkage_error import LinkageWhatIf, Pooled

Verdict = Literal["pass", "warn", "refuse"]
Value = str | int | float

GRAVITY: dict[Verdict, int] = {"pass": 0, "warn": 1, "refuse": 2}


@dataclass(frozen=True)
class Finding:
    """One plain sentence, by code, with the values that stand in it, and how grave it is."""

    code: str
    verdict: Verdict
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Interval:
    """`kind`: bca, percentile, wald, credible, parametric, chapman, chao.

    `model_choice`: whether the choice of the model is in it; true where no model is chosen.

    `upper` is infinite when the data set no upper limit.
    """

    lower: float
    upper: float
    level: float
    kind: str
    model_choice: bool


@dataclass(frozen=True)
class Estimate:
    """What one method says: the total (seen and unseen), its interval, the model it chose ("" when it chooses none)."""

    method: str
    total: float
    interval: Interval | None
    model: str
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class NoEstimate:
    """A method that has no answer on these data: a code and the reason in plain words (English)."""

    method: str
    code: str
    reason: str


@dataclass(frozen=True)
class Headline:
    """The number to quote and everything that has to be quoted with it.

    `lowest` and `highest` are the range over all methods and reasonable models, each with where it comes from. `unit`
    of all numbers: persons. Raises ValueError when a part is missing or does not fit.
    """

    method: str
    total: float
    n: int
    interval: Interval
    model: str
    lowest: float
    lowest_from: str
    highest: float
    highest_from: str
    warnings: tuple[Finding, ...]

    def __post_init__(self) -> None:
        if not isinstance(self.interval, Interval) or not self.interval.lower <= self.interval.upper:
            raise ValueError("a headline needs its interval")
        if not self.interval.model_choice:
            raise ValueError("the interval of a headline includes the choice of the model")
        if not (self.lowest <= self.total <= self.highest and self.lowest_from and self.highest_from):
            raise ValueError("a headline needs the range across methods, and lies in it")
        if not self.warnings or any(finding.verdict == "refuse" for finding in self.warnings):
            raise ValueError("a headline needs its warnings, and none that refuses it")
        if not isfinite(self.total) or self.total < self.n:
            raise ValueError("a headline is a finite number of people, those seen among them")

    @property
    def unseen(self) -> float:
        """The dark figure: people on no list."""
        return self.total - self.n


@dataclass(frozen=True)
class DroppedList:
    """A list left out before estimating: empty, a duplicate of `other`, or holding everybody; `lost` people with it."""

    name: str
    why: str
    other: str
    lost: int


@dataclass(frozen=True)
class Adequacy:
    """Panel item 1. `by_number`: people on exactly 1, 2, ... lists; `overlaps`: people shared, sizes on the diagonal.

    `apart`: pairs of lists that share nobody; `small`: lists of fewer than ten people.
    """

    n: int
    lists: tuple[str, ...]
    by_number: tuple[int, ...]
    overlaps: tuple[tuple[int, ...], ...]
    apart: tuple[tuple[str, str], ...]
    small: tuple[str, ...]

    @property
    def on_several(self) -> int:
        """People on two lists or more: all that is known of the unseen comes from them."""
        return sum(self.by_number[1:])

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(row[place] for place, row in enumerate(self.overlaps))


@dataclass(frozen=True)
class ModelCheck:
    """Panel item 2. `what`: chosen or all_pairs; `code` 0 estimable, 1 not finite, 2 not identified, 3 both.

    `infinite`: terms whose coefficient is minus infinity because their lists share nobody, as "A:B".
    """

    what: str
    model: str
    code: int
    infinite: tuple[str, ...]


@dataclass(frozen=True)
class PathPoint:
    """Panel item 3: the stepwise estimate at one threshold; no total when there is none."""

    threshold: float
    total: float | None
    model: str


@dataclass(frozen=True)
class ModelPoint:
    """Panel item 3: one of the models of lowest BIC."""

    model: str
    total: float
    bic: float


@dataclass(frozen=True)
class Cluster:
    """Panel item 4: models within two BIC units of the best whose totals lie close together; `best` of them."""

    lowest: float
    highest: float
    models: int
    best: str
    bic: float


@dataclass(frozen=True)
class Variant:
    """Panel item 5: the estimate `without` one list, or with two lists `merged`; `code` says why there is none."""

    what: Literal["without", "merged"]
    lists: tuple[str, ...]
    n: int
    total: float | None
    code: str = ""


@dataclass(frozen=True)
class Consistency:
    """Panel item 6: the known size of a list beside what the other lists make of it.

    `log_bias` is log(estimate / known); `covered` whether the interval holds the known size.
    """

    name: str
    known: int
    total: float | None
    lower: float | None
    upper: float | None
    dropped: tuple[str, ...]
    code: str = ""

    @property
    def covered(self) -> bool | None:
        if self.lower is None or self.upper is None:
            return None
        return self.lower <= self.known <= self.upper


@dataclass(frozen=True)
class TrajectoryPoint:
    """Panel item 7: the estimate from the first `size` people of two random orders, brought to all n (times n / size)."""

    size: int
    total: float | None


@dataclass(frozen=True)
class Limit:
    """Panel item 8: one limit of an interval, its Monte Carlo error, and whether it is an extreme replicate."""

    probability: float
    value: float
    error: float
    is_extreme: bool


@dataclass(frozen=True)
class ModelShare:
    """Panel item 8: how often the bootstrap chose a model."""

    model: str
    share: float


@dataclass(frozen=True)
class Bootstrap:
    """Panel item 8: totals of all replicates in the order drawn, infinite where there was no estimate."""

    totals: tuple[float, ...]
    limits: tuple[Limit, ...]
    models: tuple[ModelShare, ...]

    @property
    def not_estimable(self) -> float:
        """Share of replicates without an estimate."""
        return sum(not isfinite(total) for total in self.totals) / len(self.totals)


@dataclass(frozen=True)
class PriorPoint:
    """Panel item 9: what a Bayesian method says under one setting of its prior."""

    method: str
    setting: str
    total: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Chains:
    """Panel item 9: several chains of one method: split R-hat, effective draws, the median of each chain."""

    method: str
    r_hat: float
    effective: float
    medians: tuple[float, ...]


@dataclass(frozen=True)
class CensoredResult:
    """Panel item 11: the estimate with the cell "on this list only" predicted instead of believed."""

    name: str
    bound: int
    predicted: float
    total: float


@dataclass(frozen=True)
class Item:
    """One of the eleven items of the panel: the worst verdict of its findings, and the findings."""

    number: int
    code: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        return max((finding.verdict for finding in self.findings), key=GRAVITY.__getitem__)


@dataclass(frozen=True)
class Panel:
    """The reliability panel: eleven items in order, and what each was computed from."""

    items: tuple[Item, ...]
    adequacy: Adequacy
    checks: tuple[ModelCheck, ...]
    path: tuple[PathPoint, ...]
    models: tuple[ModelPoint, ...]
    clusters: tuple[Cluster, ...]
    variants: tuple[Variant, ...]
    consistency: tuple[Consistency, ...]
    trajectory: tuple[TrajectoryPoint, ...]
    bootstrap: Bootstrap | None
    priors: tuple[PriorPoint, ...]
    chains: tuple[Chains, ...]
    linkage: tuple[LinkageWhatIf, ...]
    pooled: Pooled | None
    what_ifs: tuple[WhatIf, ...]
    censored: CensoredResult | None

    def __post_init__(self) -> None:
        if [item.number for item in self.items] != list(range(1, 12)):
            raise ValueError("the panel has eleven items, in order")

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all items."""
        return max((item.verdict for item in self.items), key=GRAVITY.__getitem__)


@dataclass(frozen=True)
class Options:
    """Everything that decides the result besides the data.

    `methods`: the first is the headline's; `sweeps`: length of Markov chains; `censored`: a list that holds outsiders ("":
    none); `assumptions`: the analyst's answers to the questions `panel.ASSUMPTIONS`.
    """

    methods: tuple[str, ...]
    boot: int
    seed: int
    level: float = 0.95
    threshold: float = 0.02
    max_order: int | None = None
    sweeps: int = 30_000
    censored: str = ""
    assumptions: Mapping[str, Literal["yes", "no", "unknown"]] | None = None


@dataclass(frozen=True)
class Provenance:
    """Where the result comes from: digest of the data, versions of what computed it, digests of imputed linkages."""

    digest: str
    versions: Mapping[str, str]
    imputed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Study:
    """The whole answer about one population. Build it with `study.study`, read it back with `stored.from_json`."""

    headline: Headline | NoEstimate
    estimates: tuple[Estimate, ...]
    refused: tuple[NoEstimate, ...]
    dropped: tuple[DroppedList, ...]
    panel: Panel
    options: Options
    provenance: Provenance
