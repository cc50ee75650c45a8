"""The directory in: the same places come out again, faults are told by row and column, and all or nothing is written."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from enlace.audit.models import AuditEvent
from enlace.base.errors import Forbidden, Refusal
from enlace.cli import main as enlace
from enlace.directory.models import Bed, Site
from enlace.directory.queries import site_facts
from enlace.exchange.actions import import_directory
from enlace.exchange.directory_rows import COLUMNS
from enlace.exchange.queries import places_kept
from tests.cases.pages import english  # noqa: F401 - a fixture of every test here
from tests.exchange.house import everything
from tests.exchange.places import PLANTED, empty_directory, rich_supply, taken
from tests.world import SYSTEM, World

SITE = {
    "record": "site", "site_id": "H1", "agency": "shelter-isles", "name": "New Home", "state": "XX-I",
    "kind": "safe_house", "security": "watched", "is_secret": "no",
}  # fmt: skip


def table(path: Path, *rows: dict[str, str]) -> Path:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(dict.fromkeys((*COLUMNS, *(name for row in rows for name in row)))), restval="")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8", newline="")
    return path


@pytest.mark.parametrize("layout", ["csv", "hsds"])
def test_what_was_taken_out_comes_in_the_same(world: World, tmp_path: Path, layout: str) -> None:
    made = rich_supply(world)
    path, ids = taken(tmp_path / "d", layout), [made["home"], made["centre"]]
    before = places_kept(viewer=SYSTEM, site_ids=ids)
    result = import_directory(by=SYSTEM, path=path)
    assert (result.errors, result.count("same"), result.count("left")) == ([], 2, 1)
    empty_directory()
    result = import_directory(by=SYSTEM, path=path)
    assert (result.errors, result.count("new"), result.count("left")) == ([], 2, 1)
    assert places_kept(viewer=SYSTEM, site_ids=ids) == before
    text = taken(tmp_path / "again", layout).read_text("utf-8")
    assert "House of the Tide" not in text
    assert import_directory(by=SYSTEM, path=path).count("same") == 2


def test_a_new_place_by_a_word_of_the_agencys_own_is_the_same_place_next_time(world: World, tmp_path: Path) -> None:
    unit = {"record": "unit", "site_id": "H1", "unit": "East", "beds": "3"}
    path = table(tmp_path / "a.csv", SITE, unit, {"record": "service", "site_id": "H1", "service": "SHELTER"})
    assert import_directory(by=world.dora, path=path).changes[0].kind == "new"
    assert import_directory(by=world.dora, path=path).changes[0].kind == "same"
    assert Bed.objects.filter(unit__name="East", unit__site__name="New Home").count() == 3
    more = table(
        tmp_path / "b.csv", SITE, unit | {"beds": "5"}, {"record": "service", "site_id": "H1", "service": "LEGAL"}
    )
    change = import_directory(by=world.dora, path=more).changes[0]
    assert (change.kind, change.parts) == ("changed", ("services", "units"))
    assert Bed.objects.filter(unit__name="East", unit__site__name="New Home").count() == 5


def test_a_dry_run_tells_the_same_and_changes_nothing(world: World, tmp_path: Path) -> None:
    path, before = table(tmp_path / "a.csv", SITE), everything()
    said = import_directory(by=world.dora, path=path, dry_run=True)
    assert everything() == before
    assert not Site.objects.filter(name="New Home").exists()
    assert import_directory(by=world.dora, path=path).changes == said.changes


def test_the_import_is_on_record_with_the_digest_of_its_file(world: World, tmp_path: Path) -> None:
    result = import_directory(by=world.dora, path=table(tmp_path / "a.csv", SITE))
    event = AuditEvent.objects.get(action="import.directory")
    assert (event.subject_id, event.detail["new"], event.detail["changed"]) == (result.digest, 1, 0)


PLACE = {"site_id": "H1"}
FAULTS: list[tuple[dict[str, str], dict[str, str], str, str]] = [
    ({"kind": "castle"}, {}, "2 kind castle", "not in the list"),
    ({"state": ""}, {}, "2 state ", "needed"),
    ({"is_secret": "maybe"}, {}, "2 is_secret maybe", "yes"),
    ({"max_stay_days": "-4"}, {}, "2 max_stay_days -4", "number"),
    ({"max_stay_days": "99999"}, {}, "2 max_stay_days 99999", "outside"),
    ({"extension_days": "5"}, {}, "2 extension_days 5", "nothing to extend"),
    ({"inspected_on": "10/01/2025"}, {}, "2 inspected_on 10/01/2025", "date"),
    ({"name": "x" * 121}, {}, f"2 name {'x' * 60}", "120"),
    ({"agency": "ngo-harbour"}, {}, "2 agency ngo-harbour", "another agency"),
    ({"address": PLANTED}, {}, "1 address ", "never brought in"),
    ({}, {"record": "service", "service": "TEA"}, "3 service TEA", "not in the list"),
    ({}, {"record": "service", "service": "LEGAL", "site_id": "H2"}, "3 site_id H2", "No row"),
    ({}, {"record": "unit", "unit": "East"}, "3 beds ", "needed"),
    ({}, {"record": "unit", "unit": "East", "beds": "501"}, "3 beds 501", "outside"),
    ({}, {"record": "condition", "must": "must", "fact": "sex"}, "3 fact sex", "at least one value"),
    ({}, {"record": "condition", "must": "must", "fact": "sex", "values": "women"}, "3 values women", "list"),
    ({}, {"record": "condition", "must": "may", "fact": "family"}, "3 must may", "cannot"),
    ({}, {"record": "condition", "must": "must", "fact": "height", "least": "9"}, "3 fact height", "about"),
    ({}, {"record": "condition", "must": "must", "fact": "age", "unit": "W", "least": "9"}, "3 unit W", "unit"),
    ({}, {"record": "contact", "way": "fax", "contact": "1", "readers": "public"}, "3 way fax", "list"),
    ({"is_secret": "yes"}, {"record": "contact", "way": "phone", "contact": "555", "readers": "agencies"},
     "3 contact (sealed)", "secret place"),
    ({}, {"record": "garden"}, "3 record garden", "expected"),
    ({}, SITE, "3 site_id H1", "twice"),
]  # fmt: skip


@pytest.mark.parametrize(("site", "part", "where", "why"), FAULTS)
def test_a_fault_is_told_by_row_and_column_and_nothing_is_written(
    world: World, tmp_path: Path, site: dict[str, str], part: dict[str, str], where: str, why: str
) -> None:
    path = table(tmp_path / "a.csv", SITE | site, *([PLACE | part] if part else []))
    result = import_directory(by=world.dora, path=path)
    said = {f"{error.row} {error.column} {error.value}": str(error.reason) for error in result.errors}
    assert where in said
    assert why in said[where]
    assert PLANTED not in str(result)
    assert not Site.objects.filter(name="New Home").exists()


def test_beds_are_taken_out_on_their_page_and_never_by_a_file(world: World, tmp_path: Path) -> None:
    unit = {"record": "unit", "site_id": "H1", "unit": "East", "beds": "3"}
    import_directory(by=world.dora, path=table(tmp_path / "a.csv", SITE, unit))
    result = import_directory(by=world.dora, path=table(tmp_path / "b.csv", SITE, unit | {"beds": "1"}))
    assert [(error.row, error.column, error.reason.code) for error in result.errors] == [(3, "beds", "fewer-beds")]


def test_who_keeps_no_beds_brings_none_in(world: World, tmp_path: Path) -> None:
    unit = {"record": "unit", "site_id": "H1", "unit": "East", "beds": "3"}
    site = SITE | {"agency": "ngo-harbour", "kind": "day_centre", "state": "XX-S"}
    result = import_directory(by=world.carla, path=table(tmp_path / "a.csv", site, unit))
    assert [error.reason.code for error in result.errors] == ["beds-kept"]
    assert import_directory(by=world.carla, path=table(tmp_path / "a.csv", site)).count("new") == 1


def test_who_does_not_edit_the_directory_brings_nothing_in(world: World, tmp_path: Path) -> None:
    with pytest.raises(Forbidden):
        import_directory(by=world.bruno, path=table(tmp_path / "a.csv", SITE))


def _changed(change: Callable[[Any], None]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        content = json.loads(path.read_text("utf-8"))
        change(content["contents"][-1])
        path.write_text(json.dumps(content), encoding="utf-8")

    return write


@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda o: o.pop("id"), "id"),
        (lambda o: o["locations"][0].update(id="12"), "locations.0.id"),
        (lambda o: o["locations"][0].update(location_type="castle"), "locations.0.location_type"),
        (lambda o: o.update(organization_identifiers=[]), "locations.0.agency"),
        (lambda o: o["locations"][0].update(attributes=[]), "locations.0.kind"),
        (lambda o: o["services"][0].update(attributes=[]), "services.0.service"),
        (lambda o: o["services"][0].update(status="open"), "services.0.status"),
        (lambda o: o["services"][0].update(service_at_locations=[{"id": o["id"]}]), "services.0.site_id"),
    ],
)
def test_a_fault_of_hsds_is_told_by_its_path(
    world: World, tmp_path: Path, change: Callable[[Any], None], column: str
) -> None:
    _one_home(world, tmp_path / "d.json")
    _changed(change)(tmp_path / "d.json")
    result = import_directory(by=SYSTEM, path=tmp_path / "d.json")
    assert column in {error.column for error in result.errors}
    assert result.changes == []


def test_unknown_fields_are_passed_over_and_addresses_counted_and_not_read(world: World, tmp_path: Path) -> None:
    _one_home(world, tmp_path / "d.json")

    def extend(organization: Any) -> None:
        organization.update(x_unknown={"deep": [1]}, tax_status="none")
        row = {"id": organization["id"], "address_1": PLANTED, "city": "X"}
        organization["locations"][0].update(addresses=[row], latitude=1.5)

    _changed(extend)(tmp_path / "d.json")
    result = import_directory(by=SYSTEM, path=tmp_path / "d.json")
    assert (result.errors, result.count("same"), result.addresses) == ([], 1, 1)


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"{", "not JSON"), (b"[]", "no records"), (b'{"contents": 3}', "not JSON"), (b"[" * 100_000, "not JSON"),
     (b"a,b\n1,2\n", "record"), (b"record,site_id\n", "no records"), (b"record,site_id,record\n", "Two columns"),
     (b"record,site_id\n\xff,1\n", "UTF-8"), (b"", "no records")],
)  # fmt: skip
def test_what_is_no_file_of_the_directory_is_refused_whole(
    world: World, tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / "a").write_bytes(content)
    with pytest.raises(Refusal, match=why):
        import_directory(by=SYSTEM, path=tmp_path / "a")


def test_the_command_tells_what_would_change_and_what_is_wrong(world: World, tmp_path: Path, capsys: Any) -> None:
    path = table(tmp_path / "a.csv", SITE)
    assert enlace(["import", "directory", str(path), "--dry-run"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Nothing was changed."
    assert "  New place: New Home (shelter-isles, XX-I): the place itself" in said
    assert enlace(["import", "directory", str(path), "--user", "dora", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["changes"][0]["kind"] == "new"
    assert enlace(["import", "directory", str(table(path, SITE | {"kind": "castle"}))]) == 1
    assert "row 2, kind: castle - The value is not in the list of this column." in capsys.readouterr().err
    assert len(site_facts(viewer=SYSTEM)) == 1


def _one_home(world: World, path: Path) -> None:
    """A file with one open place of one agency."""
    made = rich_supply(world)
    path = taken(path, "hsds", is_public=True)
    content = json.loads(path.read_text("utf-8"))
    kept = [row for row in content["contents"] if row["locations"][0]["id"] == str(made["home"])]
    import_directory(by=SYSTEM, path=path)
    path.write_text(json.dumps({**content, "contents": kept}), encoding="utf-8")
