"""Hidden populations: bootstraps with the selection inside, in CPU seconds beside those of the R packages.

The reference seconds were measured with SparseMSE 2.0.1 and MultipleSystemsEstimation 1.2.0 on one core of another
machine (AMD EPYC), so the ratio says how many times faster, not to a digit; those of six and eight lists are scaled up
from 200 replicates. The tables are published ones, read from the
folder of shared data beside the repository.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.measure import Row, Timed, middle, spoken, timed
from reckon.prevalence import (
    Captures,
    bca,
    bootstrap,
    downhill_many,
    lowest_many,
    rank,
    read_captures,
    stepwise_many,
)
from reckon.prevalence.criterion import first_models
from reckon.prevalence.existence import code
from reckon.prevalence.intervals import Interval
from reckon.prevalence.lattice import design, design_on
from reckon.prevalence.selection import Method

TABLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "mse"
REPLICATES, ROUNDS = 1000, 3
NEAR = 0.12
STEPWISE = partial(stepwise_many, threshold=0.02)


def run() -> Iterator[Row]:
    """The rows with a goal among those with a reference, then the searches too long for a test."""
    if not TABLES.is_dir():
        yield Row("hidden populations", "the published tables are not beside the repository: not measured")
        return
    yield _stepwise("UK_5", 126.7, 6)
    yield _stepwise("UK", 360, 20)
    yield _stepwise("Kosovo", 63.1)
    yield _stepwise("Australia", 40.2)
    yield _stepwise("Ned", 420)
    yield _stepwise("NewOrl", 745)
    yield _criterion("Kosovo", 3, 113, 102.3, 5)
    yield _criterion("Korea", 2, 6, 9.1)
    yield _criterion("UK_5", 2, 60, 86.5)
    for order, models, seconds in ((2, 1024, 3.9), (4, 6893, 21.9)):
        captures = _table("UK_5")
        yield _compared(f"fitting and checking {models} models, UK_5", partial(rank, captures, order), seconds)
    yield _downhill("UK", 2, (9643, 25508))
    yield _downhill("UK", 5, (9622, 27889))
    yield _downhill("NewOrl_186", 2, (586, 1512))


def _stepwise(name: str, reference: float, target: float | None = None) -> Row:
    captures = _table(name)
    told = f"stepwise with BCa, {REPLICATES:,} replicates, {name} ({captures.m} lists)"
    return _compared(told, partial(_limits, captures, STEPWISE), reference, target)


def _criterion(name: str, order: int, models: int, reference: float, target: float | None = None) -> Row:
    captures = _table(name)

    def work() -> None:
        method = partial(lowest_many, models=first_models(rank(captures, order), models))
        _limits(captures, method)

    return _compared(f"BIC among {models} models, {REPLICATES:,} replicates, {name}", work, reference, target)


def _downhill(name: str, order: int, published: tuple[float, float]) -> Row:
    """One run, too long for a test: its time, and its interval beside the published one.

    The verdict is on limits that are no extremes of the sample: each within 12 % of the published one.
    """
    captures, found = _table(name), list[Interval]()
    method = partial(downhill_many, max_order=order)
    took = _cold(lambda: found.append(bca(bootstrap(captures, method, REPLICATES, seed=1))))
    limits = (found[0].lower, found[0].upper)
    shown = " to ".join(
        f"{limit.value:,.0f} ± {limit.monte_carlo_error:,.0f}{' (extreme)' if limit.extreme else ''}"
        for limit in limits
    )
    near = [
        abs(limit.value / known - 1) <= NEAR
        for limit, known in zip(limits, published, strict=True)
        if not limit.extreme
    ]
    told = f"downhill with BCa, {REPLICATES:,} replicates, {name}, terms of up to {order} lists"
    return Row(told, f"{took}: {shown}", "published: {:,} to {:,}".format(*published), "", "within 12 %", all(near))


def _limits(captures: Captures, method: Method) -> None:
    found = bootstrap(captures, method, REPLICATES, seed=1)
    bca(found, 0.95)
    bca(found, 0.80)


def _compared(
    name: str, work: Callable[[], object], reference: float | None = None, target: float | None = None
) -> Row:
    """The middle of several runs, each from cold: nothing that earlier ones found out is remembered."""
    ours = middle([_cold(work) for _round in range(ROUNDS)])
    return Row(
        name,
        str(ours),
        f"R: CPU {spoken(reference)}" if reference else "",
        f"{ours.cpu / reference:.4f}" if reference else "",
        f"CPU ≤ {target:g} s" if target else "",
        ours.cpu <= target if target else None,
    )


def _cold(work: Callable[[], object]) -> Timed:
    for remembered in (code, design, design_on):
        remembered.cache_clear()
    return timed(work)


def _table(name: str) -> Captures:
    return read_captures(TABLES / f"{name}.csv")
