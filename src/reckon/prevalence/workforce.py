"""Who does the work that a command line asks for: this process, processes of this machine, or a cluster.

A cluster is one of Dask: a scheduler and workers on several machines that have this package in the same version. Whoever
does the work, the numbers are the same bit for bit (`runner`).
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from reckon.prevalence.captures import BadCaptures
from reckon.prevalence.runner import workers

PATIENCE = 10
"""Seconds to wait for the scheduler of a cluster."""


def add_workforce(parser: argparse.ArgumentParser) -> None:
    """Adds the two options to a command."""
    parser.add_argument("--jobs", type=int, default=1, help="processes (default: 1); the numbers stay the same")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="a Dask scheduler instead: tcp://host:8786")


@contextmanager
def workforce(jobs: int, cluster: str = "") -> Iterator[Executor | None]:
    """The executor that the options ask for; None for this process. Raises BadCaptures when no cluster answers."""
    if not cluster:
        with workers(jobs) as executor:
            yield executor
        return
    try:
        from distributed import Client  # an engine that only this option needs
    except ImportError:
        raise BadCaptures(
            "A cluster needs the package distributed: install Enlace with its extra of that name."
        ) from None
    try:
        client = Client(cluster, timeout=PATIENCE)  # type: ignore[no-untyped-call]  # dask is not typed
    except (OSError, ValueError) as error:
        raise BadCaptures("The cluster does not answer; check the address of its scheduler.") from error
    with client:
        yield client.get_executor()  # type: ignore[no-untyped-call]  # dask is not typed
