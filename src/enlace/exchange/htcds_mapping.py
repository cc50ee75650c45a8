"""Between one HTCDS record and our own rows. Pure: values in, values out.

Coded case fields are kept as the standard wrote them in ``Case.standard``; free text and identity go to the vault under
the standard's field name; what has a home of its own here (names, nationality, forms ...) goes there. On the way out, a
list that nobody changed since it came in is written with the standard's own codes, a changed one with the mapped codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from enlace.base.ids import new_id
from enlace.cases.actions import Coded, Opening
from enlace.country.loader import Pack
from enlace.exchange.htcds_cells import Value
from enlace.exchange.standard_htcds import fields
from enlace.people.actions import Registration
from enlace.vault.rules import Identity

PREFIX = "htcds."
PERSON_CODES = {
    "prs_Gender": ("gender_code", "gender"),
    "prs_MaritalStatus": ("marital_status_code", "marital_status"),
    "prs_HighestLevelOfEducation": ("education_code", "education"),
}
CASE_LISTS = {
    "vic_TypeOfExploitation": "exploitation_form",
    "vic_MethodsOfControl": "means",
    "vic_MethodOfRecruitment": "recruitment_method",
    "vic_ForcedLabourIndustry": "industry",
    "vic_TypeOfSexExploitation": "sexual_exploitation_type",
    "vic_Vulnerabilities": "vulnerability",
}
SEX_OF_GENDER = {"Feminine": "female", "Masculine": "male"}
VERB_OF_STATUS = {"ActualVictimOfTrafficking": "identify", "NotAVictimOfTrafficking": "not_confirm"}
STATUS_OF = {
    "identified": "ActualVictimOfTrafficking",
    "presumed": "PossibleVictimOfTrafficking",
    "not_confirmed": "NotAVictimOfTrafficking",
}
CLOSED = ("Closed", "ClosedReferred")
# Held by our own columns or the vault's own kinds, and written back from there.
OWN = frozenset(
    (*PERSON_CODES, *CASE_LISTS, "prs_Citizenship", "prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_Email")
    + ("prs_MobilePhone", "vic_TraffickingStatus", "vic_TraffickingStatusDecisionMakingOrg", "con_Consent", "cas_Status")
    + ("vic_AgeWhenTrafficked", "prs_NumberOfChildren", "prs_Deceased")
)
WHEREABOUTS = frozenset(name for name in fields() if name.startswith("prs_Mailing"))


@dataclass(frozen=True)
class Incoming:
    """One record, ready for the actions."""

    registration: Registration
    identity: Identity
    opening: Opening
    verb: str
    body_code: str
    closes: bool
    consent: bool | None


@dataclass(frozen=True)
class Outgoing:
    """What is known of one case, as plain values, ready to be written in the standard's words."""

    gender_code: str
    marital_status_code: str
    education_code: str
    citizenship_codes: Sequence[str]
    children_count: int | None
    is_deceased: bool
    identification: str
    body_code: str
    is_closed: bool
    consent: bool | None
    age_when_trafficked: int | None
    codes: Mapping[str, Sequence[str]]
    standard: Mapping[str, Any]
    identity: Identity | None = None
    source_id: str = ""


def incoming(values: Mapping[str, Value], *, pack: Pack, source_ref: str, now: datetime) -> Incoming:
    """One record as it came, as our rows."""
    person_id = new_id()
    opened = values.get("cas_IncomingReferralDate")
    opened_at = datetime.combine(opened, time(12), ZoneInfo(pack.timezone)) if isinstance(opened, date) else now
    birth = values.get("prs_Birthdate")
    gender = str(values.get("prs_Gender", ""))
    registration = Registration(
        id=person_id,
        sex_code=_known(pack, "sex", SEX_OF_GENDER.get(gender, "unknown")),
        birth_year=birth.year if isinstance(birth, date) else None,
        citizenship_codes=_texts(values.get("prs_Citizenship", ())),
        children_count=_whole(values.get("prs_NumberOfChildren")),
        is_deceased=values.get("prs_Deceased") is True,
        source_ref=source_ref,
        registered_at=min(opened_at, now),
        **{ours: _from_standard(pack, name, str(values.get(theirs, ""))) for theirs, (ours, name) in PERSON_CODES.items()},
    )
    opening = Opening(
        person_id=person_id,
        origin_code="other",
        codes=_coded(values, pack),
        age_when_trafficked=_whole(values.get("vic_AgeWhenTrafficked")),
        standard=_kept(values),
        source_ref=source_ref,
        opened_at=min(opened_at, now),
    )
    return Incoming(
        registration=registration,
        identity=_identity(values),
        opening=opening,
        verb=VERB_OF_STATUS.get(str(values.get("vic_TraffickingStatus", "")), ""),
        body_code=_from_standard(pack, "decision_body", str(values.get("vic_TraffickingStatusDecisionMakingOrg", ""))),
        closes=values.get("cas_Status") in CLOSED,
        consent=_flag(values.get("con_Consent")),
    )


