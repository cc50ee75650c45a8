"""Synthetic rows beside mbi with OpenDP noise and pac-synth: errors of counts at the same epsilon, on the same combinations.

The people are invented with a seed; the noise has none, because OpenDP takes none, so medians of several runs are
compared. mbi and pac-synth are not part of the project: where they are not installed the row says so.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from importlib import import_module
from importlib.util import find_spec
from statistics import median

import numpy as np
import pyarrow as pa

from bench.measure import Row, Timed, middle, timed
from reckon.disclosure.private import Column, Ledger, People, Utility, people_from, synthesize, utility
from reckon.disclosure.private.noise import OpenDPNoise

PERSONS = 50_000
EPSILONS = (1, 4)
ROUNDS = 5
KINDS = {"independent": "columns nearly independent", "classes": "8 latent classes"}
AT_MOST = 1.0
SIZES = {
    "state": 32, "sex": 3, "age": 6, "form": 10, "nationality": 20, "year": 6, "recruitment": 6, "destination": 8,
    "migration": 4, "marital": 5, "debt": 2, "threats": 2, "abuse": 2, "documents": 2, "promises": 2,
}  # fmt: skip
COLUMNS = tuple(Column(name, ("", *(f"{name}{code}" for code in range(size)))) for name, size in SIZES.items())
"""No invented person lacks a value; pac-synth's rows may, and such combinations are not scored."""
MAIN = tuple(SIZES).index("form")
PAIRS = (
    *((MAIN, other) for other in range(len(SIZES)) if other != MAIN),
    (tuple(SIZES).index("sex"), tuple(SIZES).index("age")),
    (tuple(SIZES).index("state"), tuple(SIZES).index("nationality")),
)
"""The 16 tables that mbi is given, fixed before any row is seen: form with everything, and two that people ask for."""
SINGLES = (*((column,) for column in range(len(SIZES))), PAIRS[-2])
"""Or 16 others: every column alone, and one pair."""
Invent = Callable[[People, int], np.ndarray]
Errors = tuple[float, ...]


def run() -> Iterator[Row]:
    """For each kind of people and epsilon: a row for each number of columns counted, then one for each program."""
    if not find_spec("opendp"):
        yield Row("synthetic rows", "not measured: opendp is not installed", target=f"≤ {AT_MOST:g}", met=False)
        return
    for kind, words in KINDS.items():
        people = invented(kind)
        for epsilon in EPSILONS:
            yield from _compared(people, epsilon, f"{words}, epsilon {epsilon}")


def invented(kind: str, persons: int = PERSONS) -> People:
    """People of 15 columns, the same on every machine: nearly independent ones, or of eight latent classes."""
    random = np.random.default_rng(1)
    shares = [np.maximum(random.dirichlet(np.full(size, 0.6 if size > 2 else 2.0)), 0.004) for size in SIZES.values()]
    shares = [share / share.sum() for share in shares]
    classes = random.choice(8, persons, p=random.dirichlet(np.full(8, 2.0)))
    values = np.zeros((persons, len(shares)), dtype=np.int64)
    for place, share in enumerate(shares):
        own = random.dirichlet(np.full(len(share), 0.5), size=8)
        by_class = 0.5 * share + 0.5 * own if kind == "classes" else np.tile(share, (8, 1))
        above = random.random(persons)[:, None] > by_class.cumsum(axis=1)[classes]
        values[:, place] = above.sum(axis=1).clip(0, len(share) - 1) + 1
    if kind == "independent":
        for first, second in PAIRS[-2:]:
            tied = random.random(persons) < 0.1
            values[tied, second] = (values[tied, first] - 1) % (len(COLUMNS[second]) - 1) + 1
    return People(COLUMNS, values)


def _compared(people: People, epsilon: int, where: str) -> Iterator[Row]:
    found: dict[str, tuple[list[Utility], Timed]] = {}
    for name, (work, rounds, needed) in PROGRAMS.items():
        if not find_spec(needed):
            yield Row(f"{name}: {where}", f"not measured: {needed} is not installed")
            continue
        found[name] = _measured(work, people, epsilon, rounds)
        marks, took = found[name]
        yield Row(f"{name}: {where}", f"{_told(marks)}; {took}")
    ours, others = found.pop(OURS)[0], [marks for marks, _ in found.values()]
    for place, mark in enumerate(ours if others else []):
        best = min(_error(marks[place]) for marks in others)
        ratio = _error(mark) / best
        name = f"error of {mark.ways}-way counts: {where}"
        yield Row(name, f"{_error(mark):.4f}", f"{best:.4f}", f"{ratio:.2f}", f"≤ {AT_MOST:g}", ratio <= AT_MOST)


