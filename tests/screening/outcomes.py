"""What the tests of the engine share."""

from datetime import UTC, datetime

from enlace.country.protocols import (
    OneOf,
    Use,
)
from enlace.screening.rules import (
    CLASSES,
    Outcome,
)
from tests.screening.invented import indicator, protocol, question

AT = datetime(2025, 3, 1, 9, tzinfo=UTC)
YES, NO = OneOf("q", ("yes",)), OneOf("q", ("no",))
WEIGHTS = [indicator(f"{strength}{n}", strength=strength) for strength in "SMW" for n in (1, 2, 3)]
FLAT = protocol(*(question(i.id, uses=(Use(i.id, OneOf(i.id, ("yes",))),)) for i in WEIGHTS))


def rank(outcome: Outcome) -> int:
    """Definite classes only: insufficient says that nothing is found so far."""
    return CLASSES.index(outcome.class_code) if outcome.class_code != "insufficient" else 0


def codes(questions: object) -> list[str]:
    return [question.code for question in questions]
