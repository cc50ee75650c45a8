"""The pack in use."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from enlace.country.loader import Pack, load


def folder(code: str) -> Path:
    """Where the pack of a country is kept."""
    return Path(settings.ENLACE_COUNTRIES_DIR) / code


def current() -> Pack:
    """The pack this installation works with, read once. Raises ``PackError`` if it is wrong."""
    return _load(folder(settings.ENLACE_COUNTRY))


@lru_cache
def _load(path: Path) -> Pack:
    return load(path)
