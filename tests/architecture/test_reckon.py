"""``reckon`` computes and does nothing else: named libraries only, no clock, no network, no settings."""

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.source import SRC, name_of, python_files, tree

LIBRARIES = {"numpy", "scipy", "highspy", "pyarrow", "duckdb", "reckon"}
# Engines that one option asks for: imported where they are used, so that nobody else needs them.
ENGINES = {"distributed", "opendp"}
OUTSIDE_WORLD = {"asyncio", "http", "os", "shutil", "smtplib", "socket", "ssl", "subprocess", "time", "urllib"}
CLOCKS = {"now", "today", "utcnow"}


@pytest.mark.parametrize("path", list(python_files(SRC / "reckon")), ids=name_of)
def test_reckon_stands_alone(path: Path) -> None:
    imported = {name for node in ast.walk(tree(path)) for name in _imported(node)}
    everywhere = {name for node in tree(path).body for name in _imported(node)}
    assert imported - (ENGINES - everywhere) <= LIBRARIES | set(sys.stdlib_module_names)
    assert not imported & OUTSIDE_WORLD
    assert not CLOCKS & {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}


def _imported(node: ast.AST) -> set[str]:
    """The packages that one statement imports, by their first name."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "reckon").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()
