"""Access in an emergency: one account, one person, some hours, and nothing of where she is without a second person."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.clocks import clocks
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import write_note
from enlace.cases.queries import case_by_code, cases_in_emergency, cases_of_person
from enlace.country.queries import current
from enlace.people import queries as people
from enlace.people.actions import ask_second
from enlace.vault.actions import answer_emergency, end_emergencies, end_emergency, erase_person, review_emergency
from enlace.vault.models import LentKey
from enlace.vault.queries import open_identity, open_in_emergency, search_own
from tests.vault.breaking import a_stranger, an_emergency, now_over, passed, row_of
from tests.vault.material import rows_of
from tests.world import SYSTEM, World, a_person, a_referral, accepted

WORDS = "Invented: looked into it."


def reads(viewer: Actor, emergency_id: UUID) -> set[str]:
    """Which kinds of things open to this viewer under this access."""
    found = set()
    try:
        people.read_emergency(viewer=viewer, emergency_id=emergency_id)
        found.add("facts")
        identity = open_in_emergency(viewer=viewer, emergency_id=emergency_id).identity
        found |= {"identity"} if identity and identity.given_names else set()
        found |= {"whereabouts"} if identity and identity.addresses else set()
        found |= {"cases"} if cases_in_emergency(viewer=viewer, emergency_id=emergency_id) else set()
    except (Missing, Forbidden):
        pass
    return found


def test_it_opens_the_record_for_the_limit_of_the_pack_and_nothing_of_where_she_is(world: World) -> None:
    emergency_id = an_emergency(world.alma, a_stranger(world))
    row = row_of(emergency_id)
    assert row.ends_at - row.opened_at == current().limits["break_glass"] == timedelta(hours=2)
    assert reads(world.alma, emergency_id) == {"facts", "identity", "cases"}


def test_it_makes_nobody_known_and_opens_no_page_of_everyday_work(world: World) -> None:
    person_id = a_stranger(world)
    case = people.person(viewer=world.bruno, person_id=person_id).cases.get()
    an_emergency(world.alma, person_id)
    with pytest.raises(Missing):
        people.person(viewer=world.alma, person_id=person_id)
    with pytest.raises(Missing):
        open_identity(viewer=world.alma, person_id=person_id, purpose="safety")
    assert search_own(viewer=world.alma, name="Persona Inventada Siete") == []
    assert list(cases_of_person(viewer=world.alma, person_id=person_id)) == []
    assert case_by_code(viewer=world.alma, code=case.code) is None


def test_nobody_else_reads_under_it(world: World) -> None:
    emergency_id = an_emergency(world.hilda, a_stranger(world))
    others = [actor for name, actor in vars(world).items() if name != "hilda"]
    assert {actor.display_name: reads(actor, emergency_id) for actor in others if reads(actor, emergency_id)} == {}
    assert reads(world.hilda, emergency_id) == {"facts", "identity", "cases"}


def test_nobody_reads_another_person_under_it(world: World) -> None:
    first, second = a_stranger(world), a_stranger(world)
    an_emergency(world.alma, first)
    assert people.consents_in_emergency(viewer=world.alma, person_id=second) == []
    assert len(people.consents_in_emergency(viewer=world.alma, person_id=first)) == 2
    assert {row.person_id for row in rows_of(LentKey)} == {first}


def test_it_ends_by_the_hour_though_no_clock_runs(world: World) -> None:
    emergency_id = an_emergency(world.alma, a_stranger(world))
    now_over(emergency_id)
    assert row_of(emergency_id).ended_at is None
    assert reads(world.alma, emergency_id) == set()


def test_the_clock_takes_the_keys_away_and_may_run_again(world: World) -> None:
    person_id = a_stranger(world)
    over, running = an_emergency(world.alma, person_id), an_emergency(world.hilda, person_id)
    now_over(over)
    at = timezone.now()
    before = AuditEvent.objects.count()
    clock = next(clock for clock in clocks() if clock.name == "emergencies")
    assert [clock.run(at), clock.run(at), end_emergencies(by=SYSTEM, at=at)] == [1, 0, 0]
    assert AuditEvent.objects.count() == before + 2, "a clock that finds nothing leaves nothing in the record"
    assert [row.emergency_id for row in rows_of(LentKey)] == [running]
    assert row_of(over).ended_at == row_of(over).ends_at
    assert reads(world.hilda, running) == {"facts", "identity", "cases"}


def test_given_back_it_is_over_at_once(world: World) -> None:
    emergency_id = an_emergency(world.alma, a_stranger(world))
    end_emergency(by=world.alma, emergency_id=emergency_id)
    assert reads(world.alma, emergency_id) == set()
    assert rows_of(LentKey) == []
    with pytest.raises(Refusal, match="ended"):
        end_emergency(by=world.alma, emergency_id=emergency_id)
    with pytest.raises(Missing):
        end_emergency(by=world.hilda, emergency_id=emergency_id)


def test_it_needs_a_reason_and_words_and_a_person_whom_the_agency_does_not_know(world: World) -> None:
    person_id = a_stranger(world)
    for said in ({"reason_code": "curious"}, {"words": "because"}, {"words": "x" * 1001}):
        with pytest.raises(Refusal):
            an_emergency(world.alma, person_id, **said)
    with pytest.raises(Refusal, match="Your agency knows this person"):
        an_emergency(world.lucas, person_id)
    with pytest.raises(Missing):
        an_emergency(world.alma, UUID(int=1))
    for actor in (world.carla, world.dora, world.elena, world.gema, world.fidel):
        with pytest.raises(Forbidden):
            an_emergency(actor, person_id)
    assert not rows_of(LentKey)


def test_it_is_opened_once_at_a_time_and_again_when_its_time_is_over(world: World) -> None:
    person_id = a_stranger(world)
    first = an_emergency(world.alma, person_id)
    with pytest.raises(Refusal, match="already"):
        an_emergency(world.alma, person_id)
    now_over(first)
    second = an_emergency(world.alma, person_id)
    assert reads(world.alma, second) == {"facts", "identity", "cases"}
    assert row_of(first).ended_at == row_of(first).ends_at


def test_who_helps_her_shows_with_where_she_is_and_only_the_agency_in_charge_before(world: World) -> None:
    person_id = a_stranger(world)
    (case,) = cases_of_person(viewer=world.bruno, person_id=person_id)
    accepted(world.dora, a_referral(world.bruno, case.pk, to="shelter-isles"))
    for by in (world.bruno, world.dora):
        write_note(by=by, case_id=case.pk, text="invented", is_shared=True)
    emergency_id = an_emergency(world.alma, person_id, asks_second=True)
    (before,) = cases_in_emergency(viewer=world.alma, emergency_id=emergency_id)
    assert (before.agency_codes, [note.agency_code for note in before.notes]) == ([], ["prosecutor-north"])
    answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)
    (after,) = cases_in_emergency(viewer=world.alma, emergency_id=emergency_id)
    assert (
        set(after.agency_codes) == {note.agency_code for note in after.notes} == {"prosecutor-north", "shelter-isles"}
    )


def test_where_she_is_opens_after_a_second_person_agreed_and_not_after_a_no(world: World) -> None:
    agreed, refused = (an_emergency(by, a_stranger(world), asks_second=True) for by in (world.alma, world.hilda))
    assert "whereabouts" not in reads(world.alma, agreed)
    answer_emergency(by=world.bruno, emergency_id=agreed, approves=True)
    answer_emergency(by=world.lucas, emergency_id=refused, approves=False)
    assert "whereabouts" in reads(world.alma, agreed)
    assert "whereabouts" not in reads(world.hilda, refused)
    with pytest.raises(Refusal, match="already answered"):
        ask_second(by=world.hilda, emergency_id=refused)


def test_the_second_person_is_another_account_with_the_right_who_knows_one_of_the_two(world: World) -> None:
    emergency_id = an_emergency(world.nadia, a_stranger(world), asks_second=True)
    with pytest.raises(Missing):
        answer_emergency(by=world.nadia, emergency_id=emergency_id, approves=True)
    with pytest.raises(Missing):
        answer_emergency(by=world.dora, emergency_id=emergency_id, approves=True)  # may approve, knows neither
    for actor in (world.alma, world.carla, world.gema, world.fidel):
        with pytest.raises(Forbidden):
            answer_emergency(by=actor, emergency_id=emergency_id, approves=True)
    assert people.emergencies_to_answer(viewer=world.nadia) == people.emergencies_to_answer(viewer=world.dora) == []
    assert [row.pk for row in people.emergencies_to_answer(viewer=world.bruno)] == [emergency_id]
    assert "whereabouts" not in reads(world.nadia, emergency_id)


def test_a_question_nobody_asked_or_too_old_is_not_answered(world: World) -> None:
    emergency_id = an_emergency(world.alma, a_stranger(world))
    with pytest.raises(Refusal):
        answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)
    ask_second(by=world.alma, emergency_id=emergency_id)
    passed(emergency_id, 1.01)
    assert people.emergencies_to_answer(viewer=world.bruno) == []
    with pytest.raises(Refusal, match="Nobody waits"):
        answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)
    ask_second(by=world.alma, emergency_id=emergency_id)
    answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)
    assert "whereabouts" in reads(world.alma, emergency_id)
    now_over(emergency_id)
    assert reads(world.alma, emergency_id) == set()


def test_of_somebody_under_protection_nothing_sealed_opens_before_the_second_person(world: World) -> None:
    emergency_id = an_emergency(world.alma, a_stranger(world, is_protected=True))
    assert rows_of(LentKey) == []
    assert reads(world.alma, emergency_id) == {"facts", "cases"}
    answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)  # asked for by itself
    assert reads(world.alma, emergency_id) == {"facts", "identity", "whereabouts", "cases"}


def test_a_person_without_an_identity_and_one_erased_meanwhile_open_without_a_name(world: World) -> None:
    bare = an_emergency(world.alma, a_person(world.bruno))
    assert reads(world.alma, bare) == {"facts"}
    person_id = a_stranger(world)
    erased = an_emergency(world.hilda, person_id)
    erase_person(by=SYSTEM, person_id=person_id)
    assert reads(world.hilda, erased) == {"facts", "cases"}


def test_every_reading_is_on_record_with_its_access(world: World) -> None:
    person_id = a_stranger(world)
    emergency_id = an_emergency(world.alma, person_id, asks_second=True)
    answer_emergency(by=world.bruno, emergency_id=emergency_id, approves=True)
    reads(world.alma, emergency_id)
    _row, events = people.emergency_to_review(viewer=world.gema, emergency_id=emergency_id)
    read = [
        (event.action, event.data_class) for event in events if event.data_class and event.actor_id == world.alma.id
    ]
    assert read == [
        ("emergency.opened", "C"),
        ("emergency.read", "C"),
        ("whereabouts.read", "B"),
        ("identity.read", "A"),
        ("case.read", "D"),
    ]
    assert all(event.subject_id == str(person_id) for event in events)
    stored = str([event.__dict__ for event in AuditEvent.objects.all()])
    assert "Imaginaria" not in stored
    assert "Siete" not in stored


def test_the_agency_that_knows_the_person_sees_that_it_happened(world: World) -> None:
    person_id = a_stranger(world)
    emergency_id = an_emergency(world.alma, person_id)
    reads(world.alma, emergency_id)
    ((row, count),) = people.emergencies_of(viewer=world.lucas, person_id=person_id)
    assert (row.agency_code, row.reason_code, count) == ("police-north", "medical", 4)
    since = timezone.now() - timedelta(days=1)
    assert [r.pk for r in people.emergencies_here(viewer=world.lucas, since=since)] == [emergency_id]
    assert list(people.emergencies_here(viewer=world.omar, since=since)) == []
    assert people.emergencies_of(viewer=world.omar, person_id=person_id) == []


def test_the_officer_accepts_what_has_ended_and_raises_at_any_time(world: World) -> None:
    accepted, raised = an_emergency(world.alma, a_stranger(world)), an_emergency(world.hilda, a_stranger(world))
    with pytest.raises(Refusal, match="still runs"):
        review_emergency(by=world.gema, emergency_id=accepted, verdict="accepted", words=WORDS)
    review_emergency(by=world.gema, emergency_id=raised, verdict="raised", words=WORDS)
    assert reads(world.hilda, raised) == set()
    assert [row.emergency_id for row in rows_of(LentKey)] == [accepted]
    now_over(accepted)
    review_emergency(by=world.gema, emergency_id=accepted, verdict="accepted", words=WORDS)
    assert people.emergencies_to_review(viewer=world.gema) == []
    assert len(people.emergencies_to_review(viewer=world.gema, reviewed=True)) == 2
    with pytest.raises(Refusal, match="already reviewed"):
        review_emergency(by=world.gema, emergency_id=accepted, verdict="raised", words=WORDS)


def test_a_review_has_a_verdict_and_words_and_is_the_officers_alone(world: World) -> None:
    emergency_id = an_emergency(world.alma, a_stranger(world))
    for verdict, words in (("forgotten", WORDS), ("raised", "short")):
        with pytest.raises(Refusal):
            review_emergency(by=world.gema, emergency_id=emergency_id, verdict=verdict, words=words)
    for actor in (world.alma, world.bruno, world.elena, world.fidel):
        with pytest.raises(Forbidden):
            review_emergency(by=actor, emergency_id=emergency_id, verdict="raised", words=WORDS)
    with pytest.raises(Missing):
        review_emergency(by=world.gema, emergency_id=UUID(int=1), verdict="raised", words=WORDS)


def test_wrong_codes_are_counted_and_after_twenty_nobody_answers(world: World) -> None:
    code = people.person(viewer=world.bruno, person_id=a_stranger(world)).code
    for _ in range(20):
        with pytest.raises(Missing):
            people.stranger(viewer=world.alma, text="P-2222-2222-2")
    with pytest.raises(Refusal, match="Too many"):
        people.stranger(viewer=world.alma, text=code)
    assert people.stranger(viewer=world.hilda, text=code.lower().replace("-", " ")).code == code


def test_what_was_found_is_handed_on_to_the_same_account_for_a_quarter_of_an_hour(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person_id = a_stranger(world)
    token = people.found_token(viewer=world.alma, person_id=person_id)
    assert str(person_id) not in token
    assert people.found_person(viewer=world.alma, token=token) == person_id
    for viewer, given in ((world.hilda, token), (world.alma, token[:-2]), (world.alma, ""), (world.alma, "null")):
        with pytest.raises(Refusal, match="Look for the person again"):
            people.found_person(viewer=viewer, token=given)
    monkeypatch.setattr(people, "FOUND_FOR", timedelta(0))
    with pytest.raises(Refusal, match="Look for the person again"):
        people.found_person(viewer=world.alma, token=token)
