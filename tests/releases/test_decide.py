"""A release goes out when a second person signs it, and only when nothing withheld can be worked out."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.releases import checks, files, queries
from enlace.releases.actions import approve_release, close_year, refuse_release
from enlace.releases.models import Release, ReleaseDecision
from tests.releases.closing import again, closed, counted, every_reason, prepared, second
from tests.releases.leak import leaking
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_prepared_release_is_reached_by_nobody_outside(world: World) -> None:
    counted(world)
    prepared(world)
    assert queries.public_releases() == []
    with pytest.raises(Missing):
        queries.public_release(1)


def test_the_second_person_signs_it_and_it_is_public(world: World) -> None:
    zoe = second(world)
    row = closed(world, zoe)
    stand = queries.public_release(row.number)
    assert stand.status == "approved"
    manifest = queries.file_of(row, files.MANIFEST)
    key: Any = load_pem_public_key(queries.file_of(row, files.KEY))
    key.verify(queries.file_of(row, files.SIGNATURE), manifest)
    assert json.loads(manifest)["release"] == 1
    assert AuditEvent.objects.filter(action="release.approved", actor_id=zoe.id).count() == 1


def test_nobody_approves_or_refuses_what_they_prepared(world: World) -> None:
    counted(world)
    row = prepared(world)
    with pytest.raises(Refusal, match="Somebody else"):
        approve_release(by=world.elena, number=row.number)
    with pytest.raises(Refusal, match="Somebody else"):
        refuse_release(by=world.elena, number=row.number, reason="doubtful")
    assert not ReleaseDecision.objects.exists()


def test_a_refusal_needs_a_reason_and_ends_it(world: World) -> None:
    zoe = second(world)
    counted(world)
    row = prepared(world)
    with pytest.raises(Refusal, match="Say why"):
        refuse_release(by=zoe, number=row.number, reason=" ")
    refuse_release(by=zoe, number=row.number, reason="One state sent its return twice.")
    assert queries.release(viewer=zoe, number=row.number).status == "refused"
    with pytest.raises(Refusal, match="not possible"):
        approve_release(by=zoe, number=row.number)
    assert queries.public_releases() == []


def test_only_who_may_approve_decides(world: World) -> None:
    counted(world)
    row = prepared(world)
    for decide in (approve_release, lambda **named: refuse_release(reason="no", **named)):
        with pytest.raises(Forbidden):
            decide(by=world.gema, number=row.number)


def test_a_later_release_takes_the_place_of_the_one_before(world: World) -> None:
    zoe = second(world)
    first = closed(world, zoe)
    make_nation(11, 40)
    row = close_year_again(world, zoe, every_reason(first))
    stands = {stand.release.number: (stand.status, stand.followed_by) for stand in queries.public_releases()}
    assert stands == {first.number: ("superseded", row.number), row.number: ("approved", 0)}


def close_year_again(world: World, zoe: Any, reasons: dict[str, str]) -> Release:
    again(world)
    return close_year(by=world.elena, second=zoe, year=YEAR, reasons=reasons)


def test_of_two_prepared_beside_one_another_the_second_is_prepared_again(world: World) -> None:
    zoe = second(world)
    counted(world)
    one, other = prepared(world), prepared(world)
    approve_release(by=zoe, number=one.number)
    with pytest.raises(Refusal, match="prepare it again"):
        approve_release(by=zoe, number=other.number)


def test_a_release_that_gives_a_withheld_number_away_is_not_approved(world: World) -> None:
    """The planted fault: one withheld number of a table is shown, and with it the others of its margin follow."""
    zoe = second(world)
    counted(world)
    row = prepared(world)
    spoiled = leaking(row)
    before = ReleaseDecision.objects.count()
    with pytest.raises(Refusal, match="could be worked out"):
        approve_release(by=zoe, number=spoiled.number)
    assert ReleaseDecision.objects.count() == before
    assert checks.attacked_by_outsider(spoiled).recovered
