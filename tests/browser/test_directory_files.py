"""The map of places and the directory as a file in a real browser: sound, and a file brought in by hand."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from enlace.directory.models import Site
from tests.browser.conftest import Open
from tests.browser.served import House
from tests.browser.watched import look
from tests.directory.houses import some_supply
from tests.exchange.test_import_directory import SITE, table

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
pytestmark = pytest.mark.slow


def test_the_map_and_the_pages_of_files_are_sound(house: House, open_page: Open) -> None:
    some_supply(house.world)
    pages = {
        "bruno": ("/directory/map/", "/directory/map/?sex=male&age=30&service=SHELTER", "/exchange/directory/"),
        "dora": ("/exchange/directory/", "/exchange/directory/bring/"),
    }
    faults: list[str] = []
    for name, addresses in pages.items():
        page = open_page(name)
        for number, address in enumerate(addresses):
            page.goto(address)
            faults += look(page, f"files-{name}-{number}", SHOTS)
    assert faults == []


@pytest.mark.parametrize("script", [True, False])
def test_a_file_is_sent_its_changes_seen_and_written(
    house: House, open_page: Open, tmp_path: Path, script: bool
) -> None:
    page = open_page("dora", java_script_enabled=script)
    page.goto("/exchange/directory/bring/")
    page.set_input_files("input[type=file]", table(tmp_path / "bad.csv", SITE | {"kind": "castle"}))
    page.locator("main form button.button").first.click()
    expect(page.locator("main tbody tr")).to_contain_text("castle")
    assert not script or look(page, "files-wrong", SHOTS) == []  # axe itself is a script
    page.goto("/exchange/directory/bring/")
    page.set_input_files("input[type=file]", table(tmp_path / "good.csv", SITE))
    page.locator("main form button.button").first.click()
    expect(page.locator("main tbody tr")).to_contain_text("New Home")
    assert not script or look(page, "files-changes", SHOTS) == []
    assert not Site.objects.filter(name="New Home").exists()
    page.locator("main form button.button").first.click()
    expect(page).to_have_url(f"{house.url}/exchange/directory/")
    assert Site.objects.filter(name="New Home").exists()
