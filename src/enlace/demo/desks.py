"""What the desks have before them these days: contacts of every door, notices between agencies, reports, a complaint."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import agencies, agency
from enlace.base.actor import Actor
from enlace.complaints.actions import Accusation, send_complaint
from enlace.country.queries import current
from enlace.demo.caseload import acting_for, named
from enlace.demo.interviews import met
from enlace.demo.people import actor, agency_of
from enlace.intake.actions import (
    Answer,
    Entry,
    Notification,
    Someone,
    Told,
    add_to_report,
    answer_report,
    close_notice,
    notify,
    read_report,
    record_contacts,
    return_notice,
    send_report,
    take_notices,
    withdraw_report,
)
from enlace.intake.permissions import PUBLIC
from enlace.intake.queries import by_receipt
from enlace.people.actions import Consent, record_consents
from enlace.vault.actions import seal_identities
from enlace.vault.rules import Identity

# channel, what it was, risk now, hours ago, hours until the call that was promised (None: none was)
CALLS = (
    ("hotline_call", "possible_trafficking", "high", 2, None),
    ("hotline_call", "emergency", "immediate", 1, None),
    ("hotline_chat", "possible_trafficking", "concern", 20, 6),
    ("hotline_message", "follow_up", "unknown", 44, -3),
    ("hotline_call", "information", "none", 5, None),
    ("hotline_call", "counselling", "none", 26, None),
    ("hotline_call", "wrong_number", "none", 3, None),
    ("hotline_chat", "spam", "none", 9, None),
    ("hotline_walk_in", "tip", "concern", 30, None),
)
# kind of agency -> the channel it meets people through
DOORS = {
    "police": "police",
    "consulate": "consulate",
    "migration": "migration_check",
    "health": "health",
    "school": "school",
    "ngo": "street_outreach",
    "prosecutor": "prosecutor",
    "child_protection": "child_protection",
}
TOLD = "Texto de ejemplo (sintético): una persona teme por otra y pide orientación."
SAID = "Texto de ejemplo (sintético): en un taller hay personas que no pueden salir."
ANSWER = "Respuesta de ejemplo (sintética): gracias, ya lo revisa personal especializado."
NAMES = ("Celia", "Dalia", "Elisa")
# topic, and what happened to the report after it was sent; each topic has its own recipient
REPORTS = (
    ("help", ()),
    ("help", ("read", "answer")),
    ("help", ("read", "answer", "add")),
    ("other", ("withdraw",)),
    ("labour", ()),
    ("sexual", ()),
    ("children", ("read",)),
)


def write() -> None:
    """Everything; a door without an agency in this country stays shut."""
    home = agency(agency_of("policia")).state_code
    for kind, channel in DOORS.items():
        _door(kind, channel, home)
    if desk := actor("linea"):
        contacts = _calls(desk, home)
        _notices(desk, contacts, home)
    for number, (topic, steps) in enumerate(REPORTS):
        _report(number, topic, steps, home)
    _complaint(home)


def _calls(by: Actor, state: str) -> list[UUID]:
    """The last two days of the hotline; the first two calls are about people whose names are known."""
    people = met(by, "desk", len(NAMES))
    identities = {
        pk: Identity(given_names=name, family_names="Ficticia Sintética")
        for pk, name in zip(people, NAMES, strict=True)
    }
    seal_identities(by=by, identities=identities)
    rows = [_entry(n, state, (people[n],) if n < len(people) else ()) for n in range(len(CALLS))]
    record_contacts(by=by, rows=rows)
    return [row.id for row in rows]


def _entry(number: int, state: str, people: Sequence[UUID]) -> Entry:
    channel, disposition, risk, ago, promised = CALLS[number]
    now = timezone.now()
    return Entry(
        id=named(f"desk {number}"),
        code_value=named(f"desk {number}").int,
        channel_code=channel,
        disposition_code=disposition,
        opened_at=now - timedelta(hours=ago),
        seconds=180 + 95 * number,
        precision_code="state" if people else "none",
        state_code=state if people else "",
        risk_code=risk,
        follow_up_due=None if promised is None else now + timedelta(hours=promised),
        told={"told": TOLD, "when": "Por la tarde", "code_word": "girasol"} if people else {},
        people=(Someone(role_code="caller"), *(Someone(role_code="at_risk", person_id=pk) for pk in people)),
    )


def _door(kind: str, channel: str, state: str) -> None:
    """Somebody met through another door, by the agency of this kind that is nearest."""
    found = list(agencies(kind=kind))
    if not found:
        return
    nearest = next((row for row in found if row.state_code == state), found[0])
    by = acting_for(nearest.pk)
    (person_id,) = met(by, f"door {kind}", 1)
    row = Entry(
        id=named(f"door {kind}"),
        code_value=named(f"door {kind}").int,
        channel_code=channel,
        disposition_code="possible_trafficking",
        opened_at=timezone.now() - timedelta(hours=4),
        seconds=1500,
        precision_code="state" if nearest.state_code else "none",
        state_code=nearest.state_code,
        risk_code="concern",
        told={"told": TOLD},
        people=(Someone(role_code="at_risk", person_id=person_id),),
    )
    record_contacts(by=by, rows=[row])


def _notices(by: Actor, contacts: Sequence[UUID], state: str) -> None:
    """Tips waiting, answered and returned; children waiting and taken up; an extract with the person's consent."""
    contact, people = contacts[0], [named(f"desk {n}") for n in range(len(NAMES))]
    tips = notify(by=by, rows=[_tip(contacts[n], state, n) for n in range(3)])
    minors = met(by, "desk minor", 2, age=15)
    rows = [Notification(kind="child", person_id=pk, state_code=state, code_value=pk.int) for pk in minors]
    children = notify(by=by, rows=rows)
    prosecutor = acting_for(tips[1].to_agency)
    take_notices(by=prosecutor, ids=[tips[1].pk])
    close_notice(by=prosecutor, row=Answer(notice_id=tips[1].pk, code="investigation_opened", ref="sintetica-actual"))
    return_notice(by=acting_for(tips[2].to_agency), row=Answer(notice_id=tips[2].pk, code="not_enough"))
    if len(children) > 1:
        take_notices(by=acting_for(children[1].to_agency), ids=[children[1].pk])
    units = list(agencies(kind=current().codes("notice_kind").by_code["finance"].extra["agency_kind"]))
    if not units:
        return
    consent = Consent(
        person_id=people[0], purpose_code="finance", given_by_code="person", given_on=timezone.localdate()
    )
    record_consents(by=by, rows=[consent])
    extract = {"payments": "Pagos inventados de ejemplo", "companies": "Empresa Ficticia (sintética)"}
    notify(by=by, rows=[Notification(kind="finance", person_id=people[0], contact_id=contact, extract=extract)])


