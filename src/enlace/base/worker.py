"""The process that does long work outside the request: it takes tasks from the database's queue, one after another.

The same process turns the clocks each minute; where no worker runs, ``enlace clocks run`` does it from cron.

``enlace serve`` keeps one beside the server; a real installation runs ``enlace work`` as a service, as many as it likes.
"""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.utils.module_loading import import_string

from enlace.base.clocks import turn_clocks

POLL_SECONDS = 2


def enqueue(task: str, *arguments: str) -> None:
    """Leave work for the worker: ``task`` by its dotted name, with ids only, since the queue is not sealed.

    Inside a transaction the work waits until that is committed, and is forgotten with it.
    """
    import_string(task).enqueue(*arguments)


def work(*, until_closed: bool = False, batch: bool = False) -> None:
    """Take tasks until stopped; ``batch`` ends when the queue is empty.

    ``until_closed`` ends when standard input closes: a worker never outlives the server that started it.
    """
    if until_closed:
        threading.Thread(target=_stop_when_closed, daemon=True).start()
    if not batch:
        threading.Thread(target=turn_clocks, daemon=True).start()
    call_command("db_worker", queue_name="*", interval=POLL_SECONDS, startup_delay=False, batch=batch, verbosity=0)


@contextmanager
def worker() -> Iterator[None]:
    """A worker beside what runs inside the block."""
    own = os.getpid()
    command = [sys.executable, "-m", "enlace", "work", "--until-closed"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603  our own command
    try:
        yield
    finally:
        if os.getpid() == own:  # the server's forked processes leave this block too
            process.terminate()
            process.communicate(timeout=10)


def _stop_when_closed() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
