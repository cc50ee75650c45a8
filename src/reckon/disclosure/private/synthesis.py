"""Synthetic microdata: invented rows that count like the real ones, with one promise to each person (pure epsilon).

First every column is counted alone. Then, round after round, rows are invented from all noisy counts so far, the pair of columns
that they get most wrong is chosen, and that pair is counted. What a round costs is fixed beforehand. Inventing sees only noisy
counts and costs nothing. Neighbouring data differ by one row; delta is 0. The number of rows is itself an estimate with noise.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pyarrow as pa

from reckon.disclosure.private.choosing import Pair, choose, pairs_of
from reckon.disclosure.private.fit import Measured, agree
from reckon.disclosure.private.ledger import Amount, Entry, Ledger, OverBudget, amount_of
from reckon.disclosure.private.noise import Noise, OpenDPNoise, scale_for
from reckon.disclosure.private.people import Codes, Column, People
from reckon.disclosure.private.sample import draw
from reckon.tables import InputError

SMALLEST = Fraction(1, 100)
FOR_COLUMNS = Fraction(4, 10)
FOR_CHOOSING = Fraction(1, 10)
ROUNDS_PER_COLUMN = Fraction(8, 5)
NOISE_LEFT = Fraction(1, 4)
"""How much of a cell's noise is left in a table that was made to agree; it decides when a pair is worth counting."""
WORTH_COUNTING = Fraction(1, 100)
WEIGHT_GRAIN = 1000


@dataclass(frozen=True, slots=True)
class Synthetic:
    """Invented rows; what was measured and its exact price (at most `epsilon` in all); and the ledger that has paid."""

    columns: tuple[Column, ...]
    values: Codes
    pairs: tuple[tuple[str, str], ...]
    prices: tuple[Entry, ...]
    epsilon: Fraction
    ledger: Ledger

    def to_arrow(self) -> pa.Table:
        """The rows as text, a column for each; an absent value is ""."""
        arrays = [
            pa.array(np.array(column.codes, dtype=object)[self.values[:, place]], pa.string())
            for place, column in enumerate(self.columns)
        ]
        return pa.table(arrays, names=[column.name for column in self.columns])


def synthesize(
    people: People,
    epsilon: Amount,
    ledger: Ledger,
    noise_for_tests: Noise | None = None,
    random_for_tests: np.random.Generator | None = None,
) -> Synthetic:
    """Invented rows about as many people. OverBudget, before a row is looked at, when the ledger cannot pay.

    InputError for an epsilon below SMALLEST: the number of rows would be noise too, and there is no end to it.
    """
    exact = amount_of(epsilon)
    check_epsilon(exact)
    paid = ledger.spend(exact, f"synthetic rows with {len(people.columns)} columns")
    work = _Work(people, exact, noise_for_tests or OpenDPNoise(), random_for_tests or np.random.default_rng())
    work.count_columns(exact * FOR_COLUMNS)
    work.count_pairs()
    if work.left >= exact * WORTH_COUNTING:
        work.count_columns(work.left)
    values = work.invented()
    return Synthetic(
        people.columns, values, tuple(work.names(pair) for pair in work.pairs), tuple(work.prices), exact, paid
    )


def check_epsilon(epsilon: Fraction) -> None:
    """InputError for an epsilon below SMALLEST."""
    if epsilon < SMALLEST:
        raise InputError("an epsilon below 0.01 would leave nothing but noise")


class _Work:
    """One synthesis: what may still be spent of its epsilon, what was measured, and at which price."""

    def __init__(self, people: People, epsilon: Fraction, noise: Noise, random: np.random.Generator) -> None:
        self.people, self.epsilon, self.noise, self.random = people, epsilon, noise, random
        self.left = epsilon
        self.prices: list[Entry] = []
        self.measured: list[Measured] = []
        self.pairs: list[Pair] = []

    def count_columns(self, epsilon: Fraction) -> None:
        """Each column alone; epsilon by the cube root of its codes, which makes the sum of all squared errors least."""
        weights = [round(WEIGHT_GRAIN * len(column) ** (1 / 3)) for column in self.people.columns]
        for place, weight in enumerate(weights):
            self._count((place,), epsilon * weight / sum(weights))

    def count_pairs(self) -> None:
        """Round after round the pair that is most wrong, until the rounds are over or none is worth its noise."""
        real = {pair: self.people.table(pair) for pair in pairs_of(self.people.columns)}
        rounds = min(len(real), int(ROUNDS_PER_COLUMN * len(self.people.columns)))
        for _ in range(rounds):
            counting = scale_for(self.epsilon * (1 - FOR_COLUMNS - FOR_CHOOSING) / rounds, 1)
            choosing = scale_for(self.epsilon * FOR_CHOOSING / rounds, 2)
            rows = People(self.people.columns, self.invented())
            self._pay(2 / choosing, "choosing a pair")
            invented = {pair: rows.table(pair) for pair in real}
            pair = choose(real, invented, counting * NOISE_LEFT, choosing, self.noise)
            if pair is None:
                return
            del real[pair]
            self._count(pair, 1 / counting)
            self.pairs.append(pair)

    def invented(self) -> Codes:
        """Rows from everything measured so far."""
        return draw(agree(len(self.people.columns), self.measured), self.random)

    def names(self, pair: Pair) -> tuple[str, str]:
        """The two columns' names."""
        return self.people.columns[pair[0]].name, self.people.columns[pair[1]].name

    def _count(self, places: tuple[int, ...], epsilon: Fraction) -> None:
        scale = scale_for(epsilon, 1)
        self._pay(1 / scale, " × ".join(self.people.columns[place].name for place in places))
        table = self.people.table(places)
        counts = np.array(self.noise.laplace(table.ravel().tolist(), scale), dtype=float).reshape(table.shape)
        self.measured.append(Measured(places, counts, float(scale)))

    def _pay(self, price: Fraction, what: str) -> None:
        if price > self.left:
            raise OverBudget(f"{what} costs more than is left of this synthesis")
        self.left -= price
        self.prices.append(Entry(price, what))
