"""The agencies a fresh installation starts with: a beginning, not a register."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from enlace.country.codelists import CodeList
from enlace.country.geography import State
from enlace.country.rows import read_csv, unique


@dataclass(frozen=True)
class AgencySeed:
    """An agency to start with.

    ``state_code`` "" means national; ``parent`` is the code of the agency it belongs to, or "";
    ``synthetic`` means that no such agency is known to exist.
    """

    code: str
    name: str
    kind_code: str
    state_code: str
    parent: str
    synthetic: bool
    note: str


def read_agencies(folder: Path, kinds: CodeList, states: Mapping[str, State]) -> tuple[AgencySeed, ...]:
    rows = read_csv(folder, "directory/agencies.csv", ["code", "name", "kind", "state", "parent", "synthetic"])
    unique(rows)
    codes = [row.optional("code") for row in rows]
    for row in rows:
        if row.optional("parent") == row.optional("code"):
            raise row.bad("parent", "another agency or nothing")
    return tuple(
        AgencySeed(
            code=row.code(),
            name=row.text("name"),
            kind_code=row.choice("kind", [kind.code for kind in kinds]),
            state_code=row.choice_or_empty("state", states),
            parent=row.choice_or_empty("parent", codes),
            synthetic=row.yes("synthetic"),
            note=row.optional("note"),
        )
        for row in rows
    )
