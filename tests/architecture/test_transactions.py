"""One way to open a transaction, no way around the record, and no query outside the files that hold queries."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import ENLACE, name_of, python_files, tree

OPENS = ENLACE / "audit" / "actions.py"
TRANSACTION_WORDS = {"atomic", "savepoint", "set_autocommit", "non_atomic_requests", "ATOMIC_REQUESTS"}
SEND = {"send", "connect", "receiver"}
# These parse, call and render; whatever they show comes from a query, and whatever they change goes through an action.
THIN = {"views", "api", "forms", "apps", "commands", "templatetags", "urls", "labels", "context", "flow"}


def words(path: Path) -> Iterator[str]:
    """Every name, attribute, imported name and string of a file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from (node.name, node.name.rpartition(".")[2])
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_only_audited_opens_a_transaction() -> None:
    others = [
        name_of(path)
        for path in python_files(ENLACE)
        if path != OPENS and (TRANSACTION_WORDS & set(words(path)) or "transaction" in _imported_from_db(path))
    ]
    assert others == []


def test_no_raw_sql_opens_or_ends_one() -> None:
    starts = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|START)( (TRANSACTION|WORK|IMMEDIATE|EXCLUSIVE))?\s*;?\s*")
    assert [name_of(path) for path in python_files(ENLACE) if any(starts.fullmatch(word) for word in words(path))] == []


def test_nothing_happens_behind_the_callers_back() -> None:
    """No signal receivers, and no model that does more than its fields when it is saved or deleted."""
    for path in python_files(ENLACE):
        imported = {node.module for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)}
        assert not {name for name in imported if name and name.endswith((".signals", ".dispatch"))}, name_of(path)
        defined = {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}
        assert not (path.stem == "models" and defined & {"save", "delete", "clean", "__init__"}), name_of(path)


def test_pages_forms_and_commands_hold_no_query() -> None:
    found = [
        name_of(path)
        for path in python_files(ENLACE)
        if THIN & {path.stem, *(parent.name for parent in path.parents)} and "objects" in set(words(path))
    ]
    assert found == []


def _imported_from_db(path: Path) -> set[str]:
    return {
        alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module in {"django.db", "django.db.transaction"}
        for alias in node.names
    } | {
        alias.name.rpartition(".")[2]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name.startswith("django.db.")
    }
