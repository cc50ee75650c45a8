"""The demonstration: how long it takes to be made, to start again, and to come out of a fresh copy of the repository."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row, Timed, middle

ROOT = Path(__file__).resolve().parents[1]
COLD, AGAIN = 60.0, 3.0
LEFT_OUT = shutil.ignore_patterns(
    ".venv", ".git", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis"
)


def run() -> Iterator[Row]:
    """Data from nothing; the second start; everything from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        yield _row("demo: its data from nothing, packages installed", _seconds(ROOT, home, "--no-serve"), COLD)
        starts = middle([_until_itanswers(home) for _number in range(3)])
        yield _row("demo: second start to the first page (HTTP 200)", starts, AGAIN)
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        name = "demo: a fresh copy, virtual environment and all, packages in the cache"
        yield _row(name, _seconds(copy, Path(folder) / "second", "--no-serve"), COLD)


def _row(name: str, took: Timed, at_most: float) -> Row:
    return Row(name, str(took), target=f"< {at_most:g} s", met=took.wall < at_most)


def _seconds(root: Path, home: Path, *words: str) -> Timed:
    started, before = time.monotonic(), os.times()
    subprocess.run([root / "run", "demo", *words], env=_environment(home), check=True, capture_output=True)
    return Timed(time.monotonic() - started, _computed(before))


def _until_itanswers(home: Path) -> Timed:
    port = free_port()
    command = [str(ROOT / "run"), "demo", "--port", str(port)]
    started, before = time.monotonic(), os.times()
    with subprocess.Popen(
        command, env=_environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not answers(f"http://127.0.0.1:{port}/account/login/"):
                assert server.poll() is None, "the demonstration did not start"
                assert time.monotonic() - started < 60, "the demonstration does not answer"
                time.sleep(0.01)
            wall = time.monotonic() - started
        finally:
            server.terminate()
    return Timed(wall, _computed(before))


def _computed(before: os.times_result) -> float:
    """CPU seconds of the processes that were started, and have ended, since."""
    now = os.times()
    return now.children_user + now.children_system - before.children_user - before.children_system


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:  # not there yet, or too busy to answer
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    """As a person's shell, without what this benchmark or its machine set."""
    hidden = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if name not in hidden} | {"ENLACE_HOME": str(home)}