def outgoing(case: Outgoing, pack: Pack) -> dict[str, Value]:
    """The standard's values of one case; empty ones are absent."""
    kept = {name: _value(name, value) for name, value in case.standard.items()}
    values: dict[str, Value] = {name: value for name, value in kept.items() if name not in OWN}
    values |= _identity_values(case.identity) if case.identity else {}
    for theirs, (ours, list_name) in PERSON_CODES.items():
        values[theirs] = _to_standard(pack, list_name, getattr(case, ours))
    values["prs_Citizenship"] = tuple(case.citizenship_codes)
    values["vic_AgeWhenTrafficked"] = _number(case.age_when_trafficked)
    values["prs_NumberOfChildren"] = _number(case.children_count)
    if case.is_deceased or "prs_Deceased" in kept:
        values["prs_Deceased"] = case.is_deceased
    for theirs, list_name in CASE_LISTS.items():
        values[theirs] = _list_out(pack, list_name, case.codes.get(list_name, ()), kept.get(theirs, ()))
    status = STATUS_OF.get(case.identification, "")
    if status != STATUS_OF["presumed"] or "vic_TraffickingStatus" in kept or not case.source_id:
        values["vic_TraffickingStatus"] = status
    values["vic_TraffickingStatusDecisionMakingOrg"] = _to_standard(pack, "decision_body", case.body_code)
    if case.is_closed or "cas_Status" in kept or not case.source_id:
        values["cas_Status"] = _status_out(case.is_closed, str(kept.get("cas_Status", "")))
    if case.consent is not None:
        values["con_Consent"] = case.consent
    return {name: value for name, value in values.items() if value not in ("", (), None)}


def _coded(values: Mapping[str, Value], pack: Pack) -> tuple[Coded, ...]:
    """National codes for the standard's; a code with no national one stays in ``standard`` alone."""
    found: list[Coded] = []
    for theirs, list_name in CASE_LISTS.items():
        for code in _texts(values.get(theirs, ())):
            if own := _from_standard(pack, list_name, code):
                found.append(Coded(list_name=list_name, code=own, standard=code))
    return tuple(dict.fromkeys(found))


def _list_out(pack: Pack, list_name: str, ours: Sequence[str], kept: Value) -> tuple[str, ...]:
    came = _texts(kept)
    derived = {own for code in came if (own := _from_standard(pack, list_name, code))}
    if came and derived == set(ours):
        return came
    return tuple(dict.fromkeys(theirs for code in ours if (theirs := _to_standard(pack, list_name, code))))


def _status_out(is_closed: bool, came: str) -> str:
    """Their four states fit our two: the one that came in is kept while it still says the same."""
    if is_closed:
        return came if came in CLOSED else "Closed"
    return came if came and came not in CLOSED else "Active"


def _identity(values: Mapping[str, Value]) -> Identity:
    other, places = {}, {}
    for name, value in values.items():
        if name in OWN or not fields()[name].sealed:
            continue
        (places if name in WHEREABOUTS else other)[PREFIX + name] = str(value)
    birth = values.get("prs_Birthdate")
    return Identity(
        given_names=str(values.get("prs_FirstName", "")),
        family_names=str(values.get("prs_SecondName", "")),
        birth_date=birth if isinstance(birth, date) else None,
        phones=_one(values.get("prs_MobilePhone")),
        emails=_one(values.get("prs_Email")),
        places=places,
        other=other,
    )


def _identity_values(identity: Identity) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, text in {**identity.other, **identity.places}.items():
        theirs = name.removeprefix(PREFIX)
        values[theirs] = float(text) if fields()[theirs].kind == "degrees" else text
    values |= {
        "prs_FirstName": identity.given_names,
        "prs_SecondName": identity.family_names,
        "prs_MobilePhone": identity.phones[0] if identity.phones else "",
        "prs_Email": identity.emails[0] if identity.emails else "",
    }
    if identity.birth_date:
        values["prs_Birthdate"] = identity.birth_date
    return values


def _kept(values: Mapping[str, Value]) -> dict[str, Any]:
    """The coded and dated case fields, as JSON; nothing that is sealed."""
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if not fields()[name].sealed:
            plain[name] = value.isoformat() if isinstance(value, date) else list(value) if isinstance(value, tuple) else value
    return plain


def _value(name: str, value: Any) -> Value:
    if fields()[name].kind == "date":
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value


def _from_standard(pack: Pack, list_name: str, code: str) -> str:
    """Our first code that the standard's maps to; "" when there is none."""
    if not code or list_name not in pack.list_names:
        return ""
    return next((c.code for c in pack.codes(list_name) if code in c.maps.get("htcds", "").split(";")), "")


def _to_standard(pack: Pack, list_name: str, code: str) -> str:
    found = pack.codes(list_name).get(code) if code else None
    return found.maps.get("htcds", "").split(";")[0] if found else ""


def _known(pack: Pack, list_name: str, code: str) -> str:
    return code if code in pack.codes(list_name) else next(iter(pack.codes(list_name))).code


def _texts(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value else tuple(value) if isinstance(value, Iterable) else ()


def _one(value: Any) -> tuple[str, ...]:
    return (str(value),) if value else ()


def _whole(value: Any) -> int | None:
    return int(float(value)) if value not in (None, "") else None


def _number(value: int | None) -> Value:
    return "" if value is None else value


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
