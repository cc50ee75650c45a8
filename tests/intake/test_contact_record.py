"""Recording contacts: what is told is sealed, a place is as precise as allowed, a batch with one fault leaves nothing."""

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.intake.actions import Entry, add_told, record_contacts, schedule_follow_up
from enlace.intake.forms.contacts import FollowUpForm
from enlace.intake.models import Contact, ContactPerson
from enlace.intake.queries import contact, contact_detail, open_told
from enlace.vault.queries import open_record
from tests.intake.contacts import a_contact, at_risk
from tests.world import World, a_person


def entry(**changes: object) -> Entry:
    said = {"channel_code": "hotline_call", "disposition_code": "possible_trafficking"}
    return Entry(**(said | changes))


def test_what_is_told_stands_only_in_the_sealed_record(world: World) -> None:
    secret = {"told": "una casa azul junto al molino", "caller": "Invented Caller", "code_word": "girasol"}
    pk = a_contact(world.hilda, told=secret)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_contact")
        stored = str(cursor.fetchall())
    assert not any(word in stored for word in ("molino", "Invented Caller", "girasol"))
    (part,) = open_told(viewer=world.hilda, contact_id=pk, purpose="safety")
    assert part.content == secret
    assert AuditEvent.objects.filter(action="record.read", subject_id=str(pk), purpose="safety").exists()


def test_a_contact_without_words_has_no_sealed_record(world: World) -> None:
    pk = a_contact(world.hilda, disposition_code="wrong_number", told={"told": "   "})
    assert not contact(viewer=world.hilda, contact_id=pk).is_sealed
    assert open_told(viewer=world.hilda, contact_id=pk, purpose="safety") == []
    with pytest.raises(Missing):
        open_record(viewer=world.hilda, record_id=pk, purpose="safety")


def test_words_are_added_and_never_replaced(world: World) -> None:
    pk = a_contact(world.hilda)
    for text in ("first", "second"):
        add_told(by=world.hilda, contact_id=pk, told={"told": text})
    parts = open_told(viewer=world.hilda, contact_id=pk, purpose="safety")
    assert [part.content["told"] for part in parts] == ["first", "second"]


@pytest.mark.parametrize(
    ("precision", "kept", "exact"),
    [
        ("none", ("", ""), False),
        ("country", ("", ""), False),
        ("state", ("XX-N", ""), False),
        ("municipality", ("XX-N", "Villanueva"), False),
        ("exact", ("XX-N", "Villanueva"), True),
    ],
)
def test_a_place_is_kept_no_more_precisely_than_was_allowed(
    world: World, precision: str, kept: tuple[str, str], exact: bool
) -> None:
    place = {"state_code": "XX-N", "municipality": "Villanueva", "told": {"place": "by the mill"}}
    pk = a_contact(world.hilda, precision_code=precision, **place)
    found = contact(viewer=world.hilda, contact_id=pk)
    assert (found.state_code, found.municipality) == kept
    assert found.is_sealed is exact


