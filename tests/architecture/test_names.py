"""Files have the names of the shape, and only those: whoever has read one module can find anything in another."""

import ast
import re
from pathlib import Path

from tests.architecture.source import ENLACE, MODULES, SRC, layers, name_of, python_files, tree

FORBIDDEN_FILES = {"admin.py", "signals.py", "serializers.py", "managers.py", "utils.py", "helpers.py", "services.py"}
FORBIDDEN_FOLDERS = {"common", "utils", "helpers", "lib", "core", "misc"}
WIRING = {"__init__.py", "__main__.py", "settings.py", "urls.py", "wsgi.py", "cli.py", "api_urls.py"}
# What stands in a module besides its Python files.
FOLDERS = {"templates", "static", "data"}


def test_no_file_has_a_name_that_gathers_everything() -> None:
    files = [name_of(path) for path in python_files(SRC) if path.name in FORBIDDEN_FILES]
    folders = [name_of(path) for path in SRC.rglob("*") if path.is_dir() and path.name in FORBIDDEN_FOLDERS]
    assert files + folders == []


def test_every_module_is_ranked_and_has_a_shape() -> None:
    ranked = {member for row in layers("ranks") for member in row}
    assert set(MODULES) <= ranked
    assert {path.name for path in ENLACE.glob("*.py")} <= WIRING
    assert {path.stem for path in ENLACE.glob("*.py")} - {"__init__"} <= ranked


def test_every_file_of_a_module_is_in_the_vocabulary() -> None:
    vocabulary = {member for row in layers("shape") for member in row}
    strange = [
        name_of(path)
        for module in MODULES
        for path in (ENLACE / module).iterdir()
        if _part(path) not in vocabulary | FOLDERS | {"__init__"} and path.name != "__pycache__" and _is_code(path)
    ]
    assert strange == []


def test_every_module_says_what_it_owns_and_who_may_call_it() -> None:
    silent = []
    for module in MODULES:
        said = ast.get_docstring(tree(ENLACE / module / "__init__.py")) or ""
        if not (said.startswith("Owns ") and re.search(r"\b(not|no|never)\b", said) and "call" in said):
            silent.append(module)
    assert silent == []


def test_a_file_is_never_there_beside_a_package_of_its_name() -> None:
    assert [name_of(path) for path in python_files(ENLACE) if path.with_suffix("").is_dir()] == []


def test_templates_stand_under_the_name_of_their_module() -> None:
    """So that one module cannot replace another's page; the pages of the libraries are base's to dress."""
    strays = [
        name_of(folder)
        for module in MODULES
        if module != "base"
        for folder in (ENLACE / module / "templates").glob("*/")
        if folder.name != module and not _dresses_a_library(folder)
    ]
    assert strays == []


def _part(path: Path) -> str:
    return path.name if path.is_dir() else path.stem


def _is_code(path: Path) -> bool:
    return path.is_dir() or path.suffix == ".py"


def _dresses_a_library(folder: Path) -> bool:
    return folder.name in {"account", "allauth", "mfa", "registration"}
