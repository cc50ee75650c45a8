"""The tree as these tests read it: files, syntax trees, and the ranks that the linter enforces."""

import ast
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
ENLACE = SRC / "enlace"
MODULES = tuple(sorted(path.name for path in ENLACE.iterdir() if (path / "__init__.py").exists()))


def python_files(*folders: Path) -> Iterator[Path]:
    """Our own Python files, migrations left out."""
    for folder in folders or (SRC,):
        yield from (path for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts)


def templates() -> list[Path]:
    return sorted(ENLACE.rglob("templates/**/*.html"))


def name_of(path: Path) -> str:
    """The path from the root of the repository, with slashes."""
    return path.relative_to(ROOT).as_posix()


@lru_cache(maxsize=1000)
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def contract(name: str) -> dict[str, object]:
    """One import-linter contract of ``pyproject.toml``."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    return next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == name)


def layers(name: str) -> list[list[str]]:
    """The layers of a contract from the top down, each with its members."""
    rows = contract(name)["layers"]
    assert isinstance(rows, list)
    return [[member.strip(" ()") for member in row.split("|")] for row in rows]


def rank(module: str) -> int:
    """How high a module stands: a lower number may be imported by a higher one."""
    ranks = layers("ranks")
    return len(ranks) - next(place for place, members in enumerate(ranks) if module in members)
