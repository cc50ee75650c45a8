"""A table of a standard is taken from the public site and checked, in a real browser, with script and without."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.served import House
from tests.browser.test_public_site import close
from tests.browser.watched import look

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
pytestmark = pytest.mark.slow


@pytest.mark.parametrize("script", [True, False])
def test_a_table_is_taken_out_spoiled_and_checked(house: House, open_page: Open, tmp_path: Path, script: bool) -> None:
    close(house.world)
    reader = open_page(java_script_enabled=script)
    reader.goto("/cifras/1/datos/")
    with reader.expect_download() as taken:
        reader.locator("#formats tbody tr").nth(2).locator("a").first.click()
    sound, spoiled = tmp_path / "tip.csv", tmp_path / "spoiled.csv"
    taken.value.save_as(sound)
    spoiled.write_text(sound.read_text().replace(",identified,", ",identifed,"))
    page = open_page("elena", java_script_enabled=script)
    for path, faults in ((sound, 0), (spoiled, 1)):
        page.goto("/exchange/standards/")
        page.select_option("[name=standard]", "tip")
        page.set_input_files("[name=file]", path)
        page.locator("main form button.button").click()
        expect(page.locator("#found-title")).to_be_visible()
        expect(page.locator("main tbody tr")).to_have_count(faults)
        assert not script or look(page, f"standards-{faults}", SHOTS) == []  # axe itself is a script
