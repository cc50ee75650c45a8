"""A stay from the held bed to the exit: voluntary, recorded, and never tied to anything that the person did not choose."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.cases.actions import close_case
from enlace.directory.actions import take_out_of_service
from enlace.directory.models import Bed, BedUnit, Site
from enlace.placements.actions import (
    Admission,
    Exit,
    Hold,
    Transfer,
    admit_stays,
    confirm_stay,
    exit_stays,
    extend_stay,
    hold_beds,
    lapse_holds,
    plan_exit,
    refuse_stay,
    release_stay,
    request_bed,
    transfer_stay,
)
from enlace.placements.models import Stay, StayStep
from enlace.placements.queries import free_beds, read_stay, stays_of_case, steps
from enlace.referrals.models import Referral
from tests.directory.houses import a_house, a_unit
from tests.placements.living import a_shelter, a_stay, admitted, held, left, referred
from tests.world import SYSTEM, World, a_case, a_referral

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def status_of(stay_id: object) -> str:
    return Stay.objects.get(pk=stay_id).status


def verbs(stay_id: object) -> list[str]:
    return list(StayStep.objects.filter(stay_id=stay_id).order_by("at", "id").values_list("verb", flat=True))


def test_a_bed_is_held_taken_and_left_and_the_referral_follows(world: World) -> None:
    unit_id = a_shelter(world)
    case_id, referral_id = referred(world)
    stay_id = held(world.dora, case_id, unit_id, referral_id=referral_id)
    assert free_beds([unit_id])[unit_id].free == 1
    assert Stay.objects.get().held_until - Stay.objects.get().occupied_from == timedelta(hours=36)
    admitted(world.dora, stay_id)
    assert Referral.objects.get().status == "started"
    left(world.dora, stay_id, reason_code="plan_completed")
    assert Referral.objects.get().status == "completed"
    assert free_beds([unit_id])[unit_id].free == 2
    assert verbs(stay_id) == ["hold", "admit", "exit"]
    assert status_of(stay_id) == "exited"


def test_leaving_before_the_end_interrupts_the_referral_with_its_reason(world: World) -> None:
    left(world.dora, a_stay(world), reason_code="lost_contact", destination_code="unknown")
    found = Referral.objects.get()
    assert (found.status, found.interruption_reason_code) == ("interrupted", "lost_contact")


def test_nobody_is_taken_in_against_their_will(world: World) -> None:
    case_id, _ = referred(world)
    stay_id = held(world.dora, case_id, a_shelter(world))
    with pytest.raises(Refusal, match="against their will"):
        admit_stays(by=world.dora, rows=[Admission(stay_id=stay_id, is_voluntary=False)])
    assert status_of(stay_id) == "held"


def test_leaving_needs_no_open_case_no_plan_and_no_approval(world: World) -> None:
    stay_id = a_stay(world, a_shelter(world, only_while_trial=True, max_stay_days=5))
    close_case(by=world.bruno, case_id=Stay.objects.get().case_id, reason_code="moved")
    left(world.dora, stay_id)
    found = Stay.objects.get()
    assert (found.status, found.exit_reason_code, found.destination_code) == ("exited", "person_decision", "family")


@pytest.mark.parametrize(("reason", "destination"), [("", "family"), ("person_decision", ""), ("no_such", "family")])
def test_an_exit_says_why_and_to_what_kind_of_place(world: World, reason: str, destination: str) -> None:
    stay_id = a_stay(world)
    with pytest.raises(Refusal, match="not in the list"):
        exit_stays(by=world.dora, rows=[Exit(stay_id=stay_id, reason_code=reason, destination_code=destination)])
    assert status_of(stay_id) == "admitted"


def test_when_no_bed_is_free_the_next_is_told_and_may_wait_in_the_line(world: World) -> None:
    unit_id = a_shelter(world, beds=1)
    a_stay(world, unit_id)
    case_id, referral_id = referred(world)
    with pytest.raises(Refusal, match="no free bed"):
        held(world.dora, case_id, unit_id)
    site_id = BedUnit.objects.get(pk=unit_id).site_id
    waiting = request_bed(by=world.dora, case_id=case_id, site_id=site_id, referral_id=referral_id)
    left(world.dora, Stay.objects.get(status="admitted").pk)
    held(world.dora, case_id, unit_id, stay_id=waiting.pk)
    assert verbs(waiting.pk) == ["request", "hold"]
    other, _ = referred(world)
    line = request_bed(by=world.dora, case_id=other, site_id=site_id)
    refuse_stay(by=world.dora, stay_id=line.pk)
    assert status_of(line.pk) == "refused"


def test_a_held_bed_is_released_or_lapses_but_a_stay_never_ends_by_itself(world: World) -> None:
    unit_id = a_shelter(world, beds=3)
    ids = [held(world.dora, referred(world)[0], unit_id) for _ in range(3)]
    release_stay(by=world.dora, stay_id=ids[0])
    admitted(world.dora, ids[1])
    later = timezone.now() + timedelta(days=400)
    assert lapse_holds(by=SYSTEM, at=timezone.now() + 35 * HOUR) == 0
    assert lapse_holds(by=SYSTEM, at=later) == 1
    assert lapse_holds(by=SYSTEM, at=later) == 0
    assert [status_of(pk) for pk in ids] == ["released", "admitted", "released"]
    with pytest.raises(Refusal):
        release_stay(by=world.dora, stay_id=ids[1])


def test_a_person_moves_inside_the_agency_and_the_referral_goes_along(world: World) -> None:
    unit_id = a_shelter(world, max_stay_days=60)
    before = a_stay(world, unit_id)
    second = a_unit(world.dora, BedUnit.objects.get(pk=unit_id).site_id, name="West")
    with pytest.raises(Refusal, match="against their will"):
        transfer_stay(by=world.dora, row=Transfer(stay_id=before, unit_id=second, is_voluntary=False))
    after = transfer_stay(by=world.dora, row=Transfer(stay_id=before, unit_id=second, is_voluntary=True))
    old, new = Stay.objects.get(pk=before), Stay.objects.get(pk=after.pk)
    assert (old.status, old.transferred_to_id, new.status) == ("transferred", new.pk, "admitted")
    assert new.limit_at == old.limit_at, "the same house does not begin to count anew"
    assert new.referral_id == Referral.objects.get().pk
    assert Referral.objects.get().status == "started"
    left(world.dora, new.pk, reason_code="plan_completed")
    assert Referral.objects.get().status == "completed"


def test_being_admitted_by_another_agency_ends_the_stay_before(world: World) -> None:
    before = a_stay(world)
    case_id = Stay.objects.get().case_id
    house = a_house(SYSTEM, agency_code="prosecutor-north", state_code="XX-N")
    unit_id = a_unit(SYSTEM, house)
    keeper = keeping(world)
    after = admitted(keeper, held(keeper, case_id, unit_id))
    old = Stay.objects.get(pk=before)
    assert (old.status, old.transferred_to_id) == ("transferred", after)
    last = StayStep.objects.filter(stay_id=before).latest("at")
    assert (last.verb, last.agency_code) == ("transfer", "shelter-isles"), "who was left is not told where to"


def keeping(world: World) -> Actor:
    """Bruno, were his agency to keep beds."""
    more = {"STAY_RECORD", "BEDS_KEEP", "DIRECTORY_EDIT", "REFERRAL_DELIVER"}
    return replace(world.bruno, can=world.bruno.can | more)


def test_children_come_and_leave_with_their_mother_each_in_a_bed(world: World) -> None:
    unit_id = a_shelter(world, beds=3)
    case_id, _ = referred(world)
    with pytest.raises(Refusal, match="no free bed"):
        held(world.dora, case_id, unit_id, companions=3)
    stay_id = admitted(world.dora, held(world.dora, case_id, unit_id, companions=2))
    assert free_beds([unit_id])[unit_id].free == 0
    assert set(Stay.objects.values_list("status", flat=True)) == {"admitted"}
    assert [row.pk for row in stays_of_case(viewer=world.bruno, case_id=case_id)] == [stay_id]
    second = a_unit(world.dora, Stay.objects.first().site_id, name="West", beds=3)
    moved = transfer_stay(by=world.dora, row=Transfer(stay_id=stay_id, unit_id=second, is_voluntary=True))
    assert free_beds([unit_id, second])[unit_id].free == 3
    assert free_beds([unit_id, second])[second].free == 0
    left(world.dora, moved.pk)
    assert free_beds([second])[second].free == 3


def test_only_the_agency_of_the_site_writes_and_only_it_and_the_lead_read(world: World) -> None:
    stay_id = a_stay(world)
    assert read_stay(viewer=world.bruno, stay_id=stay_id).pk == stay_id
    assert read_stay(viewer=world.dora, stay_id=stay_id).pk == stay_id
    assert steps(viewer=world.bruno, stay_id=stay_id)
    with pytest.raises(Forbidden):
        read_stay(viewer=world.carla, stay_id=stay_id)
    with pytest.raises(Missing):
        read_stay(viewer=world.nadia, stay_id=stay_id)
    with pytest.raises(Forbidden):
        left(world.bruno, stay_id)
    with pytest.raises(Missing):
        left(keeping(world), stay_id)
    reads = AuditEvent.objects.filter(action="stay.read", data_class="B")
    assert sorted(reads.values_list("chain", flat=True)) == ["prosecutor-north", "shelter-isles"]


def test_a_bed_is_held_only_for_an_open_case_and_an_accepted_referral(world: World) -> None:
    unit_id = a_shelter(world)
    stranger = a_case(world.bruno)
    with pytest.raises(Missing):
        held(world.dora, stranger, unit_id)
    waiting = a_referral(world.bruno, stranger, to="shelter-isles")
    case_id, _ = referred(world)
    for wrong in (waiting, uuid4()):
        with pytest.raises(Refusal):
            held(world.dora, case_id, unit_id, referral_id=wrong)
    close_case(by=world.bruno, case_id=case_id, reason_code="moved")
    with pytest.raises(Refusal, match="closed"):
        held(world.dora, case_id, unit_id)


def test_a_closed_unit_and_a_bed_out_of_service_take_nobody(world: World) -> None:
    unit_id = a_shelter(world, beds=1)
    case_id, _ = referred(world)
    bed = Bed.objects.get()
    take_out_of_service(by=world.dora, bed_ids=[bed.pk], reason_code="repair")
    with pytest.raises(Refusal, match="no free bed"):
        held(world.dora, case_id, unit_id)
    with pytest.raises(Refusal, match="no free bed"):
        held(world.dora, case_id, unit_id, bed_id=bed.pk)
    Site.objects.update(is_open=False)
    with pytest.raises(Refusal, match="takes nobody"):
        held(world.dora, case_id, unit_id)


def test_a_step_is_not_dated_before_the_one_it_follows(world: World) -> None:
    unit_id, (case_id, _) = a_shelter(world), referred(world)
    now = timezone.now()
    stay_id = held(world.dora, case_id, unit_id, at=now - DAY)
    with pytest.raises(Refusal, match="dated before"):
        admitted(world.dora, stay_id, at=now - 2 * DAY)
    admitted(world.dora, stay_id, at=now - HOUR)
    with pytest.raises(Refusal, match="dated before"):
        left(world.dora, stay_id, at=now - 2 * HOUR)


def test_a_stay_is_made_longer_once_and_only_with_a_plan(world: World) -> None:
    stay_id = a_stay(world, a_shelter(world, max_stay_days=30, extension_days=10))
    limit = Stay.objects.get().limit_at
    with pytest.raises(Refusal, match="exit plan"):
        extend_stay(by=world.dora, stay_id=stay_id)
    plan_exit(by=world.dora, stay_id=stay_id, destination_code="family", plan="With her aunt, after the papers.")
    assert extend_stay(by=world.dora, stay_id=stay_id).limit_at == limit + timedelta(days=10)
    with pytest.raises(Refusal, match="no further extension"):
        extend_stay(by=world.dora, stay_id=stay_id)


def test_asking_again_is_recorded_either_way(world: World) -> None:
    stay_id = a_stay(world)
    assert confirm_stay(by=world.dora, stay_id=stay_id, wants_to_stay=False).wants_out_at
    assert confirm_stay(by=world.dora, stay_id=stay_id, wants_to_stay=True).wants_out_at is None
    assert verbs(stay_id) == ["hold", "admit", "want_out", "agree"]
    left(world.dora, stay_id)
    with pytest.raises(Refusal, match="does not stay here"):
        confirm_stay(by=world.dora, stay_id=stay_id, wants_to_stay=True)


def test_a_batch_with_one_fault_holds_nothing(world: World) -> None:
    unit_id, (case_id, _) = a_shelter(world), referred(world)
    rows = [Hold(case_id=case_id, unit_id=unit_id), Hold(case_id=uuid4(), unit_id=unit_id)]
    with pytest.raises(Missing):
        hold_beds(by=world.dora, rows=rows)
    assert not Stay.objects.exists()
