"""Reading what is sealed: one identity at a time, for a purpose, and never without a record."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Sum, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited, record_read
from enlace.audit.queries import events
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.people.queries import access_of, hold_emergency
from enlace.people.rules import opens_whereabouts
from enlace.vault import envelope, sealing, tokens
from enlace.vault.models import BlindToken, LentKey, NationalToken, PersonKey, RecordPart, SealedDraft
from enlace.vault.rules import (
    BIRTH_DATE,
    DOCUMENT,
    MATCHES_PER_HOUR,
    NAME,
    PHONE,
    WHEREABOUTS,
    Candidate,
    Identity,
    Term,
    rank,
    strong_pairs,
)

MAX_CANDIDATES = 50


def open_identity(*, viewer: Actor, person_id: UUID, purpose: str) -> Identity:
    """The identity of one person whose key the viewer's agency holds; addresses only for who may read whereabouts.

    ``purpose`` is a code of the pack's list "access_purpose". The reading is on record before anything is shown. Raises
    ``Missing`` for everyone else, known or not, and records that too.
    """
    check(viewer, "IDENTITY_READ")
    _check_purpose(purpose)
    subject = ("person", person_id)
    with audited(by=viewer, action="identity.read", subject=subject, data_class="A", purpose=purpose) as event:
        found = _identities(viewer, [person_id]).get(person_id)
        if found is None:
            event.action = "identity.refused"
        elif _shows_whereabouts(found):
            record_read(by=viewer, action="whereabouts.read", subject=subject, data_class="B", purpose=purpose)
    if found is None:
        raise Missing(_("Your agency holds no identity of such a person."))
    return found


def open_identities(*, viewer: Actor, person_ids: Collection[UUID], purpose: str) -> dict[UUID, Identity]:
    """For an export: the identities that the viewer's agency holds of these people, each reading on record by itself.

    People without one are absent. Takes some two milliseconds for each, for the sake of the record.
    """
    check(viewer, "EXCHANGE_EXPORT")
    check(viewer, "IDENTITY_READ")
    _check_purpose(purpose)
    found: dict[UUID, Identity] = {}
    with audited(by=viewer, action="identity.exported", data_class="A", purpose=purpose) as event:
        for ids in sealing.batches(person_ids):
            found |= _identities(viewer, ids)
        for person_id, identity in found.items():
            letters = "AB" if _shows_whereabouts(identity) else "A"
            subject = ("person", person_id)
            record_read(by=viewer, action="identity.read", subject=subject, data_class=letters, purpose=purpose)
        event.detail["count"] = len(found)
    return found


@dataclass(frozen=True, slots=True, repr=False)
class OpenedInEmergency:
    """An emergency access (``people.Emergency``) and the identity that it opens; ``None`` while nothing opens yet."""

    emergency: Any
    identity: Identity | None


def open_in_emergency(*, viewer: Actor, emergency_id: UUID) -> OpenedInEmergency:
    """The identity of the person of an emergency access in force; where the person is, only if a second person agreed.

    None while the person is under protection and no second person agreed. The reading is on record, with the access.
    """
    with audited(by=viewer, action="identity.read", data_class="A") as event:
        emergency = hold_emergency(viewer=viewer, emergency_id=emergency_id)
        subject, under = ("person", emergency.person_id), str(emergency.pk)
        event.about(*subject)
        event.detail["emergency"] = under
        row = LentKey.objects.filter(emergency_id=emergency.pk).first()
        if row is None:
            return OpenedInEmergency(emergency, None if emergency.person.is_protected else Identity())
        key = sealing.unwrapped(row, sealing.keys_to_read(row.agency_code))
        without = () if opens_whereabouts(access_of(emergency), timezone.now()) else WHEREABOUTS
        found = sealing.identities_in({row.person_id: key}, without=without)[row.person_id]
        if _shows_whereabouts(found):
            record_read(by=viewer, action="whereabouts.read", subject=subject, data_class="B", emergency=under)
    return OpenedInEmergency(emergency, found)


def waiting_at(*, person_id: UUID, purpose_code: str, recipient_code: str) -> list[str]:
    """The agencies that hold a key of the person for this purpose which opens nothing yet. The caller checked the right."""
    with seeing_as(sealing.SYSTEM):
        rows = PersonKey.objects.filter(person_id=person_id, purpose_code=purpose_code, released_at=None)
        codes = list(rows.order_by("agency_code").values_list("agency_code", flat=True))
    return [code for code in codes if recipient_code in ("", code)]


def search_own(
    *,
    viewer: Actor,
    name: str = "",
    phone: str = "",
    document: str = "",
    birth_year: int | None = None,
    limit: int = 25,
) -> list[Candidate]:
    """People of the viewer's agency who may be the one described, the likeliest first. Nothing is decrypted.

    Names are found in spite of accents, order, spelling by ear, abbreviations and missing words. The record says which
    kinds of field were searched, never for what.
    """
    check(viewer, "PERSON_SEARCH")
    with audited(by=viewer, action="person.searched", data_class="A") as event:
        keys = sealing.index_keys(sealing.agency_of(viewer))
        terms = tokens.search_terms(keys, name=name, phone=phone, document=document, birth_year=birth_year)
        if not terms:
            raise Refusal(_("Write a name, a phone number of six digits or more, or a document number."))
        hits = _hits(viewer.agency_code, terms, 4 * MAX_CANDIDATES)
        found = rank(terms, hits, min(limit, MAX_CANDIDATES))
        event.detail.update(fields=sorted({term.matches for term in terms}), found=len(found))
    return found


def known_elsewhere(*, viewer: Actor, identifiers: Sequence[tuple[str, str]], purpose: str) -> bool:
    """The narrow door: whether another agency knows a person by both of two strong identifiers. Nothing else is told.

    ``identifiers`` are two (type, value) pairs: numbers of two document types that the pack marks as strong, or one
    such number and ("birth_date", "1990-12-31"). People known to the viewer's own agency and protected people never
    match. Raises ``Refusal`` for less than that, or after 20 questions in an hour.
    """
    return found_elsewhere(viewer=viewer, identifiers=identifiers, purpose=purpose) is not None


def found_elsewhere(*, viewer: Actor, identifiers: Sequence[tuple[str, str]], purpose: str) -> UUID | None:
    """As ``known_elsewhere``, and which person it was (of several the one registered last): for an emergency, not to tell."""
    check(viewer, "PERSON_MATCH")
    _check_purpose(purpose)
    pair = _strong_pair(identifiers)
    _check_rate(viewer, purpose)
    with audited(by=viewer, action="person.match_asked", data_class="A", purpose=purpose) as event:
        with seeing_as(sealing.SYSTEM):
            found = _elsewhere(sealing.agency_of(viewer), pair)
        event.detail.update(kind=pair[0], known=found is not None)
    return found


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """A form that its owner began; ``values`` are as saved."""

    form: str
    subject: str
    saved_at: datetime
    values: dict[str, Any]


def draft(*, viewer: Actor, form: str, subject: str = "") -> dict[str, Any] | None:
    """What the viewer saved of a form; ``None`` when nothing was."""
    with seeing_as(viewer):
        row = _own_drafts(viewer).filter(form=form, subject=subject).first()
    return _opened(row, sealing.keys_to_read(row.agency_code)).values if row else None


def drafts(*, viewer: Actor) -> list[Draft]:
    """All that the viewer began and did not send, newest first."""
    rows = list(_own_drafts(viewer).order_by("-saved_at"))
    keys = sealing.keys_to_read(viewer.agency_code) if rows else {}
    return [_opened(row, keys) for row in rows]


@dataclass(frozen=True, slots=True, repr=False)
class Part:
    """One part of a sealed record; ``size`` is that of its file in bytes, 0 without one."""

    id: UUID
    at: datetime
    content: dict[str, Any]
    size: int


def open_record(*, viewer: Actor, record_id: UUID, purpose: str = "") -> list[Part]:
    """A sealed record, its parts in the order in which they were added; the reading is on record first.

    ``purpose`` is a code of the pack's list "access_purpose"; a process of the system needs none. Raises ``Missing``
    when the viewer's agency holds no key of it.
    """
    _check_record_purpose(viewer, purpose)
    subject = ("record", record_id)
    with audited(by=viewer, action="record.read", subject=subject, data_class="A", purpose=purpose):
        key = sealing.record_key(viewer, record_id)
        rows = RecordPart.objects.filter(record_id=record_id).defer("data").order_by("written_at", "id")
        return [Part(row.pk, row.written_at, _content(row, key), row.size) for row in rows]


def open_part_data(*, viewer: Actor, record_id: UUID, part_id: UUID, purpose: str = "") -> bytes:
    """The file of one part; recorded as ``open_record``."""
    _check_record_purpose(viewer, purpose)
    subject = ("record", record_id)
    with audited(by=viewer, action="record.file_read", subject=subject, data_class="A", purpose=purpose):
        key = sealing.record_key(viewer, record_id)
        row = RecordPart.objects.filter(record_id=record_id, pk=part_id, size__gt=0).first()
        if row is None:
            raise Missing(_("There is no such file."))
        place = envelope.part_place(record_id, row.pk, "data")
        return envelope.decrypt_bytes(key, bytes(row.data), place=place)


def strong_types() -> frozenset[str]:
    """The document types whose numbers identify one person."""
    return frozenset(c.code for c in current().codes("document_type") if c.extra.get("strong") == "yes")


def _identities(viewer: Actor, person_ids: Collection[UUID]) -> dict[UUID, Identity]:
    rows = sealing.released_keys(viewer.agency_code, person_ids)
    keys = sealing.keys_to_read(viewer.agency_code) if rows else {}
    without = () if viewer.may("WHEREABOUTS_READ") else WHEREABOUTS
    return sealing.identities_in({pk: sealing.unwrapped(row, keys) for pk, row in rows.items()}, without=without)


def _shows_whereabouts(identity: Identity) -> bool:
    return bool(identity.addresses or identity.places)


def _own_drafts(viewer: Actor) -> QuerySet[SealedDraft]:
    return SealedDraft.objects.filter(owner_id=viewer.id, agency_code=viewer.agency_code)


def _opened(row: SealedDraft, keys: dict[int, bytes]) -> Draft:
    key = sealing.unwrapped(row, keys)
    place = envelope.draft_place(row.owner_id, row.agency_code, row.form, row.subject)
    values = json.loads(envelope.decrypt(key, bytes(row.ciphertext), place=place))
    return Draft(row.form, row.subject, row.saved_at, values)


def _content(row: RecordPart, key: bytes) -> dict[str, Any]:
    place = envelope.part_place(row.record_id, row.pk, "content")
    found: dict[str, Any] = json.loads(envelope.decrypt(key, bytes(row.ciphertext), place=place))
    return found


def _check_record_purpose(viewer: Actor, purpose: str) -> None:
    if not viewer.is_system:
        _check_purpose(purpose)


def _check_purpose(purpose: str) -> None:
    if purpose not in current().codes("access_purpose"):
        raise Refusal(_("Say for which purpose you need this: choose one of the list."))


def _hits(agency_code: str, terms: Sequence[Term], limit: int) -> dict[UUID, set[tuple[str, int]]]:
    """The tokens found in the persons that have most of them: person id -> (field, token) pairs."""
    wanted = {pair for term in terms for pair in term.tokens}
    # Two lists instead of pairs, so that the index is walked; the ranking drops a token that belongs to another field.
    rows = BlindToken.objects.filter(
        agency_code=agency_code,
        field__in={field for field, _token in wanted},
        token__in={token for _field, token in wanted},
    )
    weight = Case(*_weights(), default=Value(1), output_field=IntegerField())
    best = rows.values("person_id").annotate(weight=Sum(weight)).order_by("-weight", "person_id")[:limit]
    hits: dict[UUID, set[tuple[str, int]]] = {found["person_id"]: set() for found in best}
    for person_id, field, token in rows.filter(person_id__in=hits).values_list("person_id", "field", "token"):
        hits[person_id].add((field, token))
    return hits


def _weights() -> Iterable[When]:
    return [When(field=field, then=Value(tokens.WEIGHTS[field])) for field in (NAME, PHONE, DOCUMENT)]


def _strong_pair(identifiers: Sequence[tuple[str, str]]) -> tuple[str, str]:
    documents = [(name, tokens.document_key(value)) for name, value in identifiers if name != BIRTH_DATE]
    born = [_day(value) for name, value in identifiers if name == BIRTH_DATE]
    pairs = strong_pairs(documents, born[0] if born else None, strong_types())
    if len(identifiers) != 2 or len(pairs) != 1:
        raise Refusal(
            _("Two identifiers are needed: the numbers of two personal documents, or one and the date of birth.")
        )
    return pairs[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise Refusal(_("The date of birth must be a full date.")) from None


def _check_rate(viewer: Actor, purpose: str) -> None:
    since = timezone.now() - timedelta(hours=1)
    with seeing_as(sealing.SYSTEM):
        asked = events(viewer=sealing.SYSTEM).filter(actor_id=viewer.id, action="person.match_asked", at__gte=since)
        too_many = asked.count() >= MATCHES_PER_HOUR
    if too_many:
        with audited(by=viewer, action="person.match_refused", data_class="A", purpose=purpose):
            pass
        text = _("You have asked %(count)d times in the last hour. Wait, or ask your national liaison.")
        raise Refusal(text % {"count": MATCHES_PER_HOUR})


def _elsewhere(agency_code: str, pair: tuple[str, str]) -> UUID | None:
    token = tokens.national_token(sealing.national_root(), *pair)
    own = PersonKey.objects.filter(agency_code=agency_code, released_at__isnull=False).values("person_id")
    found = NationalToken.objects.filter(token=token).exclude(agency_code=agency_code).exclude(person_id__in=own)
    return found.order_by("-id").values_list("person_id", flat=True).first()
