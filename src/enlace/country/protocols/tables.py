"""Nested tables of a TOML file that know where they stand: a bad value is told by file, line, table and field."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from enlace.country.protocols.types import Texts
from enlace.country.rows import PackError

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(#.*)?$")
ENTRY = re.compile(r"\s*([\w-]+)(\.[\w-]+)*\s*=")
LARGEST = 10**15


@dataclass(frozen=True)
class Place:
    """The line of a table's header and of each of its names; 0 when the file is written so that it cannot be told."""

    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """One table. ``path`` is what a reader calls it: ``sections.work.papers``."""

    file: str
    path: str
    values: Mapping[str, Any]
    place: Place = Place()

    def field(self, name: str) -> str:
        return ".".join(part for part in (self.path, name) if part)

    def bad(self, name: str, expected: str) -> PackError:
        found = "nothing" if name not in self.values else repr(self.values[name])[:60]
        line = self.place.lines.get(name, self.place.line)
        return PackError(self.file, line, self.field(name), f"expected {expected}, found {found}")

    def only(self, *names: str) -> None:
        """Refuse a name that means nothing here: a typing error would otherwise go unseen."""
        for name in self.values:
            if name not in names:
                raise self.bad(name, f"only the names {', '.join(names)}")

    def word(self, name: str, allowed: Collection[str] = ()) -> str:
        """A text that is there; one of ``allowed`` when any are given."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.bad(name, "a text")
        if allowed and value not in allowed:
            shown = ", ".join(sorted(allowed)[:12]) + (" ..." if len(allowed) > 12 else "")
            raise self.bad(name, f"one of {shown}")
        return value.strip()

    def code(self, name: str = "code") -> str:
        if not NAME.fullmatch(value := self.word(name)):
            raise self.bad(name, "a code of small letters, digits and _, a letter first, 40 at most")
        return value

    def words(self, name: str, allowed: Collection[str], what: str) -> tuple[str, ...]:
        """A list of words, each once and each one of ``allowed``; an absent list is empty."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise self.bad(name, "a list of codes")
        for part in value:
            if part not in allowed:
                raise self.bad(name, f"only codes of {what}, and {part[:60]!r} is not one")
        if len(set(value)) != len(value):
            raise self.bad(name, "each code once")
        return tuple(value)

    def flag(self, name: str) -> bool:
        value = self.values.get(name, False)
        if not isinstance(value, bool):
            raise self.bad(name, "true or false")
        return value

    def whole(self, name: str, at_least: int = -LARGEST) -> int:
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not at_least <= value <= LARGEST:
            raise self.bad(name, "a whole number" + (f" of at least {at_least}" if at_least > -LARGEST else ""))
        return value

    def day(self, name: str) -> date:
        value = self.values.get(name)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.bad(name, "a date such as 2026-11-01, without quotes")
        return value

    def texts(self, name: str, languages: Sequence[str]) -> Texts:
        inner = self.table(name)
        inner.only(*languages)
        for lang in languages:
            if not isinstance(inner.values.get(lang), str) or not inner.values[lang].strip():
                raise inner.bad(lang, "a translation in every language of the pack")
        return Texts({lang: inner.values[lang].strip() for lang in languages})

    def table(self, name: str) -> "Table":
        value = self.values.get(name)
        if not isinstance(value, dict):
            raise self.bad(name, "a table of names and values")
        return Table(self.file, self.field(name), value, self._inner(name))

    def tables(self, name: str) -> list["Table"]:
        """A list of tables, each called by its own code or, without one, by its number; an absent list is empty."""
        value = self.values.get(name, [])
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise self.bad(name, "a list of tables")
        return [
            Table(self.file, f"{self.field(name)}.{called(part, nth)}", part, self._inner(name))
            for nth, part in enumerate(value, start=1)
        ]

    def _inner(self, name: str) -> Place:
        return Place(self.place.lines.get(name, self.place.line))


def called(part: Mapping[str, Any], nth: int) -> str:
    code = part.get("code")
    return code if isinstance(code, str) and NAME.fullmatch(code) else str(nth)


def unique(tables: Sequence[Table], name: str = "code") -> None:
    """Raise on the second table with the same code."""
    seen = set()
    for table in tables:
        value = table.word(name)
        if value in seen:
            raise table.bad(name, "a code not used before")
        seen.add(value)


def places(text: str, header: str) -> list[Place]:
    """Where each table under this header stands, in order."""
    found: list[Place] = []
    lines: dict[str, int] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        if match := HEADER.match(line):
            lines = {} if match[1] == header else None
            if lines is not None:
                found.append(Place(number, lines))
        elif lines is not None and (entry := ENTRY.match(line)):
            lines.setdefault(entry[1], number)
    return found


def top(text: str) -> Place:
    """The names that stand before the first header."""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if HEADER.match(line):
            break
        if entry := ENTRY.match(line):
            lines.setdefault(entry[1], number)
    return Place(1, lines)


def placed(tables: Sequence[Table], found: Sequence[Place]) -> list[Table]:
    """The tables with their places, when the file writes every one of them under a header of its own."""
    if len(tables) != len(found):
        return list(tables)
    return [Table(t.file, t.path, t.values, place) for t, place in zip(tables, found, strict=True)]
