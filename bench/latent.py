"""Latent classes and decomposable graphs: CPU seconds beside those of the R packages.

The packages were timed once, on one thread of an AMD EPYC: LCMCR 0.4.14 (compiled; one chain of 200,000 sweeps, K = 5) and dga
2.0.2 (compiled; it stops at five lists). Set OMP_NUM_THREADS=1 for a like comparison.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from bench.measure import Row, Timed, middle, spoken, timed
from reckon.prevalence import Captures, graphs, read_captures
from reckon.prevalence.decomposable import average
from reckon.prevalence.gibbs import Options
from reckon.prevalence.latent import LatentClasses, latent_classes

TABLES = Path(__file__).resolve().parents[2] / "shared" / "data" / "mse"
ROUNDS = 5
LCMCR_SECONDS, LCMCR_CHAIN_SWEEPS = 1.8, 200_000
DGA_SECONDS = 0.06
AT_MOST_CHAINS, AT_MOST_AVERAGE = 12.0, 0.1


def run() -> Iterator[Row]:
    """The chains, then the averages, then what is shown and not matched."""
    yield _chains()
    yield from _averages()
    for name, classes in (("UK_5", 5), ("Ned", 5)):
        yield _shown(name, latent_classes(_table(name), Options(classes=classes, seed=1)))


def _chains() -> Row:
    captures, options = _table("UK_5"), Options(classes=10, chains=10, burn_in=20_000, sweeps=10_000, seed=1)
    took = timed(lambda: latent_classes(captures, options))
    ours, theirs = took.cpu / (10 * 30_000), LCMCR_SECONDS / LCMCR_CHAIN_SWEEPS
    return Row(
        "LCMCR model, UK_5, 10 chains x 30,000 sweeps, K = 10",
        str(took),
        f"CPU {LCMCR_SECONDS} s: R, 1 chain x 200,000, K = 5",
        f"{ours / theirs:.1f} for each sweep of a chain",
        f"≤ {AT_MOST_CHAINS:g} s CPU",
        took.cpu <= AT_MOST_CHAINS,
    )


def _averages() -> Iterator[Row]:
    """The posterior on 1000 grid points; the list of graphs, made once, apart."""
    for name, is_target in (("UK_5", True), ("UK", False)):
        captures = _table(name)
        m, grid = captures.m, np.round(np.linspace(1, 30 * captures.n, 1000))
        graphs.decomposable.cache_clear()
        listing = timed(partial(graphs.decomposable, m))
        took = middle([timed(partial(average, captures, unseen=grid)) for _round in range(ROUNDS)])
        label = f"averaging over {len(graphs.decomposable(m).edges):,} graphs of {m} lists, 1000 grid points"
        measured = f"{took}; listing the graphs {spoken(listing.cpu)}"
        yield _against_dga(label, measured, took) if is_target else Row(label, measured, "dga stops at 5 lists")


def _against_dga(label: str, measured: str, took: Timed) -> Row:
    ratio = f"{took.cpu / DGA_SECONDS:.2f}"
    baseline, target = f"CPU {spoken(DGA_SECONDS)}: R", f"≤ {AT_MOST_AVERAGE:g} s CPU"
    return Row(label, measured, baseline, ratio, target, took.cpu <= AT_MOST_AVERAGE)


def _shown(name: str, found: LatentClasses) -> Row:
    """A row for a table that has more than one answer: nothing to match, all to see."""
    low, median, high = (f"{one.value:,.0f} ± {one.error:,.0f}" for one in (found.low, found.median, found.high))
    hills = ", ".join(f"{mode.at:,.0f} ({mode.share:.0%})" for mode in found.chains.modes)
    label = f"shown: LCMCR {name}, K = {found.options.classes}, median and 95 %"
    return Row(label, f"{median} [{low}; {high}], R-hat {found.chains.rhat:.3f}, hills {hills}")


def _table(name: str) -> Captures:
    return read_captures(TABLES / f"{name}.csv")
