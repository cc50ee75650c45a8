"""Between the Human Trafficking Case Data Standard and our records, both ways, without loss.

Coded and dated fields are kept as the standard wrote them in ``Case.standard``; free text and identity go to the vault
under the standard's field name; what has a home of its own here (names, nationality, forms ...) goes there. On the way
out a code that still says what came in is written as it came, a changed one with the code that ours maps to.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from enlace.base.ids import new_id
from enlace.cases.actions import Coded, Opening
from enlace.country.loader import Pack
from enlace.exchange import countries
from enlace.exchange.htcds_cells import Value
from enlace.exchange.rows import Reason
from enlace.exchange.standard_htcds import fields
from enlace.people.actions import Registration
from enlace.vault.rules import Identity

PREFIX = "htcds."
# Field of the standard -> our column and our list.
PERSON_CODES = {
    "prs_Gender": ("gender_code", "gender"),
    "prs_MaritalStatus": ("marital_status_code", "marital_status"),
    "prs_HighestLevelOfEducation": ("education_code", "education"),
    "prs_PrimaryLanguage": ("language_code", "language"),
    "prs_SecondaryLanguage": ("second_language_code", "language"),
}
CASE_CODES = {"vic_RelationshipToTrafficker": ("relationship_code", "trafficker_relationship")}
CITIZENSHIP, BODY = "prs_Citizenship", "vic_TraffickingStatusDecisionMakingOrg"
# Field of the standard -> our list with several answers.
CASE_LISTS = {
    "vic_TypeOfExploitation": "exploitation_form",
    "vic_MethodsOfControl": "means",
    "vic_MethodOfRecruitment": "recruitment_method",
    "vic_RecruitmentWebsitesAndApps": "website_app",
    "vic_ForcedLabourIndustry": "industry",
    "vic_TypeOfSexExploitation": "sexual_exploitation_type",
    "vic_Vulnerabilities": "vulnerability",
}
SINGLE = {name: list_name for name, (_column, list_name) in (PERSON_CODES | CASE_CODES).items()}
LIST_OF = SINGLE | CASE_LISTS | {CITIZENSHIP: "country", BODY: "decision_body"}
OTHER = "Other"

STATUS, CASE_STATUS, CLOSURE = "vic_TraffickingStatus", "cas_Status", "cas_ReasonForCaseClosure"
SEX_OF_GENDER = {"Feminine": "female", "Masculine": "male"}
VERB_OF_STATUS = {"ActualVictimOfTrafficking": "identify", "NotAVictimOfTrafficking": "not_confirm"}
STATUS_OF = {
    "presumed": "PossibleVictimOfTrafficking",
    "identified": "ActualVictimOfTrafficking",
    "not_confirmed": "NotAVictimOfTrafficking",
}
CLOSED = ("Closed", "ClosedReferred")
NOT_STATED = "not_stated"

BIRTH, REFERRED, DECEASED, CONSENT = "prs_Birthdate", "cas_IncomingReferralDate", "prs_Deceased", "con_Consent"
AGE, CHILDREN = "vic_AgeWhenTrafficked", "prs_NumberOfChildren"
MAX_AGE = 120
NAMED = ("prs_FirstName", "prs_SecondName", BIRTH, "prs_Email", "prs_MobilePhone")  # the vault's own kinds
WHEREABOUTS = frozenset(name for name in fields() if name.startswith("prs_Mailing"))


@dataclass(frozen=True)
class Words:
    """The standard's codes and ours by list, both ways; closure reasons by their English label."""

    ours: Mapping[str, Mapping[str, str]]
    theirs: Mapping[str, Mapping[str, str]]
    timezone: ZoneInfo


@dataclass(frozen=True)
class Incoming:
    """One record, ready for the actions. ``closing`` is the reason of a closed case, "" for an open one."""

    registration: Registration
    identity: Identity
    opening: Opening
    verb: str
    body_code: str
    closing: str
    consent: bool | None


@dataclass(frozen=True)
class Outgoing:
    """What is known of one case, as plain values. ``codes`` and ``numbers`` go by the standard's field.

    ``body_code`` is ``None`` while nobody decided; ``standard`` is what was kept of the import.
    """

    codes: Mapping[str, Sequence[str]]
    numbers: Mapping[str, int | None]
    is_deceased: bool
    identification: str
    body_code: str | None
    is_closed: bool
    closure_code: str
    consent: bool | None
    is_imported: bool = False
    standard: Mapping[str, Any] = field(default_factory=dict)
    identity: Identity | None = None


