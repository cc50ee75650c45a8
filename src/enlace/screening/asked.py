"""Questions of the pack as they are put, and answers as they are stored: checked, encoded, read back."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from enlace.base.errors import Missing, Refusal
from enlace.country.labels import language
from enlace.country.protocols import (
    NO,
    NONE,
    YES,
    AllOf,
    Answered,
    AnyOf,
    Condition,
    NoAnswer,
    Not,
    OneOf,
    Over,
    Protocol,
    Question,
    Value,
)
from enlace.country.queries import current
from enlace.screening.rules import Configuration

GIVEN = "given"
SEALED = "sealed"  # stands for a text that lies in the vault: there is an answer, and only its reader knows which
LONGEST_TEXT = 4000
LARGEST_NUMBER = 10**6


def protocol(code: str, version: int, digest: str = "") -> Protocol:
    """One version of a protocol. Raises ``Missing``, and ``Refusal`` when its content is no longer the one it was."""
    try:
        found = current().protocol(code, version)
    except KeyError:
        raise Missing(_("This version of the protocol is no longer in the country's pack.")) from None
    if digest and found.digest != digest:
        raise Refusal(
            _("The questions were changed under the same version. What was answered stays; begin a new screening.")
        )
    return found


def offered(*, agency_kind: str, on: date, channel: str = "") -> list[Protocol]:
    """The versions that such an agency may put to people met through a channel ("": any), in the pack's order."""
    return [p for p in current().protocols if p.is_offered(channel=channel, agency_kind=agency_kind, on=on)]


def in_force(code: str, on: date) -> Protocol:
    """The version of a protocol that is valid on a day. Raises ``Refusal``."""
    found = next((p for p in current().protocols if p.code == code and p.is_valid(on)), None)
    if found is None:
        raise Refusal(_("Choose a protocol of the list."))
    return found


def seen_to(protocol: Protocol, codes: Collection[str]) -> list[str]:
    """The steps seen to, in the protocol's order. Raises ``Refusal`` without the required ones."""
    if any(step.required and step.code not in codes for step in protocol.safety):
        raise Refusal(_("Without these steps nothing is asked yet. Help does not wait for the screening."))
    return [step.code for step in protocol.safety if step.code in codes]


def check_codes(channels: Collection[str], states: Collection[str]) -> None:
    pack = current()
    if any(code and code not in pack.codes("contact_channel") for code in channels):
        raise Refusal(_("This channel is not in the list."))
    if any(code and code not in pack.states_by_code for code in states):
        raise Refusal(_("This state is not in the list."))


def configuration() -> Configuration:
    """What the country decides: its rule, its age of majority, and whether its base offence asks for means."""
    pack = current()
    if pack.screening_rule is None:
        raise Refusal(_("This country has no rule yet to weigh answers with."))
    return Configuration(pack.screening_rule, pack.adult_age, pack.means_required)


def names(protocol: Protocol, codes: Iterable[str]) -> str:
    """The questions as they are asked, for a message; never their answers."""
    lang = language()
    return "; ".join(f"“{protocol.question(code).text(lang)}”" for code in codes)


def checked(protocol: Protocol, given: Mapping[str, object]) -> dict[str, Value]:
    """The answers as the engine takes them. Raises ``Refusal`` naming the first question that does not take its answer.

    Texts come as text, dates as dates or ISO 8601, several codes as a list or tuple; the reasons for no answer as
    ``NoAnswer``. A code that is no question of this version is refused without repeating it.
    """
    found: dict[str, Value] = {}
    for code, raw in given.items():
        if code not in protocol:
            raise Refusal(_("One of the answers belongs to no question of this version of the protocol."))
        question = protocol.question(code)
        value = raw if isinstance(raw, NoAnswer) else _value(question, raw)
        if value is None:
            raise Refusal(
                _("The answer does not fit the question: %(question)s.") % {"question": names(protocol, [code])}
            )
        found[code] = value
    return found


def encoded(value: Value) -> tuple[str, Any]:
    """(state, JSON value) as they are stored."""
    if isinstance(value, NoAnswer):
        return value.value, None
    if isinstance(value, tuple):
        return GIVEN, list(value)
    return GIVEN, value.isoformat() if isinstance(value, date) else value


def decoded(question: Question, state: str, stored: Any) -> Value:
    """The stored answer as the engine takes it."""
    if state != GIVEN:
        return NoAnswer(state)
    if question.type == "text":
        return SEALED
    if question.type == "date":
        return date.fromisoformat(stored)
    return tuple(stored) if question.type == "several" else stored


def options(question: Question) -> list[tuple[str, str]]:
    """(code, text) of everything that may be chosen, in the reader's language; empty for a text, a number, a date."""
    lang = language()
    if question.type == "yes_no":
        return [(YES, _("Yes")), (NO, _("No"))]
    if question.type == "code":
        return list(current().codes(question.list_name).choices(lang))
    if question.type == "place":
        return sorted(((s.code, s.name(lang)) for s in current().states), key=lambda pair: pair[1])
    return [(option.code, option.text(lang)) for option in question.options]


def condition_data(condition: Condition) -> dict[str, Any]:
    """A condition as plain values, in the words of the protocol's file."""
    if isinstance(condition, AllOf | AnyOf):
        name = "all" if isinstance(condition, AllOf) else "any"
        return {name: [condition_data(part) for part in condition.parts]}
    if isinstance(condition, Not):
        return {"not": condition_data(condition.part)}
    if isinstance(condition, OneOf):
        return {"question": condition.question, "in": list(condition.codes)}
    if isinstance(condition, Answered):
        return {"answered": condition.question}
    bound = condition.bound.isoformat() if isinstance(condition.bound, date) else condition.bound
    return {"question": condition.question, "over" if isinstance(condition, Over) else "under": bound}


def _value(question: Question, raw: object) -> Value | None:
    """The answer in its type, or None when it does not fit."""
    if question.type == "text":
        fits = isinstance(raw, str) and raw.strip() and len(raw) <= LONGEST_TEXT and "\x00" not in raw
        return str(raw).strip() if fits else None
    if question.type == "number":
        fits = isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= LARGEST_NUMBER
        return raw if fits and _within(question, raw) else None  # type: ignore[return-value]
    if question.type == "date":
        day = _day(raw)
        return day if day and _within(question, day) else None
    codes = {code for code, _text in options(question)}
    if question.type == "several":
        return _several(raw, codes)
    return raw if isinstance(raw, str) and raw in codes else None


def _several(raw: object, codes: set[str]) -> tuple[str, ...] | None:
    """At least one code, each once; "none of these" stands alone."""
    if not isinstance(raw, list | tuple) or not raw or not all(isinstance(part, str) for part in raw):
        return None
    chosen = tuple(dict.fromkeys(raw))
    if not set(chosen) <= codes or (NONE in chosen and len(chosen) > 1):
        return None
    return chosen


def _day(raw: object) -> date | None:
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        return None


def _within(question: Question, value: Any) -> bool:
    return (question.low is None or value >= question.low) and (question.high is None or value <= question.high)
