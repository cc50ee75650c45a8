"""The fields that a channel adds to the record of a contact: an inspection asks other things than a school.

``intake/channels.toml`` holds one table for each field: the channels that ask it, its type, its words. A text is always
sealed when it is stored; so is any other field marked ``sealed``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enlace.country.codelists import CodeList
from enlace.country.rows import CODE, PackError, parse_toml, read_text

FILE = "intake/channels.toml"
TYPES = ("yes_no", "choice", "several", "number", "date", "text", "code", "place")
KNOWN = {"channels", "code", "type", "text", "hint", "options", "list", "min", "max", "sealed"}


@dataclass(frozen=True)
class FieldOption:
    """One answer of a ``choice`` or ``several`` field."""

    code: str
    texts: Mapping[str, str]

    def text(self, lang: str) -> str:
        return _in(self.texts, lang)


@dataclass(frozen=True)
class ChannelField:
    """One field: ``list_name`` for type ``code``, ``low`` and ``high`` for ``number``, ``options`` for choices."""

    code: str
    channels: frozenset[str]
    type: str
    texts: Mapping[str, str]
    hints: Mapping[str, str]
    options: tuple[FieldOption, ...]
    list_name: str
    low: int | None
    high: int | None
    sealed: bool

    def text(self, lang: str) -> str:
        return _in(self.texts, lang)

    def hint(self, lang: str) -> str:
        return _in(self.hints, lang) if self.hints else ""


def read_channels(
    folder: Path, codelists: Mapping[str, CodeList], languages: Sequence[str]
) -> tuple[ChannelField, ...]:
    """The fields in the order of the file; none when the pack has no such file. Raises ``PackError``."""
    if not (folder / FILE).exists():
        return ()
    shown = f"{folder.name}/{FILE}"
    tables = parse_toml(shown, read_text(folder, FILE))
    if set(tables) != {"fields"} or not isinstance(tables["fields"], list):
        raise PackError(shown, 0, "fields", "expected only tables of the name [[fields]]")
    reader = _Reader(shown, codelists, tuple(languages))
    found = [reader.field(number, table) for number, table in enumerate(tables["fields"], start=1)]
    for number, field in enumerate(found, start=1):
        if any(field.code == other.code and field.channels & other.channels for other in found[: number - 1]):
            raise reader.bad(number, field.code, "code", "a code that no field of the same channel has")
    return tuple(found)


@dataclass(frozen=True)
class _Reader:
    shown: str
    codelists: Mapping[str, CodeList]
    languages: tuple[str, ...]

    def bad(self, number: int, code: object, name: str, expected: str) -> PackError:
        return PackError(self.shown, 0, f"fields {number} ({str(code)[:60]}): {name}", f"expected {expected}")

    def field(self, number: int, table: Any) -> ChannelField:
        if not isinstance(table, dict):
            raise self.bad(number, "", "", "a table")
        code = table.get("code", "")
        for name in table:
            if name not in KNOWN:
                raise self.bad(number, code, str(name)[:60], f"only {', '.join(sorted(KNOWN))}")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise self.bad(number, code, "code", "a code of letters, digits, _ . or -")
        kind = table.get("type")
        if kind not in TYPES:
            raise self.bad(number, code, "type", f"one of {', '.join(TYPES)}")
        return ChannelField(
            code=code,
            channels=self._channels(number, code, table),
            type=kind,
            texts=self._texts(number, code, "text", table.get("text")),
            hints=self._texts(number, code, "hint", table["hint"]) if "hint" in table else {},
            options=self._options(number, code, kind, table),
            list_name=self._list(number, code, kind, table),
            low=self._bound(number, code, "min", kind, table),
            high=self._bound(number, code, "max", kind, table),
            sealed=kind == "text" or self._flag(number, code, table),
        )

    def _channels(self, number: int, code: str, table: Mapping[str, Any]) -> frozenset[str]:
        given = table.get("channels")
        known = self.codelists["contact_channel"]
        if not isinstance(given, list) or not given or any(channel not in known for channel in given):
            raise self.bad(number, code, "channels", "a list of codes of contact_channel")
        return frozenset(given)

    def _texts(self, number: int, code: str, name: str, given: Any) -> dict[str, str]:
        if not isinstance(given, dict) or set(given) != set(self.languages):
            raise self.bad(number, code, name, f"a text in each of {', '.join(self.languages)}")
        if any(not isinstance(text, str) or not text.strip() for text in given.values()):
            raise self.bad(number, code, name, "a text that is not empty")
        return {lang: given[lang] for lang in self.languages}

    def _options(self, number: int, code: str, kind: str, table: Mapping[str, Any]) -> tuple[FieldOption, ...]:
        given = table.get("options", [])
        if kind not in ("choice", "several"):
            if given:
                raise self.bad(number, code, "options", "options only for the types choice and several")
            return ()
        if not isinstance(given, list) or len(given) < 2 or any(not isinstance(option, dict) for option in given):
            raise self.bad(number, code, "options", "two options or more")
        codes = [str(option.get("code", "")) for option in given]
        if len(set(codes)) != len(codes) or not all(CODE.fullmatch(each) for each in codes):
            raise self.bad(number, code, "options", "options with a code each, no two the same")
        return tuple(
            FieldOption(each, self._texts(number, code, "options", option.get("text")))
            for each, option in zip(codes, given, strict=True)
        )

    def _list(self, number: int, code: str, kind: str, table: Mapping[str, Any]) -> str:
        name = table.get("list", "")
        if (kind == "code") != bool(name) or (name and name not in self.codelists):
            raise self.bad(number, code, "list", "the name of a code list, for the type code and no other")
        return str(name)

    def _bound(self, number: int, code: str, name: str, kind: str, table: Mapping[str, Any]) -> int | None:
        value = table.get(name)
        if value is not None and (kind != "number" or not isinstance(value, int) or isinstance(value, bool)):
            raise self.bad(number, code, name, "a whole number, for the type number and no other")
        return value

    def _flag(self, number: int, code: str, table: Mapping[str, Any]) -> bool:
        value = table.get("sealed", False)
        if not isinstance(value, bool):
            raise self.bad(number, code, "sealed", "true or false")
        return value


def _in(texts: Mapping[str, str], lang: str) -> str:
    return texts.get(lang) or next(iter(texts.values()))
