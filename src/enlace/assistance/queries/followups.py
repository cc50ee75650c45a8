"""Reads of follow-up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.assistance.models import FollowUp
from enlace.assistance.permissions import visible_follow_ups
from enlace.assistance.rules import followups
from enlace.audit.actions import record_read
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.pages import Page, page
from enlace.country.queries import current
from enlace.intake.queries import contacts_of_person, open_told
from enlace.vault.queries import open_identity

ORDER = ("due_on", "id")
TERMS = ("number", "when", "code_word")  # what a contact tells of reaching the person safely
NEWEST = 3


def outcome_of(code: str) -> followups.Outcome | None:
    """What the pack says of an outcome; None for a code that is none."""
    found = current().codes("followup_outcome").get(code)
    if found is None:
        return None
    return followups.Outcome(**{name: found.extra[name] == "yes" for name in ("contact", "reexploited", "ends")})


def followed_reasons() -> list[str]:
    """The reasons for closing a case after which a person is asked how they are."""
    return [code.code for code in current().codes("closure_reason") if code.extra["followed_up"] == "yes"]


def read_follow_up(*, viewer: Actor, follow_up_id: UUID) -> FollowUp:
    """One follow-up with its case. Class D: the reading leaves a record. Raises ``Missing`` for all others."""
    found = visible_follow_ups(viewer).select_related("case__person").filter(pk=follow_up_id).first()
    if found is None:
        raise Missing(_("Your agency knows of no such thing."))
    record_read(by=viewer, action="followup.read", subject=("case", found.case_id), data_class="D")
    return found


def follow_ups_of_case(*, viewer: Actor, case_id: UUID) -> list[FollowUp]:
    """All of a case, the newest series first."""
    return list(visible_follow_ups(viewer).filter(case_id=case_id).order_by("-series", "number"))


def follow_up_page(*, viewer: Actor, status: str = followups.PLANNED, cursor: str = "") -> Page:
    """Those that the own agency is to record, the earliest due first."""
    rows = visible_follow_ups(viewer).filter(agency_code=viewer.agency_code, status=status)
    return page(rows.select_related("case"), order=ORDER, cursor=cursor)


def follow_ups_due(*, viewer: Actor, on: date, limit: int) -> list[FollowUp]:
    """Those of the own agency that are due by a day, the longest overdue first."""
    rows = visible_follow_ups(viewer).filter(agency_code=viewer.agency_code, status=followups.PLANNED, due_on__lte=on)
    return list(rows.select_related("case").order_by("due_on", "pk")[:limit])


@dataclass(frozen=True, repr=False)
class Terms:
    """How to reach a person safely: what she said at the contacts of the own agency, the newest first; then telephones."""

    said: tuple[tuple[str, str], ...]
    phones: tuple[str, ...]


def contact_terms(*, viewer: Actor, follow_up_id: UUID, purpose: str) -> Terms:
    """The terms of safe contact of whoever is to be asked; each reading is on record with its purpose."""
    found = read_follow_up(viewer=viewer, follow_up_id=follow_up_id)
    try:
        phones = open_identity(viewer=viewer, person_id=found.case.person_id, purpose=purpose).phones
    except Missing:  # another agency holds the identity; what this one was told of safe contact still helps
        phones = ()
    said: list[tuple[str, str]] = []
    if viewer.may("CONTACT_READ"):
        for contact in contacts_of_person(viewer=viewer, person_id=found.case.person_id)[:NEWEST]:
            parts = open_told(viewer=viewer, contact_id=contact.pk, purpose=purpose)
            told = {name: text for part in parts for name, text in part.content.items() if name in TERMS}
            said += [(name, str(told[name])) for name in TERMS if told.get(name)]
    return Terms(tuple(said), phones)
