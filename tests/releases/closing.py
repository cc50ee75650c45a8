"""A year to close: an invented nation, its count, and the two people whom a release takes."""

from enlace.accounts.actions import create_user
from enlace.accounts.queries import actor_for
from enlace.base.actor import Actor
from enlace.releases.actions import approve_release, prepare_release
from enlace.releases.models import Release
from enlace.statistics.actions import compute_mechanism, compute_national
from tests.statistics.nation import YEAR, make_nation
from tests.world import SYSTEM, World

REASON = "Two agencies sent records after the year was closed."


def second(world: World) -> Actor:
    """Another statistician of the commission, beside Elena."""
    user = create_user(by=SYSTEM, username="zoe", display_name="Zoe", agency_code="commission", role_codes=["R17"])
    return actor_for(user)


def counted(world: World, seed: int = 7, size: int = 120) -> None:
    """The year with people in it, counted."""
    make_nation(seed, size)
    again(world)


def again(world: World) -> None:
    """Count the year once more."""
    compute_national(by=world.elena, year=YEAR)
    compute_mechanism(by=world.elena, year=YEAR)


def prepared(world: World, **facts: object) -> Release:
    return prepare_release(by=world.elena, year=YEAR, **facts)


def closed(world: World, zoe: Actor, size: int = 120) -> Release:
    """The year counted, prepared by one and approved by the other."""
    counted(world, size=size)
    row = prepared(world)
    approve_release(by=zoe, number=row.number)
    row.refresh_from_db()
    return row


def every_reason(row: Release) -> dict[str, str]:
    """A reason for each indicator of a release."""
    return {item["id"]: REASON for item in row.document["indicators"]}
