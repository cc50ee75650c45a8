"""An outsider with everything that is published, in whatever form, works out nothing that is withheld."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from enlace.cli import main
from enlace.releases import checks, files, queries
from enlace.releases.actions import close_year
from enlace.releases.models import Release
from enlace.statistics.facts import count
from reckon.disclosure import attack
from reckon.tables import Key, Table
from tests.releases.annual_reading import tables_of_page, tables_of_pdf
from tests.releases.closing import again, closed, every_reason, second
from tests.releases.leak import leaking
from tests.releases.reading import page_tables
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

pytestmark = pytest.mark.django_db
Place = tuple[str, tuple[str, ...], Key]


def published_in_every_form(client: Client, row: Release) -> dict[str, list[Table]]:
    """The tables of a release read back from what anybody can fetch."""

    def fetched(name: str) -> bytes:
        return client.get(reverse("releases:download", args=[row.number, name])).content

    return {
        "csv": files.tables_of_csv(fetched(files.CSV)),
        "json": files.tables(json.loads(fetched(files.JSON))),
        "xlsx": files.tables_of_workbook(fetched(files.XLSX)),
        "parquet": files.tables_of_parquet(fetched(files.PARQUET)),
        "api": files.tables(client.get(f"/api/v1/releases/{row.number}").json()),
        "pages": page_tables(client, row.document),
        "report": tables_of_page(fetched(files.report_name("en", "html")), row.document),
        "report as PDF": tables_of_pdf(fetched(files.report_name("en", "pdf")), row.document),
    }


def three_releases(world: World) -> list[Release]:
    """A year, closed and corrected twice, with a few people more each time: the differences are small."""
    zoe = second(world)
    rows = [closed(world, zoe)]
    for seed, size in ((11, 9), (12, 14)):
        make_nation(seed, size)
        again(world)
        rows.append(close_year(by=world.elena, second=zoe, year=YEAR, reasons=every_reason(rows[0])))
    return [queries.public_release(row.number).release for row in rows]


def test_nothing_is_worked_out_from_any_form_of_any_release(client: Client, world: World) -> None:
    rows = three_releases(world)
    forms = [published_in_every_form(client, row) for row in rows]
    for name in forms[0]:
        newest_first = [form[name] for form in reversed(forms)]
        found = attack(newest_first[0], 1, earlier=newest_first[1:])
        assert found, name
        assert [interval for interval in found if interval.is_recovered] == [], name


def test_every_form_holds_the_same_tables(client: Client, world: World) -> None:
    row = closed(world, second(world))
    forms = published_in_every_form(client, row)
    pages, report, pdf = (forms.pop(name) for name in ("pages", "report", "report as PDF"))
    first = forms.pop("csv")
    assert all(tables == first for tables in forms.values())
    assert {table.indicator for table in pages} == {table.indicator for table in first}
    assert cells(report) == cells(pdf)
    assert cells(report).items() <= cells(first).items()
    assert {None, *(value for _status, value in cells(report).values())} > {None}


def cells(tables: list[Table]) -> dict[Place, tuple[str, int | None]]:
    return {(t.indicator, t.dimensions, c.key): (c.status, c.value) for t in tables for c in t.cells}


def test_the_true_count_lies_within_what_the_outsider_finds(world: World) -> None:
    """The attacker is a judge that can be wrong in neither direction: its ranges hold the truth."""
    for row in three_releases(world):
        truth = {(table.indicator, key): n for table in count(queries.inputs(row)) for key, n in table.cells()}
        for interval in attack(files.tables(row.document), 1):
            true = truth[interval.indicator, interval.key]
            assert true is not None
            assert interval.low <= true
            assert interval.high is None or true <= interval.high


def test_the_command_reports_what_could_be_worked_out(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    rows = three_releases(world)
    for row in rows:
        assert main(["release", "attack", str(row.number)]) == 0
        assert "0 can be worked out" in capsys.readouterr().out
    assert checks.attacked_by_outsider(rows[-1]).withheld > 0


def test_a_leak_is_told_by_its_place_and_not_by_its_value(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    row = leaking(closed(world, second(world)))
    found = checks.attacked_by_outsider(row).recovered
    assert main(["release", "attack", str(row.number)]) == 1
    told = [line for line in capsys.readouterr().out.splitlines() if "\t" in line]
    places = [
        f"{one.indicator}\t{one.period}\t" + ", ".join(f"{name}={code}" for name, code in one.key) for one in found
    ]
    assert told == places != []
