"""Writes of contacts: recording them with their people, correcting, linking, following up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agency_kinds
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.dates import EARLIEST
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.country.channels import ChannelField
from enlace.country.queries import current
from enlace.intake import rules
from enlace.intake.models import Contact, ContactPerson, ContactStep
from enlace.intake.permissions import locked_contact
from enlace.people.permissions import visible as visible_people
from enlace.vault.actions import Sealing, add_to_record, seal_record, seal_records

MOST_PEOPLE = 500  # in one contact: a raid, a ship, a camp
BEGINNING = datetime(EARLIEST, 1, 1, tzinfo=UTC)
LAST_PROMISE = timedelta(days=366)
CLOCK_SKEW = timedelta(minutes=5)  # a telephone system's clock may run ahead of ours
CODED = {
    "disposition_code": "contact_disposition",
    "risk_code": "risk_level",
    "precision_code": "place_precision",
    "language_code": "language",
}
EDITABLE = {*CODED, "needs_interpreter", "interpreter_given", "state_code", "municipality"}
TOLD = ("told", "caller", "number", "when", "code_word", "place")  # the parts of a sealed record of a contact


@dataclass(frozen=True, kw_only=True)
class Someone:
    """A person of a contact: already registered (``person_id``), or by the coarse facts alone."""

    role_code: str
    relation_code: str = ""
    sex_code: str = ""
    age_group_code: str = ""
    citizenship_codes: tuple[str, ...] = ()
    person_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True, repr=False)
class Entry:
    """One contact. ``told`` is sealed: keys of ``TOLD``. ``fields`` are the channel's own, from the pack, as plain JSON.

    It prints as nothing, so that no log or traceback can show what was told.
    """

    channel_code: str
    disposition_code: str
    opened_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    language_code: str = ""
    needs_interpreter: bool = False
    interpreter_given: bool | None = None
    precision_code: str = "none"
    state_code: str = ""
    municipality: str = ""
    risk_code: str = "unknown"
    follow_up_due: datetime | None = None
    told: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    people: tuple[Someone, ...] = ()
    source_ref: str = ""
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


def record_contacts(*, by: Actor, rows: Sequence[Entry]) -> list[Contact]:
    """Record contacts with their people; what was told is sealed. One audit event for the batch.

    Raises ``Refusal`` for a ``source_ref`` recorded before.
    """
    check(by, "CONTACT_RECORD")
    now = timezone.now()
    kind = agency_kinds().get(by.agency_code, "")
    for row in rows:
        _check_entry(row, kind, now)
    plain = {row.id: _own_fields(row) for row in rows}
    contacts = [_contact(row, plain[row.id], by, now) for row in rows]
    sealed = [Sealing(record_id=row.id, content=_told(row, plain[row.id][1])) for row in rows]
    try:
        with audited(by=by, action="contact.recorded", detail={"count": len(rows)}, data_class="C") as event:
            _check_people(by, [someone for row in rows for someone in row.people])
            if len(contacts) == 1:
                event.about("contact", contacts[0].pk)
            Contact.objects.bulk_create(contacts, batch_size=500)
            people = [_person(row.id, n, each, by, now) for row in rows for n, each in enumerate(row.people)]
            ContactPerson.objects.bulk_create(people, batch_size=500)
            promised = [_step(row, "schedule", by, now) for row in contacts if row.follow_up_due]
            ContactStep.objects.bulk_create(promised, batch_size=500)
            if with_words := [sealing for sealing in sealed if sealing.content]:
                seal_records(by=by, rows=with_words)
    except IntegrityError as error:
        if "source_ref" not in str(error):  # SQLite names the columns of the broken rule, PostgreSQL the rule
            raise
        raise Refusal(_("This contact was recorded before.")) from error
    return contacts


def edit_contact(*, by: Actor, contact_id: UUID, changes: Mapping[str, Any]) -> Contact:
    """Correct what is known of a contact; the audit says which fields, never from what to what."""
    check(by, "CONTACT_RECORD")
    if not set(changes) <= EDITABLE:
        raise Refusal(_("Only what is known of the contact can be corrected."))
    with audited(by=by, action="contact.edited", subject=("contact", contact_id), data_class="C") as event:
        contact = locked_contact(by, contact_id)
        before = {name: getattr(contact, name) for name in EDITABLE}
        after = {**before, **changes}
        _check_codes(after)
        after["state_code"], after["municipality"] = rules.kept_place(
            after["precision_code"], after["state_code"], after["municipality"].strip()
        )
        changed = sorted(name for name in EDITABLE if after[name] != before[name])
        for name in changed:
            setattr(contact, name, after[name])
        contact.save(update_fields=changed)
        event.detail["fields"] = changed
    return contact


def add_people(*, by: Actor, contact_id: UUID, people: Sequence[Someone]) -> list[ContactPerson]:
    """Add people to a contact: many at once after a raid."""
    check(by, "CONTACT_RECORD")
    _check_someone(people)
    with audited(by=by, action="contact.people_added", subject=("contact", contact_id), data_class="C") as event:
        contact = locked_contact(by, contact_id)
        _check_people(by, people)
        present = ContactPerson.objects.filter(contact=contact)
        if present.filter(person_id__in=[p.person_id for p in people if p.person_id]).exists():
            raise Refusal(_("This person is already part of the contact."))
        first = present.count()
        if first + len(people) > MOST_PEOPLE:
            raise Refusal(_("A contact holds %(count)d people at most. Record another one.") % {"count": MOST_PEOPLE})
        event.detail["count"] = len(people)
        rows = [_person(contact_id, first + n, each, by, timezone.now()) for n, each in enumerate(people)]
        return ContactPerson.objects.bulk_create(rows, batch_size=500)


def link_person(*, by: Actor, contact_id: UUID, row_id: UUID, person_id: UUID) -> ContactPerson:
    """Say who somebody in a contact is: a person whom the agency knows."""
    check(by, "CONTACT_RECORD")
    with audited(by=by, action="contact.person_linked", subject=("contact", contact_id)) as event:
        contact = locked_contact(by, contact_id)
        row = ContactPerson.objects.filter(contact=contact, pk=row_id).first()
        if row is None:
            raise Missing(_("There is no such person in this contact."))
        if row.person_id is not None:
            raise Refusal(_("Something has changed since the page was opened."))
        if not visible_people(by).filter(pk=person_id).exists():
            raise Missing(_("No such person is known to your agency."))
        if ContactPerson.objects.filter(contact=contact, person_id=person_id).exists():
            raise Refusal(_("This person is already part of the contact."))
        row.person_id, row.linked_by, row.linked_at = person_id, by.id, timezone.now()
        row.save(update_fields=["person", "linked_by", "linked_at"])
        event.detail["position"] = row.position
    return row


def add_told(*, by: Actor, contact_id: UUID, told: Mapping[str, str]) -> None:
    """Add to what was told; what was written before stays as it was."""
    check(by, "CONTACT_RECORD")
    content = _words(told)
    if not content:
        raise Refusal(_("There is nothing to add."))
    with audited(by=by, action="contact.told", subject=("contact", contact_id), data_class="A"):
        _add(by, locked_contact(by, contact_id), content)


def schedule_follow_up(*, by: Actor, contact_id: UUID, due: datetime) -> Contact:
    """Promise another call, or move it; it stands in the work queue until it was made."""
    if due <= timezone.now():
        raise Refusal(_("The next call must lie in the future."))
    _check_promise(due, timezone.now())
    return _move(by, contact_id, "schedule", due=due)


def reach_contact(*, by: Actor, contact_id: UUID, told: Mapping[str, str] | None = None) -> Contact:
    """The call that was promised took place; what was said is added to what was told."""
    return _move(by, contact_id, "reach", told=told or {})


def close_contact(*, by: Actor, contact_id: UUID) -> Contact:
    """Nothing more is to be done at this desk."""
    return _move(by, contact_id, "close")


def reopen_contact(*, by: Actor, contact_id: UUID) -> Contact:
    return _move(by, contact_id, "reopen")


def _move(
    by: Actor, contact_id: UUID, verb: str, *, due: datetime | None = None, told: Mapping[str, str] | None = None
) -> Contact:
    check(by, "CONTACT_RECORD")
    with audited(by=by, action=f"contact.{verb}", subject=("contact", contact_id)):
        contact = locked_contact(by, contact_id)
        if verb not in rules.CONTACT.verbs(contact.status):
            raise Refusal(_("Something has changed since the page was opened."))
        contact.status, contact.follow_up_due = rules.CONTACT.after(contact.status, verb), due
        contact.save(update_fields=["status", "follow_up_due"])
        _step(contact, verb, by, timezone.now()).save(force_insert=True)
        if content := _words(told or {}):
            _add(by, contact, content)
    return contact


def _step(contact: Contact, verb: str, by: Actor, at: datetime) -> ContactStep:
    return ContactStep(contact_id=contact.pk, verb=verb, at=at, by=by.id, due=contact.follow_up_due)


def _add(by: Actor, contact: Contact, content: Mapping[str, Any]) -> None:
    if contact.is_sealed:
        add_to_record(by=by, record_id=contact.pk, content=content)
        return
    seal_record(by=by, record_id=contact.pk, content=content)
    contact.is_sealed = True
    contact.save(update_fields=["is_sealed"])


def _contact(row: Entry, fields: tuple[dict[str, Any], dict[str, Any]], by: Actor, now: datetime) -> Contact:
    opened_at = (row.opened_at or now).astimezone(
        UTC
    )  # a local time added to loses or gains the hour of a clock change
    ended_at = row.ended_at or opened_at + timedelta(seconds=row.seconds or 0)
    state_code, municipality = rules.kept_place(row.precision_code, row.state_code, row.municipality.strip())
    closes = current().codes("contact_disposition").by_code[row.disposition_code].extra["closes"] == "yes"
    return Contact(
        id=row.id,
        code=new_code("T", row.code_value),
        agency_code=by.agency_code,
        operator_id=by.id,
        channel_code=row.channel_code,
        opened_at=opened_at,
        ended_at=ended_at,
        seconds=rules.duration(opened_at, ended_at, row.seconds),
        language_code=row.language_code,
        needs_interpreter=row.needs_interpreter,
        interpreter_given=row.interpreter_given,
        precision_code=row.precision_code,
        state_code=state_code,
        municipality=municipality,
        risk_code=row.risk_code,
        disposition_code=row.disposition_code,
        status=rules.status_of(closes, row.follow_up_due),
        follow_up_due=row.follow_up_due,
        fields=fields[0],
        is_sealed=bool(_told(row, fields[1])),
        source_ref=row.source_ref,
        recorded_at=now,
    )


def _told(row: Entry, sealed_fields: Mapping[str, Any]) -> dict[str, Any]:
    """What is sealed of a contact: the words, and those of the channel's own fields that may not stand open."""
    words: dict[str, Any] = dict(_words(row.told))
    if row.precision_code != rules.EXACT:
        words.pop("place", None)
    return words | ({"fields": dict(sealed_fields)} if sealed_fields else {})


