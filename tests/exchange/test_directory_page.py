"""The pages of the directory as a file: taken out, looked at, brought in."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from enlace.audit.models import AuditEvent
from enlace.directory.models import Site
from enlace.exchange.forms import MAX_BYTES
from tests.cases.pages import english, faulty  # noqa: F401 - english is a fixture of every test here
from tests.exchange.places import PLANTED, SEALED, rich_supply
from tests.exchange.test_import_directory import SITE, table
from tests.world import World

BRING, PAGE, TAKE = "/exchange/directory/bring/", "/exchange/directory/", "/exchange/directory/take/"


def sent(browser: Client, content: bytes) -> HttpResponse:
    return browser.post(BRING, {"file": SimpleUploadedFile("d.csv", content)})


def test_a_file_is_taken_out_with_its_record(world: World) -> None:
    rich_supply(world)
    answer = faulty("bruno").get(TAKE, {"format": "hsds"})
    assert answer["Content-Type"] == "application/json"
    assert 'filename="directory' in answer["Content-Disposition"]
    assert AuditEvent.objects.get(action="export.directory").detail == {"layout": "hsds", "public": False, "count": 3}
    public = faulty("bruno").get(f"{TAKE}?format=csv&public")
    for text in (answer.text, public.text):
        assert PLANTED not in text
        assert SEALED not in text
    assert "House of the Tide" not in public.text
    assert faulty("bruno").get(TAKE, {"format": "xml"}).status_code == 409


def test_changes_are_shown_before_they_are_written(world: World, tmp_path: Path) -> None:
    browser = faulty("dora")
    shown = sent(browser, table(tmp_path / "a.csv", SITE).read_bytes())
    assert "What this file would change" in shown.text
    assert not Site.objects.filter(name="New Home").exists()
    content = shown.context["form"].initial["content"]
    assert browser.post(BRING, {"content": content}).headers["Location"] == PAGE
    assert Site.objects.get(name="New Home").agency_id == "shelter-isles"
    again = sent(browser, table(tmp_path / "a.csv", SITE).read_bytes())
    assert "The directory already says all of this" in again.text


def test_faults_are_shown_by_row_and_column_without_a_way_to_write(world: World, tmp_path: Path) -> None:
    shown = sent(faulty("dora"), table(tmp_path / "a.csv", SITE | {"kind": "castle"}).read_bytes())
    assert shown.context["form"] is None
    assert shown.context["errors"] == [(2, "kind", "castle", "The value is not in the list of this column.")]


def test_what_is_no_file_of_the_directory_is_told_on_the_form(world: World) -> None:
    for content, why in ((b"a,b\n", "Start from an exported file"), (b"x" * (MAX_BYTES + 1), "larger than 1 MB")):
        answer = sent(faulty("dora"), content)
        assert answer.status_code == 422
        assert why in answer.text
    assert faulty("dora").post(BRING, {"content": "ñ"}).status_code == 409


def test_a_file_seen_by_one_is_written_by_who_may_write_it(world: World, tmp_path: Path) -> None:
    shown = sent(faulty("dora"), table(tmp_path / "a.csv", SITE).read_bytes())
    content = shown.context["form"].initial["content"]
    assert faulty("bruno").post(BRING, {"content": content}).status_code == 403
    assert faulty("carla").post(BRING, {"content": content}).status_code == 409
    assert not Site.objects.filter(name="New Home").exists()


@pytest.mark.parametrize(
    ("name", "page", "bring"), [("bruno", 200, 403), ("dora", 200, 200), ("fidel", 200, 200), ("alma", 403, 403)]
)
def test_the_pages_are_for_who_exports_and_who_edits(world: World, name: str, page: int, bring: int) -> None:
    browser = faulty(name)
    assert (browser.get(PAGE).status_code, browser.get(TAKE).status_code) == (page, page)
    assert browser.get(BRING).status_code == bring
