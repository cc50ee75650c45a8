"""The hotline's year is computed: calls, people, referrals by set of services, investigations, each counted once."""

import csv
import io
import json
from argparse import ArgumentParser
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.base.errors import Forbidden, Refusal
from enlace.country.figures import PublishedFigure
from enlace.intake import report
from enlace.intake.actions import Entry, Result, Someone, record_contacts, record_outcomes
from enlace.intake.commands import register
from enlace.people.actions import Registration, register_people
from tests.cases.pages import faulty, signed_in
from tests.world import World

AT = datetime(2020, 3, 1, 12, tzinfo=UTC)
YEAR = 2020
# As a national hotline published its year 2020: 1,931 calls, 245 people, 181 and 64 referred, 45 investigations.
SEXES = ["female"] * 196 + ["male"] * 39 + ["unknown"] * 10
NATIONS: list[tuple[str, ...]] = [("XX",)] * 140 + [("MX",)] * 49 + [()] * 56
FULL, SHORT = ("HEALTH", "LEGAL", "MENTAL"), ("LEGAL", "MENTAL")


def published(world: World) -> None:
    """The whole year, recorded in bulk with its own dates."""
    hilda = world.hilda
    people = [Registration(sex_code=sex, citizenship_codes=nation) for sex, nation in zip(SEXES, NATIONS, strict=True)]
    register_people(by=hilda, rows=people)
    calls = [
        Entry(
            channel_code="hotline_call" if n % 3 else "hotline_chat",
            disposition_code="possible_trafficking" if n < 245 else "information",
            opened_at=AT + timedelta(hours=n),
            seconds=300,
            people=(Someone(role_code="at_risk", person_id=people[n].id),) if n < 245 else (),
        )
        for n in range(1931)
    ]
    calls += [Entry(channel_code="hotline_call", disposition_code="spam", opened_at=AT, seconds=9) for _ in range(70)]
    record_contacts(by=hilda, rows=calls)
    told = [Result(kind="screened_presumed", person_id=row.id, at=AT + timedelta(days=90)) for row in people]
    for n, row in enumerate(people):
        services = FULL if n < 181 else SHORT
        told.append(Result(kind="referred", person_id=row.id, at=AT + timedelta(days=91), service_codes=services))
    told += [Result(kind="investigation_opened", contact_id=calls[n].id, ref=f"file {n}") for n in range(45)]
    record_outcomes(by=hilda, rows=told)


def total(found: report.Year, indicator: str) -> int | None:
    return next(b.lines[0].value for b in found.breakdowns if b.indicator == indicator and not b.dimension)


def lines(found: report.Year, indicator: str, dimension: str) -> dict[str, int | None]:
    (breakdown,) = [b for b in found.breakdowns if (b.indicator, b.dimension) == (indicator, dimension)]
    return {line.category: line.value for line in breakdown.lines if line.value != 0}


@pytest.mark.slow
def test_a_published_year_is_reproduced_from_its_records(world: World) -> None:
    published(world)
    found = report.own_year(viewer=world.hilda, year=YEAR)
    assert lines(found, report.CALLS, "topic") == {"trafficking": 1931, "other": 70}
    assert lines(found, report.VICTIMS, "") == {"": 245}
    assert lines(found, report.VICTIMS, "sex") == {"female": 196, "male": 39, "unknown": 10}
    assert lines(found, report.VICTIMS, "nationality") == {"national": 140, "foreign": 49, "unspecified": 56}
    assert lines(found, report.REFERRALS, "services") == {"HEALTH+LEGAL+MENTAL": 181, "LEGAL+MENTAL": 64}
    assert total(found, report.INVESTIGATIONS) == 45
    shown = report.published_year(viewer=world.elena, year=YEAR)
    assert total(shown, report.VICTIMS) == 245
    assert shown.threshold > 0


