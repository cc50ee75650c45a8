"""Every write of the own page: the number, given at a desk, and what the person and the agency write to one another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.intake.actions import open_number
from enlace.intake.permissions import check_public
from enlace.people import permissions as people
from enlace.portal import rules
from enlace.portal.models import OwnPage, PersonRequest
from enlace.portal.permissions import (
    PAGE,
    locked,
    own_id,
    own_pages,
    own_requests,
    visible_pages,
    visible_requests,
)
from enlace.portal.queries import digest_of, is_carried_out, may_be_child, own_page, page_by_number
from enlace.vault.actions import add_to_record, seal_record


@dataclass(frozen=True, kw_only=True, repr=False)
class Giving:
    """A number to be given. It prints as nothing, so that no log or traceback can show the number."""

    person_id: UUID
    number: str
    kept_as: str = rules.PAPER
    keeper_code: str = "person"


def issue_page(*, by: Actor, row: Giving) -> OwnPage:
    """From now on ``number`` (sixteen digits, shown once by the caller) opens the person's page, and no older one does."""
    check(by, "PORTAL_ISSUE")
    _check_keeper(row.keeper_code)
    if row.kept_as not in (rules.PAPER, rules.MEMORY):
        raise Refusal(_("Ask first whether the number can be kept safely. Without a safe way no number is given."))
    detail = {"kept_as": row.kept_as, "keeper": row.keeper_code}
    with audited(by=by, action="page.issued", subject=("person", row.person_id), detail=detail) as event:
        person = _known(by, row.person_id)
        rules.check_keeper(row.keeper_code, is_minor=may_be_child(person))
        event.detail["replaced"] = _end(visible_pages(by).filter(person=person), rules.REPLACED, by)
        now = timezone.now()
        return OwnPage.objects.create(
            person=person,
            agency_code=by.agency_code,
            kept_as=row.kept_as,
            keeper_code=row.keeper_code,
            digest=digest_of(row.number),
            status=rules.OWN_PAGE.after(rules.OFFERED, "issue"),
            issued_by=by.id,
            issued_at=now,
            expires_at=now + current().limits["own_page"],
        )


def refuse_page(*, by: Actor, person_id: UUID, keeper_code: str = "person") -> OwnPage:
    """The page was offered and the person wants none, or cannot keep a number safely; one given before is closed."""
    check(by, "PORTAL_ISSUE")
    _check_keeper(keeper_code)
    with audited(by=by, action="page.refused", subject=("person", person_id)):
        person = _known(by, person_id)
        _end(visible_pages(by).filter(person=person), rules.CLOSED, by)
        return OwnPage.objects.create(
            person=person,
            agency_code=by.agency_code,
            kept_as=rules.NOTHING,
            keeper_code=keeper_code,
            status=rules.OWN_PAGE.after(rules.OFFERED, "refuse"),
            issued_by=by.id,
            issued_at=timezone.now(),
        )


def close_page(*, by: Actor, person_id: UUID) -> None:
    """The number opens nothing any more: asked for by the person at a desk, or by herself on her page."""
    with audited(by=by, action="page.closed", subject=("person", person_id)):
        rows = own_pages(by) if by.person_id else visible_pages(by)
        if not _end(rows.filter(person_id=person_id), rules.CLOSED, by):
            raise Refusal(_("There is no number to close."))


def print_page(*, by: Actor, person_id: UUID, number: str) -> OwnPage:
    """The sheet is printed. Raises ``Refusal`` unless the number is good and the person said that paper is safe."""
    check(by, "PORTAL_ISSUE")
    with audited(by=by, action="page.printed", subject=("person", person_id)):
        _known(by, person_id)
        rows = visible_pages(by).filter(person_id=person_id, status=rules.OPEN, kept_as=rules.PAPER)
        found = rows.filter(digest=digest_of(number)).first()
        if found is None:
            raise Refusal(_("This sheet cannot be printed any more. Give a new number."))
    return found


def open_page(*, by: Actor, number: str) -> tuple[UUID, datetime | None]:
    """The page that a number opens, and when it was opened before. Raises ``Missing`` in the same words for all others.

    Wrong numbers are counted as those of receipts are, and nobody's address is kept.
    """
    check_public(by)
    found = open_number(by=by, number=number, find=page_by_number)  # by itself: what it counts stays counted
    with audited(by=by, action="page.opened"):  # not whose: the record would tell when she reads
        row = OwnPage.objects.select_for_update().get(pk=found)
        before, row.opened_at = row.opened_at, timezone.now()
        row.save(update_fields=["opened_at"])
    return row.pk, before


