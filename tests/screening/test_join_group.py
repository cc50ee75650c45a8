"""Group screening: what is the same for all is answered once, reaches everybody, and yields to what each one says."""

from uuid import UUID

import pytest

from enlace.base.errors import Missing, Refusal
from enlace.country.protocols import Value
from enlace.screening.actions import (
    Finish,
    GroupPage,
    GroupStart,
    answer_group,
    finish_screenings,
    join_group,
    start_group,
)
from enlace.screening.models import Answer, GroupScreening, Screening
from enlace.screening.queries import members, screening, standing_of
from tests.screening.talks import TALK, VISIT, said
from tests.world import World, a_person

SHARED = {"state": "XX-N", "locked": "yes"}


def a_group(world: World, protocol: str = VISIT, **facts: object) -> GroupScreening:
    return start_group(by=world.alma, row=GroupStart(protocol_code=protocol, **facts))


def joined(world: World, group: GroupScreening, count: int = 2) -> list[Screening]:
    people = [a_person(world.alma) for _ in range(count)]
    return join_group(by=world.alma, group_id=group.pk, person_ids=people, safety_codes=["apart"])


def all_say(world: World, group: GroupScreening, values: dict[str, object], **facts: object) -> None:
    page = GroupPage(group_id=group.pk, protocol_version=1, values=values, **facts)
    answer_group(by=world.alma, row=page)


def stands(world: World, screening_id: UUID) -> dict[str, Value]:
    return standing_of(screening(viewer=world.alma, screening_id=screening_id)).values


def test_what_is_answered_for_all_reaches_those_there_and_those_who_come_later(world: World) -> None:
    group = a_group(world)
    there = joined(world, group)
    all_say(world, group, SHARED)
    later = joined(world, group, 1)
    assert [stands(world, row.pk) for row in [*there, *later]] == [SHARED] * 3
    copies = Answer.objects.filter(screening__isnull=False)
    assert {row.copied_from.group_id for row in copies} == {group.pk}


def test_a_shared_answer_that_changes_reaches_all_but_whoever_was_asked_alone(world: World) -> None:
    group = a_group(world)
    all_say(world, group, SHARED)
    one, other = joined(world, group)
    said(world.alma, one.pk, {"locked": "no"})
    all_say(world, group, {"locked": "yes", "state": "XX-S"})
    assert stands(world, one.pk) == {"state": "XX-S", "locked": "no"}
    assert stands(world, other.pk) == {"state": "XX-S", "locked": "yes"}


def test_a_finished_screening_is_not_touched_any_more(world: World) -> None:
    group = a_group(world)
    all_say(world, group, SHARED)
    one = joined(world, group, 1)[0]
    finish_screenings(by=world.alma, rows=[Finish(screening_id=one.pk)])
    all_say(world, group, {"locked": "no"})
    assert stands(world, one.pk) == SHARED


def test_what_each_one_is_asked_alone_is_not_answered_for_all(world: World) -> None:
    group = a_group(world)
    with pytest.raises(Refusal, match="How old are you"):
        all_say(world, group, {"locked": "yes", "age": 20})
    assert not Answer.objects.exists()


def test_the_second_of_two_who_answer_for_all_is_told(world: World) -> None:
    group = a_group(world)
    all_say(world, group, {"locked": "yes"}, seen={})
    with pytest.raises(Refusal, match="Somebody else"):
        all_say(world, group, {"locked": "no"}, seen={})


def test_nobody_joins_twice_and_strangers_do_not_join(world: World) -> None:
    group = a_group(world)
    person_id = a_person(world.alma)
    for _ in range(2):
        join_group(by=world.alma, group_id=group.pk, person_ids=[person_id, person_id])
    assert len(members(viewer=world.alma, group_id=group.pk)) == 1
    with pytest.raises(Missing):
        join_group(by=world.alma, group_id=group.pk, person_ids=[a_person(world.bruno)])
    with pytest.raises(Missing):
        join_group(by=world.bruno, group_id=group.pk, person_ids=[a_person(world.bruno)])


def test_a_protocol_that_shares_nothing_is_not_for_a_group(world: World) -> None:
    with pytest.raises(Refusal, match="alone"):
        a_group(world, TALK)
    with pytest.raises(Refusal, match="not meant"):
        a_group(world, channel_code="school")
