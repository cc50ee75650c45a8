"""What came back is sent on, or becomes an unmet need: on no path is a person lost."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from enlace.audit.queries import verify
from enlace.cases.actions import close_case
from enlace.placements.actions import (
    Sending,
    record_gap,
    reroute,
    send_to_places,
    watch_needs,
)
from enlace.placements.models import UnmetNeed
from enlace.placements.queries import Asked, places
from enlace.referrals.actions import Answer, answer_referrals, deliver_referrals, expire_referrals
from enlace.referrals.models import Referral
from enlace.referrals.queries import sent_onward, without_help
from tests.placements.test_find import BED, house
from tests.world import SYSTEM, World, a_case, a_person, a_referral

HOUR = timedelta(hours=1)
FAR = timedelta(days=30)
KEEPERS = {"shelter-isles": "dora", "ngo-harbour": "carla", "health-south": "omar"}


def sent_to(world: World, *sites: UUID, case_id: UUID | None = None, **asked: Any) -> list[Referral]:
    said = Asked(service_codes=("SHELTER",), **asked)
    row = Sending(case_id=case_id or a_case(world.bruno), asked=said, site_ids=sites)
    return send_to_places(by=world.bruno, row=row)


def declined(world: World, referral: Referral, reason: str = "no_capacity") -> None:
    by = getattr(world, KEEPERS[referral.recipient_code])
    answer_referrals(by=by, rows=[Answer(referral_id=referral.pk, verb="decline", reason_code=reason)])


def test_a_decline_goes_to_the_next_best_and_the_sender_is_told(world: World) -> None:
    best, next_best = house(), house(agency="ngo-harbour", name="Next", only_while_trial=True)
    (first,) = sent_to(world, best)
    assert reroute(by=SYSTEM, at=timezone.now()) == 0
    declined(world, first)
    assert reroute(by=SYSTEM, at=timezone.now()) == 1
    second = Referral.objects.get(previous=first)
    assert (second.site_id, second.sender_code, second.status) == (next_best, "prosecutor-north", "sent")
    assert reroute(by=SYSTEM, at=timezone.now()) == 0
    assert [row.pk for row in sent_onward(viewer=world.bruno, limit=9)] == [second.pk]


def test_an_expiry_goes_on_until_nothing_is_left_and_then_it_is_a_counted_need(world: World) -> None:
    sites = [house(), house(agency="ngo-harbour", name="Next")]
    (first,) = sent_to(world, sites[0])
    at = timezone.now() + timedelta(hours=9)
    expire_referrals(by=SYSTEM, at=at)
    assert reroute(by=SYSTEM, at=at) == 1
    at += timedelta(hours=9)
    expire_referrals(by=SYSTEM, at=at)
    assert reroute(by=SYSTEM, at=at) == 1
    need = UnmetNeed.objects.get()
    assert (need.agency_code, need.service_code, need.reason_code) == ("prosecutor-north", "SHELTER", "refused")
    assert Referral.objects.filter(case_id=first.case_id).count() == 2


def test_for_whom_there_was_no_place_it_is_sought_again_each_hour_and_not_each_minute(world: World) -> None:
    (first,) = sent_to(world, house())
    declined(world, first)
    at = timezone.now()
    assert [reroute(by=SYSTEM, at=at + n * HOUR / 60) for n in range(3)] == [1, 0, 0]
    assert reroute(by=SYSTEM, at=at + 1.1 * HOUR) == 1
    assert reroute(by=SYSTEM, at=at + 1.2 * HOUR) == 0
    house(agency="ngo-harbour", name="New")
    assert reroute(by=SYSTEM, at=at + 2.3 * HOUR) == 1
    second = Referral.objects.get(previous=first)
    assert second.recipient_code == "ngo-harbour"
    answer_referrals(by=world.carla, rows=[Answer(referral_id=second.pk, verb="accept")])
    assert watch_needs(by=SYSTEM, at=timezone.now()) == 1
    assert UnmetNeed.objects.get().resolution_code == "helped"


def test_a_place_that_declined_is_asked_again_after_the_time_of_the_pack(world: World) -> None:
    (first,) = sent_to(world, house())
    declined(world, first)
    assert reroute(by=SYSTEM, at=timezone.now()) == 1
    assert not Referral.objects.filter(previous=first).exists()
    assert reroute(by=SYSTEM, at=timezone.now() + timedelta(hours=51)) == 1
    assert Referral.objects.get(previous=first).site_id == first.site_id


def test_of_those_asked_at_once_nothing_is_sent_on_while_one_may_still_accept(world: World) -> None:
    sites = [house(), house(agency="ngo-harbour", name="Next")]
    house(agency="health-south", name="Third")
    for_isles, for_harbour = sorted(sent_to(world, *sites), key=lambda row: row.recipient_code, reverse=True)
    declined(world, for_isles)
    assert reroute(by=SYSTEM, at=timezone.now()) == 0
    declined(world, for_harbour)
    assert reroute(by=SYSTEM, at=timezone.now()) == 1
    assert Referral.objects.filter(status="sent").get().recipient_code == "health-south"


def test_what_the_person_refused_is_not_asked_in_her_stead_by_the_clock(world: World) -> None:
    best, unwanted = house(), house(agency="ngo-harbour", name="Unwanted")
    row = Sending(case_id=a_case(world.bruno), asked=BED, site_ids=(best,), refused_ids=(unwanted,))
    (first,) = send_to_places(by=world.bruno, row=row)
    declined(world, first)
    reroute(by=SYSTEM, at=timezone.now())
    assert not Referral.objects.filter(site_id=unwanted).exists()
    assert UnmetNeed.objects.count() == 1


def test_who_left_is_not_sent_elsewhere_by_a_clock(world: World) -> None:
    site = house()
    house(agency="ngo-harbour", name="Next")
    (sent,) = sent_to(world, site)
    answer_referrals(by=world.dora, rows=[Answer(referral_id=sent.pk, verb="accept")])
    row = Answer(referral_id=sent.pk, verb="interrupt", reason_code="person_decision")
    deliver_referrals(by=world.dora, rows=[row])
    assert reroute(by=SYSTEM, at=timezone.now()) == 0


def test_without_consent_for_the_next_place_nothing_is_told_there(world: World) -> None:
    best = house()
    house(agency="ngo-harbour", name="Next")
    person_id = a_person(world.bruno, consents=False)
    (first,) = sent_to(world, best, case_id=a_case(world.bruno, person_id), tells_nothing=True)
    declined(world, first)
    reroute(by=SYSTEM, at=timezone.now())
    second = Referral.objects.get(previous=first)
    assert (second.is_anonymous, second.slice, second.message) == (True, {}, "")


def test_a_request_without_a_site_is_sent_on_too_and_not_to_the_same_agency(world: World) -> None:
    house()
    other = house(agency="ngo-harbour", name="Next")
    referral_id = a_referral(world.bruno, a_case(world.bruno), to="shelter-isles")
    Referral.objects.filter(pk=referral_id).update(service_codes=["SHELTER"])
    declined(world, Referral.objects.get(pk=referral_id))
    reroute(by=SYSTEM, at=timezone.now())
    assert Referral.objects.get(previous_id=referral_id).site_id == other


def test_a_closed_case_ends_the_need_and_nobody_is_asked(world: World) -> None:
    (first,) = sent_to(world, house())
    declined(world, first)
    reroute(by=SYSTEM, at=timezone.now())
    close_case(by=world.bruno, case_id=first.case_id, reason_code="moved")
    assert reroute(by=SYSTEM, at=timezone.now() + FAR) == 0
    assert watch_needs(by=SYSTEM, at=timezone.now()) == 1
    assert UnmetNeed.objects.get().resolution_code == "closed"
    assert watch_needs(by=SYSTEM, at=timezone.now()) == 0


class Network(RuleBasedStateMachine):
    """One person who needs a bed, three agencies that answer as they like or not at all, and the clocks."""

    world: World

    @initialize(beds=st.lists(st.integers(0, 2), min_size=3, max_size=3))
    def begin(self, beds: list[int]) -> None:
        self.at: datetime = timezone.now()
        for agency, count in zip(KEEPERS, beds, strict=True):
            house(agency=agency, beds=count, name=f"House of {agency}")
        self.case_id = a_case(self.world.bruno)
        self.seek(how_many=1)

    def seek(self, how_many: int) -> None:
        """As a person does at the page: ask what fits, or record that nothing does."""
        found = places(viewer=self.world.bruno, case_id=self.case_id, asked=BED)
        sites = tuple(offer.site_id for offer in found.fits[:how_many])
        if sites:
            send_to_places(by=self.world.bruno, row=Sending(case_id=self.case_id, asked=BED, site_ids=sites))
        else:
            record_gap(by=self.world.bruno, case_id=self.case_id, asked=BED)

    def of_case(self, *statuses: str) -> list[Referral]:
        return list(Referral.objects.filter(case_id=self.case_id, status__in=statuses).order_by("pk"))

    def keeper(self, referral: Referral) -> Any:
        return getattr(self.world, KEEPERS[referral.recipient_code])

    @rule(verb=st.sampled_from(["accept", "decline", "decline", "decline"]), which=st.integers(0, 2))
    def answer(self, verb: str, which: int) -> None:
        found = self.of_case("sent")
        if found:
            asked = found[which % len(found)]
            row = Answer(referral_id=asked.pk, verb=verb, reason_code="" if verb == "accept" else "no_capacity")
            answer_referrals(by=self.keeper(asked), rows=[row])

    @rule(hours=st.integers(1, 60))
    def pass_time(self, hours: int) -> None:
        self.at += timedelta(hours=hours)
        expire_referrals(by=SYSTEM, at=self.at)
        self.turn()

    @rule()
    def turn(self) -> None:
        reroute(by=SYSTEM, at=self.at)
        watch_needs(by=SYSTEM, at=self.at)

    @rule(how_many=st.integers(1, 3))
    def ask_again(self, how_many: int) -> None:
        if not self.of_case("sent", "accepted"):
            self.seek(how_many)

    @rule(agency=st.sampled_from(["shelter-isles", "ngo-harbour", "health-south"]))
    def another_house_opens(self, agency: str) -> None:
        house(agency=agency, beds=1, name=f"New house {self.at.isoformat()}")

    @invariant()
    def somebody_always_knows_of_the_person(self) -> None:
        """Between two turns of the clock a fresh answer may wait for it; after a turn nothing is left over."""
        if not hasattr(self, "case_id"):
            return
        waits = self.of_case("sent", "accepted", "started")
        need = UnmetNeed.objects.filter(case_id=self.case_id, resolved_at=None).exists()
        left = without_help(viewer=SYSTEM)
        assert waits or need or left, "lost"
        reroute(by=SYSTEM, at=self.at)
        need = UnmetNeed.objects.filter(case_id=self.case_id, resolved_at=None).exists()
        assert self.of_case("sent", "accepted", "started") or need, "lost after the clock"


@pytest.mark.slow
def test_no_answer_and_no_silence_loses_a_person(world: World) -> None:
    network = type("TheNetwork", (Network,), {"world": world})
    run_state_machine_as_test(
        network,
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Referral.objects.filter(previous__isnull=False).exists()
    assert UnmetNeed.objects.exists()
    assert verify() == []
