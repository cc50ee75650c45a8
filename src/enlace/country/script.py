"""What the annual report says, section by section: sentences with slots, tables and notes, checked against the indicators."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from enlace.country.codelists import CodeList
from enlace.country.returns import ReturnTemplate
from enlace.country.rows import PackError, parse_toml, read_text
from reckon.indicators import Definition
from reckon.indicators.define import LISTS
from reckon.indicators.slots import LARGEST, Slot, SlotError, read_sentence

FILE = "report/annual.toml"
PLACES = {"state": {"federal"}, "destination": {"abroad", "several"}}
"""Dimensions whose categories are the states, and what else they may hold."""
PARTS = ("say", "note", "figures", "table")
FIXED = {
    "nationality": {"national", "foreign"},
    "route": {"same_state", "other_state", "other_country"},
    "border": {"crossed", "not_crossed"},
    "jurisdiction": {"federal", "state"},
    "state.jurisdiction": {"federal", "state"},
    "age_group.majority": {"minor", "adult"},
    "form.glotip": {"sexual_exploitation", "forced_labour_servitude_slavery", "organ_removal", "other", "several"},
}
"""Categories that are the same in every country."""


class _Reader:
    """The script of one pack, and what it may speak of."""

    def __init__(
        self,
        folder: Path,
        languages: Sequence[str],
        definitions: Sequence[Definition],
        codelists: Mapping[str, CodeList],
        states: Collection[str],
        templates: Sequence[ReturnTemplate],
    ) -> None:
        self.shown, self.languages = f"{folder.name}/{FILE}", list(languages)
        self.definitions = {definition.id: definition for definition in definitions}
        self.codelists, self.states, self.templates = codelists, states, templates

    def bad(self, field: str, expected: str) -> PackError:
        return PackError(self.shown, 0, field, expected)

    def section(self, raw: Any, place: int) -> dict[str, Any]:
        if not isinstance(raw, dict) or set(raw) != {"id", "law", "title", "part"} or not isinstance(raw["part"], list):
            raise self.bad(f"section.{place}", "expected id, law, title and parts")
        name = f"section.{raw['id']}"
        if not isinstance(raw["id"], str) or not raw["id"].isidentifier() or not isinstance(raw["law"], str):
            raise self.bad(name, "expected an id of letters and _, and the law as a text")
        return {
            "id": raw["id"],
            "law": raw["law"],
            "title": self.sentence(raw["title"], f"{name}.title"),
            "parts": [self.part(part, f"{name}.part.{place}") for place, part in enumerate(raw["part"], start=1)],
        }

    def part(self, raw: Any, field: str) -> dict[str, Any]:
        kinds = [kind for kind in PARTS if isinstance(raw, dict) and kind in raw]
        if len(kinds) != 1 or set(raw) - {kinds[0], "map"} or ("map" in raw and kinds != ["table"]):
            raise self.bad(field, f"expected one of {', '.join(PARTS)}")
        kind, value = kinds[0], raw[kinds[0]]
        if kind in ("say", "note"):
            return {kind: self.sentence(value, f"{field}.{kind}")}
        if kind == "figures":
            if not isinstance(value, list) or not value:
                raise self.bad(f"{field}.figures", "expected a list of indicators")
            for indicator in value:
                self.check(Slot(str(indicator)), f"{field}.figures")
            return {"figures": [str(indicator) for indicator in value]}
        indicator, _space, dimension = str(value).partition(" ")
        self.check(Slot(indicator, dimension, LARGEST), f"{field}.table")
        if not dimension:
            raise self.bad(f"{field}.table", "expected an indicator and one of its dimensions")
        if "map" in raw and dimension != "state":
            raise self.bad(f"{field}.map", "a map is of the states")
        return {"table": {"indicator": indicator, "dimension": dimension}, "map": raw.get("map") is True}

    def sentence(self, raw: Any, field: str) -> dict[str, str]:
        """A text in every language of the pack, each with the same slots."""
        if not isinstance(raw, dict) or sorted(raw) != sorted(self.languages):
            raise self.bad(field, "expected a text in every language of the pack")
        slots = {}
        for language, text in raw.items():
            try:
                parts = read_sentence(str(text))
            except SlotError as error:
                raise self.bad(f"{field}.{language}", str(error)) from error
            slots[language] = {part for part in parts if isinstance(part, Slot)}
            for slot in slots[language]:
                self.check(slot, f"{field}.{language}")
        if any(found != slots[self.languages[0]] for found in slots.values()):
            raise self.bad(field, "expected the same slots in every language")
        return {language: str(text) for language, text in raw.items()}

    def check(self, slot: Slot, field: str) -> None:
        """Raises ``PackError`` for an indicator, a dimension or a category that the pack does not have."""
        if slot.indicator.startswith("@"):
            return
        definition = self.definitions.get(slot.indicator)
        if definition is None:
            raise self.bad(field, f"there is no indicator {slot.indicator}")
        if slot.dimension not in ("", *definition.dimensions, *definition.groupings):
            raise self.bad(field, f"{slot.indicator} is not broken down by {slot.dimension}")
        if slot.what == "share" and definition.measure != "count":
            raise self.bad(field, f"a share is of a count, and {slot.indicator} is a {definition.measure}")
        known = self.categories(definition, slot.dimension)
        if slot.dimension and slot.category not in ("", LARGEST) and known and slot.category not in known:
            raise self.bad(field, f"{slot.dimension} of {slot.indicator} has no category {slot.category}")

    def categories(self, definition: Definition, dimension: str) -> Collection[str]:
        """The codes of a dimension; none where no list is known."""
        if dimension in PLACES:
            return {*self.states, *PLACES[dimension]}
        returned = self._returned(definition, dimension)
        if returned or dimension in definition.categories:
            return returned or definition.categories[dimension]
        name = definition.lists.get(dimension, LISTS.get(dimension, ""))
        own = self.codelists[name].by_code if name in self.codelists else {}
        return {*own, "several"} if own else FIXED.get(dimension, set())

    def _returned(self, definition: Definition, dimension: str) -> set[str]:
        """Those of the templates that ask for it; none where the numbers do not come from returns."""
        asked = (t for t in self.templates for m in t.measures if m.id == definition.of)
        return {c.code for t in asked for d in t.dimensions if d.id == dimension for c in d.categories}


def read_script(
    folder: Path,
    languages: Sequence[str],
    definitions: Sequence[Definition],
    codelists: Mapping[str, CodeList],
    states: Collection[str],
    templates: Sequence[ReturnTemplate],
) -> dict[str, Any]:
    """The script as plain values: ``sections``, each with ``id``, ``law``, ``title`` and ``parts``. Empty: the pack has none.

    Raises ``PackError`` naming the section and the part.
    """
    if not (folder / FILE).exists():
        return {}
    reader = _Reader(folder, languages, definitions, codelists, states, templates)
    raw = parse_toml(reader.shown, read_text(folder, FILE))
    if set(raw) != {"section"} or not isinstance(raw["section"], list):
        raise reader.bad("section", "expected a list of sections and nothing beside it")
    sections = [reader.section(one, place) for place, one in enumerate(raw["section"], start=1)]
    for name in _repeated([section["id"] for section in sections]):
        raise reader.bad(f"section.{name}", "expected an id that no other section has")
    return {"sections": sections}


def _repeated(names: Sequence[str]) -> Iterator[str]:
    return (name for place, name in enumerate(names) if name in names[:place])
