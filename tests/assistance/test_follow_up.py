"""Follow-up after the help ended: planned once, recorded each time, and the way back for who is exploited again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.assistance.actions import Ending, Heard, follow_closed_cases, plan_follow_ups, record_follow_up
from enlace.assistance.models import FollowUp
from enlace.assistance.queries import (
    contact_terms,
    follow_up_page,
    follow_ups_due,
    follow_ups_of_case,
    read_follow_up,
)
from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.cases.models import Case, Decision
from enlace.cases.queries import undecided
from enlace.country.queries import current
from enlace.vault.rules import Identity
from tests.assistance.caring import TODAY, a_plan, days_ago, followed, heard, helped_by_another
from tests.intake.contacts import a_contact, at_risk
from tests.world import SYSTEM, World, a_case, a_person, identified

SPANS = current().followups


def closed(world: World, reason: str = "reintegrated") -> object:
    case_id = a_case(world.bruno)
    close_case(by=world.bruno, case_id=case_id, reason_code=reason)
    return case_id


def test_it_is_planned_at_the_intervals_of_the_pack_and_once(world: World) -> None:
    case_id = a_case(world.bruno)
    planned = followed(world.bruno, case_id, ended=10)
    assert [row.due_on for row in planned] == [days_ago(10) + span for span in SPANS]
    assert [row.number for row in planned] == list(range(1, len(SPANS) + 1))
    assert followed(world.bruno, case_id, ended=5) == []


def test_what_is_due_stands_in_the_queue_of_the_agency_that_leads(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    planned = followed(world.carla, case_id, ended=SPANS[0].days)
    assert [row.pk for row in follow_ups_due(viewer=world.bruno, on=TODAY(), limit=9)] == [planned[0].pk]
    assert follow_ups_due(viewer=world.bruno, on=days_ago(1), limit=9) == []
    assert follow_ups_due(viewer=world.carla, on=TODAY(), limit=9) == []
    assert len(follow_ups_of_case(viewer=world.carla, case_id=case_id)) == len(SPANS)


def test_a_case_closed_with_success_is_followed_once_however_often_the_clock_turns(world: World) -> None:
    case_id = closed(world)
    closed(world, "not_trafficking")
    now = timezone.now()
    assert follow_closed_cases(by=SYSTEM, at=now) == len(SPANS)
    assert set(FollowUp.objects.values_list("case_id", "agency_code")) == {(case_id, "prosecutor-north")}
    before = AuditEvent.objects.count()
    assert follow_closed_cases(by=SYSTEM, at=now) == 0
    assert AuditEvent.objects.count() == before, "a clock that finds nothing leaves nothing"


def test_the_clock_catches_up_after_a_stop_but_asks_nobody_about_a_case_long_closed(world: World) -> None:
    case_id, long_closed = closed(world), closed(world)
    now = timezone.now()
    Case.objects.filter(pk=long_closed).update(opened_at=now - SPANS[-1] * 3, closed_at=now - SPANS[-1] * 2)
    Case.objects.filter(pk=case_id).update(opened_at=now - SPANS[-1] * 3, closed_at=now - timedelta(days=70))
    follow_closed_cases(by=SYSTEM, at=now)
    assert set(FollowUp.objects.values_list("case_id", "base_on")) == {(case_id, days_ago(70))}


def test_closing_after_a_transition_plans_no_second_series(world: World) -> None:
    case_id = a_case(world.bruno)
    for row in followed(world.bruno, case_id, ended=SPANS[-1].days + 5):
        heard(world.bruno, row)
    close_case(by=world.bruno, case_id=case_id, reason_code="reintegrated")
    assert follow_closed_cases(by=SYSTEM, at=timezone.now()) == 0


@pytest.mark.parametrize(("first", "again"), [("fine", False), ("leave_alone", False), ("exploited_again", True)])
def test_the_clock_agrees_with_the_rule_on_who_is_asked_anew(world: World, first: str, again: bool) -> None:
    """The rule judges one case, the clock's query all at once: both must come to the same."""
    case_id = a_case(world.bruno)
    rows = followed(world.bruno, case_id, ended=SPANS[-1].days)
    heard(world.bruno, rows[0], first)
    if first == "fine":
        for row in rows[1:]:
            heard(world.bruno, row)
    close_case(by=world.bruno, case_id=case_id, reason_code="reintegrated")
    assert bool(follow_closed_cases(by=SYSTEM, at=timezone.now())) is again
    assert plan_follow_ups(by=SYSTEM, rows=[Ending(case_id=case_id, ended_on=TODAY())]) == []


def test_how_the_person_is_can_be_recorded_once_also_when_the_case_is_closed(world: World) -> None:
    now = timezone.now()
    Case.objects.filter(pk=closed(world)).update(opened_at=now - SPANS[0] * 2, closed_at=now - SPANS[0])
    follow_closed_cases(by=SYSTEM, at=now)
    row = FollowUp.objects.order_by("number").first()
    assert row
    found = heard(world.bruno, row, "fine", remark="Trabaja y estudia.")
    assert (found.status, found.outcome_code, found.recorded_by) == ("met", "fine", world.bruno.id)
    with pytest.raises(Refusal, match="already"):
        heard(world.bruno, row)


