"""Counts with noise: how many persons have each combination of codes, so that no answer depends much on any one person.

Every cell of every table gets noise, zeros too, so counts may be negative and margins do not add up; nothing is mended
here, because mending would bias whoever adds the counts up. `margin_of_error` says how far a count may be off.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import exp, floor, log

from reckon.disclosure.private.ledger import Amount, Ledger, amount_of
from reckon.disclosure.private.noise import Noise, OpenDPNoise, scale_for
from reckon.disclosure.private.people import People
from reckon.tables import InputError


@dataclass(frozen=True, slots=True)
class NoisyTable:
    """Counts with noise over some columns, the last running fastest; `scale` is that of the discrete Laplace noise."""

    dimensions: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    counts: tuple[int, ...]
    scale: Fraction

    def __getitem__(self, wanted: tuple[str, ...]) -> int:
        """The noisy count at these categories, one per dimension in order."""
        return dict(zip(product(*self.categories), self.counts, strict=True))[wanted]

    def margin_of_error(self, level: float = 0.95) -> int:
        """The smallest m such that a count is at most m away from the true one with at least this probability."""
        return laplace_quantile(self.scale, level)


def laplace_quantile(scale: Fraction, level: float) -> int:
    """The smallest m with P(|k| ≤ m) ≥ level under discrete Laplace noise: 1 − P = 2 r^(m + 1) / (1 + r), r = e^(−1/scale)."""
    if not 0 < level < 1:
        raise InputError("a level lies between 0 and 1")
    rate = exp(-1 / float(scale))
    guess = max(floor(log((1 - level) * (1 + rate) / 2) * -float(scale)) - 2, 0)
    while 2 * rate ** (guess + 1) / (1 + rate) > 1 - level:
        guess += 1
    return guess


def private_counts(
    people: People,
    tables: Sequence[Sequence[str]],
    epsilon: Amount,
    ledger: Ledger,
    noise_for_tests: Noise | None = None,
) -> tuple[list[NoisyTable], Ledger]:
    """The tables asked for, each over the columns named, with their share of epsilon; and the ledger that has paid.

    Every person is in one cell of each table, so k tables at epsilon / k cost epsilon (add or remove one person).
    Raises OverBudget before any count is made, InputError for an unknown or repeated column.
    """
    exact = amount_of(epsilon)
    if not tables:
        raise InputError("name at least one table")
    places = [[people.place(name) for name in names] for names in tables]
    if any(len(set(found)) != len(found) for found in places):
        raise InputError("a table names a column twice")
    paid = ledger.spend(exact, f"{len(tables)} tables of counts")
    scale = scale_for(exact / len(tables), 1)
    noise = noise_for_tests or OpenDPNoise()
    found = []
    for columns in places:
        counts = noise.laplace(people.table(columns).ravel().tolist(), scale)
        dimensions = tuple(people.columns[place].name for place in columns)
        categories = tuple(people.columns[place].codes for place in columns)
        found.append(NoisyTable(dimensions, categories, tuple(counts), scale))
    return found, paid
