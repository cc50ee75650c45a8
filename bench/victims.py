"""Invented victims, as many as are asked for, the same for the same seed: what the benchmark of disclosure control counts.

The shapes are those of the study that the figures come from: 32 states, 3 codes of sex, 7 age groups, 9 forms of exploitation
and 40 nationalities, all very unequal, and the form dependent on sex and age. Nobody here exists.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import numpy.typing as npt

from reckon.tables import CountTable

Columns = dict[str, npt.NDArray[np.int64]]

SIZES = {"state": 32, "sex": 3, "age": 7, "exploitation": 9, "nationality": 40}
SKEW = {"state": 1.1, "exploitation": 2.1, "nationality": 1.6}
"""How unequal the codes are: the weight of the k-th is k to this power, inverted."""
SEXES, AGES = (0.72, 0.255, 0.025), (0.04, 0.11, 0.2, 0.29, 0.21, 0.11, 0.04)
ALIKE = 0.85
"""The part of each sex and age whose forms are spread as everybody's are."""

BY_STATE = (("state", "exploitation"), ("state", "nationality"), ("state", "sex", "exploitation"))
SHAPES = (*BY_STATE, ("state", "age", "exploitation"), ("state", "sex", "age", "exploitation"))
"""The tables of the study: 330, 1,353, 1,320, 2,640 and 10,560 cells with their margins."""


def victims(people: int = 50_000, seed: int = 2026) -> Columns:
    """One code per person and dimension."""
    numbers = np.random.default_rng(seed)
    columns = {
        name: numbers.choice(SIZES[name], people, p=_unequal(name, numbers)) for name in ("state", "nationality")
    }
    columns["sex"] = numbers.choice(SIZES["sex"], people, p=SEXES)
    columns["age"] = numbers.choice(SIZES["age"], people, p=AGES)
    everybody = _unequal("exploitation", numbers)
    columns["exploitation"] = np.zeros(people, dtype=np.int64)
    for sex in range(SIZES["sex"]):
        for age in range(SIZES["age"]):
            own = ALIKE * everybody + (1 - ALIKE) * _unequal("exploitation", numbers)
            these = (columns["sex"] == sex) & (columns["age"] == age)
            columns["exploitation"][these] = numbers.choice(SIZES["exploitation"], int(these.sum()), p=own)
    return columns


def counted(columns: Columns, names: Sequence[str]) -> list[CountTable]:
    """The table by these dimensions and all its margins."""
    joint = np.zeros([SIZES[name] for name in names], dtype=np.int64)
    np.add.at(joint, tuple(columns[name] for name in names), 1)
    groups = [group for size in range(len(names) + 1) for group in combinations(range(len(names)), size)]
    return [
        CountTable(
            "identified",
            "person",
            "2020",
            tuple(names[axis] for axis in group),
            tuple(codes(names[axis]) for axis in group),
            tuple(joint.sum(axis=tuple(set(range(len(names))) - set(group))).ravel().tolist()),
        )
        for group in groups
    ]


def codes(name: str) -> tuple[str, ...]:
    """The codes of a dimension, which sort as they are numbered."""
    return tuple(f"{name}{number:02d}" for number in range(SIZES[name]))


def _unequal(name: str, numbers: np.random.Generator) -> npt.NDArray[np.float64]:
    weights = np.arange(1, SIZES[name] + 1) ** -SKEW[name]
    return numbers.permutation(weights / weights.sum())