def test_a_good_word_of_today_is_not_that_of_half_a_year_later_and_a_bad_one_is_taken_at_once(world: World) -> None:
    rows = followed(world.bruno, a_case(world.bruno), ended=1)
    for row in rows:
        with pytest.raises(Refusal, match="earlier follow-up"):
            heard(world.bruno, row)
    assert FollowUp.objects.filter(status="planned").count() == len(SPANS)
    assert heard(world.bruno, rows[-1], "exploited_again").status == "met"


@pytest.mark.parametrize(
    ("outcome", "status", "left"), [("unreachable", "missed", 2), ("lost", "missed", 0), ("leave_alone", "met", 0)]
)
def test_lost_contact_and_no_more_contact_end_the_series(world: World, outcome: str, status: str, left: int) -> None:
    rows = followed(world.bruno, a_case(world.bruno))
    assert heard(world.bruno, rows[0], outcome).status == status
    assert FollowUp.objects.filter(status="planned").count() == left


def test_who_is_exploited_again_is_back_under_protection_at_once(world: World) -> None:
    case_id = a_case(world.bruno)
    identified(world.bruno, case_id)
    rows = followed(world.bruno, case_id)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    heard(world.bruno, rows[0], "exploited_again")
    case = Case.objects.get(pk=case_id)
    assert (case.status, case.identification) == ("open", "presumed")
    decision = Decision.objects.latest("decided_at")
    assert (decision.verb, decision.ground_code, decision.decided_by) == ("re_exploited", "followup", world.bruno.id)
    assert [found.pk for found, _due in undecided(viewer=world.bruno, limit=9)] == [case_id]
    assert FollowUp.objects.filter(status="planned").count() == 0
    assert len(followed(world.bruno, case_id, ended=0)) == len(SPANS)


def test_a_provider_who_hears_of_it_need_not_wait_for_another_role(world: World) -> None:
    case_id, _service_id = helped_by_another(world)
    identified(world.bruno, case_id)
    rows = followed(world.bruno, case_id)
    assert not world.carla.may("CASE_DECIDE")
    heard(world.carla, rows[0], "exploited_again")
    assert Case.objects.get(pk=case_id).identification == "presumed"
    assert Decision.objects.latest("decided_at").agency_code == "ngo-harbour"


def test_who_was_presumed_stays_presumed_and_no_decision_is_invented(world: World) -> None:
    case_id = a_case(world.bruno)
    heard(world.bruno, followed(world.bruno, case_id)[0], "exploited_again")
    assert (Case.objects.get(pk=case_id).identification, Decision.objects.count()) == ("presumed", 0)


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome_code": "NO_SUCH"},
        {"done_on": TODAY() + timedelta(days=1)},
        {"done_on": days_ago(101)},
        {"remark": "a" * 4001},
    ],
)
def test_what_makes_no_sense_records_nothing(world: World, changes: dict[str, object]) -> None:
    row = followed(world.bruno, a_case(world.bruno), ended=100)[0]
    said = {"outcome_code": "fine", "done_on": TODAY(), **changes}
    with pytest.raises(Refusal):
        record_follow_up(by=world.bruno, row=Heard(follow_up_id=row.pk, **said))
    assert FollowUp.objects.get(pk=row.pk).status == "planned"


def test_who_may_not_and_who_does_not_work_on_the_case(world: World) -> None:
    case_id = a_case(world.bruno)
    row = followed(world.bruno, case_id)[0]
    with pytest.raises(Missing):
        heard(world.omar, row)
    with pytest.raises(Missing):
        read_follow_up(viewer=world.omar, follow_up_id=row.pk)
    with pytest.raises(Forbidden):
        heard(world.elena, row)
    with pytest.raises(Missing):
        followed(world.omar, case_id)
    with pytest.raises(Refusal, match="future"):
        followed(world.bruno, case_id, ended=-1)
    assert follow_up_page(viewer=world.omar).rows == []


def test_the_safe_terms_open_for_a_purpose_and_leave_a_record(world: World) -> None:
    person_id = a_person(world.bruno, identity=Identity(given_names="Persona", phones=("5550001111",)))
    told = {"when": "por la tarde", "code_word": "colibrí", "told": "not part of it"}
    a_contact(world.bruno, channel_code="prosecutor", people=(at_risk(person_id),), told=told)
    case_id = a_case(world.bruno, person_id)
    row = followed(world.bruno, case_id)[0]
    terms = contact_terms(viewer=world.lucas, follow_up_id=row.pk, purpose="contact_person")
    assert (dict(terms.said), terms.phones) == ({"when": "por la tarde", "code_word": "colibrí"}, ("5550001111",))
    assert "5550001111" not in repr(terms)
    read = AuditEvent.objects.filter(action="identity.read", actor_id=world.lucas.id)
    assert [event.purpose for event in read] == ["contact_person"]
    with pytest.raises(Refusal):
        contact_terms(viewer=world.lucas, follow_up_id=row.pk, purpose="")


def test_without_an_identity_here_what_was_told_still_helps(world: World) -> None:
    case_id = a_case(world.bruno)
    row = followed(world.bruno, case_id)[0]
    terms = contact_terms(viewer=world.bruno, follow_up_id=row.pk, purpose="contact_person")
    assert (terms.said, terms.phones) == ((), ())


def test_a_plan_in_transition_and_the_close_agree(world: World) -> None:
    case_id = a_case(world.bruno)
    a_plan(world.bruno, case_id)
    planned = followed(world.bruno, case_id)
    close_case(by=world.bruno, case_id=case_id, reason_code="returned_home")
    follow_closed_cases(by=SYSTEM, at=timezone.now())
    assert FollowUp.objects.count() == len(planned)
