"""What statistics counts in casework for the check of a periodic return."""

from datetime import date

from enlace.returns import queries
from enlace.returns.actions import check_return
from enlace.returns.models import PeriodicReturn
from enlace.statistics.apps import casework
from tests.returns.cast import submitted
from tests.world import World, a_case, identified

START, END = date(2000, 1, 1), date(2199, 12, 31)


def test_it_counts_for_the_state_and_for_the_country(world: World) -> None:
    for _ in range(3):
        identified(world.bruno, a_case(world.bruno))
    assert casework(["identified"], "XX-N", START, END) == {"identified": 3}
    assert casework(["identified"], "", START, END) == {"identified": 3}


def test_where_nobody_reported_there_is_no_number(world: World) -> None:
    identified(world.bruno, a_case(world.bruno))
    assert casework(["identified"], "XX-S", START, END) == {}
    assert casework(["nothing"], "XX-N", START, END) == {}


def test_a_return_is_held_against_it_by_whoever_checks(world: World) -> None:
    return_id = submitted(world.bruno, {"found|": "5"}, period="2024-H1")
    PeriodicReturn.objects.filter(pk=return_id).update(casework={"identified": 3})
    row = PeriodicReturn.objects.get(pk=return_id)
    (found,) = [one for one in queries.findings_of(row) if one.rule == "found_in_enlace"]
    assert (found.level, found.found, found.other) == ("warning", 5, 3)
    assert check_return(by=world.elena, return_id=return_id).casework == {}  # nobody was identified in 2024