def _words(told: Mapping[str, str]) -> dict[str, str]:
    if not set(told) <= set(TOLD):
        raise Refusal(_("This is no part of what a contact tells."))
    if any(len(text) > rules.LONGEST_TEXT for text in told.values()):
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": rules.LONGEST_TEXT})
    return {name: told[name].strip() for name in TOLD if told.get(name, "").strip()}


def _own_fields(row: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    """The channel's own fields, checked: those that stand open, and those to be sealed."""
    known = {each.code: each for each in current().fields_of(row.channel_code)}
    if not set(row.fields) <= set(known):
        raise Refusal(_("This channel has no such field."))
    values = {code: _value(known[code], given) for code, given in row.fields.items() if given not in (None, "", [])}
    return (
        {code: value for code, value in values.items() if not known[code].sealed},
        {code: value for code, value in values.items() if known[code].sealed},
    )


def _value(own: ChannelField, given: Any) -> object:
    codes = {option.code for option in own.options}
    if own.type == "code":
        codes = set(current().codes(own.list_name).by_code)
    elif own.type == "place":
        codes = set(current().states_by_code)
    try:
        return rules.field_value(own.type, given, codes=codes, low=own.low, high=own.high)
    except ValueError as error:
        raise Refusal(_("“%(field)s” has an answer that is not possible.") % {"field": own.code}) from error


def _person(contact_id: UUID, position: int, someone: Someone, by: Actor, now: datetime) -> ContactPerson:
    return ContactPerson(
        id=someone.id,
        contact_id=contact_id,
        person_id=someone.person_id,
        position=position,
        role_code=someone.role_code,
        relation_code=someone.relation_code,
        sex_code=someone.sex_code,
        age_group_code=someone.age_group_code,
        citizenship_codes=list(someone.citizenship_codes),
        linked_by=by.id if someone.person_id else "",
        linked_at=now if someone.person_id else None,
    )


def _check_entry(row: Entry, agency_kind: str, now: datetime) -> None:
    channel = current().codes("contact_channel").get(row.channel_code)
    if channel is None:
        raise Refusal(_("Choose the channel of the contact."))
    kinds = channel.extra["agency_kinds"].split()
    if not agency_kind or (kinds and agency_kind not in kinds):
        raise Refusal(_("Your agency does not use this channel."))
    if (row.opened_at or now) > now + CLOCK_SKEW or (row.ended_at or now) > now + CLOCK_SKEW:
        raise Refusal(_("A contact cannot lie in the future."))
    if min(row.opened_at or now, row.ended_at or now) < BEGINNING:
        raise Refusal(_("A contact cannot lie that far back."))
    _check_promise(row.follow_up_due, now)
    _check_codes({name: getattr(row, name) for name in (*CODED, "state_code")})
    _check_someone(row.people)


def _check_promise(due: datetime | None, now: datetime) -> None:
    """A slip of the hand in the year would hide the call from everybody."""
    if due is not None and due > now + LAST_PROMISE:
        raise Refusal(_("The next call must lie within a year."))


def _check_codes(values: Mapping[str, Any]) -> None:
    pack = current()
    for name, list_name in CODED.items():
        code = values[name]
        if (code or name != "language_code") and code not in pack.codes(list_name):
            raise Refusal(_("“%(code)s” is not in the list “%(list)s”.") % {"code": code, "list": list_name})
    if values["state_code"] and values["state_code"] not in pack.states_by_code:
        raise Refusal(_("This state is not in the list."))


def _check_someone(people: Sequence[Someone]) -> None:
    pack = current()
    if len(people) > MOST_PEOPLE:
        raise Refusal(_("A contact holds %(count)d people at most. Record another one.") % {"count": MOST_PEOPLE})
    for one in people:
        wanted = {
            "contact_role": one.role_code,
            "contact_relation": one.relation_code,
            "sex": one.sex_code,
            "age_group": one.age_group_code,
        }
        for list_name, code in wanted.items():
            if (code or list_name == "contact_role") and code not in pack.codes(list_name):
                raise Refusal(_("“%(code)s” is not in the list “%(list)s”.") % {"code": code, "list": list_name})
        if any(code not in pack.codes("country") for code in one.citizenship_codes):
            raise Refusal(_("One of the nationalities is not a country code."))


def _check_people(by: Actor, people: Sequence[Someone]) -> None:
    """Every person named is one whom the own agency knows."""
    ids = sorted({one.person_id for one in people if one.person_id})
    seen = 0
    for start in range(0, len(ids), 500):
        seen += visible_people(by).filter(pk__in=ids[start : start + 500]).count()
    if seen != len(ids):
        raise Missing(_("No such person is known to your agency."))
