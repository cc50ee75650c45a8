"""Timing, and the row that each benchmark prints."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Timed:
    """Seconds of one run or the medians of several: by the clock, and of this process's own computing."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{spoken(self.wall)} (CPU {spoken(self.cpu)})"


@dataclass(frozen=True)
class Row:
    """One line of the table. ``met`` is ``None`` where there is no target."""

    name: str
    measured: str
    baseline: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        verdict = {True: "met", False: "NOT MET", None: ""}[self.met]
        return self.name, self.measured, self.baseline, self.ratio, self.target, verdict


HEAD = ("benchmark", "measured", "baseline", "ratio", "target", "verdict")


def timed(work: Callable[[], object]) -> Timed:
    """One run."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Timed(time.perf_counter() - wall, time.process_time() - cpu)


def middle(runs: Sequence[Timed]) -> Timed:
    return Timed(median(run.wall for run in runs), median(run.cpu for run in runs))


def compared(name: str, ours: Timed, baseline: Timed, at_most: float, *, by_wall: bool = False) -> Row:
    """A row whose ratio is of CPU seconds, which other work on the machine disturbs least.

    ``by_wall``: where most of the work is done in another process, as with PostgreSQL.
    """
    wall, cpu = ours.wall / baseline.wall, ours.cpu / baseline.cpu
    ratio = f"{wall:.2f} (CPU {cpu:.2f})" if by_wall else f"{cpu:.2f} (wall {wall:.2f})"
    return Row(name, str(ours), str(baseline), ratio, f"≤ {at_most:g}", (wall if by_wall else cpu) <= at_most)


def spoken(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 1 else f"{seconds:.2f} s"


def as_text(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    table = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in table
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])
