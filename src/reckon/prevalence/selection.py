"""What every way of choosing a model answers for many tables at once: a total for each, and the model behind it."""

from collections.abc import Callable
from dataclasses import dataclass

from reckon.prevalence.captures import Integers
from reckon.prevalence.lattice import Floats
from reckon.prevalence.models import Model

DIGITS = 9
"""Decimals of a BIC that decide between models: what the last bits say differs between machines."""


@dataclass(frozen=True, eq=False)
class Selected:
    """For each of B tables the total (infinity where there is no estimate) and the model chosen (None there)."""

    totals: Floats
    models: tuple[Model | None, ...]


Method = Callable[[Integers], Selected]
"""Runs the whole selection on each table (row) of (B, 2^m - 1). It must be importable, so that a worker can run it."""