def words_of(pack: Pack) -> Words:
    """How this country's lists and the standard's translate.

    A code of the standard becomes ours only when one of ours says just that: the one of the same name, or the only one
    that maps to it. Else (``Other``, or a word that several of ours share) it is kept as the standard's alone.
    """
    ours: dict[str, dict[str, str]] = {}
    theirs: dict[str, dict[str, str]] = {}
    for list_name in sorted(set(LIST_OF.values())):
        said = {item.code: _said(list_name, item.code, item.maps, item.extra) for item in pack.codes(list_name)}
        theirs[list_name] = {code: names[0] for code, names in said.items() if names}
        by_name: dict[str, list[str]] = {}
        for code, names in said.items():
            for name in names:
                by_name.setdefault(name, []).append(code)
        ours[list_name] = {name: code for name, codes in by_name.items() if (code := _same(name, codes))}
    reasons = {item.code: item.label("en") for item in pack.codes("closure_reason") if item.code != NOT_STATED}
    theirs["closure_reason"], ours["closure_reason"] = reasons, {text: code for code, text in reasons.items()}
    return Words(ours, theirs, ZoneInfo(pack.timezone))


def problems(values: Mapping[str, Value], today: date) -> list[tuple[str, Reason]]:
    """Fields whose value the standard allows and a case cannot have, with why."""
    found = [
        (name, Reason("date-out-of-range"))
        for name in (BIRTH, REFERRED)
        if isinstance(day := values.get(name), date) and day > today
    ]
    age = _whole(values.get(AGE))
    return [*found, (AGE, Reason("number-out-of-range"))] if age is not None and age > MAX_AGE else found


def incoming(
    values: Mapping[str, Value], *, words: Words, source_ref: str, now: datetime, state_code: str = ""
) -> Incoming:
    """One record as it came, as our rows. A case without a date of referral begins now."""
    day, consent, closing = values.get(REFERRED), values.get(CONSENT), _closing(words, values)
    began = min(datetime.combine(day, time(12), words.timezone), now) if isinstance(day, date) else now
    person = _registration(values, words, source_ref, began)
    return Incoming(
        registration=person,
        identity=_identity(values, but=(CLOSURE,) if closing not in ("", NOT_STATED) else ()),
        opening=_opening(values, words, person, state_code),
        verb=VERB_OF_STATUS.get(str(values.get(STATUS)), ""),
        body_code=_single(words, BODY, values),
        closing=closing,
        consent=consent if isinstance(consent, bool) else None,
    )


def outgoing(case: Outgoing, words: Words) -> dict[str, Value]:
    """The standard's values of one case; empty ones are absent."""
    came: dict[str, Value] = {name: _value(name, value) for name, value in case.standard.items()}
    values: dict[str, Value] = came | _identity_values(case.identity)
    for name in SINGLE:
        values[name] = _single_out(words, name, next(iter(case.codes.get(name, ())), ""), came)
    for name in (*CASE_LISTS, CITIZENSHIP):
        values[name] = _list_out(words, name, case.codes.get(name, ()), came)
    if case.body_code is not None:
        values[BODY] = _single_out(words, BODY, case.body_code, came)
    for name, number in case.numbers.items():
        values[name] = "" if number is None else number
    if case.is_deceased or DECEASED in came:
        values[DECEASED] = case.is_deceased
    values[CONSENT] = "" if case.consent is None else case.consent
    values |= _states_out(case, came, values, words)
    return {name: value for name, value in values.items() if value not in ("", ())}


def _registration(values: Mapping[str, Value], words: Words, source_ref: str, at: datetime) -> Registration:
    birth = values.get(BIRTH)
    return Registration(
        id=new_id(),
        sex_code=SEX_OF_GENDER.get(str(values.get("prs_Gender")), "unknown"),
        birth_year=birth.year if isinstance(birth, date) else None,
        citizenship_codes=tuple(dict.fromkeys(code for _came, code in _known(words, CITIZENSHIP, values))),
        children_count=_whole(values.get(CHILDREN)),
        is_deceased=values.get(DECEASED) is True,
        source_ref=source_ref,
        registered_at=at,
        **_singles(PERSON_CODES, words, values),
    )


def _opening(values: Mapping[str, Value], words: Words, person: Registration, state_code: str) -> Opening:
    return Opening(
        person_id=person.id,
        origin_code="other",
        state_code=state_code,
        codes=tuple(
            Coded(list_name=list_name, code=code, standard=came)
            for name, list_name in CASE_LISTS.items()
            for came, code in _known(words, name, values)
        ),
        age_when_trafficked=_whole(values.get(AGE)),
        standard=_kept(values),
        source_ref=person.source_ref,
        opened_at=person.registered_at,
        **_singles(CASE_CODES, words, values),
    )


def _said(list_name: str, code: str, maps: Mapping[str, str], extra: Mapping[str, str]) -> list[str]:
    """What the standard calls one of our codes, the nearest first."""
    if list_name == "country":
        return [code] if code in countries.names() else []
    names = extra["iso639_3"] if list_name == "language" else maps.get("htcds", "")
    return [name for name in names.split(";") if name]


def _same(name: str, codes: Sequence[str]) -> str:
    if (same := re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()) in codes:
        return same
    return codes[0] if len(codes) == 1 and name != OTHER else ""


