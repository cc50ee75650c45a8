"""The demonstration: how long it takes to be made, to start again, and to come out of a fresh copy of the repository."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row, spoken

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
        starts = sorted(_until_it_answers(home) for _number in range(3))
        yield _row("demo: second start to the first page (HTTP 200)", starts[1], AGAIN)
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
        name = "demo: a fresh copy, virtual environment and all, packages in the cache"
        yield _row(name, _seconds(copy, Path(folder) / "second", "--no-serve"), COLD)


def _row(name: str, seconds: float, at_most: float) -> Row:
    return Row(name, spoken(seconds), target=f"< {at_most:g} s", met=seconds < at_most)


def _seconds(root: Path, home: Path, *words: str) -> float:
    started = time.monotonic()
    subprocess.run([root / "run", "demo", *words], env=_environment(home), check=True, capture_output=True)
    return time.monotonic() - started


def _until_it_answers(home: Path) -> float:
    port = _free_port()
    started = time.monotonic()
    command = [str(ROOT / "run"), "demo", "--port", str(port)]
    with subprocess.Popen(
        command, env=_environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not _answers(f"http://127.0.0.1:{port}/account/login/"):
                assert server.poll() is None, "the demonstration did not start"
                assert time.monotonic() - started < 60, "the demonstration does not answer"
                time.sleep(0.01)
            return time.monotonic() - started
        finally:
            server.terminate()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(home: Path) -> dict[str, str]:
    """As a person's shell, without what this benchmark set for itself."""
    return {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    } | {"ENLACE_HOME": str(home)}