def test_a_person_of_two_calls_is_one_victim_and_one_of_no_role_at_risk_is_none(world: World) -> None:
    people = [Registration(sex_code="female") for _ in range(3)]
    register_people(by=world.hilda, rows=people)
    twice, caller, nothing = (row.id for row in people)
    rows = [
        call(Someone(role_code="at_risk", person_id=twice)),
        call(Someone(role_code="at_risk", person_id=twice), Someone(role_code="caller", person_id=caller)),
        call(Someone(role_code="at_risk", person_id=nothing)),
    ]
    record_contacts(by=world.hilda, rows=rows)
    told = [Result(kind=kind, person_id=twice) for kind in ("screened_presumed", "victim_identified", "referred")]
    told += [Result(kind="victim_identified", person_id=caller), Result(kind="screened_possible", person_id=nothing)]
    told += [Result(kind="investigation_opened", contact_id=row.id, ref="one file") for row in rows[:2]]
    told += [Result(kind="investigation_opened", contact_id=rows[2].id)]
    record_outcomes(by=world.hilda, rows=told)
    found = report.own_year(viewer=world.hilda, year=YEAR)
    assert total(found, report.VICTIMS) == 1
    assert total(found, report.INVESTIGATIONS) == 2
    assert total(found, report.REFERRALS) == 0


def call(*people: Someone, at: datetime = AT, channel: str = "hotline_call") -> Entry:
    return Entry(channel_code=channel, disposition_code="possible_trafficking", opened_at=at, seconds=60, people=people)


def test_another_year_and_another_door_are_not_the_hotline_s_year(world: World) -> None:
    others = [call(at=AT.replace(year=2019, month=12)), call(at=AT.replace(year=2021))]
    record_contacts(by=world.hilda, rows=others)
    record_contacts(by=world.alma, rows=[call(channel="police")])
    assert total(report.own_year(viewer=world.hilda, year=YEAR), report.CALLS) == 0
    assert total(report.own_year(viewer=world.hilda, year=2019), report.CALLS) == 1


def test_the_year_begins_and_ends_at_the_country_s_midnight(world: World) -> None:
    first, last = datetime(YEAR, 1, 1), datetime(YEAR, 12, 31, 23, 59, 59)
    edges = [first, first - timedelta(seconds=1), last, last + timedelta(seconds=1)]
    record_contacts(by=world.hilda, rows=[call(at=timezone.make_aware(at)) for at in edges])
    for year, count in ((YEAR - 1, 1), (YEAR, 2), (YEAR + 1, 1)):
        assert total(report.own_year(viewer=world.hilda, year=year), report.CALLS) == count


@given(few=st.integers(0, 12), many=st.integers(0, 40))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_small_numbers_never_leave_and_are_exact_at_home(world: World, few: int, many: int) -> None:
    threshold = 10
    counted = _counted(few, many)
    found = report._year(YEAR, counted, report.Rule(threshold, False, 0))
    for table in found.breakdowns:
        assert all(line.value is None or line.value == 0 or line.value >= threshold for line in table.lines)
    exact = report._year(YEAR, counted, None)
    assert {line.category: line.value for line in exact.breakdowns[1].lines} == {"a": few, "b": many, "c": 50}


def _counted(few: int, many: int) -> list[Any]:
    said = ["a"] * few + ["b"] * many + ["c"] * 50
    return report._tables(report.VICTIMS, "persons", YEAR, len(said), {"sex": (("a", "b", "c"), said)})


def test_who_may_see_which_numbers(world: World) -> None:
    record_contacts(by=world.hilda, rows=[call() for _ in range(3)])
    assert total(report.own_year(viewer=world.hilda, year=YEAR), report.CALLS) == 3
    assert total(report.published_year(viewer=world.elena, year=YEAR), report.CALLS) is None
    assert "The exact numbers of your hotline" in signed_in("hilda").get(f"/hotline/?year={YEAR}").text
    page = signed_in("elena").get(f"/hotline/?year={YEAR}").text
    assert "withheld" in page
    assert "exact numbers" not in page
    assert faulty("carla").get("/hotline/").status_code == 403
    for act, viewer in ((report.own_year, world.elena), (report.published_year, world.carla)):
        with pytest.raises(Forbidden):
            act(viewer=viewer, year=YEAR)


def test_a_year_that_nobody_can_have_counted_is_refused(world: World) -> None:
    for year in (1999, 3000):
        with pytest.raises(Refusal):
            report.own_year(viewer=world.hilda, year=year)
    assert faulty("hilda").get("/hotline/?year=1999").status_code == 409


def test_the_files_say_the_same_as_the_page(world: World) -> None:
    record_contacts(by=world.hilda, rows=[call() for _ in range(12)])
    browser = signed_in("elena")
    rows = list(csv.DictReader(io.StringIO(browser.get(f"/hotline/{YEAR}.csv").text)))
    said = json.loads(browser.get(f"/hotline/{YEAR}.json").text)
    assert [row["value"] for row in rows] == ["" if r["value"] is None else str(r["value"]) for r in said["rows"]]
    assert {"indicator": "hotline_calls", "dimension": "", "value": 12}.items() <= said["rows"][0].items()
    assert faulty("elena").get(f"/hotline/{YEAR}.xml").status_code == 404


