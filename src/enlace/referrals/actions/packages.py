"""Packages for partners outside the system: made by the sender, opened once with link and code, answered there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.people.actions import Disclosed, record_disclosures
from enlace.people.queries import basis
from enlace.referrals import codes, rules
from enlace.referrals.actions.answering import Answer, answer_outside, expire_referral
from enlace.referrals.actions.closing import close_packages
from enlace.referrals.actions.sending import CONSENT_PURPOSE, Outside, Request, send_outside
from enlace.referrals.models import DisclosurePackage, Partner, Referral, ReferralStep
from enlace.referrals.permissions import PARTNER, check_partner, locked_package, visible_partners
from enlace.vault.actions import erase_record, seal_record
from enlace.vault.queries import open_identity, open_record

ACKNOWLEDGE = "acknowledge"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What is asked of a partner, and the fields that it may read: of ``rules.SLICE`` and ``rules.IDENTITY``."""

    case_id: UUID
    partner_id: UUID
    service_codes: tuple[str, ...]
    field_names: tuple[str, ...] = ()
    reason_code: str = ""
    message: str = ""
    ground_code: str = ""
    is_anonymous: bool = False
    previous_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, repr=False)
class Made:
    """A package with its secrets, which are told once and stored nowhere."""

    package: DisclosurePackage
    link: str
    code: str


@dataclass(frozen=True, repr=False)
class Opened:
    """What the right code leads to. ``content`` is ``None`` when the package was opened before."""

    package: DisclosurePackage
    content: Mapping[str, Any] | None


def send_package(*, by: Actor, row: Parcel) -> Made:
    """Refer to a partner: what was chosen is sealed in a package that the link and the code together open, once."""
    check(by, "REFERRAL_SEND")
    partner = visible_partners(by).filter(pk=row.partner_id, is_active=True).first()
    if partner is None:
        raise Refusal(_("Choose a partner that is in the register."))
    now = timezone.now()
    due_at = now + current().limits["package_open"]
    with audited(by=by, action="package.made", data_class="A", detail={"fields": list(row.field_names)}) as event:
        outside = Outside(partner, due_at, row.field_names)
        referral = send_outside(by=by, row=_request(row, partner, now), outside=outside)
        link, code, package_id = codes.new_link(), codes.new_code(), new_id()
        package = DisclosurePackage(
            id=package_id,
            referral=referral,
            field_names=[*referral.slice, *(name for name in rules.IDENTITY if name in row.field_names)],
            link_digest=codes.link_digest(link),
            code_digest=codes.code_digest(package_id, code),
            made_by=by.id,
            made_at=now,
            expires_at=due_at,
        )
        content = {"slice": referral.slice, "message": referral.message, **_identity(by, referral, row.field_names)}
        sealed = codes.seal(package_id, link, code, content)
        seal_record(by=by, record_id=package.record_id, content={"kind": "package", "sealed": sealed})
        package.save(force_insert=True)
        event.about("case", referral.case_id)
        event.detail.update(referral=referral.code, partner=partner.code)
    return Made(package, link, code)


def open_package(*, by: Actor, link: str, code: str, opened_by: str) -> Opened:
    """Open a package with its link and code: the first time with what is in it, then only to answer.

    ``opened_by`` is the name and post of whoever opens it. A wrong link and a wrong code are told in the same words;
    after ``rules.MOST_TRIES`` wrong codes the package is destroyed and the referral goes back to its sender.
    """
    check_partner(by)
    if not opened_by.strip():
        raise Refusal(_("Write who opens it: name and post."))
    given = codes.read_code(code)
    if not _is_right(by, link, given):
        raise Missing(_("Link and code do not open anything now. Check each digit, or ask who sent it."))
    with audited(by=by, action="package.opened", data_class="A") as event:
        package = locked_package(DisclosurePackage.objects.all(), link_digest=codes.link_digest(link))
        assert package is not None  # its row is never removed
        event.about("case", package.referral.case_id)
        event.detail.update(package=str(package.pk), referral=package.referral.code)
        if package.status == rules.SEALED and not _stands(package.referral):
            _take_back(by, package)
        elif package.status == rules.SEALED:
            return Opened(package, _open(by, package, link, given, opened_by.strip()))
    if package.status != rules.OPENED:
        raise Refusal(_("What was in this package is no longer there: it was taken back, or its time has passed."))
    return Opened(package, None)


def answer_package(*, by: Actor, package_id: UUID, verb: str, reason_code: str = "", note: str = "") -> Referral:
    """The partner says that it has read the package, and accepts or declines. Only what was opened can be answered."""
    check_partner(by)
    now = timezone.now()
    with audited(by=by, action="package.answered", detail={"verb": verb}) as event:
        package = locked_package(DisclosurePackage.objects.all(), pk=package_id)
        if package is None or package.status != rules.OPENED:
            raise Missing(_("There is no such package."))
        event.about("case", package.referral.case_id)
        if package.acknowledged_at is None:
            package.acknowledged_at = now
            package.save(update_fields=["acknowledged_at"])
        if verb == ACKNOWLEDGE:
            return package.referral
        answer = Answer(referral_id=package.referral_id, verb=verb, reason_code=reason_code, note=note, at=now)
        return answer_outside(by=by, row=answer, partner_code=package.referral.recipient_code)


