"""The columns of a file of persons and their code lists, as a TOML file says them.

person = "id"                     # the column that tells persons apart

[[column]]
name = "sex"
codes = ["female", "male", ""]    # all values there may be; "" where one may be absent

[[column]]
name = "state"
list = "codes/states.csv"         # or a file beside this one: its column `code`
may_be_absent = true
"""

import csv
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reckon.disclosure.private.people import Column
from reckon.tables import InputError

FIELDS = {"name", "codes", "list", "may_be_absent"}


@dataclass(frozen=True, slots=True)
class Schema:
    """The column that tells persons apart, and the others with all the values they may hold."""

    person: str
    columns: tuple[Column, ...]


def read_schema(path: Path) -> Schema:
    """The schema in a TOML file. InputError, naming the column, for what cannot be used; OSError when it is not there."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"it is no TOML file: {error}") from error
    person, columns = found.get("person"), found.get("column")
    if set(found) != {"person", "column"} or not isinstance(person, str) or not isinstance(columns, list):
        raise InputError("it must hold person = … and a [[column]] for each column, and nothing else")
    return Schema(person, tuple(_column(column, path.parent) for column in columns))


def _column(found: Any, folder: Path) -> Column:
    if not isinstance(found, dict) or not isinstance(found.get("name"), str):
        raise InputError("every [[column]] needs its name")
    name = found["name"]
    if unknown := set(found) - FIELDS:
        raise InputError(f"column {name}: {', '.join(sorted(unknown))} is not known")
    if ("codes" in found) == ("list" in found):
        raise InputError(f"column {name}: give its codes or the file of its list, one of the two")
    codes = found["codes"] if "codes" in found else _listed(folder / str(found["list"]), name)
    absent = found.get("may_be_absent", False)
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes) or type(absent) is not bool:
        raise InputError(f"column {name}: codes are texts, and may_be_absent is true or false")
    return Column(name, tuple(codes) if "" in codes or not absent else (*codes, ""))


def _listed(path: Path, name: str) -> list[str]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        if "code" not in (rows.fieldnames or []):
            raise InputError(f"column {name}: {path.name} has no column named code")
        return [row["code"] for row in rows]
