"""Beginning a screening: whom, under which protocol, and nothing before the steps of safety."""

import pytest

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.screening.actions import Start, confirm_safety, start_screenings
from enlace.screening.models import Screening
from tests.screening.talks import LITTLE, PRESUMED, SECOND, TALK, a_screening, finished, not_safe_yet, row_of, said
from tests.world import World, a_person


def begin(by: object, **facts: object) -> Screening:
    row = {"protocol_code": TALK, **facts}
    return start_screenings(by=by, rows=[Start(**row)])[0]


def test_a_screening_keeps_the_version_and_content_of_its_protocol(world: World) -> None:
    row = row_of(a_screening(world.alma))
    assert (row.protocol_code, row.protocol_version, row.status) == (TALK, 1, "draft")
    assert len(row.protocol_digest) == 64
    assert (row.agency_code, row.screener) == (world.alma.agency_code, world.alma.id)


def test_many_people_are_screened_at_once_or_none(world: World) -> None:
    mine, foreign = [a_person(world.alma) for _ in range(3)], a_person(world.bruno)
    rows = [Start(person_id=pk, protocol_code=TALK) for pk in [*mine, foreign]]
    with pytest.raises(Missing):
        start_screenings(by=world.alma, rows=rows)
    assert not Screening.objects.exists()
    assert len(start_screenings(by=world.alma, rows=rows[:3])) == 3


def test_whoever_may_not_screen_begins_nothing(world: World) -> None:
    with pytest.raises(Forbidden):
        begin(world.elena, person_id=a_person(world.alma))


@pytest.mark.parametrize(
    "facts",
    [
        {"protocol_code": "no_such"},
        {"protocol_code": SECOND},
        {"channel_code": "no_such"},
        {"state_code": "no_such"},
        {"risk_codes": ("no_such",)},
        {"protocol_code": "group_visit", "channel_code": "school"},
    ],
)
def test_what_the_pack_does_not_offer_is_refused(world: World, facts: dict[str, object]) -> None:
    with pytest.raises(Refusal):
        begin(world.alma, person_id=a_person(world.alma), **facts)


def test_an_agency_of_another_kind_is_not_offered_the_protocol(world: World) -> None:
    with pytest.raises(Refusal, match="not meant"):
        begin(world.bruno, person_id=a_person(world.bruno), protocol_code="group_visit")


def test_nothing_is_answered_before_the_required_step_of_safety(world: World) -> None:
    screening_id = not_safe_yet(world.alma)
    with pytest.raises(Refusal, match="before the first question"):
        said(world.alma, screening_id, LITTLE)
    with pytest.raises(Refusal, match="Without these steps"):
        confirm_safety(by=world.alma, screening_id=screening_id, codes=["stop"])
    confirm_safety(by=world.alma, screening_id=screening_id, codes=["stop", "alone"])
    assert row_of(screening_id).safety_codes == ["alone", "stop"]
    said(world.alma, screening_id, LITTLE)


def test_another_agency_finds_no_such_screening(world: World) -> None:
    screening_id = not_safe_yet(world.alma)
    with pytest.raises(Missing):
        confirm_safety(by=world.bruno, screening_id=screening_id, codes=["alone"])


def test_a_second_screening_follows_one_that_left_too_much_open_and_only_once(world: World) -> None:
    person_id = a_person(world.alma)
    first = finished(world.alma, LITTLE, person_id).screening_id
    second = begin(world.alma, person_id=person_id, protocol_code=SECOND, second_of=first)
    assert second.second_of_id == first
    assert row_of(first).second_started_at == second.started_at
    with pytest.raises(Refusal, match="somebody has begun"):
        begin(world.alma, person_id=person_id, second_of=first)


def test_the_short_second_protocol_is_not_put_after_a_clear_finding(world: World) -> None:
    person_id = a_person(world.alma)
    first = finished(world.alma, PRESUMED, person_id).screening_id
    with pytest.raises(Refusal, match="left too much open"):
        begin(world.alma, person_id=person_id, protocol_code=SECOND, second_of=first)
    assert begin(world.alma, person_id=person_id, second_of=first).second_of_id == first


def test_a_second_screening_is_about_the_same_person_and_after_the_end_of_the_first(world: World) -> None:
    first = finished(world.alma, LITTLE).screening_id
    with pytest.raises(Refusal, match="same person"):
        begin(world.alma, person_id=a_person(world.alma), second_of=first)
    open_one = a_screening(world.alma, person := a_person(world.alma))
    with pytest.raises(Refusal, match="not finished"):
        begin(world.alma, person_id=person, second_of=open_one)


def test_a_version_whose_content_has_changed_is_asked_of_nobody_else(world: World) -> None:
    screening_id = a_screening(world.alma)
    Screening.objects.filter(pk=screening_id).update(protocol_digest="0" * 64)
    with pytest.raises(Refusal, match="new version number"):
        begin(world.bruno, person_id=a_person(world.bruno))
    with pytest.raises(Refusal, match="under the same version"):
        said(world.alma, screening_id, LITTLE)
