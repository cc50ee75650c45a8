"""Consent given, refused and revoked, and the legal grounds that stand in its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_names
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.people.models import ConsentGrant, LegalGround, Person
from enlace.people.permissions import visible, visible_consents, visible_grounds
from enlace.people.queries import is_minor
from enlace.people.rules import CHILD_VIEWS, PERSON


@dataclass(frozen=True, kw_only=True)
class Consent:
    """One answer about one purpose.

    Where somebody else answers for the person: ``relation_code`` of the list contact_relation, and for a child what the
    child says (``rules.CHILD_VIEWS``). ``is_signed``: the name of who signed is sealed as the record of this ``id``.
    """

    person_id: UUID
    purpose_code: str
    given_by_code: str
    given_on: date
    recipient_code: str = ""
    is_refusal: bool = False
    expires_on: date | None = None
    relation_code: str = ""
    child_view_code: str = ""
    is_signed: bool = False
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Grounded:
    """A decision under the law: ``decided_by`` is the office that decided, ``article`` where it stands."""

    person_id: UUID
    purpose_code: str
    ground_code: str
    article: str
    decided_by: str
    decided_on: date
    recipient_code: str = ""
    expires_on: date | None = None
    id: UUID = field(default_factory=new_id)


def record_consents(*, by: Actor, rows: Sequence[Consent]) -> list[ConsentGrant]:
    """Record answers about consent: given or refused, by the person or who may answer for them."""
    check(by, "CONSENT_RECORD")
    today = timezone.localdate()
    _check_recipients({row.recipient_code for row in rows})
    for row in rows:
        _check_consent(row, today)
    with audited(by=by, action="consent.recorded", detail={"count": len(rows)}) as event:
        if len({row.person_id for row in rows}) == 1:
            event.about("person", rows[0].person_id)
        known = _known(by, {row.person_id for row in rows})
        for row in rows:
            _check_child(row, known[row.person_id])
        return ConsentGrant.objects.bulk_create([_consent(row, by) for row in rows], batch_size=500)


def revoke_consent(*, by: Actor, person_id: UUID, consent_id: UUID, on: date) -> ConsentGrant:
    """Stop future disclosure at once; what was disclosed before stays recorded.

    Keys that wait at other agencies are taken back by ``vault.actions.stop_sharing``, which calls this.
    """
    check(by, "PORTAL_OWN" if by.person_id else "CONSENT_RECORD")
    with audited(by=by, action="consent.revoked", subject=("person", person_id)):
        known = visible_consents(by).filter(person_id=person_id)
        grant = known.select_for_update(of=("self",)).filter(pk=consent_id).first()
        if grant is None:
            raise Missing(_("No such consent is known to your agency."))
        if grant.revoked_on:
            raise Refusal(_("This consent was already revoked."))
        if on < grant.given_on:
            raise Refusal(_("Consent cannot be revoked before the day it was given."))
        grant.revoked_on, grant.revoked_by = on, by.id
        grant.save(update_fields=["revoked_on", "revoked_by"])
    return grant


def record_ground(*, by: Actor, row: Grounded) -> LegalGround:
    """Record that the law allows a disclosure without consent: who decided, by which article, when."""
    check(by, "CONSENT_RECORD")
    _check_recipients({row.recipient_code})
    _check_ground(row)
    with audited(by=by, action="ground.recorded", subject=("person", row.person_id)) as event:
        event.detail.update(ground=row.ground_code, purpose=row.purpose_code)
        _known(by, {row.person_id})
        facts = {name: getattr(row, name) for name in Grounded.__dataclass_fields__}
        facts |= {"article": row.article.strip(), "decided_by": row.decided_by.strip()}
        return LegalGround.objects.create(
            **facts, agency_code=by.agency_code, recorded_by=by.id, recorded_at=timezone.now()
        )


def end_ground(*, by: Actor, person_id: UUID, ground_id: UUID, on: date) -> LegalGround:
    """From this day on nothing is disclosed on this ground."""
    check(by, "CONSENT_RECORD")
    with audited(by=by, action="ground.ended", subject=("person", person_id)):
        known = visible_grounds(by).filter(person_id=person_id)
        ground = known.select_for_update(of=("self",)).filter(pk=ground_id).first()
        if ground is None:
            raise Missing(_("No such legal ground is known to your agency."))
        if ground.ended_on:
            raise Refusal(_("This legal ground was already ended."))
        if on < ground.decided_on:
            raise Refusal(_("A ground cannot end before the day of its decision."))
        ground.ended_on, ground.ended_by = on, by.id
        ground.save(update_fields=["ended_on", "ended_by"])
    return ground


def _known(by: Actor, ids: set[UUID]) -> dict[UUID, Person]:
    found: dict[UUID, Person] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 500):
        found |= visible(by).in_bulk(wanted[start : start + 500])
    if len(found) != len(ids):
        raise Missing(_("No such person is known to your agency."))
    return found


def _check_consent(row: Consent, today: date) -> None:
    pack = current()
    _check_purpose(row.purpose_code)
    if pack.codes("consent_giver").get(row.given_by_code) is None:
        raise Refusal(_("Say who gave the answer: the person, or who may answer for them."))
    if row.relation_code and pack.codes("contact_relation").get(row.relation_code) is None:
        raise Refusal(_("This relation to the person is not in the list."))
    if row.child_view_code and row.child_view_code not in CHILD_VIEWS:
        raise Refusal(_("Say what the child thinks: one of the answers of the form."))
    if row.given_on > today:
        raise Refusal(_("Consent cannot be dated in the future."))
    if row.expires_on and row.expires_on < row.given_on:
        raise Refusal(_("The end is before the start."))


def _check_child(row: Consent, person: Person) -> None:
    """Nobody answers for a child without the child being asked (Convention on the Rights of the Child, article 12)."""
    if row.given_by_code != PERSON and not row.child_view_code and is_minor(person, row.given_on):
        raise Refusal(_("Somebody else answers for a child: write down what the child says too."))


def _check_ground(row: Grounded) -> None:
    _check_purpose(row.purpose_code)
    if current().codes("consent_ground").get(row.ground_code) is None:
        raise Refusal(_("This legal ground is not in the list."))
    if not row.article.strip() or not row.decided_by.strip():
        raise Refusal(_("Say which office decided, and by which article."))
    if row.decided_on > timezone.localdate():
        raise Refusal(_("A decision cannot be dated in the future."))
    if row.expires_on and row.expires_on < row.decided_on:
        raise Refusal(_("The end is before the start."))


def _check_purpose(purpose_code: str) -> None:
    if current().codes("consent_purpose").get(purpose_code) is None:
        raise Refusal(_("This purpose of consent is not in the list."))


def _check_recipients(codes: set[str]) -> None:
    named = codes - {""}
    if named and not named <= agency_names().keys():
        raise Refusal(_("Choose an agency that is in the directory."))


def _consent(row: Consent, by: Actor) -> ConsentGrant:
    by_other = row.given_by_code != PERSON
    return ConsentGrant(
        id=row.id,
        person_id=row.person_id,
        agency_code=by.agency_code,
        purpose_code=row.purpose_code,
        recipient_code=row.recipient_code,
        given_by_code=row.given_by_code,
        relation_code=row.relation_code if by_other else "",
        child_view_code=row.child_view_code if by_other else "",
        is_signed=row.is_signed,
        is_refusal=row.is_refusal,
        given_on=row.given_on,
        expires_on=row.expires_on,
        recorded_by=by.id,
        recorded_at=timezone.now(),
    )
