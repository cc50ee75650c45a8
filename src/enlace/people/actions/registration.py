"""Registering people, correcting coarse facts, and letting other agencies know them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.people.models import Person, PersonAgency
from enlace.people.permissions import visible

REGISTERED, REFERRED = "registered", "referred"
LETTING_IN = Actor.system("people")  # below the wall no agency writes for itself whom it knows


@dataclass(frozen=True, kw_only=True)
class Registration:
    """The coarse facts of one person. Codes are the pack's; ``source_ref`` makes an import repeatable."""

    sex_code: str
    birth_year: int | None = None
    age_group_code: str = ""
    gender_code: str = ""
    citizenship_codes: tuple[str, ...] = ()
    language_code: str = ""
    second_language_code: str = ""
    needs_interpreter: bool = False
    marital_status_code: str = ""
    education_code: str = ""
    migration_status_code: str = ""
    origin_state_code: str = ""
    children_count: int | None = None
    is_protected: bool = False
    is_deceased: bool = False
    source_ref: str = ""
    registered_at: datetime | None = None
    code_value: int | None = None  # makes the readable code reproducible (synthetic data)
    id: UUID = field(default_factory=new_id)


CODED = {
    "sex_code": "sex",
    "gender_code": "gender",
    "age_group_code": "age_group",
    "language_code": "language",
    "second_language_code": "language",
    "marital_status_code": "marital_status",
    "education_code": "education",
    "migration_status_code": "migration_status",
}
CORRECTABLE = {
    *CODED,
    "birth_year",
    "citizenship_codes",
    "needs_interpreter",
    "origin_state_code",
    "children_count",
    "is_protected",
    "is_deceased",
}


def register_people(*, by: Actor, rows: Sequence[Registration]) -> list[Person]:
    """Register people the agency has met; one audit event for the batch."""
    check(by, "PERSON_REGISTER")
    now = timezone.now()
    for row in rows:
        _check_codes(row)
    people = [_person(row, by, now) for row in rows]
    with audited(by=by, action="person.registered", detail={"count": len(rows)}) as event:
        if len(people) == 1:
            event.about("person", people[0].pk)
        Person.objects.bulk_create(people, batch_size=500)
        with seeing_as(LETTING_IN):
            PersonAgency.objects.bulk_create(
                [
                    PersonAgency(person=p, agency_code=by.agency_code, since=p.registered_at, reason=REGISTERED)
                    for p in people
                ],
                batch_size=500,
            )
    return people


def correct_person(*, by: Actor, person_id: UUID, changes: dict[str, object]) -> Person:
    """Correct coarse facts; the audit says which fields, never from what to what."""
    check(by, "PERSON_EDIT")
    if not changes.keys() <= CORRECTABLE:
        raise Refusal(_("Only what is known of the person can be corrected."))
    _check_codes(Registration(**{"sex_code": "", **changes}))  # type: ignore[arg-type]
    with audited(by=by, action="person.corrected", subject=("person", person_id)) as event:
        person = visible(by).select_for_update(of=("self",)).filter(pk=person_id).first()
        if person is None:
            raise Missing(_("No such person is known to your agency."))
        changed = sorted(name for name, value in changes.items() if getattr(person, name) != value)
        for name in changed:
            setattr(person, name, changes[name])
        person.save(update_fields=changed) if changed else None
        event.detail["fields"] = changed
    return person


def make_known(*, by: Actor, person_ids: Collection[UUID], agency_code: str) -> None:
    """Let another agency know people from now on (an accepted referral)."""
    with audited(by=by, action="person.made_known", detail={"agency": agency_code, "count": len(person_ids)}):
        now = timezone.now()
        rows = [PersonAgency(person_id=pk, agency_code=agency_code, since=now, reason=REFERRED) for pk in person_ids]
        with seeing_as(LETTING_IN):
            PersonAgency.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _person(row: Registration, by: Actor, now: datetime) -> Person:
    facts = {name: getattr(row, name) for name in Registration.__dataclass_fields__}
    facts.pop("code_value")
    facts["citizenship_codes"] = list(row.citizenship_codes)
    facts["registered_at"] = row.registered_at or now
    return Person(code=new_code("P", row.code_value), registered_by=by.agency_code, **facts)


def _check_codes(row: Registration) -> None:
    pack = current()
    for name, list_name in CODED.items():
        code = getattr(row, name)
        if code and pack.codes(list_name).get(code) is None:
            raise Refusal(_("“%(code)s” is not in the list “%(list)s”.") % {"code": code, "list": list_name})
    if any(pack.codes("country").get(code) is None for code in row.citizenship_codes):
        raise Refusal(_("One of the nationalities is not a country code."))
    if row.birth_year is not None and row.birth_year > timezone.localdate().year:
        raise Refusal(_("The year of birth is in the future."))