def expire_packages(*, by: Actor, at: datetime) -> int:
    """Destroy what nobody opened in time, whatever the partner answered by telephone; returns how many."""
    with audited(by=by, action="package.expired") as event:
        late = DisclosurePackage.objects.filter(status=rules.SEALED, expires_at__lt=at)
        ids = list(late.order_by("referral_id").values_list("referral_id", flat=True))
        list(Referral.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        event.detail["count"] = close_packages(by=by, referral_ids=ids, verb="expire", at=at) if ids else 0
    return int(event.detail["count"])


def _request(row: Parcel, partner: Partner, now: datetime) -> Request:
    return Request(
        id=row.id,
        case_id=row.case_id,
        recipient_code=partner.code,
        service_codes=row.service_codes,
        reason_code=row.reason_code,
        message=row.message,
        ground_code=row.ground_code,
        is_anonymous=row.is_anonymous,
        previous_id=row.previous_id,
        sent_at=now,
    )


def _identity(by: Actor, referral: Referral, chosen: tuple[str, ...]) -> dict[str, Any]:
    """Names and telephones, opened in the vault with a record of it; never where the person is."""
    if not set(chosen) & set(rules.IDENTITY):
        return {}
    try:
        found = open_identity(viewer=by, person_id=referral.case.person_id, purpose="referral")
    except Missing:
        raise Refusal(_("Your agency holds no identity of this person. Leave out names and telephones.")) from None
    told = {rules.NAMES: f"{found.given_names} {found.family_names}".strip(), rules.PHONES: list(found.phones)}
    return {name: told[name] for name in rules.IDENTITY if name in chosen}


def _is_right(by: Actor, link: str, code: str) -> bool:
    """Whether link and code belong together; a wrong code is counted, in a transaction of its own."""
    with audited(by=by, action="package.tried") as event:
        package = locked_package(DisclosurePackage.objects.all(), link_digest=codes.link_digest(link))
        if package is None or package.status == rules.LOCKED:
            return False
        event.detail["package"] = str(package.pk)
        if codes.is_code(package.pk, code, package.code_digest):
            return True
        package.tries += 1
        package.save(update_fields=["tries"])
        event.detail["wrong"] = package.tries
        if package.tries >= rules.MOST_TRIES:
            _end(by, package, "lock")
        return False


def _stands(referral: Referral) -> bool:
    """Whether what the package rests on stands at this moment."""
    if not referral.is_consented:
        return True
    found = basis(
        viewer=PARTNER,
        person_id=referral.case.person_id,
        purpose_code=CONSENT_PURPOSE,
        recipient_code=referral.recipient_code,
        on=timezone.localdate(),
    )
    return found is not None and found.kind == "consent"


def _open(by: Actor, package: DisclosurePackage, link: str, code: str, opened_by: str) -> dict[str, Any]:
    (part,) = open_record(viewer=by, record_id=package.record_id)
    content = codes.unseal(package.pk, link, code, part.content["sealed"])
    package.status, package.opened_at = rules.PACKAGE.after(package.status, "open"), timezone.now()
    package.opened_by = opened_by
    package.save(update_fields=["status", "opened_at", "opened_by"])
    erase_record(by=by, record_id=package.record_id)
    referral = package.referral
    ReferralStep.of(referral, rules.READ, package.opened_at, by, "", referral.recipient_code).save(force_insert=True)
    _disclose(by, package)
    return content


def _disclose(by: Actor, package: DisclosurePackage) -> None:
    """What the partner has read from now on, on record with the person."""
    referral = package.referral
    fields = rules.told_fields(package.field_names, referral.message)
    about = Disclosed(
        person_id=referral.case.person_id,
        kind="package",
        fields=fields,
        purpose_code=CONSENT_PURPOSE,
        recipient_code=referral.recipient_code,
        recipient_name=referral.partner.name if referral.partner else "",
        ground_code=referral.ground_code,
        agency_code=referral.sender_code,
        source="package",
        source_id=package.pk,
    )
    if fields:
        record_disclosures(by=by, rows=[about])


def _take_back(by: Actor, package: DisclosurePackage) -> None:
    """The consent was withdrawn before anybody opened it: nothing is told, and the sender looks for another way."""
    referral = package.referral
    ReferralStep.of(referral, rules.UNDISCLOSED, timezone.now(), by).save(force_insert=True)
    _end(by, package, "withdraw")


def _end(by: Actor, package: DisclosurePackage, verb: str) -> None:
    """Destroy the package; a referral that still waits goes back to its sender as one that nobody answered."""
    now = timezone.now()
    close_packages(by=by, referral_ids=[package.referral_id], verb=verb, at=now)
    package.refresh_from_db()
    if package.referral.status == rules.SENT:
        expire_referral(by=by, referral_id=package.referral_id, at=now)
