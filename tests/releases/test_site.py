"""The public site: what was approved, for everybody, kept by caches, and nothing else."""

import io
import zipfile
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.urls import reverse

from enlace.accounts.models import User
from enlace.releases import files, queries
from enlace.releases.actions import close_year, refuse_release
from enlace.releases.models import Release
from reckon.tables import Key, Table
from tests.accounts.entering import enter
from tests.releases.closing import REASON, again, closed, counted, every_reason, prepared, second
from tests.releases.reading import page_tables
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

pytestmark = pytest.mark.django_db
PAGES = ("public", "method", "data")


def addresses(row: Release) -> list[str]:
    own = [reverse(f"releases:{name}", args=[row.number]) for name in PAGES]
    each = [reverse("releases:indicator", args=[row.number, item["id"]]) for item in row.document["indicators"]]
    named = [*files.TYPES, f"release-{row.number}.zip"]
    kept = [reverse("releases:download", args=[row.number, name]) for name in named]
    return [*own, *each, *kept]


def values(tables: list[Table]) -> dict[tuple[str, tuple[str, ...], Key], int | None]:
    return {(table.indicator, table.dimensions, cell.key): cell.value for table in tables for cell in table.cells}


def corrected(world: World) -> tuple[Release, Release]:
    """A closed year and the release that took its place."""
    zoe = second(world)
    first = closed(world, zoe)
    make_nation(11, 40)
    again(world)
    return first, close_year(by=world.elena, second=zoe, year=YEAR, reasons=every_reason(first))


def test_before_anything_is_approved_the_site_says_so(client: Client, world: World) -> None:
    counted(world)
    row = prepared(world)
    assert "Nothing has been published yet" in client.get("/cifras/?lang=en").content.decode()
    assert client.get("/cifras/cambios/").status_code == 200
    for address in addresses(row):
        assert client.get(address).status_code == 404, address


def test_a_refused_release_is_never_reached(client: Client, world: World) -> None:
    zoe = second(world)
    counted(world)
    row = prepared(world)
    refuse_release(by=zoe, number=row.number, reason="doubtful")
    assert {client.get(address).status_code for address in addresses(row)} == {404}
    assert client.get(f"/api/v1/releases/{row.number}").status_code == 404
    assert client.get("/api/v1/releases").json() == []
    assert b"<entry>" not in client.get("/cifras/atom.xml").content


def test_every_page_and_file_of_an_approved_release_is_open_and_leaves_no_cookie(client: Client, world: World) -> None:
    row = closed(world, second(world))
    for address in ["/cifras/", "/cifras/cambios/", "/cifras/atom.xml", *addresses(row)]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"].startswith("public"), address
        assert not answer.cookies, address
        assert b"<script" not in answer.content, address
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_nothing_is_changed_through_the_site(client: Client, world: World) -> None:
    row = closed(world, second(world))
    assert {client.post(address).status_code for address in ["/cifras/", *addresses(row)]} == {405}


def test_a_page_that_did_not_change_is_not_sent_again(client: Client, world: World) -> None:
    row = closed(world, second(world))
    for address in ("/cifras/?lang=en", "/api/v1/releases", f"/api/v1/releases/{row.number}"):
        tag = client.get(address).headers["ETag"]
        assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_who_is_signed_in_gets_pages_that_no_cache_keeps(client: Client, world: World) -> None:
    row = closed(world, second(world))
    enter(client, User.objects.get(username="elena"))
    for address in ["/cifras/", *addresses(row)]:
        answer = client.get(address)
        assert answer.headers["Cache-Control"] == "no-store", address
        assert b"Elena" not in answer.content, address


def test_the_pages_show_the_numbers_of_the_release(client: Client, world: World) -> None:
    row = closed(world, second(world))
    shown, frozen = values(page_tables(client, row.document)), values(files.tables(row.document))
    assert shown.items() <= frozen.items()
    left_out = {place for place in frozen.keys() - shown.keys() if frozen[place] != 0}
    splits = {item["split"] for item in row.document["indicators"]}
    assert {place for place in left_out if place[1][:1] not in {(split,) for split in splits}} == set()
    total = client.get(reverse("releases:indicator", args=[row.number, "identified"]), {"lang": "en"}).content.decode()
    assert f'<p class="headline-value">{frozen["identified", (), ()]:,}</p>' in total


def test_completeness_and_what_is_not_known_stand_on_the_first_page(client: Client, world: World) -> None:
    closed(world, second(world))
    page = client.get("/cifras/?lang=en").content.decode()
    assert "2 of 3 states" in page
    assert "The Isles" in page
    assert "What is not known" in page


def test_the_site_speaks_both_languages_by_its_address(client: Client, world: World) -> None:
    row = closed(world, second(world))
    address = reverse("releases:indicator", args=[row.number, "identified"])
    assert "Persons identified by authorities" in client.get(address, {"lang": "en"}).content.decode()
    assert "Personas identificadas por autoridades" in client.get(address, {"lang": "es"}).content.decode()


def test_an_old_release_stays_at_its_number_with_a_banner(client: Client, world: World) -> None:
    first, row = corrected(world)
    before = queries.file_of(first, files.CSV)
    old = client.get(reverse("releases:public", args=[first.number]), {"lang": "en"}).content.decode()
    assert "A later release took the place of this one" in old
    assert "Go to release 2" in old
    new = client.get("/cifras/?lang=en").content.decode()
    assert "A later release" not in new
    assert f"Release {row.number}" in new
    assert client.get(reverse("releases:download", args=[first.number, files.CSV])).content == before


def test_every_change_is_published_with_its_reason(client: Client, world: World) -> None:
    _first, row = corrected(world)
    page = client.get("/cifras/cambios/?lang=en").content.decode()
    assert page.count(REASON) == len(row.document["changes"]) > 0


def test_the_feed_names_each_release_once(client: Client, world: World) -> None:
    first, row = corrected(world)
    space = {"a": "http://www.w3.org/2005/Atom"}
    tree = ElementTree.fromstring(client.get("/cifras/atom.xml").content)
    ids = [entry.findtext("a:id", namespaces=space) for entry in tree.findall("a:entry", space)]
    assert ids == [f"http://testserver/cifras/{number}/" for number in (row.number, first.number)]


def test_the_zip_holds_every_file_as_signed(client: Client, world: World) -> None:
    row = closed(world, second(world))
    content = client.get(reverse("releases:download", args=[row.number, f"release-{row.number}.zip"])).content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == queries.contents(row)


def test_there_is_no_file_beside_those_of_the_release(client: Client, world: World) -> None:
    row = closed(world, second(world))
    for name in ("inputs", "facts.parquet", "master.key", "release-2.zip"):
        assert client.get(reverse("releases:download", args=[row.number, name])).status_code == 404
