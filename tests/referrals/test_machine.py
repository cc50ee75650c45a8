"""Random steps by random people: what the rules forbid never happens, and the record stays whole."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from enlace.assistance.actions import Given, record_services
from enlace.audit.models import AuditEvent
from enlace.audit.queries import verify
from enlace.base.actor import Actor
from enlace.base.errors import EnlaceError
from enlace.base.ids import new_id
from enlace.cases.actions import Ruling, close_case, decide_cases, reopen_case, write_note
from enlace.cases.models import Case, CaseAgency, Decision, Turn
from enlace.cases.rules import CASE, IDENTIFICATION
from enlace.people.actions import revoke_consent
from enlace.people.models import PersonAgency
from enlace.people.queries import consents
from enlace.referrals.actions import (
    Answer,
    Onward,
    Request,
    expire_referrals,
    mark_unplaced,
    reroute_referrals,
    send_referrals,
    take_step,
)
from enlace.referrals.models import Referral, ReferralStep
from enlace.referrals.queries import without_help
from enlace.referrals.rules import ASIDE, BY_PEOPLE, HELPED, REFERRAL, is_left_over
from tests.world import SYSTEM, World, a_case

ACTORS = ("alma", "bruno", "lucas", "carla", "dora", "omar", "elena", "gema", "fidel")
RECIPIENTS = ("ngo-harbour", "shelter-isles", "health-south")
who = st.sampled_from(ACTORS)
which = st.integers(0, 9)


class Office(RuleBasedStateMachine):
    """One case, its referrals, and everybody trying everything."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.case_id = a_case(self.world.bruno)
        self.referrals: list[Any] = []

    def actor(self, name: str) -> Actor:
        found: Actor = getattr(self.world, name)
        return found

    def left_over(self) -> list[Referral]:
        """Those of this case: the cases of earlier runs are still there."""
        return [row for row in without_help(viewer=SYSTEM) if row.case_id == self.case_id]

    def attempt(self, act: Callable[[], object]) -> bool:
        """Carried out with at least one event, or refused without any trace."""
        before = AuditEvent.objects.count()
        try:
            act()
        except EnlaceError:
            assert AuditEvent.objects.count() == before
            return False
        assert AuditEvent.objects.count() > before
        return True

    @rule(name=who, verb=st.sampled_from(["identify", "not_confirm", "presume_again", "re_exploited", "nonsense"]))
    def decide(self, name: str, verb: str) -> None:
        row = Ruling(case_id=self.case_id, verb=verb, ground_code="prosecutor")
        before = Case.objects.get(pk=self.case_id)
        if self.attempt(lambda: decide_cases(by=self.actor(name), rows=[row])):
            assert name in ("bruno", "lucas")
            after = Case.objects.get(pk=self.case_id).identification
            assert after == IDENTIFICATION.after(before.identification, verb)

    @rule(name=who)
    def close(self, name: str) -> None:
        waiting = Referral.objects.filter(case_id=self.case_id, status="sent").count()

        def act() -> None:
            close_case(
                by=self.actor(name), case_id=self.case_id, reason_code="moved", pending_referrals=lambda: waiting
            )

        if self.attempt(act):
            assert waiting == 0

    @rule(name=who)
    def reopen(self, name: str) -> None:
        self.attempt(lambda: reopen_case(by=self.actor(name), case_id=self.case_id))

    @rule(name=who)
    def note(self, name: str) -> None:
        is_open = Case.objects.get(pk=self.case_id).status == "open"
        if self.attempt(lambda: write_note(by=self.actor(name), case_id=self.case_id, text="a note")):
            assert is_open

    @rule(name=who, to=st.sampled_from(["ngo-harbour", "shelter-isles", "prosecutor-north", "nobody"]))
    def send(self, name: str, to: str) -> None:
        row = Request(case_id=self.case_id, recipient_code=to, service_codes=("MENTAL",))
        if self.attempt(lambda: send_referrals(by=self.actor(name), rows=[row])):
            self.referrals.append(row.id)

    @rule(name=who, to=st.sets(st.sampled_from(RECIPIENTS), min_size=2), is_anonymous=st.booleans())
    def send_to_several(self, name: str, to: set[str], is_anonymous: bool) -> None:
        group_id = new_id()
        rows = [
            Request(
                case_id=self.case_id,
                recipient_code=code,
                service_codes=("MENTAL",),
                group_id=group_id,
                is_anonymous=is_anonymous,
            )
            for code in sorted(to)
        ]
        if self.attempt(lambda: send_referrals(by=self.actor(name), rows=rows)):
            self.referrals += [row.id for row in rows]

    @rule()
    def revoke(self) -> None:
        person_id = Case.objects.get(pk=self.case_id).person_id
        given = consents(viewer=self.world.bruno, person_id=person_id).get(purpose_code="referral")
        today = timezone.localdate()
        self.attempt(lambda: revoke_consent(by=self.world.bruno, person_id=person_id, consent_id=given.pk, on=today))

    @rule(to=st.sampled_from(RECIPIENTS))
    def send_on(self, to: str) -> None:
        """What the clock does with all that came back, or says that it cannot be done."""
        for left in self.left_over():
            if to in (left.sender_code, left.recipient_code):
                mark_unplaced(by=SYSTEM, referral_ids=[left.pk])
                continue
            (sent,) = reroute_referrals(by=SYSTEM, rows=[Onward(previous_id=left.pk, recipient_code=to)])
            assert sent.attempt == left.attempt + 1
            self.referrals.append(sent.pk)

    @rule(
        name=who,
        number=which,
        verb=st.sampled_from(BY_PEOPLE),
    )
    def step(self, name: str, number: int, verb: str) -> None:
        if not self.referrals:
            return
        pk = self.referrals[number % len(self.referrals)]
        before = Referral.objects.get(pk=pk)
        row = Answer(referral_id=pk, verb=verb, reason_code={"decline": "other", "interrupt": "moved"}.get(verb, ""))
        if self.attempt(lambda: take_step(by=self.actor(name), row=row)):
            assert Referral.objects.get(pk=pk).status == REFERRAL.after(before.status, verb)
            doer = before.sender_code if verb == "withdraw" else before.recipient_code
            assert self.actor(name).agency_code == doer

    @rule(name=who, number=which, completes=st.booleans())
    def serve(self, name: str, number: int, completes: bool) -> None:
        referral_id = self.referrals[number % len(self.referrals)] if self.referrals else None
        row = Given(
            case_id=self.case_id,
            service_code="MENTAL",
            started_on=timezone.localdate(),
            referral_id=referral_id,
            completes=completes and referral_id is not None,
        )
        self.attempt(lambda: record_services(by=self.actor(name), rows=[row]))

    @rule(days=st.integers(0, 9))
    def pass_time(self, days: int) -> None:
        expire_referrals(by=SYSTEM, at=timezone.now() + timedelta(days=days))

    @invariant()
    def the_story_explains_the_state(self) -> None:
        case = Case.objects.get(pk=self.case_id)
        state = IDENTIFICATION.start
        for decision in Decision.objects.filter(case=case).order_by("decided_at", "id"):
            state = IDENTIFICATION.after(state, decision.verb)
            assert decision.outcome == state
        assert case.identification == state
        status = CASE.start
        for turn in Turn.objects.filter(case=case).order_by("at", "id"):
            status = CASE.after(status, turn.verb)
        assert case.status == status

    @invariant()
    def every_referral_walked_the_table(self) -> None:
        joined = set(CaseAgency.objects.filter(case_id=self.case_id).values_list("agency_code", flat=True))
        for referral in Referral.objects.filter(case_id=self.case_id):
            taken = list(ReferralStep.objects.filter(referral=referral).order_by("at", "id"))
            state = REFERRAL.start
            for step in taken[1:]:
                state = state if step.verb in ASIDE else REFERRAL.after(state, step.verb)
            assert taken[0].verb == "send"
            assert referral.status == state
            assert (referral.ended_at is not None) is (not REFERRAL.verbs(state))
            if "accept" in {step.verb for step in taken} and not referral.is_anonymous:
                assert referral.recipient_code in joined

    @invariant()
    def every_referral_rests_on_something_and_tells_no_more(self) -> None:
        for referral in Referral.objects.filter(case_id=self.case_id):
            assert referral.is_consented or referral.ground_code or referral.is_anonymous
            if referral.is_anonymous:
                assert (referral.slice, referral.message, referral.shares_identity) == ({}, "", False)

    @invariant()
    def nobody_is_lost(self) -> None:
        """Whoever is without help waits for the clock, or somebody else was asked: judged slowly, one by one."""
        rows = {row.pk: row for row in Referral.objects.filter(case_id=self.case_id)}
        groups: dict[Any, list[Referral]] = {}
        for row in rows.values():
            groups.setdefault(row.group_id or row.pk, []).append(row)
        followed = {rows[row.previous_id].group_id or row.previous_id for row in rows.values() if row.previous_id}
        lost = set()
        for key, together in groups.items():
            assert sum(row.status in HELPED for row in together) <= 1
            assert {row.followed_at is not None for row in together} == {key in followed}
            back = [row for row in together if is_left_over(row.status, [o.status for o in together if o is not row])]
            if back and key not in followed:
                lost.add(min(row.pk for row in back))
        is_open = Case.objects.get(pk=self.case_id).status == "open"
        assert {row.pk for row in self.left_over()} == (lost if is_open else set())

    @invariant()
    def who_works_on_the_case_knows_the_person(self) -> None:
        case = Case.objects.get(pk=self.case_id)
        known = set(PersonAgency.objects.filter(person_id=case.person_id).values_list("agency_code", flat=True))
        assert known == set(CaseAgency.objects.filter(case=case).values_list("agency_code", flat=True))


@pytest.mark.slow
def test_nothing_anybody_does_breaks_a_case_or_the_record(world: World) -> None:
    office = type("TheOffice", (Office,), {"world": world})
    run_state_machine_as_test(
        office,
        settings=settings(
            max_examples=25,
            stateful_step_count=18,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert verify() == []
