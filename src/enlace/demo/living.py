"""A few invented people of these days, so that every work queue has something in it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from enlace.accounts.queries import agency
from enlace.base.actor import Actor
from enlace.cases.actions import Coded, Opening, open_cases, write_note
from enlace.country.queries import current
from enlace.demo.caseload import SERVICES_OF_KIND, acting_for
from enlace.demo.people import agency_of
from enlace.people.actions import Consent, Registration, record_consents, register_people
from enlace.referrals.actions import Answer, Request, answer_referrals, send_referrals
from enlace.vault.actions import seal_identities
from enlace.vault.rules import Identity

COUNT = 9
NAMES = ("Aura", "Berta", "César", "Delia", "Efraín", "Flor", "Gil", "Hebe", "Irma")


def write() -> None:
    """Nine people met by the coordination: three wait for a decision, six were referred and await or have an answer."""
    coordination = acting_for(agency_of("coordinacion"))
    registered = _register(coordination)
    cases = _open(coordination, registered)
    write_note(by=coordination, case_id=cases[0], text="Nota de ejemplo (sintética): la persona pidió intérprete.")
    recipients = [agency_of("organizacion"), agency_of("refugio")]
    requests = [_request(case_id, recipients[n % 2], n) for n, case_id in enumerate(cases[3:])]
    send_referrals(by=coordination, rows=requests)
    for request, verb, reason in zip(requests[:3], ("accept", "accept", "decline"), ("", "", _decline()), strict=True):
        answer = Answer(referral_id=request.id, verb=verb, reason_code=reason)
        answer_referrals(by=acting_for(request.recipient_code), rows=[answer])


def _register(by: Actor) -> list[Registration]:
    pack = current()
    bands = [c.code for c in pack.codes("age_group") if c.extra.get("majority")]
    rows = [
        Registration(
            sex_code="male" if n % 4 == 2 else "female",
            age_group_code=bands[n % len(bands)],
            citizenship_codes=(pack.country_iso2,) if pack.country_iso2 in pack.codes("country") else (),
            needs_interpreter=n == 0,
        )
        for n in range(COUNT)
    ]
    register_people(by=by, rows=rows)
    identities = {
        row.id: Identity(given_names=NAMES[n], family_names="Ficticia Sintética") for n, row in enumerate(rows)
    }
    seal_identities(by=by, identities=identities)
    consents = [
        Consent(person_id=row.id, purpose_code=purpose, given_by_code="person", given_on=timezone.localdate(_met_at(n)))
        for n, row in enumerate(rows)
        for purpose in ("referral", "services")
    ]
    record_consents(by=by, rows=consents)
    return rows


def _met_at(number: int) -> datetime:
    """When the coordination met the person: whatever was consented to was consented to then, before any referral."""
    return timezone.now() - timedelta(days=3 * number, hours=2)


def _open(by: Actor, rows: Sequence[Registration]) -> list[UUID]:
    forms = [c.code for c in current().forms]
    openings = [
        Opening(
            person_id=row.id,
            origin_code="police",
            state_code=agency(by.agency_code).state_code,
            codes=(Coded(list_name="exploitation_form", code=forms[n % len(forms)]),),
            opened_at=_met_at(n),
        )
        for n, row in enumerate(rows)
    ]
    open_cases(by=by, rows=openings)
    return [opening.id for opening in openings]


def _request(case_id: UUID, recipient: str, number: int) -> Request:
    services = SERVICES_OF_KIND[agency(recipient).kind_code]
    known = [code for code in services if code in current().codes("service")]
    return Request(
        case_id=case_id,
        recipient_code=recipient,
        service_codes=(known[number % len(known)],),
        message="Mensaje de ejemplo (sintético).",
        shares_identity=True,
        sent_at=timezone.now() - timedelta(hours=number),
    )


def _decline() -> str:
    return next(iter(current().codes("decline_reason"))).code
