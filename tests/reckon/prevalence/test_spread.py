"""Spreading work: the same bits from this process, threads, processes and anything with `submit`."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reckon.prevalence import bootstrap, spread, stepwise_many, workers
from reckon.prevalence.resample import Bootstrap
from reckon.prevalence.runner import CHUNK, seeds
from tests.reckon.prevalence.published import table

STEPWISE = partial(stepwise_many, threshold=0.02)


class Reversed(Executor):
    """An executor as a cluster may be: it finishes the last task first."""

    def __init__(self, tasks: int) -> None:
        self.tasks = tasks
        self.waiting: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, partial(fn, *args, **kwargs)))
        if len(self.waiting) == self.tasks:
            threading.Thread(target=self._work).start()
        return future

    def _work(self) -> None:
        for future, work in reversed(self.waiting):
            future.set_result(work())


def same_bits(one: Bootstrap, two: Bootstrap) -> bool:
    return (
        one.totals.tobytes() == two.totals.tobytes()
        and one.jackknife.tobytes() == two.jackknife.tobytes()
        and one.models == two.models
        and (one.total, one.model, one.digest) == (two.total, two.model, two.digest)
    )


@pytest.mark.slow
def test_every_executor_gives_the_same_bits(shared_data: Path) -> None:
    captures = table(shared_data, "UK_5")
    replicates = 2 * CHUNK + 30
    alone = bootstrap(captures, STEPWISE, replicates, seed=7)
    with workers(2) as processes, ThreadPoolExecutor(3) as threads:
        assert processes is not None
        for executor in (processes, threads, Reversed(4)):
            assert same_bits(alone, bootstrap(captures, STEPWISE, replicates, seed=7, executor=executor))
    assert not same_bits(alone, bootstrap(captures, STEPWISE, replicates, seed=8))


def test_one_job_is_this_process_itself() -> None:
    with workers(1) as executor:
        assert executor is None


def test_more_replicates_begin_with_those_of_fewer(shared_data: Path) -> None:
    captures = table(shared_data, "Korea")
    few, many = (bootstrap(captures, STEPWISE, count, seed=3).totals for count in (CHUNK + 10, 2 * CHUNK + 40))
    assert many[: CHUNK + 10].tolist() == few.tolist()


def test_results_come_in_the_order_of_the_tasks_and_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        for chosen in (None, executor):
            told.clear()
            found = spread(lambda number: number * number, range(6), chosen, lambda *done: told.append(done))
            assert found == [0, 1, 4, 9, 16, 25]
            assert told == [(done, 6) for done in range(1, 7)]


def test_the_first_error_is_raised_and_what_has_not_begun_is_cancelled() -> None:
    begun: list[int] = []
    released = threading.Event()

    def work(number: int) -> int:
        begun.append(number)
        if number == 0:
            raise ValueError("task 0")
        released.wait(10)
        return number

    with ThreadPoolExecutor(2) as executor:
        with pytest.raises(ValueError, match="task 0"):
            spread(work, range(50), executor)
        released.set()
    assert len(begun) < 50


def test_seeds_are_different_and_do_not_depend_on_how_many_are_asked_for() -> None:
    states = [tuple(seed.generate_state(2)) for seed in seeds(1, 5)]
    assert len(set(states)) == 5
    assert states[:2] == [tuple(seed.generate_state(2)) for seed in seeds(1, 2)]
    assert states != [tuple(seed.generate_state(2)) for seed in seeds(2, 5)]
    assert np.random.default_rng(seeds(1, 1)[0]).random() == np.random.default_rng(seeds(1, 9)[0]).random()


@pytest.mark.slow
def test_a_cluster_gives_the_same_bits(shared_data: Path) -> None:
    distributed = pytest.importorskip("distributed", reason="the optional engine (extra: distributed) is not installed")
    captures = table(shared_data, "UK_5")
    alone = bootstrap(captures, STEPWISE, 2 * CHUNK + 30, seed=7)
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        found = bootstrap(captures, STEPWISE, 2 * CHUNK + 30, seed=7, executor=client.get_executor())
    assert same_bits(alone, found)
