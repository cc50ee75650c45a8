"""The report: what happened by protocol, agency and group at risk; exact inside, protected outside."""

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from enlace.base.errors import Forbidden
from enlace.cli import main
from enlace.people.actions import make_known
from enlace.screening.actions import (
    Confirmed,
    Decision,
    Recorded,
    Start,
    decide_screenings,
    record_confirmations,
    record_screenings,
)
from enlace.screening.report import READER, Report, report
from tests.cases.pages import signed_in, told
from tests.screening.talks import LITTLE, NOTHING, PRESUMED, TALK
from tests.world import SYSTEM, World, a_person

YEAR = timezone.localdate().year
ENDED = timezone.now() - timedelta(hours=1)
BEGUN = ENDED - timedelta(hours=4)


def screened(by: Any, values: dict[str, object], person_id: Any = None, risk: tuple[str, ...] = ()) -> Any:
    start = Start(
        person_id=person_id or a_person(by),
        protocol_code=TALK,
        safety_codes=("alone",),
        risk_codes=risk,
        started_at=BEGUN,
    )
    return record_screenings(by=by, rows=[Recorded(start=start, values=values, finished_at=ENDED)])[0]


def a_year(world: World, many: int = 2) -> None:
    """``many`` presumed and decided by Alma, one of whom a case confirmed; one undecided of hers; one of Bruno's."""
    rows = [screened(world.alma, PRESUMED, risk=("migrant",)) for _ in range(many)]
    for row in rows:
        decide_screenings(
            by=world.alma, rows=[Decision(screening_id=row.pk, class_code="presumed", reason="Seen", at=ENDED)]
        )
    record_confirmations(
        by=world.bruno, rows=[Confirmed(person_id=rows[0].person_id, outcome="identified", at=timezone.now())]
    )
    screened(world.alma, LITTLE, risk=("migrant", "poverty"))
    screened(world.bruno, NOTHING)


def lines(found: Report, dimension: str) -> dict[str, tuple[Any, ...]]:
    breakdown = next(b for b in found.breakdowns if b.dimension == dimension)
    return {line.code: (line.screened, line.presumed, line.confirmed, line.hours) for line in breakdown.lines}


def test_an_agency_reads_its_own_numbers_exactly(world: World) -> None:
    a_year(world)
    found = report(viewer=world.alma, year=YEAR)
    assert (found.people, found.total.screened, found.total.presumed, found.total.confirmed) == (3, 3, 2, 1)
    assert lines(found, "protocol") == {"first_talk 1": (3, 2, 1, 4.0)}
    assert set(lines(found, "agency")) == {"police-north"}
    assert lines(found, "risk") == {"migrant": (2, 2, 1, 4.0), "several": (1, 0, 0, None)}


def test_beyond_the_agency_small_counts_are_withheld(world: World) -> None:
    a_year(world, many=12)
    found = report(viewer=world.elena, year=YEAR, whole=True)
    shown = [value for table in found.breakdowns for line in table.lines for value in (line.screened, line.presumed)]
    assert all(value is None or value == 0 or value >= found.threshold for value in shown)
    assert None in shown
    assert lines(found, "agency")["prosecutor-north"][0] is None
    assert lines(found, "agency")["police-north"][0] is None, "or the other could be worked out from the total"


def test_what_is_withheld_has_no_time_and_no_agreement_either(world: World) -> None:
    a_year(world)
    found = report(viewer=world.elena, year=YEAR, whole=True)
    assert (found.people, found.total.hours, found.agreements) == (None, None, ())
    assert all(line.hours is None for breakdown in found.breakdowns for line in breakdown.lines)


def test_indicators_that_nobody_answered_are_named(world: World) -> None:
    screened(world.alma, LITTLE)
    (silence,) = report(viewer=world.alma, year=YEAR).silences
    named = {code for code, _text in silence.indicators}
    assert {"X1", "X3", "X7"} <= named
    screened(world.alma, PRESUMED)
    (silence,) = report(viewer=world.alma, year=YEAR).silences
    assert not {"X1", "X7"} & {code for code, _text in silence.indicators}


def test_people_whom_two_screened_show_how_far_these_agree(world: World) -> None:
    for values in (PRESUMED, NOTHING, LITTLE):
        person_id = a_person(world.bruno)
        for by in (world.bruno, world.lucas):
            screened(by, values, person_id)
    (agreed,) = report(viewer=world.bruno, year=YEAR).agreements
    assert (agreed.people, agreed.method, agreed.kappa) == (3, "Cohen", 1.0)


def test_the_same_screener_twice_is_no_agreement(world: World) -> None:
    person_id = a_person(world.alma)
    for _ in range(2):
        screened(world.alma, PRESUMED, person_id)
    assert report(viewer=world.alma, year=YEAR).agreements == ()


def test_where_everybody_is_in_one_class_agreement_is_not_defined(world: World) -> None:
    person_id = a_person(world.alma)
    make_known(by=SYSTEM, person_ids=[person_id], agency_code=world.alma.agency_code)
    screened(world.alma, PRESUMED, person_id)
    make_known(by=SYSTEM, person_ids=[person_id], agency_code=world.bruno.agency_code)
    screened(world.bruno, PRESUMED, person_id)
    (agreed,) = report(viewer=READER, year=YEAR, whole=False).agreements
    assert (agreed.people, agreed.kappa) == (1, None)


def test_each_reads_only_what_its_role_may(world: World) -> None:
    with pytest.raises(Forbidden):
        report(viewer=world.alma, year=YEAR, whole=True)
    with pytest.raises(Forbidden):
        report(viewer=world.elena, year=YEAR)


def test_a_year_without_screenings_is_told_as_such(world: World) -> None:
    assert report(viewer=world.elena, year=2011, whole=True).total.screened == 0
    assert "too few to say" in told(signed_in("elena").get("/screenings/report/?year=2011"))


def test_page_files_and_command_tell_the_same(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    a_year(world)
    client = signed_in("alma")
    assert re.search(r'Decided: presumed">\s*2', client.get("/screenings/report/").text)
    rows = list(csv.DictReader(io.StringIO(client.get("/screenings/report/csv/").text)))
    assert {row["value"] for row in rows if (row["dimension"], row["measure"]) == ("total", "screened")} == {"3"}
    data = json.loads(client.get("/screenings/report/json/").text)
    assert (data["people"], data["whole"]) == (3, False)
    assert client.get("/screenings/report/pdf/").status_code == 404
    for kind, part in (("table", "withheld"), ("csv", "withheld"), ("json", '"whole": true')):
        assert main(["screening", "report", "--year", str(YEAR), "--format", kind]) == 0
        assert part in capsys.readouterr().out
