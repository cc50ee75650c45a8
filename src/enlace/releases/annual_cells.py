"""Cells of a release's document and the words for them, in one language: what a sentence of the annual report may be made of.

A number comes into the report as a ``Piece`` with the place it was read from, and in no other way. A sentence whose number
is withheld, missing or zero is not completed: what it lacks is said in words.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from enlace.releases.files import category_name
from reckon.indicators.slots import LARGEST, Slot, read_sentence

Cell = Mapping[str, Any]
ABSENT: Cell = {"value": None, "status": "not_asked"}
UNTOLD: Cell = {"value": None, "status": "untold"}
PLACES = re.compile(r"%\((\w+)\)[ds]")
COUNT = "count"


@dataclass(frozen=True)
class Piece:
    """Words, or a number: then ``cell`` is where the document holds it. "@" begins what is not a cell of a table."""

    text: str
    cell: str = ""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True)
class Told:
    """A sentence filled in. ``lacking``: its slots that hold no number; then the sentence is not to be said."""

    pieces: Pieces
    lacking: tuple[tuple[Slot, str], ...] = ()
    held: tuple[Slot, ...] = ()


class Cells:
    """The document of a release in one language."""

    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self.document, self.language = document, language
        self.names: Mapping[str, Any] = document["labels"][language]
        self.words: Mapping[str, str] = self.names["annual"]
        self.items: Mapping[str, Mapping[str, Any]] = {item["id"]: item for item in document["indicators"]}
        self._cells: dict[tuple[str, str], dict[str, Cell]] = {}
        for item in document["indicators"]:
            for table in (*item["tables"], *item["deduced"]):
                if len(table["dimensions"]) < 2:
                    place = (item["id"], (*table["dimensions"], "")[0])
                    self._cells[place] = {(*cell["key"], "")[0]: cell for cell in table["cells"]}

    def table(self, indicator: str, dimension: str) -> Mapping[str, Cell]:
        """The cells of a breakdown by category, or the total under ""; none when the release does not hold it."""
        return self._cells.get((indicator, dimension), {})

    def total(self, indicator: str) -> Cell:
        return self.table(indicator, "").get("", ABSENT)

    def number(self, slot: Slot) -> Cell:
        """The cell that a slot names, or what is made of it. ``status`` says why there is no number."""
        cell = self._named(slot)
        if slot.what == "share" and cell["status"] == "published":
            return self._share(cell, self.total(slot.indicator))
        if slot.what == "change":
            return self._change(slot.indicator)
        return cell

    def _named(self, slot: Slot) -> Cell:
        found = self.table(slot.indicator, slot.dimension)
        if slot.category != LARGEST:
            return found.get(slot.category, ABSENT)
        category = self.largest(slot.indicator, slot.dimension)
        if category is not None:
            return found[category]
        return next((cell for cell in found.values() if cell["status"] in ("suppressed", "missing")), UNTOLD)

    def largest(self, indicator: str, dimension: str) -> str | None:
        """The category with the most; none while a number is withheld or missing, or when two are alike."""
        found = self.table(indicator, dimension)
        if any(cell["value"] is None for cell in found.values()):
            return None
        recorded = sorted(((Decimal(cell["value"]), code) for code, cell in found.items() if code), reverse=True)
        if not recorded or recorded[0][0] == 0 or (len(recorded) > 1 and recorded[0][0] == recorded[1][0]):
            return None
        return recorded[0][1]

    def share(self, indicator: str, cell: Cell) -> Cell:
        """In percent of the total, where both are published."""
        return self._share(cell, self.total(indicator))

    @staticmethod
    def _share(cell: Cell, total: Cell) -> Cell:
        if not total["value"] or cell["value"] is None:
            return {"value": None, "status": total["status"] if cell["value"] is not None else cell["status"]}
        percent = (100 * Decimal(cell["value"]) / Decimal(total["value"])).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
        return {"value": f"{percent}%", "status": "published"}

    def before(self, indicator: str) -> Cell:
        """The total of the year before, where that was released and counts the same."""
        cell: Cell = self.document["year_before"].get("totals", {}).get(indicator, ABSENT)
        return cell

    def _change(self, indicator: str) -> Cell:
        now, then = self.total(indicator), self.before(indicator)
        if now["value"] is None or then["value"] is None:
            return UNTOLD
        difference = Decimal(now["value"]) - Decimal(then["value"])
        return {"value": f"{difference:+,f}" if difference else 0, "status": "published"}

    def fill(self, texts: Mapping[str, str]) -> Told:
        """A sentence of the script with the numbers in their places."""
        pieces: list[Piece] = []
        lacking: dict[Slot, str] = {}
        held: list[Slot] = []
        for part in read_sentence(texts[self.language]):
            if isinstance(part, str):
                pieces.append(Piece(part))
            elif part.indicator.startswith("@"):
                pieces.append(self._fact(part.indicator))
            elif part.what == "reported":
                pieces += self.reported(part.indicator)
            else:
                cell = self.number(part)
                if cell["status"] != "published":
                    lacking[part] = cell["status"]
                elif part.what == "name":
                    pieces.append(Piece(self.category(part.indicator, part.dimension, self._code(part))))
                else:
                    pieces.append(Piece(figures(cell["value"]), self.address(part)))
                    held += [part] if part.what == "value" else []
        return Told(tuple(pieces), tuple(lacking.items()), tuple(held))

    def _fact(self, name: str) -> Piece:
        if name == "@country":
            return Piece(str(self.names["country"]))
        period = self.document["period"] if name == "@period" else self.document["year_before"].get("period", {})
        return Piece(str(period.get("name", "")), name)

    def _code(self, slot: Slot) -> str:
        is_largest = slot.category == LARGEST
        return (self.largest(slot.indicator, slot.dimension) or "") if is_largest else slot.category

    def address(self, slot: Slot) -> str:
        """Where a number was read: indicator, dimension, category and what of it."""
        return "|".join((slot.indicator, slot.dimension, self._code(slot), slot.what))

    def place(self, slot: Slot) -> str:
        """What a slot speaks of, in words."""
        if slot.category == LARGEST and self.largest(slot.indicator, slot.dimension) is None:
            return self.broken_down(slot.indicator, slot.dimension)
        name = self.label(slot.indicator)
        return f"{name}: {self.category(slot.indicator, slot.dimension, self._code(slot))}" if slot.dimension else name

    def broken_down(self, indicator: str, dimension: str) -> str:
        """A breakdown in words."""
        by = str(self.names["dimensions"].get(dimension, dimension))
        return f"{self.label(indicator)}: {by[:1].lower()}{by[1:]}"

    def is_recorded(self, indicator: str, dimension: str) -> bool:
        """Whether anybody stands in a category of its own, and not only where nothing was recorded."""
        told = [code for code, cell in self.table(indicator, dimension).items() if cell["status"] != "zero"]
        return told != [""]

    def label(self, indicator: str) -> str:
        known = self.document["annual"]["names"].get(indicator, {})
        return str(self.names["indicators"].get(indicator) or known.get(self.language, indicator))

    def category(self, indicator: str, dimension: str, code: str) -> str:
        return category_name(self.names, indicator, dimension, code)

    def reported(self, indicator: str) -> Pieces:
        """Who answered: for returns those asked, for casework the states."""
        told = self.items.get(indicator, {}).get("completeness")
        if not told:
            found = self.document["completeness"]
            states, asked = len(found["states"]), len(found["states"]) + len(found["silent"])
            return self.say("of_states", some=(states, "@completeness"), all=(asked, "@completeness"))
        place = f"@completeness|{indicator}"
        said = [self.say("of_states", some=(told["states"], place), all=(told["of"], place))] if told["of"] else []
        if told["partly"]:
            said.append(self.say("partly", n=(told["partly"], place)))
        if told.get("federal_partly"):
            said.append(self.say("federal_partly"))
        elif "federal" in told:
            said.append(self.say("federal" if told["federal"] else "federal_silent"))
        return joined(said, " · ")

    def say(self, word: str, **numbers: tuple[Any, str]) -> Pieces:
        """A fixed sentence; each number is given with where it was read, a word with no place."""
        found = []
        for place, part in enumerate(PLACES.split(self.words[word])):
            if place % 2:
                value, cell = numbers[part]
                found.append(Piece(figures(value), cell))
            elif part:
                found.append(Piece(part))
        return tuple(found)


def joined(many: list[Pieces], between: str) -> Pieces:
    """One after the other with something between."""
    found: list[Piece] = []
    for place, pieces in enumerate(many):
        found += [Piece(between)] if place else []
        found += pieces
    return tuple(found)


def figures(value: Any) -> str:
    """A number as it is read: thousands are set apart; a text stays as it is."""
    if isinstance(value, int):
        return f"{value:,}"
    text = str(value)
    if not re.fullmatch(r"-?\d+(\.\d+)?", text) or len(text.partition(".")[0]) < 5:
        return text
    return f"{Decimal(text):,f}"
