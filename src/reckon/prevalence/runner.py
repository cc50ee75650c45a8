"""The one way to spread work: here, over the cores of a machine, or over a cluster, with the same result bit for bit.

The tasks are made before anybody knows who will do them, each with a seed of its own, and the results come back in the
order of the tasks; so neither the number of workers nor their speed can change a number.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import TypeVar

import numpy as np

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Called with the number of tasks done and of all tasks."""

CHUNK = 250
"""Replicates in one task. Fixed, because those of one task are fitted together."""


def spread(
    function: Callable[[Task], Result],
    tasks: Sequence[Task],
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """`function` of each task, in the order of the tasks.

    Without an executor in this process. Any executor of `concurrent.futures` will do, also the one of a cluster
    (`dask.distributed.Client.get_executor()`); then `function` and the tasks must be picklable. The first error is
    raised and what has not begun is cancelled.
    """
    told = progress or _silent
    if executor is None:
        results = []
        for task in tasks:
            results.append(function(task))
            told(len(results), len(tasks))
        return results
    futures = [executor.submit(function, task) for task in tasks]
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            future.result()
            told(done, len(tasks))
    finally:
        for future in futures:
            future.cancel()
    return [future.result() for future in futures]


@contextmanager
def workers(jobs: int) -> Iterator[Executor | None]:
    """An executor for this many processes of this machine; None for one, which is this process itself."""
    if jobs <= 1:
        yield None
        return
    # fork would copy the threads' locks of a web server, and differs between systems
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as executor:
        yield executor


def seeds(seed: int, count: int) -> list[np.random.SeedSequence]:
    """Independent seeds for `count` tasks; the first ones are the same however many are asked for."""
    return np.random.SeedSequence(seed).spawn(count)


def _silent(_done: int, _all: int) -> None:
    """Nobody wants to know."""
