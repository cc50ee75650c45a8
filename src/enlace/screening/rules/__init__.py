"""The rules of screening: what is asked, what the answers come to, how far screeners agree, and the clocks. No Django."""

from enlace.country.protocols import POSSIBLE, PRESUMED
from enlace.screening.rules.agreement import Agreement, cohen_kappa, fleiss_kappa
from enlace.screening.rules.assess import assess
from enlace.screening.rules.evidence import ABSENT, OPEN, PRESENT, SKIPPED, Facts
from enlace.screening.rules.outcome import (
    NEGATIVE,
    NOT_SHOWN,
    POSITIVE,
    SHOWN,
    UNDECIDED,
    Configuration,
    DimensionResult,
    IndicatorResult,
    LegalFlag,
    Outcome,
)
from enlace.screening.rules.sheet import WORDS, Wording, sheet
from enlace.screening.rules.states import (
    DECIDED,
    DETENTION,
    DRAFT,
    FINISHED,
    RAISED,
    RELEASED,
    SCREENING,
    needs_second,
    release_due,
    screening_due,
    second_due,
)
from enlace.screening.rules.visibility import missing_required, visible
from enlace.screening.rules.weigh import CLASSES, INSUFFICIENT, NOTHING

__all__ = [
    "ABSENT",
    "CLASSES",
    "DECIDED",
    "DETENTION",
    "DRAFT",
    "FINISHED",
    "INSUFFICIENT",
    "NEGATIVE",
    "NOTHING",
    "NOT_SHOWN",
    "OPEN",
    "POSITIVE",
    "POSSIBLE",
    "PRESENT",
    "PRESUMED",
    "RAISED",
    "RELEASED",
    "SCREENING",
    "SHOWN",
    "SKIPPED",
    "UNDECIDED",
    "WORDS",
    "Agreement",
    "Configuration",
    "DimensionResult",
    "Facts",
    "IndicatorResult",
    "LegalFlag",
    "Outcome",
    "Wording",
    "assess",
    "cohen_kappa",
    "fleiss_kappa",
    "missing_required",
    "needs_second",
    "release_due",
    "screening_due",
    "second_due",
    "sheet",
    "visible",
]
