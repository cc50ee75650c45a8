"""Whatever is declined, lapses or ends, somebody's work queue knows of the person; and nothing is asked without a ground.

``tests/referrals/test_machine.py`` and ``tests/placements/test_reroute.py`` judge their own module, row by row. Here all the
clocks run as the worker runs them, over places, a partner outside, beds and stays, and what is looked at is what people see.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from enlace.base import slots
from enlace.base.clocks import run_clocks
from enlace.base.errors import EnlaceError
from enlace.directory.models import BedUnit, Site
from enlace.placements.actions import Sending, record_gap, refuse_stay, release_stay, request_bed, send_to_places
from enlace.placements.models import Stay, UnmetNeed
from enlace.placements.queries import Asked, places
from enlace.referrals.actions import Answer, Parcel, answer_for_partners, answer_referrals, send_package
from enlace.referrals.models import Referral
from tests.placements.living import admitted, held, left
from tests.placements.test_find import house
from tests.referrals.asking import a_partner
from tests.world import World, a_case, a_person

KEEPERS = {"shelter-isles": "dora", "ngo-harbour": "carla", "health-south": "omar"}
HOUSES = {
    "shelter-isles": "XX-N",
    "ngo-harbour": "XX-S",
    "health-south": "XX-I",
}  # the first is in the state of the case
WORKERS = ("bruno", *KEEPERS.values())
# The groups of a work queue that speak of help asked for. That a case waits for its decision says nothing of a place.
HELP = ("inbox", "came_back", "ongoing", "beds", "lapsed", "unmet", "stay_alerts")
SOME = 1000
HOPEFUL = ("sent", "accepted", "started")
REASONS = ("plan_completed", "person_decision", "lost_contact")
GROUNDS = st.sampled_from([(True, ""), (True, ""), (False, "emergency"), (False, "")])  # consent, legal ground


class Country(RuleBasedStateMachine):
    """One person who needs a bed, three agencies and a partner who answer as they like or not at all, and every clock."""

    world: World
    partner_id: Any
    seen: set[str]

    @initialize(consent=GROUNDS, beds=st.tuples(*[st.sampled_from([1, 1, 0])] * 3))
    def begin(self, consent: tuple[bool, str], beds: tuple[int, ...]) -> None:
        self.at: datetime = timezone.now()
        consents, ground = consent
        tells_nothing = not consents and not ground
        self.asked = Asked(service_codes=("SHELTER",), ground_code=ground, tells_nothing=tells_nothing)
        Site.objects.update(is_open=False)  # those of the person before
        for (agency, state), count in zip(HOUSES.items(), beds, strict=True):
            house(agency=agency, beds=count, name=f"House of {agency}", state_code=state)
        self.case_id = a_case(self.world.bruno, a_person(self.world.bruno, consents=consents))
        self.seek()

    def seek(self) -> None:
        """As at the page: ask the best place, or record that there is none."""
        by = self.world.bruno
        found = places(viewer=by, case_id=self.case_id, asked=self.asked)
        if found.fits:
            row = Sending(case_id=self.case_id, asked=self.asked, site_ids=(found.fits[0].site_id,))
            send_to_places(by=by, row=row)
        else:
            record_gap(by=by, case_id=self.case_id, asked=self.asked)

    def referrals(self, *statuses: str) -> list[Referral]:
        return list(Referral.objects.filter(case_id=self.case_id, status__in=statuses).order_by("pk"))

    def stays(self, *statuses: str) -> list[Stay]:
        return list(Stay.objects.filter(case_id=self.case_id, status__in=statuses).order_by("pk"))

    def attempt(self, said: str, act: Callable[..., object], **facts: Any) -> None:
        """What the rules refuse in this state is not done; what was done at least once is told at the end."""
        try:
            act(**facts)
        except EnlaceError:
            return
        self.seen.add(said)

    @precondition(lambda self: self.referrals("sent"))
    @rule(verb=st.sampled_from(["accept", "accept", "decline"]))
    def answer(self, verb: str) -> None:
        for asked in self.referrals("sent")[:1]:
            row = Answer(referral_id=asked.pk, verb=verb, reason_code="" if verb == "accept" else "no_capacity")
            if asked.partner_id:
                self.attempt(f"partner {verb}", answer_for_partners, by=self.world.bruno, rows=[row])
            else:
                by = getattr(self.world, KEEPERS[asked.recipient_code])
                self.attempt(verb, answer_referrals, by=by, rows=[row])

    @precondition(lambda self: not self.referrals(*HOPEFUL))
    @rule()
    def ask_the_partner(self) -> None:
        row = Parcel(
            case_id=self.case_id,
            partner_id=self.partner_id,
            service_codes=("SHELTER",),
            ground_code=self.asked.ground_code,
            is_anonymous=self.asked.tells_nothing,
        )
        self.attempt("package", send_package, by=self.world.bruno, row=row)

    @precondition(lambda self: self.referrals("accepted", "started") or self.stays("requested", "held", "admitted"))
    @rule(forward=st.sampled_from([True, True, False]), reason=st.sampled_from(REASONS))
    def step_in_the_house(self, forward: bool, reason: str) -> None:
        """The next step in Dora's house for what she accepted, or a step back: into the line, out of it, no bed given."""
        dora, unit = self.world.dora, BedUnit.objects.get(site__agency="shelter-isles", site__is_open=True)
        for stay in self.stays("requested", "held", "admitted")[:1]:
            if stay.status == "admitted":
                self.attempt("left", left, by=dora, stay_id=stay.pk, reason_code=reason)
            elif stay.status == "held":
                act = admitted if forward else release_stay
                self.attempt(act.__name__, act, by=dora, stay_id=stay.pk)
            elif forward:
                self.attempt("held", held, by=dora, case_id=self.case_id, unit_id=unit.pk, stay_id=stay.pk)
            else:
                self.attempt("refused", refuse_stay, by=dora, stay_id=stay.pk)
            return
        for asked in self.referrals("accepted")[:1]:
            facts = {"by": dora, "case_id": self.case_id, "referral_id": asked.pk}
            if forward:
                self.attempt("held", held, unit_id=unit.pk, **facts)
            else:
                self.attempt("requested", request_bed, site_id=unit.site_id, **facts)

    @rule(hours=st.sampled_from([1, 9, 40, 60]))
    def pass_time(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        for clock, count in run_clocks(self.at).items():
            assert count is not None, f"{clock} failed"
            self.seen |= {clock} if count else set()

    @precondition(lambda self: not self.referrals(*HOPEFUL))
    @rule()
    def seek_again(self) -> None:
        self.seek()

    @invariant()
    def somebody_sees_the_person(self) -> None:
        if not hasattr(self, "case_id") or self.stays("admitted") or self.referrals("completed"):
            return
        if any(row.partner_id for row in self.referrals("accepted")):
            return  # in the hands of the partner
        assert self.queued(), "in nobody's work queue"

    @invariant()
    def nothing_was_asked_without_a_ground(self) -> None:
        for row in Referral.objects.filter(case_id=getattr(self, "case_id", None)):
            assert row.is_consented or row.ground_code or (row.is_anonymous and row.slice == {} and not row.message)

    def queued(self) -> set[str]:
        """The groups of work queues in which something of this case stands, of whichever of those who work."""
        rows = [*Referral.objects.filter(case_id=self.case_id), *Stay.objects.filter(case_id=self.case_id)]
        mine = {str(self.case_id), *(str(row.pk) for row in rows)}
        found = set()
        for viewer in (getattr(self.world, name) for name in WORKERS):
            for source in slots.registered(slots.QueueSource, viewer):
                if source.name in HELP and any(pk in item.url for item in source.items(viewer, SOME) for pk in mine):
                    found.add(source.name)
        return found


@pytest.mark.slow
def test_whatever_ends_somebody_s_queue_knows_of_the_person(world: World) -> None:
    seen: set[str] = set()
    facts = {"world": world, "partner_id": a_partner(world.bruno).pk, "seen": seen}
    run_state_machine_as_test(
        type("TheCountry", (Country,), facts),
        settings=settings(
            max_examples=20,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,  # the same runs each time, so that what they come across can be asserted below
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    ways = {"accept", "decline", "package", "held", "requested", "admitted", "left"}
    ways |= {"referrals.expire", "placements.holds", "placements.reroute"}
    assert ways <= seen, ways - seen
    assert UnmetNeed.objects.exists()
