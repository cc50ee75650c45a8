"""What analysts were given and what is released are protected together, whichever came first."""

from dataclasses import replace

import pytest

from enlace.base.errors import Refusal
from enlace.releases import checks, files, queries
from enlace.releases.actions import approve_release
from enlace.releases.models import Release, ReleaseDecision
from enlace.statistics import given
from enlace.statistics.actions import answer_question
from enlace.statistics.facts import count, rule, shows_more, with_all_answers
from enlace.statistics.models import GivenTable
from reckon.disclosure import Finding, attack, audit, protect
from reckon.tables import CountTable, Table
from tests.own import succeeded, together
from tests.releases.closing import again, counted, prepared, second
from tests.statistics.asking import answered, asked, question
from tests.statistics.nation import YEAR, make_nation
from tests.world import SYSTEM, World

INDICATOR = "identified"
TWO = (question("age_group", "form"), question("state", "age_group"))


def an_answered_year(world: World, seed: int = 4) -> None:
    """A small year counted, two answers given of it; then one more record came in, and it was counted again."""
    counted(world, seed=seed, size=30)
    for wanted in TWO:
        answered(world.elena, wanted)
    make_nation(100 + seed, 1)
    again(world)


def of_the_indicator(tables: list[Table]) -> list[Table]:
    return [table for table in tables if table.indicator == INDICATOR]


def truth(row: Release) -> list[CountTable]:
    return [table for table in count(queries.inputs(row)) if table.indicator == INDICATOR]


def beside_the_answers(row: Release, tables: list[Table]) -> list[Finding]:
    """What is wrong with showing these tables to somebody who has the answers."""
    answers = given.as_earlier(given.newest_first(str(YEAR)).filter(release=0))
    return audit(tables, truth(row), rule(queries.inputs(row)), earlier=answers)


@pytest.mark.django_db
def test_a_release_is_protected_together_with_the_answers_given_before(world: World) -> None:
    an_answered_year(world)
    row = prepared(world)
    alone = list(protect(truth(row), rule(queries.inputs(row))).for_release)
    assert beside_the_answers(row, alone)
    assert beside_the_answers(row, of_the_indicator(files.tables(row.document))) == []


@pytest.mark.django_db
def test_an_answer_is_protected_together_with_the_releases_before(world: World) -> None:
    counted(world, seed=4, size=30)
    row = prepared(world)
    approve_release(by=second(world), number=row.number)
    kept = GivenTable.objects.filter(indicator=INDICATOR).get()
    assert (kept.release, kept.given_at) == (row.number, row.prepared_at)
    assert given.published_of(kept) == of_the_indicator(files.tables(row.document))
    make_nation(104, 1)
    again(world)
    answered(world.elena, TWO[0])
    newest, *before = [given.published_of(one) for one in given.newest_first(str(YEAR)).filter(indicator=INDICATOR)]
    assert not [one for one in attack(newest, earlier=before, exact=False) if one.is_recovered]


@pytest.mark.django_db
def test_answers_from_the_same_facts_hide_nothing_that_the_national_table_shows(world: World) -> None:
    counted(world, seed=4, size=30)
    for wanted in TWO:
        answered(world.elena, wanted)
    row, national = prepared(world), given.national_of(str(YEAR))
    assert national is not None
    assert queries.inputs(row).answers == []
    shown = [item.published for item in given.nationally_given(national, truth(row))]
    assert of_the_indicator(files.tables(row.document)) == shown
    assert beside_the_answers(row, shown) == []


@pytest.mark.django_db
def test_a_release_that_shows_another_number_than_the_national_table_is_protected_with_all_answers(
    world: World,
) -> None:
    counted(world, seed=4, size=30)
    answered(world.elena, TWO[0])
    row = prepared(world)
    tables = of_the_indicator(files.tables(row.document))
    assert not shows_more(tables, row.period, row.facts_digest)
    hidden = next(table for table in tables if any(cell.is_suppressed for cell in table.cells))
    cells = tuple(replace(cell, value=cell.value or 7, status="published") for cell in hidden.cells)
    assert shows_more([replace(hidden, cells=cells)], row.period, row.facts_digest)
    assert len(with_all_answers(queries.inputs(row)).answers) == 1


@pytest.mark.django_db
def test_an_answer_given_after_a_release_does_not_change_what_it_says_of_itself(world: World) -> None:
    counted(world, seed=5, size=30)
    answered(world.elena, TWO[0])
    make_nation(105, 1)
    again(world)
    row = prepared(world)
    approve_release(by=second(world), number=row.number)
    answered(world.elena, TWO[1])
    row = Release.objects.get()
    assert len(queries.inputs(row).answers) == 1
    assert checks.verify(row) == []


@pytest.mark.django_db
def test_a_release_is_not_approved_when_answers_were_made_from_newer_records_since(world: World) -> None:
    counted(world, seed=5, size=30)
    row, zoe = prepared(world), second(world)
    make_nation(105, 1)
    again(world)
    answered(world.elena, TWO[0])
    with pytest.raises(Refusal, match="newer records"):
        approve_release(by=zoe, number=row.number)
    assert not ReleaseDecision.objects.exists()


@pytest.mark.django_db
def test_answers_from_the_same_records_since_do_not_hinder_it_when_nothing_comes_out(world: World) -> None:
    counted(world, seed=5, size=30)
    row = prepared(world)
    answered(world.elena, TWO[0])
    approve_release(by=second(world), number=row.number)
    assert ReleaseDecision.objects.get().outcome == "approved"


@pytest.mark.usefixtures("sees_all")
def test_an_answer_and_an_approval_at_once_know_of_one_another(own_world: World) -> None:
    counted(own_world, seed=6, size=30)
    zoe, row = second(own_world), prepared(own_world)
    rows = [asked(own_world.elena, wanted) for wanted in TWO]

    def act(number: int) -> None:
        if number < len(rows):
            answer_question(by=SYSTEM, table_id=rows[number].pk)
        else:
            approve_release(by=zoe, number=row.number)

    ended = together(act, 3)
    assert len(succeeded(ended)) >= 2
    numbers = GivenTable.objects.filter(indicator=INDICATOR).order_by("number").values_list("number", "release")
    assert [number for number, _release in numbers] == list(range(1, len(numbers) + 1))
    assert [release for _number, release in numbers].count(1) == ReleaseDecision.objects.count()
    cubes = [given.published_of(one) for one in given.newest_first(str(YEAR)).filter(indicator=INDICATOR)]
    assert not [one for one in attack(cubes[0], earlier=cubes[1:], exact=False) if one.is_recovered]