@pytest.mark.parametrize(
    "changes",
    [
        {"channel_code": "no_such"},
        {"channel_code": "school"},
        {"disposition_code": "no_such"},
        {"risk_code": "no_such"},
        {"risk_code": ""},
        {"precision_code": "no_such"},
        {"language_code": "no_such"},
        {"state_code": "MX-PUE"},
        {"opened_at": timezone.now() + timedelta(hours=1)},
        {"seconds": -1},
        {"told": {"name": "not a part of it"}},
        {"told": {"told": "x" * 10_001}},
        {"fields": {"no_such": True}},
        {"people": (at_risk(role_code="no_such"),)},
        {"people": (at_risk(sex_code="no_such"),)},
        {"people": (at_risk(citizenship_codes=("ZZ",)),)},
        {"people": (at_risk(relation_code="no_such"),)},
        {"people": (at_risk(age_group_code="no_such"),)},
    ],
)
def test_a_batch_with_one_fault_records_nothing(world: World, changes: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        record_contacts(by=world.hilda, rows=[entry(), entry(**changes)])
    assert not Contact.objects.exists()
    assert not ContactPerson.objects.exists()


def test_an_end_before_the_start_is_refused(world: World) -> None:
    now = timezone.now()
    with pytest.raises(Refusal, match="before the start"):
        record_contacts(by=world.hilda, rows=[entry(opened_at=now, ended_at=now - timedelta(minutes=1))])


def test_only_who_records_contacts_records_and_only_people_known(world: World) -> None:
    for by in (world.carla, world.elena, world.fidel, world.irene):
        with pytest.raises(Forbidden):
            record_contacts(by=by, rows=[entry()])
    with pytest.raises(Missing):
        a_contact(world.hilda, people=(at_risk(a_person(world.bruno)),))
    with pytest.raises(Missing):
        a_contact(world.hilda, people=(at_risk(uuid4()),))


def test_one_source_s_record_is_recorded_once(world: World) -> None:
    a_contact(world.hilda, source_ref="call-1")
    with pytest.raises(Refusal, match="recorded before"):
        a_contact(world.hilda, source_ref="call-1")
    assert Contact.objects.count() == 1
    police = {"channel_code": "police", "source_ref": "call-1"}
    assert contact(viewer=world.alma, contact_id=a_contact(world.alma, **police)).source_ref == "call-1"


def test_the_time_is_that_of_the_telephone_system_or_of_the_clock(world: World) -> None:
    begun = timezone.now() - timedelta(minutes=10)
    counted = contact(viewer=world.hilda, contact_id=a_contact(world.hilda, opened_at=begun, seconds=90))
    assert (counted.seconds, counted.ended_at - begun) == (90, timedelta(seconds=90))
    ended = begun + timedelta(minutes=4)
    timed = a_contact(world.hilda, opened_at=begun, ended_at=ended, seconds=None)
    assert contact(viewer=world.hilda, contact_id=timed).seconds == 240


def test_a_call_in_the_hour_of_a_clock_change_lasts_as_long_as_it_lasted(world: World) -> None:
    zone = ZoneInfo("Europe/Madrid")  # at three in the morning clocks went back to two
    begun = datetime(2024, 10, 27, 2, 50, fold=0, tzinfo=zone)
    long = contact(viewer=world.hilda, contact_id=a_contact(world.hilda, opened_at=begun, seconds=1200))
    assert (long.ended_at - long.opened_at).total_seconds() == 1200
    forward = datetime(2024, 3, 31, 1, 50, tzinfo=zone)
    short = contact(viewer=world.hilda, contact_id=a_contact(world.hilda, opened_at=forward, seconds=1200))
    assert (short.ended_at - short.opened_at).total_seconds() == 1200


def test_another_broken_rule_is_not_told_as_recorded_before(world: World) -> None:
    twice = entry()
    with pytest.raises(IntegrityError):
        record_contacts(by=world.hilda, rows=[twice, twice])


def test_a_farm_with_many_people_is_one_contact(world: World) -> None:
    crowd = tuple(at_risk(citizenship_codes=("MX",)) for _ in range(120))
    pk = a_contact(world.alma, channel_code="police", people=crowd)
    people = contact_detail(viewer=world.alma, contact_id=pk).people
    assert [one.position for one in people] == list(range(120))
    with pytest.raises(Refusal, match="500 people at most"):
        a_contact(world.alma, channel_code="police", people=tuple(at_risk() for _ in range(501)))


def test_thousands_are_recorded_at_once_with_their_own_dates_and_codes(world: World) -> None:
    at = timezone.now() - timedelta(days=400)
    rows = [entry(opened_at=at + timedelta(minutes=n), code_value=n, told={"told": "x"}) for n in range(1200)]
    recorded = record_contacts(by=world.hilda, rows=rows)
    assert len({row.code for row in recorded}) == Contact.objects.count() == 1200
    assert min(row.opened_at for row in recorded) == at
    assert AuditEvent.objects.filter(action="contact.recorded").count() == 1


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "1899-12-31T23:59:59+00:00"])
def test_a_time_before_there_were_hotlines_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refusal, match="that far back"):
        record_contacts(by=world.hilda, rows=[entry(opened_at=datetime.fromisoformat(text))])


def test_a_call_cannot_be_promised_for_another_century(world: World) -> None:
    far = datetime(9999, 12, 31, 23, 59, tzinfo=ZoneInfo("America/Bogota"))
    with pytest.raises(Refusal, match="within a year"):
        record_contacts(by=world.hilda, rows=[entry(follow_up_due=far)])
    pk = a_contact(world.hilda)
    with pytest.raises(Refusal, match="within a year"):
        schedule_follow_up(by=world.hilda, contact_id=pk, due=far)
    last = timezone.localdate().replace(year=9999, month=12, day=31)
    form = FollowUpForm({"on": f"{last:%d/%m/%Y}", "at": "23:59"})
    assert form.is_valid()
    with pytest.raises(Refusal, match="within a year"):
        schedule_follow_up(by=world.hilda, contact_id=pk, due=form.due())
