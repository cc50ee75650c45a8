"""Latent classes: people differ in how they are met, in a few ways that the data are asked to tell.

The total is estimated by Markov chains (see `reckon.prevalence.gibbs` for the model and its source). One chain sits in one
mode and its own diagnostics then look perfect, so several start far apart, and what they disagree about is part of the
answer.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reckon.prevalence.captures import Captures
from reckon.prevalence.caution import TWO_LISTS, Caution, about_dropped
from reckon.prevalence.chains import Convergence, Estimated, convergence, quantile
from reckon.prevalence.gibbs import Options, Progress, draw
from reckon.prevalence.preparing import prepared

KEPT_DRAWS = 1_000
"""Draws of each chain that the result carries, evenly spaced, for pictures."""
BOUND_FELT = 0.001
FEW_BURNT = 20_000
FULL = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class LatentClasses:
    """The posterior of N. Quantiles carry their Monte Carlo errors; `draws` is (draws, chains), thinned.

    `held_back` is the share of sweeps at which the prior bound on the unseen had to refuse a draw; `full` the share at
    which every class had people in it (then more classes may change the answer).
    """

    lists: tuple[str, ...]
    n: int
    options: Options
    level: float
    median: Estimated
    low: Estimated
    high: Estimated
    mean: float
    occupied: float
    full: float
    held_back: float
    chains: Convergence
    draws: npt.NDArray[np.int64]
    warnings: tuple[Caution, ...]

    @property
    def total(self) -> float:
        """The number to show: the median."""
        return self.median.value


def latent_classes(
    captures: Captures, options: Options | None = None, *, level: float = 0.95, progress: Progress | None = None
) -> LatentClasses:
    """Runs the chains and judges them. Raises NotEstimable as `prepared` does.

    The same captures and options give the same bits.
    """
    usable = prepared(captures)
    chosen = options or Options()
    found = draw(usable.captures, chosen, progress)
    totals = usable.captures.n + found.unseen
    numbers = totals.astype(np.float64)
    judged = convergence(numbers)
    full = float((found.occupied == chosen.classes).mean())
    step = max(1, len(totals) // KEPT_DRAWS)
    return LatentClasses(
        lists=usable.captures.lists,
        n=usable.captures.n,
        options=chosen,
        level=level,
        median=quantile(numbers, 0.5),
        low=quantile(numbers, (1 - level) / 2),
        high=quantile(numbers, (1 + level) / 2),
        mean=float(numbers.mean()),
        occupied=float(found.occupied.mean()),
        full=full,
        held_back=found.held_back,
        chains=judged,
        draws=totals[::step],
        warnings=(
            *about_dropped(usable.dropped),
            *judged.cautions,
            *_cautions(chosen, found.held_back, full, usable.captures.m),
        ),
    )


def _cautions(options: Options, held_back: float, full: float, m: int) -> tuple[Caution, ...]:
    found = [TWO_LISTS] if m == 2 else []
    if held_back > BOUND_FELT:
        found.append(
            Caution(
                "bound_reached",
                f"In {held_back:.1%} of the sweeps the answer was held back at {options.bound:g} times as many unseen as "
                "seen: the upper limit comes from this bound, not from the data.",
            )
        )
    if options.classes > 1 and full > FULL:
        found.append(
            Caution(
                "classes_full",
                f"All {options.classes} classes were in use in {full:.0%} of the sweeps; compare with more classes.",
            )
        )
    if options.chains < 2:
        found.append(
            Caution("one_chain", "With a single chain nobody can see whether others would have ended elsewhere.")
        )
    if options.burn_in < FEW_BURNT:
        found.append(
            Caution(
                "short_burn_in",
                f"Only {options.burn_in:,} sweeps were left out at the start; chains of this model forget where they "
                f"began slowly, and {FEW_BURNT:,} are advised.",
            )
        )
    return tuple(found)
