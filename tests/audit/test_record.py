"""One row for every action and none for what did not happen; reads leave one too."""

from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.audit.actions import audited, record_read
from enlace.audit.models import AuditEvent, ChainHead
from enlace.audit.queries import events, reads_of, verify
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.people.models import Person
from enlace.vault.queries import open_identity
from enlace.vault.rules import Identity
from tests.world import World, a_case, a_person, a_referral, accepted

pytestmark = pytest.mark.django_db

BY = Actor(id="writer", agency_code="police-north", role_code="R02")
INVENTED = Identity(given_names="Persona", family_names="Inventada", phones=("5550001111",))


def newest() -> AuditEvent:
    return AuditEvent.objects.latest("id")


def test_an_action_leaves_one_row_that_says_who_what_and_about_whom() -> None:
    subject = uuid4()
    start = timezone.now()
    with audited(by=BY, action="case.opened", subject=("case", subject), data_class="C", detail={"count": 1}) as event:
        event.purpose = "plan_care"
        event.detail["more"] = ["a", None, True]
    row = AuditEvent.objects.get()
    assert (row.chain, row.seq, row.actor_id, row.role_code) == ("police-north", 1, "writer", "R02")
    assert (row.action, row.subject_kind, row.subject_id) == ("case.opened", "case", str(subject))
    assert (row.data_class, row.purpose, row.detail) == ("C", "plan_care", {"count": 1, "more": ["a", None, True]})
    assert start <= row.at <= timezone.now()
    assert verify() == []


def test_a_failed_action_leaves_neither_its_write_nor_a_row() -> None:
    def fail() -> None:
        with audited(by=BY, action="person.registered"):
            Person.objects.create(code="P-TEST", registered_by="police-north", registered_at=timezone.now())
            raise Refusal("not like this")

    with pytest.raises(Refusal):
        fail()
    assert not Person.objects.exists()
    assert not AuditEvent.objects.exists()
    assert not ChainHead.objects.filter(seq__gt=0).exists()


def test_an_action_whose_row_cannot_be_written_leaves_nothing() -> None:
    with pytest.raises(TypeError), audited(by=BY, action="person.registered", detail={"not plain": object()}):
        Person.objects.create(code="P-TEST", registered_by="police-north", registered_at=timezone.now())
    assert not Person.objects.exists()
    assert not AuditEvent.objects.exists()


def test_a_failed_inner_action_takes_only_its_own_row_with_it() -> None:
    with audited(by=BY, action="outer.done"):
        with audited(by=BY, action="inner.done"):
            pass
        with pytest.raises(Refusal), audited(by=BY, action="inner.failed"):
            raise Refusal("no")
    assert list(AuditEvent.objects.order_by("seq").values_list("action", flat=True)) == ["inner.done", "outer.done"]
    assert verify() == []


def test_each_agency_has_its_chain_and_the_system_the_nations() -> None:
    for by in (BY, Actor(id="b", agency_code="ngo-harbour"), Actor.system("clock"), BY):
        with audited(by=by, action="x.done"):
            pass
    heads = dict(ChainHead.objects.values_list("chain", "seq"))
    assert heads == {"police-north": 2, "ngo-harbour": 1, "national": 1}


def test_a_read_leaves_its_purpose() -> None:
    subject = uuid4()
    record_read(
        by=BY, action="identity.read", subject=("person", subject), data_class="A", purpose="plan_care", kinds=2
    )
    row = reads_of(subject).get()
    assert (row.actor_id, row.purpose, row.detail) == ("writer", "plan_care", {"kinds": 2})


def test_reads_of_one_person_are_told_apart_from_writes_and_by_chain() -> None:
    subject = uuid4()
    for by in (BY, Actor(id="b", agency_code="ngo-harbour")):
        record_read(by=by, action="identity.read", subject=("person", subject), data_class="A")
        with audited(by=by, action="person.corrected", subject=("person", subject)):
            pass
    assert [row.chain for row in reads_of(subject)] == ["ngo-harbour", "police-north"]
    assert [row.actor_id for row in reads_of(subject, chain="police-north")] == ["writer"]


def test_opening_an_identity_is_recorded_and_so_is_its_refusal(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    open_identity(viewer=world.bruno, person_id=person_id, purpose="plan_care")
    assert reads_of(person_id).first().action == "identity.read"
    with pytest.raises(Missing):
        open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care")
    refused = newest()
    assert (refused.action, refused.actor_id, refused.data_class) == ("identity.refused", world.carla.id, "A")


def test_no_row_of_a_whole_path_holds_an_identity(world: World) -> None:
    person_id = a_person(world.bruno, identity=INVENTED)
    case_id = a_case(world.bruno, person_id)
    accepted(world.carla, a_referral(world.bruno, case_id, shares_identity=True, message="llamar al 5550001111"))
    open_identity(viewer=world.carla, person_id=person_id, purpose="plan_care")
    whole = " ".join(str(sorted(row.items())) for row in AuditEvent.objects.values())
    for secret in ("Persona", "Inventada", "5550001111"):
        assert secret not in whole


def test_who_may_read_the_record_reads_the_own_agencys_or_the_nations(world: World) -> None:
    a_case(world.bruno)
    with pytest.raises(Forbidden):
        events(viewer=world.bruno)
    assert set(events(viewer=world.gema).values_list("chain", flat=True)) >= {"national", "prosecutor-north"}
    local = Actor(id="x", agency_code="prosecutor-north", can=frozenset({"AUDIT_READ"}))
    assert set(events(viewer=local).values_list("chain", flat=True)) == {"prosecutor-north"}