def figure(indicator: str, said: dict[str, str], value: int | None, **changes: str) -> PublishedFigure:
    facts = {"area": "XX", "qualifier": "", "unit": "persons", "source_title": "An invented report", "note": ""}
    number = None if value is None else Decimal(value)
    return PublishedFigure(indicator, str(YEAR), breakdown=said, value=number, **(facts | changes))


def a_small_year(world: World) -> report.Year:
    """Three women, two of the country, referred to two sets of services."""
    people = [Registration(sex_code="female", citizenship_codes=nation) for nation in (("XX",), ("XX",), ("MX",))]
    register_people(by=world.hilda, rows=people)
    record_contacts(by=world.hilda, rows=[call(Someone(role_code="at_risk", person_id=row.id)) for row in people])
    told = [Result(kind="screened_presumed", person_id=row.id) for row in people]
    told += [Result(kind="referred", person_id=row.id, service_codes=FULL) for row in people]
    record_outcomes(by=world.hilda, rows=told)
    return report.own_year(viewer=world.hilda, year=YEAR)


@pytest.mark.parametrize(
    ("indicator", "said", "published", "ours", "difference"),
    [
        (report.VICTIMS, {}, 3, 3, 0),
        (report.VICTIMS, {"sex": "female"}, 5, 3, -2),
        (report.VICTIMS, {"sex": "unspecified"}, 0, 0, 0),
        (report.VICTIMS, {"nationality": "xandorian"}, 2, 2, 0),
        (report.VICTIMS, {"nationality": "foreign"}, 3, 1, -2),
        (report.VICTIMS, {"age": "minor"}, 4, None, None),
        (report.VICTIMS, {"sex": "female", "age": "minor"}, 4, None, None),
        (report.VICTIMS, {"sex": "female"}, None, 3, None),
        (report.REFERRALS, {"services": "medical+psychological+legal"}, 1, 3, 2),
        (report.REFERRALS, {"services": "psychological+legal_counselling"}, 64, 0, -64),
        (report.CALLS, {"topic": "trafficking"}, 3, 3, 0),
    ],
)
def test_each_published_figure_stands_beside_ours_of_the_same_category(
    world: World, indicator: str, said: dict[str, str], published: int | None, ours: int | None, difference: int | None
) -> None:
    found = replace(a_small_year(world), published=(figure(indicator, said, published),))
    (row,) = report.beside(found)
    assert (row.ours, row.difference, row.is_equal) == (ours, difference, difference == 0)
    rows = list(csv.DictReader(io.StringIO(report.as_csv(found, synthetic=True))))
    (line,) = [line for line in rows if line["source"]]
    given = ["" if value is None else str(value) for value in (ours, published, difference)]
    assert [line["value"], line["published"], line["difference"]] == given


def test_a_figure_of_another_place_or_without_an_exact_number_has_no_difference(world: World) -> None:
    found = a_small_year(world)
    inexact = [figure(report.VICTIMS, {}, 2, qualifier="at_least"), figure(report.VICTIMS, {}, 2, area="XX-N")]
    assert [row.difference for row in report.beside(replace(found, published=tuple(inexact)))] == [None, None]


def test_a_number_withheld_is_not_given_away_by_a_difference(world: World) -> None:
    a_small_year(world)
    told = (figure(report.VICTIMS, {}, 3), figure(report.VICTIMS, {"sex": "female"}, 3))
    found = replace(report.published_year(viewer=world.elena, year=YEAR), published=told)
    assert [(row.ours, row.difference) for row in report.beside(found)] == [(None, None)] * 2
    assert "ours –" in report.as_text(found)


@pytest.fixture
def verbs() -> ArgumentParser:
    parser = ArgumentParser()
    register(parser.add_subparsers())
    return parser


@pytest.mark.parametrize("kind", ["table", "csv", "json"])
def test_the_command_prints_what_may_be_published(
    world: World, verbs: ArgumentParser, kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    record_contacts(by=world.hilda, rows=[call() for _ in range(3)])
    options = verbs.parse_args(["hotline", "report", "--year", str(YEAR), "--format", kind])
    assert options.run(options) == 0
    shown = capsys.readouterr().out
    assert {"table": "withheld", "csv": "hotline_calls,2020", "json": '"withheld": true'}[kind] in shown
