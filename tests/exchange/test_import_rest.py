"""A file of the directory from elsewhere: what no list here has is told once each, and the other places can come in."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from enlace.cli import main as enlace
from enlace.directory.models import Site
from enlace.exchange.actions import import_directory
from tests.cases.pages import english, faulty  # noqa: F401 - english is a fixture of every test here
from tests.exchange.places import rich_supply, taken
from tests.exchange.test_import_directory import SITE, table
from tests.world import SYSTEM, World

BRING = "/exchange/directory/bring/"
SECOND = SITE | {"site_id": "H2", "name": "Second Home"}
BED = {"record": "service", "site_id": "H1", "service": "SHELTER"}


def mixed(folder: Path) -> Path:
    """Two places, of which the second gives two services that nobody here knows."""
    strange = [{"record": "service", "site_id": "H2", "service": word} for word in ("yoga", "yoga-2")]
    return table(folder / "mixed.csv", SITE, SECOND, BED, *strange)


def names() -> set[str]:
    return set(Site.objects.values_list("name", flat=True))


def test_without_asking_for_the_rest_nothing_is_written(world: World, tmp_path: Path) -> None:
    result = import_directory(by=world.dora, path=mixed(tmp_path))
    assert (result.changes, names()) == ([], set())
    assert result.unknown == {("service", "yoga"): 1, ("service", "yoga-2"): 1}


def test_the_rest_comes_in_whole_and_a_place_with_a_fault_not_at_all(world: World, tmp_path: Path) -> None:
    result = import_directory(by=world.dora, path=mixed(tmp_path), rest=True)
    assert [(change.name, change.kind) for change in result.changes] == [("New Home", "new")]
    assert len(result.errors) == 2
    assert names() == {"New Home"}
    assert [row.service_code for row in Site.objects.get().programmes.all()] == ["SHELTER"]


@pytest.mark.parametrize(
    "fault",
    [
        {"record": "unit", "site_id": "H2", "unit": "East", "beds": "many"},
        {"record": "condition", "site_id": "H2", "must": "perhaps", "fact": "sex", "values": "female"},
        {"record": "wing", "site_id": "H2"},
        SITE | {"site_id": "H2", "name": "Said twice"},
        {"record": "contact", "site_id": "H2", "way": "pigeon", "contact": "x", "readers": "public"},
    ],
)
def test_any_fault_in_any_part_leaves_out_its_place_alone(world: World, tmp_path: Path, fault: dict[str, str]) -> None:
    path = table(tmp_path / "a.csv", SITE, SECOND, fault)
    assert import_directory(by=world.dora, path=path, rest=True).errors
    assert names() == {"New Home"}


def test_a_place_of_another_agency_is_left_out_and_stays_as_it_is(world: World, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", SITE, SECOND | {"agency": "ngo-harbour"})
    assert len(import_directory(by=world.dora, path=path, rest=True).errors) == 1
    assert names() == {"New Home"}


def test_a_row_of_which_nobody_knows_the_place_leaves_out_all(world: World, tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", SITE)
    path.write_text(path.read_text("utf-8") + "service,H1\n", "utf-8")
    assert import_directory(by=world.dora, path=path, rest=True).errors
    assert names() == set()


def test_of_a_foreign_hsds_file_the_strange_terms_are_listed_by_their_names(world: World, tmp_path: Path) -> None:
    rich_supply(world)
    path = taken(tmp_path / "d", "hsds")
    page: Any = json.loads(path.read_text("utf-8"))
    service = next(o["services"][0] for o in page["contents"] if o.get("services"))
    service["name"] = "Emergency accommodation"
    service["attributes"][0]["taxonomy_term"]["taxonomy"] = "AIRS"
    path.write_text(json.dumps(page), "utf-8")
    result = import_directory(by=SYSTEM, path=path, rest=True)
    assert result.unknown == {("service", "Emergency accommodation"): 1}
    assert result.count("same") >= 1


def test_the_page_lists_the_words_and_writes_the_rest(world: World, tmp_path: Path) -> None:
    browser = faulty("dora")
    shown = browser.post(BRING, {"file": SimpleUploadedFile("d.csv", mixed(tmp_path).read_bytes())})
    assert "Words that no list here has" in shown.text
    assert "yoga-2" in shown.text
    assert names() == set()
    sent = {name: str(value) for name, value in shown.context["form"].initial.items()}
    assert browser.post(BRING, sent).status_code == 302
    assert names() == {"New Home"}


def test_the_command_writes_the_rest_and_says_by_its_code_that_something_was_left(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert enlace(["import", "directory", str(mixed(tmp_path))]) == 1
    assert names() == set()
    assert enlace(["import", "directory", str(mixed(tmp_path)), "--rest"]) == 1
    assert names() == {"New Home"}
    assert "Not in our lists: yoga (service), 1 times" in capsys.readouterr().out
