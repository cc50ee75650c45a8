"""Periodic returns in a real browser: sound at three widths, filled in with and without script, judged by another."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from enlace.returns.models import PeriodicReturn
from tests.browser.conftest import Open
from tests.browser.served import House
from tests.browser.watched import look
from tests.returns.cast import accepted, filled, opened, submitted

SHOTS = Path(os.environ["ENLACE_LOOK"]) if "ENLACE_LOOK" in os.environ else None
LIST = "/periodic-returns/"
pytestmark = pytest.mark.slow


def test_every_page_of_returns_is_sound(house: House, open_page: Open) -> None:
    world = house.world
    done = accepted(world.bruno, world.elena, {"charged|": "3", "inquiries|": "12"}, period="2023-H1")
    draft = filled(world.bruno, {"charged|": "many", "convicted|": "-2", "inquiries|": "40"}, period="2023-H2")
    sent = submitted(world.bruno, {"charged|": "4", "inquiries|": "90"}, period="2024-H1")
    pages = {
        "bruno": (LIST, f"{LIST}{draft}/", f"{LIST}{done}/", "/"),
        "elena": (
            LIST, f"{LIST}{sent}/", f"{LIST}completeness/?year=2023",
            f"{LIST}completeness/?year=2023&of=crown_justice.charged", "/",
        ),
    }  # fmt: skip
    faults: list[str] = []
    for name, addresses in pages.items():
        page = open_page(name)
        for number, address in enumerate(addresses):
            page.goto(address)
            faults += look(page, f"returns-{name}-{number}", SHOTS)
    assert faults == []


def cell(page: Page, name: str) -> str:
    return page.locator(f'[name="{name}"]').input_value()


@pytest.mark.parametrize("script", [True, False])
def test_a_return_is_answered_submitted_checked_and_accepted(house: House, open_page: Open, script: bool) -> None:
    row = opened(house.world.bruno, period="2024-H1")
    page = open_page("bruno", java_script_enabled=script)
    page.goto(f"{LIST}{row.pk}/")
    page.locator('[name="charged|"]').fill("2")
    for measure, kind in (
        ("inquiries", "zero"),
        ("found", "no_data"),
        ("convicted", "zero"),
        ("compensation", "not_asked"),
    ):
        page.locator(f"#fill-{measure}").select_option(kind)
    page.locator("button[name=submit]").click()
    expect(page.locator("main")).to_contain_text("ND")
    row.refresh_from_db()
    assert row.status == "submitted"
    judge = open_page("elena", java_script_enabled=script)
    judge.goto(f"{LIST}{row.pk}/")
    for step in ("check", "accept"):
        judge.locator(f'form[action$="/{step}/"] button').click()
    expect(judge.locator(".tag.success")).to_be_visible()
    row.refresh_from_db()
    assert row.status == "accepted"


def test_arrows_move_and_a_block_from_a_spreadsheet_is_pasted(house: House, open_page: Open) -> None:
    row = opened(house.world.bruno, period="2024-H1")
    page = open_page("bruno")
    page.goto(f"{LIST}{row.pk}/")
    forms = ["bonded_work", "sexual_use", "forced_crime", "organ_taking"]
    page.locator('[name="inquiries|form=bonded_work"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(page.locator('[name="inquiries|form=sexual_use"]')).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text/plain", "1\\r\\n1,200\\r\\nND\\r\\n0\\r\\n");
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(event);
        }"""
    )
    assert [cell(page, f"inquiries|form={form}") for form in forms] == ["1", "1,200", "ND", "0"]
    page.locator("button[name=save]").click()
    page.wait_for_load_state()
    assert [cell(page, f"inquiries|form={form}") for form in forms] == ["1", "1200", "ND", "0"]
    assert PeriodicReturn.objects.get(pk=row.pk).status == "open"


def test_a_file_with_mistakes_is_kept_and_each_is_one_link_away(house: House, open_page: Open, tmp_path: Path) -> None:
    row = opened(house.world.bruno, period="2024-H1")
    page = open_page("bruno")
    page.goto(f"{LIST}{row.pk}/")
    with page.expect_download() as waiting:
        page.locator('a[href$="/file/csv/"]').click()
    file = tmp_path / "return.csv"
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    file.write_text(
        text.replace("charged,,,", "charged,,-4,").replace("convicted,,,", "convicted,,1,"), encoding="utf-8"
    )
    page.locator("[type=file]").set_input_files(file)
    page.locator('form[action$="/upload/"] button').click()
    assert (cell(page, "charged|"), cell(page, "convicted|")) == ("-4", "1")
    target = page.locator('[name="charged|"]').get_attribute("id")
    page.locator(f'.summary-box a[href="#{target}"]').first.click()
    expect(page.locator(f"#{target}")).to_be_focused()
