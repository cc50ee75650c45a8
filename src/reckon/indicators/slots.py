"""Sentences whose numbers are slots: ``{identified sex=female share}`` names a cell, and no other number can stand in one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PARTS = re.compile(r"\{([^{}]*)\}")
LARGEST = "largest"
"""In the place of a category: the one with the largest number."""
FACTS = ("period", "country", "year_before")
"""What ``{@period}`` and the like may name besides cells."""
WHATS = ("value", "share", "change", "reported", "name")


class SlotError(ValueError):
    """A sentence that cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a sentence.

    ``what`` of the cell: its *value*; its *share* of the total in percent; the *change* of the total since the year before;
    who *reported*, as "14 of 32 states"; the *name* of its category. Without a dimension the cell is the total. An
    ``indicator`` that begins with "@" is one of ``FACTS``.
    """

    indicator: str
    dimension: str = ""
    category: str = ""
    what: str = "value"


def read_sentence(text: str) -> list[str | Slot]:
    """Words and slots in their order. Raises ``SlotError`` for a digit among the words, and for a slot that says nothing."""
    found = list(_parts(text))
    if any(isinstance(part, str) and any(letter.isdigit() or letter in "{}" for letter in part) for part in found):
        raise SlotError("a number or a brace outside a slot: every number of a sentence is a slot")
    return found


def _parts(text: str) -> Iterator[str | Slot]:
    for place, part in enumerate(PARTS.split(text)):
        if place % 2:
            yield _slot(part)
        elif part:
            yield part


def _slot(text: str) -> Slot:
    indicator, *rest = text.split() or [""]
    if not indicator:
        raise SlotError("a slot names an indicator")
    if indicator.startswith("@"):
        if rest or indicator[1:] not in FACTS:
            raise SlotError(f"{{{text}}} is none of {', '.join(f'{{@{name}}}' for name in FACTS)}")
        return Slot(indicator)
    place = rest.pop(0) if rest and "=" in rest[0] else ""
    dimension, _sign, category = place.partition("=")
    what = rest.pop(0) if rest else "value"
    if rest or what not in WHATS or (place and not dimension):
        raise SlotError(f"{{{text}}} is not an indicator, DIMENSION=CATEGORY where it has one, and one of {WHATS}")
    if (what in ("share", "name")) != bool(dimension) and what != "value":
        raise SlotError(f"{{{text}}}: a share and a name are of a category, a change and who reported of the whole")
    return Slot(indicator, dimension, category, what)
