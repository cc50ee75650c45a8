"""What happens because time has passed. Each module registers its clocks in ``apps.py``; the worker turns them each minute.

A clock looks at the data and at the hour it is given, never at when it last ran: so it may run twice at once, and after a stop
it does everything that fell due meanwhile.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import close_old_connections
from django.utils import timezone

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as

INTERVAL_SECONDS = 60
CLOCK = Actor.system("clock")
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Clock:
    """``run`` is given the hour and answers how many things it changed. Lower ``order`` runs first."""

    name: str
    order: int
    run: Callable[[datetime], int]


_clocks: dict[str, Clock] = {}


def register(clock: Clock) -> None:
    """Add to the clocks; registering the same name again replaces it."""
    _clocks[clock.name] = clock


def clocks() -> list[Clock]:
    return sorted(_clocks.values(), key=lambda clock: (clock.order, clock.name))


def run_clocks(at: datetime) -> dict[str, int | None]:
    """Run every clock once: name -> how many things changed, None where it failed. One that fails stops no other.

    Each looks at the whole nation: behind the wall of the database a connection that was told nothing sees nothing.
    """
    return {clock.name: _run(clock, at) for clock in clocks()}


def turn_clocks(interval: float = INTERVAL_SECONDS) -> None:
    """Run the clocks at once and then each minute (``interval`` in seconds), for as long as the process lives."""
    while True:
        close_old_connections()
        run_clocks(timezone.now())
        time.sleep(interval)


def _run(clock: Clock, at: datetime) -> int | None:
    try:
        with seeing_as(CLOCK):
            return clock.run(at)
    except Exception as error:  # whatever it was, the other clocks have to run
        logger.error("The clock %s failed: %s.", clock.name, type(error).__name__)  # its message may hold what was read
        return None
