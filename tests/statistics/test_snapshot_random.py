"""Random work of many hands, and snapshots taken between: what is kept never differs from everything gathered anew."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from enlace.accounts.models import Agency
from enlace.assistance.actions import Spending, record_costs
from enlace.assistance.models import AssistedReturn, FollowUp, Permit
from enlace.base.errors import EnlaceError
from enlace.cases.actions import Coded, Ruling, Stretch, add_episode, close_case, decide_cases, edit_case, reopen_case
from enlace.cases.models import Case
from enlace.intake.actions import Result, record_outcomes
from enlace.people.actions import correct_person, revoke_consent
from enlace.people.models import ConsentGrant
from enlace.placements.actions import record_gap
from enlace.placements.models import Stay
from enlace.placements.queries import Asked
from enlace.referrals.actions import Answer, take_step
from enlace.referrals.models import Referral
from enlace.statistics import store
from enlace.vault.actions import erase_person
from tests.assistance.caring import a_permit, a_return, a_service, a_source, days_ago, followed, heard, moved, went
from tests.directory.houses import a_house, a_unit
from tests.intake.contacts import a_contact, at_risk
from tests.placements.living import admitted, held, left, referred
from tests.screening.talks import PRESUMED, decided, finished
from tests.statistics.keeping import agree, straight, take
from tests.statistics.nation import acting
from tests.world import SYSTEM, World, a_case, a_person, a_referral

which = st.integers(0, 3)
REFUSED = suppress(EnlaceError)
REASONS = {"decline": "no_place", "interrupt": "lost_contact"}
FORMS = ["sexual_use", "bonded_work"]
RUNS = settings(
    max_examples=6,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Nation(RuleBasedStateMachine):
    """A few cases of a country, worked on in any order; the cases of earlier runs are still there."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        bruno = self.world.bruno
        people = [a_person(bruno, citizenship_codes=("GT",)), a_person(bruno, birth_year=2012)]
        self.cases = [a_case(bruno, people[number % 2]) for number in range(4)]
        self.desk = acting("helpline")
        self.met = a_person(self.desk)

    def person(self, number: int) -> UUID:
        return Case.objects.get(pk=self.cases[number]).person_id

    @rule()
    def take(self) -> None:
        take(at_once=True)

    @rule()
    def compare(self) -> None:
        agree(at_once=True)

    @rule(number=which, verb=st.sampled_from(["identify", "not_confirm", "presume_again", "re_exploited"]))
    def decide(self, number: int, verb: str) -> None:
        row = Ruling(case_id=self.cases[number], verb=verb, ground_code="prosecutor")
        with REFUSED:
            decide_cases(by=self.world.bruno, rows=[row])

    @rule(
        number=which,
        kind=st.sampled_from(["recruitment", "transit", "exploitation"]),
        state=st.sampled_from(["XX-N", ""]),
    )
    def tell_where(self, number: int, kind: str, state: str) -> None:
        where = Stretch(kind_code=kind, country_code="" if state else "GT", state_code=state)
        with REFUSED:
            add_episode(by=self.world.bruno, case_id=self.cases[number], episode=where)

    @rule(
        number=which,
        means=st.sampled_from(["debt_bondage", ""]),
        forms=st.sets(st.sampled_from(FORMS)),
    )
    def tell_how(self, number: int, means: str, forms: set[str]) -> None:
        codes = [Coded(list_name="exploitation_form", code=code) for code in sorted(forms)]
        codes += [Coded(list_name="means", code=means)] if means else []
        given: dict[str, Any] = {"codes": codes, "relationship_code": "", "age_when_trafficked": None}
        with REFUSED:
            edit_case(by=self.world.bruno, case_id=self.cases[number], **given)

    @rule(number=which, sex=st.sampled_from(["female", "male"]), born=st.sampled_from([1980, 2012]))
    def correct(self, number: int, sex: str, born: int) -> None:
        known = {"sex_code": sex, "birth_year": born}
        with REFUSED:
            correct_person(by=self.world.bruno, person_id=self.person(number), changes=known)

    @rule(number=which)
    def close_or_reopen(self, number: int) -> None:
        with REFUSED:
            close_case(by=self.world.bruno, case_id=self.cases[number], reason_code="moved")
        with REFUSED:
            reopen_case(by=self.world.bruno, case_id=self.cases[number])

    @rule(number=which)
    def refer(self, number: int) -> None:
        with REFUSED:
            a_referral(self.world.bruno, self.cases[number])

    @rule(verb=st.sampled_from(["accept", "decline", "withdraw", "start", "complete", "interrupt"]))
    def answer(self, verb: str) -> None:
        row = Referral.objects.filter(case_id__in=self.cases).order_by("-id").first()
        if row:
            by = self.world.bruno if verb == "withdraw" else acting(row.recipient_code)
            with REFUSED:
                take_step(by=by, row=Answer(referral_id=row.pk, verb=verb, reason_code=REASONS.get(verb, "")))

    @rule(number=which)
    def help(self, number: int) -> None:
        with REFUSED:
            a_service(self.world.bruno, self.cases[number])

    @rule(number=which, amount=st.integers(1, 9))
    def spend(self, number: int, amount: int) -> None:
        given: dict[str, Any] = {"funding_code": a_source(), "spent_on": days_ago(1), "case_id": self.cases[number]}
        row = Spending(service_code="EDU", amount=Decimal(amount), **given)
        with REFUSED:
            record_costs(by=self.world.bruno, rows=[row])

    @rule(number=which, verb=st.sampled_from(["inform", "apply", "grant", "refuse", "check_risks", "agree", "confirm"]))
    def walk_on(self, number: int, verb: str) -> None:
        case_id, bruno = self.cases[number], self.world.bruno
        with REFUSED:
            a_permit(bruno, case_id)
        with REFUSED:
            a_return(bruno, case_id)
        for permit in Permit.objects.filter(case_id=case_id):
            with REFUSED:
                moved(bruno, permit.pk, verb, days_ago(1))
        for way in AssistedReturn.objects.filter(case_id=case_id):
            with REFUSED:
                went(bruno, way.pk, verb, days_ago(1))

    @rule(number=which, outcome=st.sampled_from(["fine", "not_found"]))
    def follow(self, number: int, outcome: str) -> None:
        with REFUSED:
            followed(self.world.bruno, self.cases[number])
        row = FollowUp.objects.filter(case_id=self.cases[number], done_on=None).first()
        if row:
            with REFUSED:
                heard(self.world.bruno, row, outcome)

    @rule(number=which)
    def house(self, number: int) -> None:
        dora = self.world.dora

        with REFUSED:
            case_id, referral_id = referred(self.world, self.cases[number])
            unit_id = a_unit(dora, a_house(dora))
            admitted(dora, held(dora, case_id, unit_id, referral_id=referral_id))

    @rule()
    def leave(self) -> None:
        row = Stay.objects.filter(case_id__in=self.cases, status="admitted").first()
        if row:
            with REFUSED:
                left(self.world.dora, row.pk)

    @rule(number=which)
    def find_nothing(self, number: int) -> None:
        asked = Asked(service_codes=("EDU",), tells_nothing=True)
        with REFUSED:
            record_gap(by=self.world.bruno, case_id=self.cases[number], asked=asked)

    @rule(state=st.sampled_from(["XX-N", ""]))
    def call(self, state: str) -> None:
        with REFUSED:
            a_contact(self.desk, people=(at_risk(self.met),), state_code=state)

    @rule(kind=st.sampled_from(["victim_identified", "screened_presumed", "referred", "investigation_opened"]))
    def hear_what_came_of_it(self, kind: str) -> None:
        told = Result(kind=kind, person_id=self.met, ref="one file" if kind == "investigation_opened" else "")
        with REFUSED:
            record_outcomes(by=self.world.bruno, rows=[told])

    @rule(number=which)
    def screen(self, number: int) -> None:
        alma = self.world.alma
        with REFUSED:
            decided(alma, finished(alma, PRESUMED).screening_id, "presumed")

    @rule(number=which)
    def withdraw_consent(self, number: int) -> None:
        for grant in ConsentGrant.objects.filter(person_id=self.person(number), revoked_on=None):
            given: dict[str, Any] = {"person_id": grant.person_id, "consent_id": grant.pk, "on": days_ago(0)}
            with REFUSED:
                revoke_consent(by=self.world.bruno, **given)

    @rule(number=which)
    def erase(self, number: int) -> None:
        with REFUSED:
            erase_person(by=SYSTEM, person_id=self.person(number))

    @rule(kind=st.sampled_from(["ngo", "shelter"]))
    def rename_what_an_agency_is(self, kind: str) -> None:
        Agency.objects.filter(pk="ngo-harbour").update(kind_code=kind)

    @rule(number=which, other=which)
    def merge(self, number: int, other: int) -> None:
        """Two records are one person: no action does it, whoever mends a database might."""
        straight(
            "UPDATE cases_case SET person_id = %s WHERE id = %s", *self.keys(self.person(other), self.cases[number])
        )

    def keys(self, *ids: UUID) -> list[Any]:
        field = Case._meta.pk
        return [field.get_db_prep_value(one, connection) for one in ids]


@pytest.mark.usefixtures("sees_all")
@pytest.mark.parametrize("most_stale", [0.05, 1.0], ids=["written anew", "kept beside"])
def test_what_is_kept_never_differs(
    own_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, most_stale: float
) -> None:
    settings.ENLACE_HOME = tmp_path / "home"
    monkeypatch.setattr(store, "MOST_STALE", most_stale)
    monkeypatch.setattr(store, "MOST_CHANGED", 10.0)
    Nation.world = own_world
    run_state_machine_as_test(Nation, settings=RUNS)
    agree(at_once=True)
