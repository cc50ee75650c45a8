"""What the engine hands over: a class with everything that led to it. It never decides, and no class says "not"."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from enlace.country.protocols import ScreeningRule

SHOWN, UNDECIDED, NOT_SHOWN = "shown", "open", "not_shown"  # the legal flag
POSITIVE, NEGATIVE = "positive", "negative"  # a dimension; UNDECIDED between them


@dataclass(frozen=True)
class Configuration:
    """What a country decides: its rule, its age of majority, and whether its base offence requires means against adults."""

    rule: ScreeningRule
    adult_age: int
    means_required: bool


@dataclass(frozen=True)
class IndicatorResult:
    """One indicator: its state (``present``, ``open``, ``absent``, ``skipped``), where it came from, what it weighs.

    ``questions`` are those that put it into this state; ``strengths`` by population: S, M or W.
    """

    id: str
    dimension: str
    role: str
    state: str
    questions: tuple[str, ...]
    strengths: Mapping[str, str]


@dataclass(frozen=True)
class DimensionResult:
    """One dimension for one population; ``state`` is ``positive``, ``open`` (it still may become so) or ``negative``."""

    code: str
    population: str
    state: str
    strong: int
    medium: int
    weak: int
    indicators: tuple[str, ...]
    open_indicators: tuple[str, ...]


@dataclass(frozen=True)
class LegalFlag:
    """Whether the elements of the offence are shown: act and purpose, and means where the law asks for them.

    ``state`` is ``shown``, ``open`` or ``not_shown``; each element is True, False (a plain no) or None. ``means_needed`` is None
    while nobody knows whether the person is a minor. Consent is not among the elements: nothing ever asks for it.
    """

    state: str
    act: bool | None
    purpose: bool | None
    means: bool | None
    means_needed: bool | None
    settled_by: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The result of one screening.

    ``class_code``: ``presumed``, ``possible``, ``insufficient`` (nothing found, but open questions could change that) or
    ``no_indication_found`` (nothing found, and no open question of this protocol could change it).
    ``floor`` and ``ceiling``: the lowest class if nothing open proves present, over the populations that may apply, and the
    highest if everything does. Open indicators count as independent of one another: where two of them hang on different
    options of one choice, the ceiling errs to the side of asking again. ``settled``: nothing open can raise the class.
    ``would_change``: the questions to put that could change it, most telling first. ``refer``: help is to be offered whatever
    is decided.
    """

    class_code: str
    floor: str
    ceiling: str
    settled: bool
    refer: bool
    findings: tuple[str, ...]
    populations: tuple[str, ...]
    minor: bool | None
    minor_by_doubt: bool
    legal: LegalFlag
    dimensions: tuple[DimensionResult, ...]
    indicators: tuple[IndicatorResult, ...]
    unanswered: tuple[str, ...]
    would_change: tuple[str, ...]
    detained: bool | None
    apprehended: bool | None
    forms: tuple[str, ...]
    groups: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        """The same as plain JSON values, the names in this order."""
        data: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return data