def _tip(contact_id: UUID, state: str, number: int) -> Notification:
    at = timezone.now() - timedelta(minutes=30 + number)
    value = named(f"tip {number}").int
    return Notification(kind="tip", contact_id=contact_id, state_code=state, note=SAID, sent_at=at, code_value=value)


def _report(number: int, topic: str, steps: Sequence[str], state: str) -> None:
    """One report of the public in one of its states."""
    pk = named(f"report {number}")
    sent = send_report(
        by=PUBLIC,
        report_id=pk,
        told=Told(topic_code=topic, state_code=state, words={"what": SAID, "place": "Lugar de ejemplo"}),
        number=receipt_of(number),
    )
    recipient = acting_for(sent.to_agency)
    for step in steps:
        if step == "read":
            read_report(by=recipient, report_id=pk)
        elif step == "answer":
            answer_report(by=recipient, report_id=pk, verb="answer", text=ANSWER)
        elif step == "add":
            add_to_report(by=PUBLIC, report_id=pk, text="Dato de ejemplo (sintético) añadido después.")
        else:
            withdraw_report(by=PUBLIC, report_id=pk)


def receipt_of(number: int) -> str:
    """The receipt of a report of the demonstration: sixteen digits that everybody may know, because nobody is behind it."""
    return f"{named(f'receipt {number}').int % 10**16:016}"


def receipt_to_try() -> str:
    """The receipt of a report that has an answer, in groups of four; "" when none was written."""
    number = receipt_of(1)
    found = by_receipt(viewer=PUBLIC, kind="report", number=number)
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4)) if found else ""


def _complaint(state: str) -> None:
    told = Accusation(
        accused_code=agency_of("policia"),
        level_code=current().codes("official_level").choices(current().default_language)[0][0],
        state_code=state,
        words={"what": "Queja de ejemplo (sintética): pidieron dinero a cambio de no revisar un lugar."},
    )
    send_complaint(by=PUBLIC, complaint_id=named("complaint"), told=told, number=receipt_of(len(REPORTS)))
