"""The annual report is a part of the release: frozen, signed, checked, read on the public site and by whoever signs it."""

import json
from base64 import b64encode
from hashlib import sha256

import pytest
from django.test import Client
from django.urls import reverse

from enlace.accounts.models import User
from enlace.releases import annual_files, checks, files, queries
from enlace.releases.actions import close_year
from enlace.releases.document import meaning
from enlace.statistics.actions import compute_mechanism, compute_national
from tests.accounts.entering import enter
from tests.releases.annual_judge import faults
from tests.releases.closing import REASON, again, closed, counted, every_reason, prepared, second
from tests.statistics.nation import YEAR, make_nation
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE, PDF = files.report_name("en", "html"), files.report_name("en", "pdf")


def test_the_report_is_frozen_and_signed_with_the_release(client: Client, world: World) -> None:
    row = closed(world, second(world))
    kept = queries.contents(row)
    assert annual_files.written(row.document).items() <= kept.items()
    signed = {entry["name"]: entry["sha256"] for entry in json.loads(kept[files.MANIFEST])["files"]}
    assert all(signed[name] == sha256(kept[name]).hexdigest() for name in files.REPORTS)
    for language in ("en", "es"):
        assert faults(kept[files.report_name(language, "html")], row.document) == []
    start = client.get("/cifras/", {"lang": "en"}).content.decode()
    for name in (PAGE, PDF):
        address = reverse("releases:download", args=[row.number, name])
        assert f'href="{address}"' in start
        answer = client.get(address)
        assert answer.content == kept[name]
        assert answer.headers["Content-Disposition"].startswith("inline")


def test_the_page_brings_its_own_style_and_the_policy_allows_that_one_only(client: Client, world: World) -> None:
    row = closed(world, second(world), size=30)
    answer = client.get(reverse("releases:download", args=[row.number, PAGE]))
    page = answer.content.decode()
    style = page[page.index("<style>") + len("<style>") : page.index("</style>")]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}';" in answer.headers["Content-Security-Policy"]
    assert page.count("<style") == 1
    assert " style=" not in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_whoever_signs_reads_the_report_first_and_nobody_outside_does(client: Client, world: World) -> None:
    counted(world, size=30)
    row = prepared(world)
    own, public = (reverse(f"releases:{name}", args=[row.number, PAGE]) for name in ("file", "download"))
    assert client.get(public).status_code == 404
    enter(client, User.objects.get(username="elena"))
    assert client.get(own).content == queries.file_of(row, PAGE)
    assert (
        own
        in client.get(
            reverse("releases:release", args=[row.number]), headers={"accept-language": "en"}
        ).content.decode()
    )
    assert client.get(reverse("releases:file", args=[row.number, "inputs"])).status_code == 404


def test_a_later_release_tells_what_changed_and_why(world: World) -> None:
    zoe = second(world)
    first = closed(world, zoe, size=30)
    make_nation(11, 20)
    again(world)
    row = close_year(by=world.elena, second=zoe, year=YEAR, reasons=every_reason(first))
    page = queries.file_of(row, PAGE)
    assert REASON in page.decode()
    assert "Numbers that are not those of release" in page.decode()
    assert faults(page, row.document) == []
    assert checks.verify(queries.public_release(row.number).release) == []


def test_the_totals_of_the_year_before_stand_beside_those_that_count_the_same(world: World) -> None:
    zoe = second(world)
    counted(world, size=30)
    compute_national(by=world.elena, year=YEAR - 1)
    compute_mechanism(by=world.elena, year=YEAR - 1)
    old = close_year(by=world.elena, second=zoe, year=YEAR - 1)
    row = prepared(world)
    before = row.document["year_before"]
    assert (before["number"], before["period"]) == (old.number, {"name": str(YEAR - 1)})
    then = {item["id"]: item for item in old.document["indicators"]}
    for name, total in before["totals"].items():
        assert total in [c for t in (*then[name]["tables"], *then[name]["deduced"]) for c in t["cells"] if not c["key"]]
    assert "identified" in before["totals"]
    assert f">{YEAR - 1}</th>" in queries.file_of(row, PAGE).decode()
    assert "year_before" in old.document
    assert old.document["year_before"] == {}


def test_what_is_defined_otherwise_is_not_compared(world: World) -> None:
    item = closed(world, second(world), size=30).document["indicators"][0]
    other = {**item, "definition": {**item["definition"], "where": {"agency_kind": ["police"]}}}
    assert meaning(item) == meaning({**item, "label": {}})
    assert meaning(item) != meaning(other)
    assert meaning(item) != meaning({**item, "unit": "case"})


def test_a_report_that_says_other_numbers_is_a_fault(world: World) -> None:
    row = closed(world, second(world), size=30)
    kept = queries.contents(row)
    total = next(item for item in row.document["indicators"] if item["id"] == "identified")["tables"][0]["cells"][0][
        "value"
    ]
    spoiled = kept[PAGE].replace(f">{total:,}</data>".encode(), f">{total + 1:,}</data>".encode(), 1)
    assert spoiled != kept[PAGE]
    assert annual_files.at_fault({**kept, PAGE: spoiled}, row.document) == [PAGE]
    assert annual_files.at_fault(kept, row.document) == []


def test_a_release_without_a_report_offers_none(world: World) -> None:
    row = closed(world, second(world), size=30)
    assert queries.report_of(row, "en") == {"html": PAGE, "pdf": PDF}
    assert queries.report_of(row, "fr") == {}
