"""Whether the data here are invented: the file ``synthetic`` in the home says so, and every page and file repeats it."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings


def marker() -> Path:
    return Path(settings.ENLACE_HOME) / "synthetic"


@lru_cache(maxsize=1)
def is_synthetic() -> bool:
    return marker().exists()


def mark() -> None:
    """Say from now on, on every page and in every file, that nobody here is real. There is no way back."""
    marker().touch()
    is_synthetic.cache_clear()