def _known(words: Words, name: str, values: Mapping[str, Value]) -> list[tuple[str, str]]:
    """The codes of a field that have one of ours, each with ours."""
    ours = words.ours[LIST_OF[name]]
    return [(came, ours[came]) for came in _texts(values.get(name)) if came in ours]


def _single(words: Words, name: str, values: Mapping[str, Value]) -> str:
    return words.ours[LIST_OF[name]].get(str(values.get(name)), "")


def _singles(columns: Mapping[str, tuple[str, str]], words: Words, values: Mapping[str, Value]) -> dict[str, Any]:
    return {column: _single(words, name, values) for name, (column, _list_name) in columns.items()}


def _single_out(words: Words, name: str, own: str, came: Mapping[str, Value]) -> str:
    if name in came and _single(words, name, came) == own:
        return str(came[name])
    return words.theirs[LIST_OF[name]].get(own, "")


def _list_out(words: Words, name: str, own: Sequence[str], came: Mapping[str, Value]) -> tuple[str, ...]:
    """What came and was not taken away here, with what our list cannot hold, and then what was added here."""
    ours, theirs = words.ours[LIST_OF[name]], words.theirs[LIST_OF[name]]
    before = _texts(came.get(name))
    kept = [code for code in before if code not in ours or ours[code] in own]
    said = {ours[code] for code in before if code in ours}
    added = [theirs[code] for code in own if code not in said and code in theirs]
    return tuple(dict.fromkeys((*kept, *added)))


def _closing(words: Words, values: Mapping[str, Value]) -> str:
    if values.get(CASE_STATUS) not in CLOSED:
        return ""
    return words.ours["closure_reason"].get(str(values.get(CLOSURE)), NOT_STATED)


def _states_out(
    case: Outgoing, came: Mapping[str, Value], values: Mapping[str, Value], words: Words
) -> dict[str, Value]:
    """Where the person and the case stand. An import that did not say is not made to say what nobody here decided."""
    states: dict[str, Value] = {}
    if STATUS in came or not case.is_imported or case.identification != "presumed":
        states[STATUS] = STATUS_OF[case.identification]
    if CASE_STATUS in came or not case.is_imported or case.is_closed:
        states[CASE_STATUS] = _status_out(case.is_closed, str(came.get(CASE_STATUS, "")))
    if reason := words.theirs["closure_reason"].get(case.closure_code):
        states[CLOSURE] = reason
    elif came.get(CASE_STATUS) in CLOSED and not case.is_closed:
        states[CLOSURE] = ""  # reopened here: why it was once closed no longer holds
    return states


def _status_out(is_closed: bool, came: str) -> str:
    """Their four states fit our two: the one that came in is kept while it still says the same."""
    if came and (came in CLOSED) == is_closed:
        return came
    return "Closed" if is_closed else "Active"


def _identity(values: Mapping[str, Value], *, but: Sequence[str]) -> Identity:
    sealed = {name: str(value) for name, value in values.items() if fields()[name].sealed}
    birth = values.get(BIRTH)
    rest = {PREFIX + name: text for name, text in sealed.items() if name not in (*NAMED, *but)}
    places = {PREFIX + name for name in WHEREABOUTS}
    return Identity(
        given_names=sealed.get("prs_FirstName", ""),
        family_names=sealed.get("prs_SecondName", ""),
        birth_date=birth if isinstance(birth, date) else None,
        phones=_texts(sealed.get("prs_MobilePhone")),
        emails=_texts(sealed.get("prs_Email")),
        places={name: text for name, text in rest.items() if name in places},
        other={name: text for name, text in rest.items() if name not in places},
    )


def _identity_values(identity: Identity | None) -> dict[str, Value]:
    """The sealed fields; what only our own forms ask for goes to the nearest field of the standard."""
    if identity is None:
        return {}
    values: dict[str, Value] = {
        "prs_FirstName": identity.given_names,
        "prs_SecondName": identity.family_names,
        "prs_MobilePhone": next(iter(identity.phones), ""),
        "prs_Email": next(iter(identity.emails), ""),
        "prs_MailingStreet": next(iter(identity.addresses), ""),
        "prs_IdentityNumber": next((number for _type, number in identity.documents), ""),
    }
    if identity.birth_date:
        values[BIRTH] = identity.birth_date
    for name, text in {**identity.other, **identity.places}.items():
        field = fields().get(name.removeprefix(PREFIX))
        if name.startswith(PREFIX) and field is not None:
            values[field.name] = float(text) if field.kind == "degrees" else text
    return values


def _kept(values: Mapping[str, Value]) -> dict[str, Any]:
    """The coded and dated fields, as JSON; nothing that is sealed."""
    plain = {name: value for name, value in values.items() if not fields()[name].sealed}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in plain.items()}


def _value(name: str, value: Any) -> Value:
    if fields()[name].kind == "date":
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(value) if isinstance(value, Iterable) else ()


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
