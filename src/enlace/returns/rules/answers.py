"""One answer of a return: a number, zero, no data or not asked, four different things. Nothing typed is none of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from enlace.country.returns import TOTAL, Key, Measure, ReturnTemplate

VALUE, ZERO, NO_DATA, NOT_ASKED = "value", "zero", "no_data", "not_asked"
KINDS = (VALUE, ZERO, NO_DATA, NOT_ASKED)
NUMBERS = (VALUE, ZERO)
SHORT = {NO_DATA: "ND", NOT_ASKED: "NP"}
"""What is typed for an answer without a number, in any language."""

LARGEST = 10**12
_WORDS = {
    "nd": NO_DATA, "n/d": NO_DATA, "no_data": NO_DATA, "no data": NO_DATA, "sin dato": NO_DATA, "sin datos": NO_DATA,
    "np": NOT_ASKED, "n/p": NOT_ASKED, "not_asked": NOT_ASKED, "not asked": NOT_ASKED, "no preguntado": NOT_ASKED,
    "no se pregunta": NOT_ASKED,
}  # fmt: skip
_WHOLE = re.compile(r"[0-9]{1,15}|[0-9]{1,3}([ ,\u00a0\u202f][0-9]{3}){1,4}")
_FRACTION = re.compile(r"([0-9]{1,15}|[0-9]{1,3}([ ,\u00a0\u202f][0-9]{3}){1,4})\.([0-9]{1,9})")
_ZEROS = re.compile(r"0*")


class Unreadable(Exception):
    """What was typed is no answer; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """``value`` is above 0 for a value, 0 for zero, and ``None`` for the two kinds without a number."""

    kind: str
    value: Decimal | None = None

    @property
    def number(self) -> Decimal | None:
        return self.value if self.kind in NUMBERS else None


Cell = tuple[str, Key]
Answers = Mapping[Cell, Answer]


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What was typed for one cell; ``place`` says where in a file it stood. ``reason``: why a file's line is no answer."""

    cell: Cell | None
    text: str
    place: str = ""
    reason: str = ""


def read_answer(text: str, *, amount: bool = False) -> Answer | None:
    """The answer meant by what was typed; ``None`` for nothing. Raises ``Unreadable``.

    Thousands may be set apart by a comma or a space, an amount may have two decimals after a point.
    """
    plain = " ".join(text.strip().lower().split())
    if not plain:
        return None
    if plain in _WORDS:
        return Answer(_WORDS[plain])
    if plain.startswith("="):
        raise Unreadable("formula")
    if plain[0] in "-−–" and _is_number(plain[1:].strip()):
        raise Unreadable("negative")
    if not _is_number(plain):
        raise Unreadable("not-a-number")
    return _counted(plain, amount)


def _counted(plain: str, amount: bool) -> Answer:
    whole, _, decimals = plain.partition(".")
    if not amount and not _ZEROS.fullmatch(decimals):
        raise Unreadable("fraction")
    if amount and not _ZEROS.fullmatch(decimals[2:]):
        raise Unreadable("too-many-decimals")
    digits = re.sub(r"\D", "", whole)
    number = Decimal(f"{digits}.{decimals[:2]}" if amount and decimals else digits)
    if number >= LARGEST:
        raise Unreadable("too-large")
    return Answer(VALUE, number) if number else Answer(ZERO, Decimal(0))


def _is_number(plain: str) -> bool:
    return bool(_WHOLE.fullmatch(plain) or _FRACTION.fullmatch(plain))


def written(answer: Answer | None) -> str:
    """What is typed for this answer: ``read_answer`` of it is the same answer."""
    if answer is None:
        return ""
    if answer.value is None:
        return SHORT[answer.kind]
    return f"{answer.value:f}" if answer.value % 1 else str(int(answer.value))


def key_text(key: Key) -> str:
    """A key as it is stored: ``sex=female;age_group=0_15``, "" for the total."""
    return ";".join(f"{name}={code}" for name, code in key)


def read_key(text: str) -> Key:
    """The key that ``key_text`` wrote."""
    if not text:
        return TOTAL
    return tuple((name, code) for name, _, code in (part.partition("=") for part in text.split(";")))


def cell_name(cell: Cell) -> str:
    """A cell as forms, files and drafts name it: ``measure|sex=female``."""
    return f"{cell[0]}|{key_text(cell[1])}"


def cells(template: ReturnTemplate) -> Iterable[tuple[Measure, Key]]:
    """Every cell that a template asks for, in the order of its pages and files."""
    for measure in template.measures:
        for key in template.keys(measure):
            yield measure, key


def unanswered(template: ReturnTemplate, answers: Answers) -> list[Cell]:
    """The cells without any answer, in the order of the template."""
    return [(measure.id, key) for measure, key in cells(template) if (measure.id, key) not in answers]
