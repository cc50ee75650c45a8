"""The year closed from a terminal, by two accounts."""

import pytest

from enlace.cli import main
from enlace.releases import queries
from tests.releases.closing import REASON, again, counted, second
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

pytestmark = pytest.mark.django_db
PREPARE = ["release", "prepare", "--year", str(YEAR), "--as", "elena"]


def test_two_accounts_close_a_year(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    second(world)
    counted(world)
    assert main(PREPARE) == 0
    assert main(["release", "approve", "1", "--as", "elena"]) == 1
    assert "Somebody else" in capsys.readouterr().err
    assert main(["release", "approve", "1", "--as", "zoe"]) == 0
    assert main(["release", "list"]) == 0
    assert f"1\t{YEAR}\tapproved" in capsys.readouterr().out


def test_reasons_are_given_for_all_or_for_one(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    second(world)
    counted(world)
    main(PREPARE)
    main(["release", "approve", "1", "--as", "zoe"])
    make_nation(11, 40)
    again(world)
    assert main(PREPARE) == 1
    assert "identified" in capsys.readouterr().err
    assert main([*PREPARE, "--reason", REASON, "--reason", "identified=A state was late."]) == 0
    changes = queries.release(viewer=world.elena, number=2).document["changes"]
    reasons = {(change["indicator"] == "identified", change["reason"]) for change in changes}
    assert reasons == {(True, "A state was late."), (False, REASON)}


def test_a_refused_release_stays_where_it_is(world: World) -> None:
    second(world)
    counted(world)
    main(PREPARE)
    assert main(["release", "refuse", "1", "--as", "zoe", "--reason", "doubtful"]) == 0
    assert main(["release", "approve", "1", "--as", "zoe"]) == 1
    assert queries.public_releases() == []


def test_there_is_no_release_of_that_number(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("verify", "attack"):
        assert main(["release", verb, "9"]) == 1
        assert "no such release" in capsys.readouterr().err


def test_an_account_without_the_permission_does_nothing(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    counted(world)
    assert main([*PREPARE[:-1], "bruno"]) == 1
    assert queries.all_releases(viewer=world.elena) == []
