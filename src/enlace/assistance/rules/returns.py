"""Assisted voluntary return: nobody leaves without their own consent, a risk check and somebody who receives them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from enlace.base.errors import Refusal
from enlace.base.states import Machine, Move

PREPARING, TRAVELLING, ARRIVED, CANCELLED = "preparing", "travelling", "arrived", "cancelled"

RETURN = Machine(
    "assisted_return",
    PREPARING,
    (
        Move("check_risks", PREPARING, PREPARING),
        Move("confirm", PREPARING, PREPARING),
        Move("depart", PREPARING, TRAVELLING),
        Move("turn_back", TRAVELLING, PREPARING),
        Move("arrive", TRAVELLING, ARRIVED),
        Move("cancel", PREPARING, CANCELLED),
    ),
)

SAFE, WITH_MEASURES, UNSAFE = "safe", "with_measures", "unsafe"
RISK_DECISIONS = (SAFE, WITH_MEASURES, UNSAFE)
YES, NO, UNKNOWN = "yes", "no", "unknown"
FOUND = (YES, NO, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a departure rests on."""

    is_consented: bool
    risk_code: str
    is_confirmed: bool


def lacking(ready: Readiness) -> tuple[str, ...]:
    """What a return still needs, in the order in which it is done; empty when the person may leave."""
    needed = (
        ("consent", ready.is_consented),
        ("risks", ready.risk_code in (SAFE, WITH_MEASURES)),
        ("confirmation", ready.is_confirmed),
    )
    return tuple(name for name, there in needed if not there)


def check_may_depart(ready: Readiness) -> None:
    """Raises ``Refusal`` with the first thing that is missing."""
    missing = lacking(ready)
    if "consent" in missing:
        raise Refusal("There is no consent of the person to return. Ask, and record the answer first.")
    if "risks" in missing:
        raise Refusal("The risks of the return are not checked, or it is not safe. Nobody is sent back into danger.")
    if "confirmation" in missing:
        raise Refusal("Nobody has confirmed that they will receive the person.")


def check_risks(found: Mapping[str, str], known: Collection[str], decision: str, measures: str) -> None:
    """Every risk of the list is answered, and the decision fits the answers: what is there or unknown needs measures."""
    if set(found) != set(known) or not set(found.values()) <= set(FOUND):
        raise Refusal("Answer every risk of the list: yes, no, or not known.")
    if decision not in RISK_DECISIONS:
        raise Refusal("Decide whether the return is safe.")
    present = [answer for answer in found.values() if answer != NO]
    if decision == SAFE and present:
        raise Refusal("A return with a risk that is there or not known is not safe without measures.")
    if decision == WITH_MEASURES and not measures.strip():
        raise Refusal("Write down the measures that make the return safe.")


def halves_before(day: date, count: int) -> Sequence[str]:
    """The last ``count`` half-years that have ended by ``day``, the newest first."""
    year, half = day.year, 1 if day.month <= 6 else 2
    found = []
    for _ in range(count):
        year, half = (year, 1) if half == 2 else (year - 1, 2)
        found.append(f"{year}-H{half}")
    return found


def span_of(half: str) -> tuple[date, date]:
    """First and last day of a half-year. Raises ``Refusal`` for what is none."""
    year, _, number = half.partition("-H")
    if not (len(half) == 7 and half.isascii() and year.isdecimal() and int(year) >= 1900 and number in ("1", "2")):
        raise Refusal("A half-year is written like 2020-H1.")
    if number == "1":
        return date(int(year), 1, 1), date(int(year), 6, 30)
    return date(int(year), 7, 1), date(int(year), 12, 31)
