"""The directory out: what leaves, and above all what does not."""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.base.errors import Forbidden, Refusal
from enlace.cli import main as enlace
from enlace.directory.actions import seal_place
from enlace.exchange.actions import export_directory, take_directory
from enlace.exchange.hsds_model import Page
from tests.cases.pages import english  # noqa: F401 - a fixture of every test here
from tests.directory.houses import a_house
from tests.exchange.places import PLANTED, SEALED, rich_supply, taken
from tests.world import SYSTEM, World

WAYS = [(layout, is_public) for layout in ("csv", "hsds") for is_public in (True, False)]


@pytest.mark.parametrize(("layout", "is_public"), WAYS)
def test_nothing_sealed_and_no_secret_address_leaves(world: World, layout: str, is_public: bool) -> None:
    made = rich_supply(world)
    for viewer in (SYSTEM, world.dora, world.bruno):
        text = take_directory(by=viewer, layout=layout, is_public=is_public)
        assert PLANTED not in text
        assert SEALED not in text
        assert ("House of the Tide" in text, str(made["refuge"]) in text) == (not is_public, not is_public)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planted=st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=9, max_size=30))
def test_whatever_is_sealed_is_in_no_file(own_world: World, planted: str) -> None:
    site_id = a_house(own_world.dora, hours=f"hours {planted}")
    content = {"address": planted, "directions": f"by {planted}", "contact": planted}
    seal_place(by=own_world.dora, site_id=site_id, content=content)
    for layout, is_public in WAYS:
        assert planted not in take_directory(by=own_world.dora, layout=layout, is_public=is_public)


def test_a_secret_place_is_its_name_and_state_and_no_more(world: World, tmp_path: Path) -> None:
    made = rich_supply(world)
    with taken(tmp_path / "d.csv", "csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [
            {k: v for k, v in row.items() if v} for row in csv.DictReader(file) if row["site_id"] == str(made["refuge"])
        ]
    told = {"agency": "shelter-isles", "name": "House of the Tide", "state": "XX-I", "is_secret": "yes"}
    assert rows == [{"record": "site", "site_id": str(made["refuge"]), **told}]


def test_everybody_is_told_public_contacts_only(world: World) -> None:
    rich_supply(world)
    for layout in ("csv", "hsds"):
        text = take_directory(by=world.bruno, layout=layout, is_public=True)
        assert "+52 55 1111 2222" in text
        assert "home@example.org" not in text
        assert "home@example.org" in take_directory(by=world.bruno, layout=layout)


def test_closed_units_go_out_to_the_house_itself_only(world: World) -> None:
    rich_supply(world)
    assert ",Closed," in take_directory(by=world.dora, layout="csv")
    assert ",Closed," not in take_directory(by=world.bruno, layout="csv")
    assert ",Closed," not in take_directory(by=world.dora, layout="csv", is_public=True)


def test_a_cell_is_never_a_formula(world: World) -> None:
    rich_supply(world)
    rows = csv.reader(take_directory(by=SYSTEM, layout="csv").splitlines())
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_hsds_is_what_the_specification_asks_with_the_same_ids_each_time(world: World) -> None:
    made = rich_supply(world)
    text = take_directory(by=SYSTEM, layout="hsds")
    assert text == take_directory(by=SYSTEM, layout="hsds")
    page = Page.model_validate_json(text)
    home = next(org for org in page.contents if made["home"] in {row.id for row in org.locations})
    services = [row for row in home.services if row.service_at_locations[0].location_id == made["home"]]
    assert sorted(row.attributes[0].taxonomy_term.code for row in services) == ["LEGAL", "SHELTER"]
    assert {row.status for row in services} == {"active"}
    assert not any(row.addresses for organization in page.contents for row in organization.locations)


def test_who_neither_edits_nor_exports_takes_nothing_out(world: World) -> None:
    with pytest.raises(Forbidden):
        take_directory(by=world.alma, layout="csv")
    with pytest.raises(Refusal, match="Choose the format"):
        take_directory(by=world.bruno, layout="xml")


def test_the_file_appears_whole_and_is_read_by_its_owner_alone(world: World, tmp_path: Path) -> None:
    rich_supply(world)
    export_directory(by=world.bruno, path=tmp_path / "d.json", layout="hsds")
    assert (tmp_path / "d.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["d.json"]


def test_the_command_writes_to_a_file_or_to_the_screen(world: World, tmp_path: Path, capsys: Any) -> None:
    rich_supply(world)
    assert enlace(["export", "directory", "--public"]) == 0
    said = capsys.readouterr().out
    assert "House of the Tide" not in said
    assert enlace(["export", "directory", "--public", "--user", "bruno", str(tmp_path / "d.csv")]) == 0
    assert (tmp_path / "d.csv").read_text("utf-8") == said.replace("\r\n", "\n")
