"""An answer is right, small counts in it are withheld, and nothing that was given before undoes that."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.country.queries import current
from enlace.statistics import actions, questions
from enlace.statistics.given import nationally_given, published_of
from enlace.statistics.models import GivenTable, NationalTable, SavedTable
from enlace.statistics.national import categories, period_of
from enlace.statistics.questions import Question
from enlace.statistics.snapshot import snapshot
from reckon.disclosure import attack
from reckon.indicators import oracle
from reckon.tables import CountTable, Table, from_arrow
from tests.statistics.asking import a_counted_nation, answered, asked, cells, question
from tests.statistics.nation import END, START, YEAR, make_nation
from tests.world import World


def slow_table(*names: str) -> CountTable:
    """The people of the year's facts by these dimensions, counted one after another."""
    national = NationalTable.objects.order_by("-cut_off")[0]
    definition = questions.definition_of(current(), "identified")
    found = oracle.count(
        definition, from_arrow(snapshot(START, END)), period_of(str(YEAR)), categories(current()),
        crosses=[names] if len(names) > 1 else [], reporting_states=national.reporting_states,
    )  # fmt: skip
    return next(table for table in found if table.dimensions == names)


def given() -> list[list[Table]]:
    """Everything that anybody was shown of the indicator: the answers, newest first, and the national table."""
    national = NationalTable.objects.order_by("-cut_off")[0]
    cubes = [published_of(row) for row in GivenTable.objects.order_by("-number")]
    counted = [
        slow_table(),
        *(slow_table(name) for name in questions.definition_of(current(), "identified").dimensions),
    ]
    return [*cubes, [item.published for item in nationally_given(national, counted)]]


def test_an_answer_says_what_a_slow_count_says(world: World) -> None:
    a_counted_nation(world)
    row = answered(world.elena, question("sex", "age_group"))
    shown = 0
    for names in ((), ("sex",), ("age_group",), ("sex", "age_group")):
        for codes, (value, status) in cells(row, *names).items():
            count = slow_table(*names)[codes]
            if value is None:
                assert status == "suppressed"
                assert count
            else:
                shown += 1
                assert value == count
                assert not 0 < value < current().disclosure.threshold
    assert (row.status, row.reason) == ("answered", "")
    assert shown > 10


def test_a_filter_keeps_its_codes_and_adds_up_those_that_are_not_shown(world: World) -> None:
    a_counted_nation(world)
    one = answered(world.elena, question("age_group", sex="female"))
    slow = slow_table("sex", "age_group")
    found = cells(one, "age_group")
    assert {value for value, _ in found.values()} - {None, 0}
    assert all(value in (None, slow["female", code]) for (code,), (value, _) in found.items())
    both = answered(world.elena, question("age_group", sex=["female", "male"]))
    sums = cells(both, "age_group")
    for (code,), (value, _) in sums.items():
        parts = [
            cells(answered(world.elena, question("age_group", "sex")), "age_group", "sex")[code, sex]
            for sex in ("female", "male")
        ]
        known = [part for part, _ in parts]
        assert value == (None if None in known else sum(part for part in known if part is not None))
    assert list(cells(answered(world.elena, question("sex", sex="male")), "sex")) == [("male",)]


def test_a_filter_that_leaves_nothing_out_is_none(world: World) -> None:
    a_counted_nation(world, size=40)
    every = questions.listed(current(), questions.definition_of(current(), "identified"), "sex")
    assert asked(world.elena, question("state", sex=every)).query["only"] == {}


@pytest.mark.parametrize("seed", [1, 2])
def test_all_that_was_given_together_gives_no_small_count_away(world: World, seed: int) -> None:
    a_counted_nation(world, seed, 80)
    for wanted in (
        question("sex", "form"),
        question("state", sex="male"),
        question("form", "age_group"),
        question("state", "form"),
    ):
        answered(world.elena, wanted)
    assert GivenTable.objects.count() == 4
    found = attack(given()[0], earlier=given()[1:])
    assert found
    assert not [interval for interval in found if interval.is_recovered]


def test_a_question_inside_one_that_was_answered_gives_nothing_new(world: World) -> None:
    a_counted_nation(world)
    first = answered(world.elena, question("sex", "age_group"))
    again = answered(world.elena, question("sex", "age_group"))
    part = answered(world.elena, question("age_group", sex="female"))
    assert GivenTable.objects.count() == 1
    assert again.digest == first.digest
    assert cells(part, "age_group") == {
        (code,): cell for (sex, code), cell in cells(first, "sex", "age_group").items() if sex == "female"
    }


