"""A year is frozen as it was counted, and never changed after."""

import json
from typing import Any

import pytest
from django.db import DatabaseError, connection

from enlace.accounts.models import User
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing, Refusal
from enlace.releases import files, queries
from enlace.releases.actions import prepare_release
from enlace.releases.models import Release, ReleaseDecision, ReleaseFile, ReleaseInput
from enlace.statistics.models import NationalTable
from tests.own import savepoint
from tests.releases.closing import REASON, again, closed, counted, every_reason, prepared, second
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

pytestmark = pytest.mark.django_db


def cells(document: dict[str, Any]) -> dict[tuple[str, tuple[str, ...], tuple[str, ...]], tuple[int | None, str]]:
    return {
        (item["id"], tuple(table["dimensions"]), tuple(cell["key"])): (cell["value"], cell["status"])
        for item in document["indicators"]
        for table in (*item["tables"], *item["deduced"])
        for cell in table["cells"]
    }


def test_the_release_holds_the_numbers_that_were_counted(world: World) -> None:
    counted(world)
    document = prepared(world).document
    stored = NationalTable.objects.get()
    found = cells(document)
    for table in stored.tables:
        names = (table["dimension"],) if table["dimension"] else ()
        for cell in table["cells"]:
            key = (cell["category"],) if names else ()
            value = cell["value"] if not isinstance(cell["value"], float) else str(cell["value"])
            assert found[table["indicator"], names, key] == (value, cell["status"])
    assert document["facts"] == {"count": stored.fact_count, "digest": stored.digest}
    assert document["completeness"]["states"] == stored.reporting_states


def test_no_number_under_the_threshold_is_in_any_file_but_zero(world: World) -> None:
    counted(world)
    row = prepared(world)
    threshold = row.document["parameters"]["threshold"]
    assert any(status == "suppressed" for _value, status in cells(row.document).values())
    numbers = {cell.value for table in files.tables(row.document) if table.unit == "person" for cell in table.cells}
    assert all(value is None or value == 0 or value >= threshold for value in numbers)


def test_definitions_labels_and_versions_are_frozen_with_it(world: World) -> None:
    counted(world)
    document = prepared(world).document
    identified = next(item for item in document["indicators"] if item["id"] == "identified")
    assert identified["definition"]["unit"] == "person"
    assert identified["legal_basis"]
    assert set(document["labels"]) == {"es", "en"}
    assert document["labels"]["en"]["categories"]["state"]["XX-N"] == "Northmark"
    assert {"enlace", "duckdb", "scipy"} <= set(document["software"])


def test_the_manifest_names_every_file_by_its_digest(world: World) -> None:
    counted(world)
    row = prepared(world)
    manifest = json.loads(queries.file_of(row, files.MANIFEST))
    assert {item["name"] for item in manifest["files"]} == set(queries.contents(row)) - {files.MANIFEST}
    assert all(len(queries.file_of(row, item["name"])) == item["bytes"] for item in manifest["files"])
    assert manifest["inputs_sha256"] == row.inputs_digest


def test_no_pseudonym_of_a_person_stands_in_a_file_or_in_the_sealed_inputs(world: World) -> None:
    counted(world)
    row = prepared(world)
    facts = queries.inputs(row).parquet
    sealed = bytes(row.inputs.sealed)
    assert facts not in sealed
    assert b"PAR1" not in sealed
    for content in queries.contents(row).values():
        assert facts not in content


def test_a_year_that_was_never_counted_is_not_released(world: World) -> None:
    with pytest.raises(Missing):
        prepared(world)


def test_records_that_changed_since_the_count_are_counted_first(world: World) -> None:
    counted(world)
    make_nation(11, 10)
    with pytest.raises(Refusal, match="Count it again"):
        prepared(world)
    again(world)
    assert prepared(world).number == 1


def test_every_changed_number_needs_its_reason(world: World) -> None:
    zoe = second(world)
    first = closed(world, zoe)
    make_nation(11, 40)
    again(world)
    with pytest.raises(Refusal, match="identified"):
        prepared(world)
    with pytest.raises(Refusal, match="identified"):
        prepared(world, reasons=every_reason(first) | {"identified": "  "})
    row = prepared(world, reasons=every_reason(first))
    before, after = cells(first.document), cells(row.document)
    changed = {
        (change["indicator"], tuple(change["dimensions"]), tuple(change["key"])) for change in row.document["changes"]
    }
    assert changed == {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    assert changed
    assert {change["reason"] for change in row.document["changes"]} == {REASON}
    assert (row.number, row.supersedes) == (2, 1)


def test_a_year_counted_again_without_change_needs_no_reason(world: World) -> None:
    zoe = second(world)
    first = closed(world, zoe)
    again(world)
    row = prepared(world)
    assert row.document["changes"] == []
    assert cells(row.document) == cells(first.document)


def test_whoever_may_not_prepare_cannot(world: World) -> None:
    counted(world)
    with pytest.raises(Forbidden):
        prepare_release(by=world.bruno, year=YEAR)


def test_preparing_leaves_a_record_without_numbers(world: World) -> None:
    counted(world)
    row = prepared(world)
    event = AuditEvent.objects.get(action="release.prepared")
    assert (event.subject_id, event.detail) == (str(row.pk), {"period": str(YEAR), "number": 1})


@pytest.mark.parametrize("model", [Release, ReleaseFile, ReleaseInput, ReleaseDecision])
def test_nothing_of_a_release_is_ever_changed(world: World, model: Any) -> None:
    closed(world, second(world))
    table = model._meta.db_table
    column = model._meta.pk.column
    for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(DatabaseError, match="append-only"), savepoint(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_preparer_is_a_person_with_an_account(world: World) -> None:
    counted(world)
    row = prepared(world)
    assert User.objects.filter(pk=row.prepared_by).exists()
    assert isinstance(world.elena, Actor)
