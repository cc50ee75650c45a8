"""``reckon`` computes and does nothing else: named libraries only, no clock, no network, no settings."""

import ast
import sys
from pathlib import Path

import pytest

from tests.architecture.source import SRC, name_of, python_files, tree

LIBRARIES = {"numpy", "scipy", "pyarrow", "duckdb", "reckon"}
OUTSIDE_WORLD = {"asyncio", "http", "os", "shutil", "smtplib", "socket", "ssl", "subprocess", "time", "urllib"}
CLOCKS = {"now", "today", "utcnow"}


@pytest.mark.parametrize("path", list(python_files(SRC / "reckon")), ids=name_of)
def test_reckon_stands_alone(path: Path) -> None:
    imported = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "reckon").partition(".")[0])
    assert imported <= LIBRARIES | set(sys.stdlib_module_names)
    assert not imported & OUTSIDE_WORLD
    assert not CLOCKS & {node.attr for node in ast.walk(tree(path)) if isinstance(node, ast.Attribute)}
