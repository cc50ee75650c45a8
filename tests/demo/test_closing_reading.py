"""The reading of all that is public finds each kind of leak that is planted in it, and nothing where there is none."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from enlace.releases import files
from enlace.releases.models import Release
from tests.demo.closing_reading import Outsider, Report
from tests.demo.closing_site import Artefact, crawl, fetching
from tests.releases.closing import closed, second
from tests.world import World

pytestmark = pytest.mark.django_db
Get = Callable[[str], Artefact]


@pytest.fixture
def site(client: Client, world: World) -> tuple[Get, Release]:
    """The public site of the invented country after its year was closed."""
    row = closed(world, second(world), size=60)
    return fetching(client), row


def reading(get: Get) -> Report:
    return Outsider(list(crawl(get, [code for code, _name in settings.LANGUAGES]))).read()


def spoiled(get: Get, address: str, change: Callable[[str], str]) -> Get:
    """The same site with one artefact changed."""

    def other(asked: str) -> Artefact:
        found = get(asked)
        if asked.partition("?")[0] != address:
            return found
        content = change(found.content.decode())
        assert content != found.content.decode(), "nothing was planted"
        return replace(found, content=content.encode())

    return other


def test_nothing_is_found_where_nothing_leaks(site: tuple[Get, Release]) -> None:
    get, row = site
    report = reading(get)
    assert (report.unread, report.contradictions, report.recovered) == ([], [], [])
    assert report.withheld > 0
    assert report.releases == [row.number]
    kept = {f"/cifras/{row.number}/archivos/{name}" for name in row.files.values_list("name", flat=True)}
    assert kept <= report.artefacts.keys()
    assert report.cells["text/html"] > report.cells[files.CSV] > 0


def test_a_file_that_nobody_can_read_is_told_of(site: tuple[Get, Release]) -> None:
    get, _row = site

    def with_another(asked: str) -> Artefact:
        if asked == "/cifras/1/archivos/cubes.bin":
            return Artefact(asked, "application/octet-stream", b"true counts", is_download=True)
        return spoiled(get, "/cifras/1/datos/", lambda text: text + '<a href="/cifras/1/archivos/cubes.bin">cubes</a>')(
            asked
        )

    assert reading(with_another).unread == ["/cifras/1/archivos/cubes.bin"]


def test_what_one_artefact_alone_says_contradicts_its_release(site: tuple[Get, Release]) -> None:
    get, _row = site
    page, csv, book = "/cifras/1/identified/", f"/cifras/1/archivos/{files.CSV}", f"/cifras/1/archivos/{files.CODEBOOK}"
    told = reading(
        spoiled(get, page, lambda text: re.sub("(<td[^>]*>)(withheld|reservado)<", r"\g<1>7<", text, count=1))
    )
    assert [place.partition("?")[0] for place in told.contradictions] == [page] * len(settings.LANGUAGES)
    told = reading(spoiled(get, csv, lambda text: text.replace(",,suppressed,", ",7,published,", 1)))
    assert [place.partition(":")[0] for place in told.contradictions] == [csv]
    told = reading(spoiled(get, book, lambda text: f"{text}columns,7,7,7\r\n"))
    assert told.unread == [book]


def test_a_release_that_withholds_too_little_is_seen_through(site: tuple[Get, Release]) -> None:
    """The same everywhere, so that nothing contradicts: only the attack can find it."""
    get, row = site
    document = json.loads(get(f"/cifras/{row.number}/archivos/{files.JSON}").content)
    item = next(one for one in document["indicators"] if one["id"] == "identified")
    for cell in partly_hidden(item)[1:]:
        cell |= {"value": 3, "status": "published"}
    spoiled_json = Artefact("/cifras/1/archivos/release.json", "application/json", json.dumps(document).encode())
    assert Outsider([spoiled_json]).read().recovered


def partly_hidden(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The withheld cells of the first breakdown that has more than one."""
    for table in item["tables"]:
        hidden = [cell for cell in table["cells"] if cell["status"] == "suppressed"]
        if len(table["dimensions"]) == 1 and len(hidden) > 1:
            return hidden
    raise AssertionError("nothing is withheld here")