def _measured(work: Invent, people: People, epsilon: int, rounds: int) -> tuple[list[Utility], Timed]:
    """The run whose error of 2-way counts is the middle one, with every error the median of all runs."""
    runs, times = [], []
    for _number in range(rounds):
        rows: list[np.ndarray] = []
        times.append(timed(lambda rows=rows: rows.append(work(people, epsilon))))
        runs.append(utility(people, rows[0]))
    return [_middle([run[place] for run in runs]) for place in range(len(runs[0]))], middle(times)


def _middle(marks: Sequence[Utility]) -> Utility:
    return Utility(
        ways=marks[0].ways,
        scored=marks[0].scored,
        median_relative_error=median(_error(mark) for mark in marks),
        mean_absolute_error=median(mark.mean_absolute_error or 0.0 for mark in marks),
        missing=median(mark.missing for mark in marks),
        fabricated=median(mark.fabricated for mark in marks),
    )


def _error(mark: Utility) -> float:
    assert mark.median_relative_error is not None
    return mark.median_relative_error


def _told(marks: Sequence[Utility]) -> str:
    errors = " / ".join(f"{_error(mark):.4f}" for mark in marks)
    missing = " / ".join(f"{mark.missing:.4f}" for mark in marks)
    made_up = " / ".join(f"{mark.fabricated:.3f}" for mark in marks)
    return f"errors {errors}, missing {missing}, fabricated {made_up}"


def _ours(people: People, epsilon: int) -> np.ndarray:
    return synthesize(people, epsilon, Ledger.of(epsilon)).values


def _mbi(tables: Sequence[tuple[int, ...]]) -> Invent:
    def work(people: People, epsilon: int) -> np.ndarray:
        scale, noise = Fraction(len(tables), epsilon), OpenDPNoise()
        counted = [(places, noise.laplace(people.table(places).ravel().tolist(), scale)) for places in tables]
        return _mbi_rows(people.columns, counted, float(scale))

    return work


def _mbi_rows(
    columns: Sequence[Column], counted: Sequence[tuple[tuple[int, ...], list[int]]], scale: float
) -> np.ndarray:
    """Rows from mbi's own fit of noisy tables, as its documentation has it, in double precision."""
    import_module("jax").config.update("jax_enable_x64", True)
    mbi = import_module("mbi")
    domain = mbi.Domain([column.name for column in columns], [len(column) for column in columns])
    tables = [
        mbi.LinearMeasurement(np.array(counts, float), tuple(columns[place].name for place in places), scale * 2**0.5)
        for places, counts in counted
    ]
    rows = mbi.estimation.MirrorDescent().estimate(domain, tables, iters=4000).synthetic_data().to_dict()
    return np.column_stack([np.asarray(rows[column.name]) for column in columns])


def _pac_synth(length: int) -> Invent:
    def work(people: People, epsilon: int) -> np.ndarray:
        pac = import_module("pacsynth")
        rows = [[column.codes[code] for column, code in zip(COLUMNS, row, strict=True)] for row in people.values]
        wanted = pac.DpAggregateSeededParametersBuilder().epsilon(float(epsilon)).reporting_length(length).build()
        program = pac.DpAggregateSeededSynthesizer(wanted)
        program.fit(pac.Dataset([list(SIZES), *rows]))
        names, *made = program.sample()
        texts = {name: pa.array(column) for name, column in zip(names, zip(*made, strict=True), strict=True)}
        numbers = pa.array([str(number) for number in range(len(made))])
        return people_from(pa.table({**texts, "number": numbers}), COLUMNS, "number").values

    return work


OURS = "ours"
PROGRAMS: dict[str, tuple[Invent, int, str]] = {
    OURS: (_ours, ROUNDS, "opendp"),
    "mbi, 16 pairs": (_mbi(PAIRS), ROUNDS, "mbi"),
    "mbi, 15 columns and a pair": (_mbi(SINGLES), ROUNDS, "mbi"),
    "pac-synth, up to 3 columns": (_pac_synth(3), 1, "pacsynth"),
    "pac-synth, up to 2 columns": (_pac_synth(2), 1, "pacsynth"),
}
