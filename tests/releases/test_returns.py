"""What states and agencies returned is in the release, with who answered; what came later is not."""

import pytest

from enlace.releases.actions import approve_release
from enlace.returns.models import PeriodicReturn
from tests.releases.closing import again, counted, prepared, second
from tests.returns.cast import accepted
from tests.world import World

pytestmark = pytest.mark.django_db


def test_returns_are_published_with_the_release_that_holds_them(world: World) -> None:
    zoe = second(world)
    counted(world, size=30)
    first = accepted(world.bruno, world.elena, {"charged": "12"})
    again(world)
    row = prepared(world)
    charged = next(item for item in row.document["indicators"] if item["id"] == "charged")
    assert charged["completeness"] == {"states": 0, "partly": 1, "of": 3}
    assert PeriodicReturn.objects.get(pk=first).status == "accepted"
    approve_release(by=zoe, number=row.number)
    assert PeriodicReturn.objects.get(pk=first).status == "published"


def test_a_return_accepted_after_the_release_was_prepared_is_not_in_it(world: World) -> None:
    zoe = second(world)
    counted(world, size=30)
    row = prepared(world)
    later = accepted(world.bruno, world.elena)
    approve_release(by=zoe, number=row.number)
    assert PeriodicReturn.objects.get(pk=later).status == "accepted"
