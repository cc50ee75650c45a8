"""Pure rules over the facts of a pack: the group of an age, and the check digit of a personal number."""

import re
from collections.abc import Iterable


def age_group(age: int | None, groups: Iterable[tuple[str, int | None, int | None]]) -> str:
    """The code of the group an age in whole years falls in; "unknown" when the age is not known.

    ``groups`` are (code, youngest, oldest); oldest ``None``: no upper end, both ``None``: no age fits.
    """
    if age is None or age < 0:
        return "unknown"
    for code, youngest, oldest in groups:
        if (youngest is not None or oldest is not None) and (youngest or 0) <= age <= (
            age if oldest is None else oldest
        ):
            return code
    return "unknown"


def is_minor(age: int | None, adult_age: int) -> bool | None:
    """Whether an age is below the age of majority; ``None`` when the age is not known."""
    return None if age is None else age < adult_age


def check_character(body: str, alphabet: str, modulus: int = 10) -> str:
    """The check digit of a personal number: places in the alphabet times falling weights, added up.

    The weights run from ``len(body) + 1`` down to 2, and the digit makes the sum a multiple of the modulus.
    Raises ``ValueError`` for a character outside the alphabet.
    """
    weights = range(len(body) + 1, 1, -1)
    total = sum(alphabet.index(character) * weight for character, weight in zip(body, weights, strict=True))
    return str(-total % modulus)


def is_personal_number(text: str, pattern: str, alphabet: str) -> bool:
    """Whether a text has the form of the personal number and ends in the right check digit."""
    if not re.fullmatch(pattern, text) or any(character not in alphabet for character in text):
        return False
    return check_character(text[:-1], alphabet) == text[-1]