def test_a_table_that_would_show_no_number_says_so(world: World) -> None:
    a_counted_nation(world, size=14)
    row = answered(world.elena, question("sex", "age_group", "form"))
    assert (row.status, row.reason, row.result) == ("refused", "empty", {})


def test_what_changed_since_the_count_is_counted_first(world: World) -> None:
    a_counted_nation(world, size=40)
    make_nation(9, 10)
    row = answered(world.elena, question("sex"))
    assert (row.status, row.reason) == ("refused", "stale")
    assert not GivenTable.objects.exists()
    actions.compute_national(by=world.elena, year=YEAR)
    actions.repeat_question(by=world.elena, table_id=row.pk)
    actions.answer_question(by=world.elena, table_id=row.pk)
    row.refresh_from_db()
    assert row.status == "answered"


def test_answers_after_a_change_are_protected_together_with_those_before(world: World) -> None:
    a_counted_nation(world, seed=4, size=80)
    answered(world.elena, question("sex", "form"))
    make_nation(11, 3)
    actions.compute_national(by=world.elena, year=YEAR)
    answered(world.elena, question("sex", "form"))
    later, sooner = (published_of(row) for row in GivenTable.objects.order_by("-number"))
    assert GivenTable.objects.values_list("facts_digest").distinct().count() == 2
    assert not [interval for interval in attack(later, earlier=[sooner]) if interval.is_recovered]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (question("sex", indicator="spent"), "Choose one of the indicators"),
        (question("sex", indicator="inquiries"), "Choose one of the indicators"),
        (question("sex", "sex"), "up to three dimensions"),
        (question("state", "sex", "age_group", "form"), "up to three dimensions"),
        (question("name"), "not broken down by name"),
        (question(case="x"), "not broken down by case"),
        (question("sex", state="XX-Q"), "not in its list"),
        (question("sex", state=[]), "not in its list"),
        (
            question("state", "form", "age_group", sex="male", nationality="foreign", marital_status="single"),
            "up to 2000",
        ),
        (Question("identified", "2001", ("sex",), {}), "has not been counted"),
        (Question("identified", "x", ("sex",), {}), "has not been counted"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(world: World, wanted: Question, words: str) -> None:
    with pytest.raises(Refusal, match=words):
        asked(world.elena, wanted)
    assert not SavedTable.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_table_has_a_name(world: World, name: str) -> None:
    a_counted_nation(world, size=10)
    with pytest.raises(Refusal, match="name"):
        asked(world.elena, question("sex"), name)


def test_deleting_a_table_does_not_forget_what_was_given(world: World) -> None:
    a_counted_nation(world, size=40)
    row = answered(world.elena, question("sex"))
    actions.delete_table(by=world.elena, table_id=row.pk)
    assert not SavedTable.objects.exists()
    assert GivenTable.objects.count() == 1


def test_only_analysts_ask_and_only_their_agency_reads(world: World) -> None:
    a_counted_nation(world, size=40)
    row = answered(world.elena, question("sex"))
    for by in (world.bruno, world.carla, world.gema):
        with pytest.raises(Forbidden):
            asked(by, question("sex"))
        with pytest.raises(Forbidden):
            actions.delete_table(by=by, table_id=row.pk)
    elsewhere = replace(world.elena, agency_code="prosecutor-north")
    with pytest.raises(Missing):
        actions.delete_table(by=elsewhere, table_id=row.pk)


def test_a_question_whose_worker_went_silent_is_asked_again(world: World) -> None:
    a_counted_nation(world, size=40)
    row = asked(world.elena, question("sex"))
    with pytest.raises(Refusal, match="being worked on"):
        actions.repeat_question(by=world.elena, table_id=row.pk)
    SavedTable.objects.filter(pk=row.pk).update(asked_at=timezone.now() - timedelta(minutes=11))
    actions.repeat_question(by=world.elena, table_id=row.pk)
    actions.answer_question(by=world.elena, table_id=row.pk)
    row.refresh_from_db()
    assert row.status == "answered"
    with pytest.raises(Refusal, match="is answered"):
        actions.repeat_question(by=world.elena, table_id=row.pk)
