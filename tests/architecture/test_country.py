"""No country is named in the source: what is true of one country stands in its pack."""

import ast
import csv
import io
import re
import tokenize
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import ENLACE, ROOT, SRC, name_of, python_files, templates, tree

PACKS = sorted(path.parent for path in (ROOT / "countries").glob("*/pack.toml"))
LIST_OF_COUNTRIES = ROOT / "countries" / "mx" / "codes" / "country.csv"
INSTITUTIONS = set(
    "CEAV CNDH CONAPO CURP DIF FEVIMTRA INALI INE INEGI INM RENAVI SESNSP STPS UIF".split()  # noqa: SIM905
)
# Also common surnames, words of one of the languages, or a typeface.
ALSO_WORDS = {"Georgia", "Guerrero", "Hidalgo", "Morelos", "Nueva", "North", "South", "Isles"}
# Readers of what others publish: the format is theirs, and so are its names. Names here, no facts about a country.
FORMATS = {
    "src/enlace/exchange/countries.py",
    "src/enlace/exchange/sesnsp.py",
    "src/enlace/exchange/commands.py",
    "src/enlace/exchange/actions/files.py",
    "src/enlace/exchange/models.py",
}
# Which pack a fresh installation starts with has to be written somewhere. Only these may be named, and only there.
DEFAULTS = {("src/enlace/settings.py", "mx"), ("src/enlace/settings.py", "America/Mexico_City")}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def names() -> re.Pattern[str]:
    """Countries in the languages of the first pack, states of every pack, institutions of the first country."""
    found = {text for row in rows(LIST_OF_COUNTRIES) for key, text in row.items() if key.startswith("label_")}
    for pack in PACKS:
        states = rows(pack / "geography" / "states.csv")
        found |= {text for row in states for key, text in row.items() if key.startswith("name_")}
    kept = sorted((found | INSTITUTIONS) - ALSO_WORDS, key=len, reverse=True)
    return re.compile(rf"(?<!\w)({'|'.join(map(re.escape, kept))})(?!\w)")


def codes() -> set[str]:
    """What stands for a country or a state of a pack wherever it is a text of its own."""
    found: set[str] = set()
    for pack in PACKS:
        head = tomllib.loads((pack / "pack.toml").read_text())
        found |= {head[key] for key in ("code", "country_iso2", "country_iso3", "currency", "timezone")}
        found |= {row["code"] for row in rows(pack / "geography" / "states.csv")}
    return found


def literals(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_lists_would_find_a_country() -> None:
    for text in ("the police of México", "Peru", "una persona de Puebla", "the CEAV register"):
        assert names().search(text), text
    assert not names().search("Spanish names, English labels, a person from abroad")
    assert {"mx", "MX", "MEX", "MXN", "MX-PUE", "xx"} <= codes()


@pytest.mark.parametrize("path", list(python_files(SRC)), ids=name_of)
def test_no_country_in_python(path: Path) -> None:
    if name_of(path) not in FORMATS:
        assert names().findall(_read(path)) == []
    found = {(name_of(path), literal) for literal in literals(path) if literal in codes()}
    assert found - DEFAULTS == set()


def test_no_country_in_templates_scripts_or_styles() -> None:
    files = [*templates(), *ENLACE.rglob("static/**/*.js"), *ENLACE.rglob("static/**/*.css")]
    found = {name_of(path): names().findall(path.read_text()) for path in files}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_exceptions_are_still_needed() -> None:
    settings = {(name_of(ENLACE / "settings.py"), text) for text in literals(ENLACE / "settings.py")}
    assert settings >= DEFAULTS
    assert all((ROOT / name).exists() for name in FORMATS)


def _read(path: Path) -> str:
    """Code, comments and docstrings as one text."""
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    return " ".join(token.string for token in tokens)
