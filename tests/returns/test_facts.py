"""What statistics reads: the newest accepted numbers, and who owes which."""

from datetime import date
from decimal import Decimal

from enlace.country.queries import current
from enlace.returns import facts, report
from enlace.returns.actions import accept_return, check_return, revise_return, save_return, submit_return
from tests.returns.cast import BORDER, accepted, submitted, typed
from tests.world import World

YEAR = (date(2024, 1, 1), date(2024, 12, 31))


def numbers(measure: str) -> list[tuple[str, str, Decimal | None]]:
    return [(one.state, one.kind, one.value) for one in facts.accepted(*YEAR) if one.measure == measure and not one.key]


def test_only_accepted_numbers_are_facts(world: World) -> None:
    submitted(world.bruno, {"charged|": "3"})
    assert list(facts.accepted(*YEAR)) == []


def test_a_fact_says_unit_state_kind_and_whose_it_is(world: World) -> None:
    return_id = accepted(world.bruno, world.elena, {"found|": "4", "found|sex=female": "0"})
    found = {(one.measure, one.key): one for one in facts.accepted(*YEAR)}
    total, women = found["found", ()], found["found", (("sex", "female"),)]
    assert (total.unit, total.state, total.jurisdiction, total.agency_kind) == ("person", "XX-N", "state", "prosecutor")
    assert (total.value, total.kind, women.value, women.kind) == (4, "value", 0, "zero")
    assert (total.start, total.end, total.return_id) == (date(2024, 1, 1), date(2024, 6, 30), str(return_id))
    assert (found["charged", ()].value, found["charged", ()].kind) == (None, "no_data")


def test_a_correction_counts_from_when_it_is_accepted(world: World) -> None:
    first = accepted(world.bruno, world.elena, {"charged|": "3"})
    again = revise_return(by=world.bruno, return_id=first, because="A file was found.")
    save_return(by=world.bruno, return_id=again.pk, typed=typed({"charged|": "5"}))
    submit_return(by=world.bruno, return_id=again.pk)
    assert numbers("charged") == [("XX-N", "value", Decimal(3))]
    check_return(by=world.elena, return_id=again.pk)
    accept_return(by=world.elena, return_id=again.pk)
    assert numbers("charged") == [("XX-N", "value", Decimal(5))]


def test_a_period_half_outside_the_span_is_not_in_it(world: World) -> None:
    accepted(world.bruno, world.elena, {"charged|": "3"})
    assert list(facts.accepted(date(2024, 1, 2), date(2024, 12, 31))) == []
    assert list(facts.accepted(date(2024, 1, 1), date(2024, 6, 29))) == []


def test_whoever_owes_a_number_is_missing_until_it_is_accepted(world: World) -> None:
    accepted(world.bruno, world.elena, {"charged|": "0"})
    found = [one for one in facts.completeness(*YEAR) if one.measure == "charged"]
    kinds = {(one.state, one.period): one.kind for one in found}
    assert kinds == {
        ("XX-N", "2024-H1"): "zero", ("XX-S", "2024-H1"): "missing", ("XX-I", "2024-H1"): "missing",
        ("XX-N", "2024-H2"): "missing", ("XX-S", "2024-H2"): "missing", ("XX-I", "2024-H2"): "missing",
    }  # fmt: skip
    federal = [one for one in facts.completeness(*YEAR) if one.template == BORDER]
    assert {(one.state, one.jurisdiction, one.period) for one in federal} == {
        ("", "federal", f"2024-Q{number}") for number in (1, 2, 3, 4)
    }


def test_a_state_has_reported_when_every_period_has_a_number(world: World) -> None:
    accepted(world.bruno, world.elena, {"charged|": "2"})
    accepted(world.bruno, world.elena, {"charged|": "0"}, period="2024-H2")
    accepted(world.bruno, world.elena, {"charged|": "1"}, period="2023-H2")
    found = facts.completeness(*YEAR)
    assert facts.reported(facts.of_measure(found, "crown_justice", "charged")) == (1, 3)
    assert facts.reported(facts.of_measure(found, "crown_justice", "inquiries")) == (0, 3)
    assert facts.reported(facts.of_measure(found, BORDER, "permits")) == (0, 0)


def test_who_sees_one_state_sees_the_completeness_of_that_state(world: World) -> None:
    found = report.completeness(viewer=world.bruno, start=YEAR[0], end=YEAR[1])
    assert {one.state for one in found} == {"XX-N"}
    every = report.completeness(viewer=world.elena, start=YEAR[0], end=YEAR[1])
    assert {one.state for one in every} == {"", *current().states_by_code}
