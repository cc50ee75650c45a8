"""Reasons noted for many sites at once. Sites with the same reasons share one tuple, which keeps ten thousand of them fast."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from enlace.placements.rules.judging import Finding
from enlace.placements.rules.offers import Reason
from enlace.placements.rules.sites import Numbers


class Notes:
    """Reasons in the order in which they are added, for sites given by row."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.rows: list[Numbers] = []
        self.numbers: list[Numbers] = []

    def add_all(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.add([finding.reason], np.flatnonzero(finding.rows), np.zeros(1, dtype=np.int64))

    def add(self, reasons: Sequence[Reason], rows: Numbers, which: Numbers) -> None:
        """For each of the rows the reason of that place in the list; ``which`` may be one number for all."""
        self.rows.append(rows)
        self.numbers.append(np.broadcast_to(which + len(self.reasons), rows.shape))
        self.reasons.extend(reasons)

    def by_row(self, size: int) -> Iterator[tuple[Reason, ...]]:
        """The reasons of the rows 0 to ``size`` - 1."""
        rows = np.concatenate([np.zeros(0, dtype=np.int64), *self.rows])
        order = np.argsort(rows, kind="stable")
        numbers = np.concatenate([np.zeros(0, dtype=np.int64), *self.numbers])[order].tolist()
        ends = np.searchsorted(rows[order], np.arange(size), side="right").tolist()
        shared: dict[tuple[int, ...], tuple[Reason, ...]] = {}
        start = 0
        for end in ends:
            key = tuple(numbers[start:end])
            if key not in shared:
                shared[key] = tuple([self.reasons[number] for number in key])
            yield shared[key]
            start = end
