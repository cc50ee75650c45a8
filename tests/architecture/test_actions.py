"""Every write is an action: keyword-only, the actor first, one transaction with its record."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from enlace.base.actor import Actor
from tests.architecture.source import ENLACE, MODULES, name_of, python_files, tree

# These do not open a transaction of their own kind: they are what the others open theirs with.
MADE_OF_TRANSACTIONS = {"audited", "claim_submission", "once"}
EVENT = re.compile(r"[a-z_]+\.[a-z_]+")


def action_files() -> Iterator[Path]:
    for module in MODULES:
        yield from (path for path in python_files(ENLACE / module) if "actions" in (path.stem, path.parent.name))


def public_actions() -> Iterator[tuple[str, Callable[..., object]]]:
    for module in MODULES:
        if not find_spec(f"enlace.{module}.actions"):
            continue
        actions = import_module(f"enlace.{module}.actions")
        for name, value in vars(actions).items():
            own = inspect.isfunction(value) and value.__module__.startswith(actions.__name__)
            if own and not name.startswith("_"):
                yield f"{module}.{name}", value


def test_every_action_names_who_acts_first_and_takes_keywords_only() -> None:
    wrong = []
    for name, action in public_actions():
        parameters = list(inspect.signature(action).parameters.values())
        keywords_only = all(p.kind is p.KEYWORD_ONLY or p.kind is p.VAR_KEYWORD for p in parameters)
        if not parameters or parameters[0].name != "by" or parameters[0].annotation is not Actor or not keywords_only:
            wrong.append(name)
    assert wrong == []


def test_every_action_leaves_a_record() -> None:
    """Each public function reaches ``audited`` by itself, through a function of its file or through another action."""
    actions = {name.split(".")[1] for name, _action in public_actions()} | {"audited"}
    silent = []
    for path in action_files():
        functions = {node.name: node for node in tree(path).body if isinstance(node, ast.FunctionDef)}
        for name, node in functions.items():
            if not name.startswith("_") and name not in MADE_OF_TRANSACTIONS and not _reaches(node, functions, actions):
                silent.append(f"{name_of(path)}: {name}")
    assert silent == []


def test_events_are_named_by_their_subject_and_verb() -> None:
    named = [
        keyword.value.value
        for path in python_files(ENLACE)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"audited", "record_read"}
        for keyword in node.keywords
        if keyword.arg == "action" and isinstance(keyword.value, ast.Constant)
    ]
    assert len(named) > 40
    assert [name for name in named if not EVENT.fullmatch(name)] == []


def _reaches(node: ast.FunctionDef, functions: dict[str, ast.FunctionDef], wanted: set[str]) -> bool:
    called = {call.func.id for call in ast.walk(node) if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}
    called.discard(node.name)
    helpers = [functions[name] for name in called if name in functions and name.startswith("_")]
    return bool(called & wanted) or any(_reaches(helper, functions, wanted) for helper in helpers if helper is not node)