def expire_pages(*, by: Actor, at: datetime) -> int:
    """Mark the numbers that have run out; they open nothing anyway. Returns how many. Safe to run twice at once."""
    check_public(by)
    with audited(by=by, action="page.expired") as event:
        old = OwnPage.objects.select_for_update(skip_locked=True).filter(status=rules.OPEN, expires_at__lte=at)
        ids = list(old.values_list("pk", flat=True)[:1000])
        count = OwnPage.objects.filter(pk__in=ids).update(status=rules.EXPIRED, ended_at=at, ended_by=by.id)
        event.detail["count"] = count
    return count


def ask(*, by: Actor, kind_code: str, text: str) -> PersonRequest:
    """The person asks, corrects, objects or wants something erased: of the agency that gave her the number."""
    if current().codes("person_request").get(kind_code) is None or not text.strip():
        raise Refusal(_("Choose what it is about, and write it in your own words."))
    person_id = own_id(by)
    with audited(by=by, action="request.asked", subject=("person", person_id), detail={"kind": kind_code}):
        to_agency, now = own_page(viewer=by).agency_code, timezone.now()
        row = PersonRequest(
            code=new_code("W"),
            person_id=person_id,
            kind_code=kind_code,
            to_agency=to_agency,
            asked_at=now,
            due_at=_due(now, "person_request_answer"),
        )
        content = {"kind": "asked", "text": text.strip()}
        seal_record(by=PAGE, record_id=row.record_id, content=content, agency_code=to_agency)
        row.save(force_insert=True)
    return row


def withdraw_request(*, by: Actor, request_id: UUID) -> PersonRequest:
    """The person no longer wants it; the agency sees that."""
    with audited(by=by, action="request.withdrawn", subject=("request", request_id)):
        row = locked(own_requests(by), request_id)
        row.status = _after(row, "withdraw")
        row.ended_at = timezone.now()
        row.save(update_fields=["status", "ended_at"])
    return row


def answer_request(*, by: Actor, request_id: UUID, verb: str, text: str) -> PersonRequest:
    """Write to the person: an answer, a yes or no to what she claims, more time once, or that it was carried out."""
    check(by, "PORTAL_ANSWER")
    if not text.strip():
        raise Refusal(_("Write what the person will read."))
    with audited(by=by, action="request.answered", subject=("request", request_id), detail={"verb": verb}):
        row = locked(visible_requests(by), request_id)
        if verb not in rules.desk_verbs(row.status, carried_out=is_carried_out(row.kind_code)):
            raise Refusal(_("Something has changed since the page was opened."))
        row.status, now = _after(row, verb), timezone.now()
        if verb == "extend":
            row.due_at = _due(row.due_at, "person_request_extension")
        if verb in ("answer", "decline", "grant"):
            row.answered_at, row.answered_by = now, by.id
        if verb == "grant":
            row.due_at = _due(now, "person_request_execution")
        if verb in ("answer", "decline", "finish"):
            row.ended_at = now
        content = {"kind": verb, "agency": by.agency_code, "text": text.strip()}
        add_to_record(by=by, record_id=row.record_id, content=content)
        row.save()
    return row


def _known(by: Actor, person_id: UUID) -> Any:
    """The person, for writing: two who give a number at once do it one after the other."""
    found = people.visible(by).select_for_update(of=("self",)).filter(pk=person_id).first()
    if found is None:
        raise Missing(_("No such person is known to your agency."))
    return found


def _end(rows: Any, status: str, by: Actor) -> int:
    """End the open number, whichever agency gave it; how many there were."""
    return int(rows.filter(status=rules.OPEN).update(status=status, ended_at=timezone.now(), ended_by=by.id))


def _check_keeper(code: str) -> None:
    if current().codes("consent_giver").get(code) is None:
        raise Refusal(_("Say who keeps the number."))


def _after(row: PersonRequest, verb: str) -> str:
    if verb not in rules.PERSON_REQUEST.verbs(row.status):
        raise Refusal(_("Something has changed since the page was opened."))
    return rules.PERSON_REQUEST.after(row.status, verb)


def _due(start: datetime, name: str) -> datetime:
    limit = current().limits_by_name[name]
    return rules.due(timezone.localtime(start), limit.span, working=limit.working)
