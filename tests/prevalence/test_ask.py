"""The pages of an estimate: asked for from a file or from cases, refused with a reason, shown with all that belongs to it."""

import io
import json
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from enlace.prevalence.models import Estimation
from enlace.prevalence.rules import CANCELLED, DONE, QUEUED
from reckon.prevalence import captures_from_rows, wording
from reckon.prevalence.panel import ASSUMPTIONS
from reckon.prevalence.results import Headline, Study
from reckon.prevalence.stored import from_json
from tests.cases.pages import english, signed_in
from tests.prevalence.material import LISTS, ROWS, asked, captures, compute_what_waits
from tests.world import World

__all__ = ["english"]

SAID = {"title": "Invented people", "period": "2020", "methods": ["stepwise", "chao", "independence"], "boot": 200}
ANSWERS = dict.fromkeys(
    ("same_period", "same_people", "same_definition", "everyone_reachable", "linkage_checked", "no_outsiders"), "yes"
)
TABLE = "\n".join([",".join([*LISTS, "count"]), *(",".join(map(str, row)) for row in ROWS)])
HEAVY = [(1, 1, 0, 5), (0, 1, 1, 4), (1, 0, 0, 60), (0, 1, 0, 70), (0, 0, 1, 90)]


@pytest.fixture
def elena(world: World) -> Client:
    return signed_in("elena")


def send(client: Client, source: str, text: str | bytes = TABLE, name: str = "lists.csv", **more: object) -> object:
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)
    data = {**SAID, "seed": 5, **ANSWERS, "file": file, **more}
    return client.post(reverse("prevalence:ask", args=[source]), data)


def sentences(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def pdf_text(content: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


def computed(world: World) -> Estimation:
    row = asked(world.elena)
    compute_what_waits()
    row.refresh_from_db()
    assert row.status == DONE
    return row


def test_a_table_of_histories_is_kept_as_counts_with_what_was_said(elena: Client) -> None:
    response = send(elena, "table")
    row = Estimation.objects.get()
    assert response["Location"] == reverse("prevalence:estimation", args=[row.pk])
    assert (row.digest, row.status, row.source) == (captures().digest(), QUEUED, "table")
    assert row.options["seed"] == 5
    assert row.options["assumptions"] == ANSWERS
    assert row.options["methods"] == SAID["methods"]


def test_a_file_of_linked_people_leaves_only_its_counts(elena: Client) -> None:
    lines, person = ["who,where"], 0
    for *history, count in HEAVY:
        for _ in range(count):
            person += 1
            lines += [f"p{person},{name}" for name, on in zip(LISTS, history, strict=True) if on]
    send(elena, "people", "\n".join(lines), person_column="who", list_column="where")
    row = Estimation.objects.get()
    assert sum(row.counts) == sum(count for *_history, count in HEAVY)
    assert "p17" not in json.dumps([row.masks, row.counts, row.options, row.source_detail, row.lists])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("a,b,count\n1,0,-3\n0,1,4", "Line 2"),
        ("a,b,count\n1,0,3\n0,1,4.5", "Line 3"),
        ("a,b,count\n1,x,3", "column b"),
        (",".join(f"l{n}" for n in range(21)) + ",count\n" + "1," * 21 + "4", "20"),
        (",".join(f"l{n}" for n in range(20)) + ",count\n" + "1," * 20 + "4", "at most 12 can be studied together"),
        (b"\xff\xfe\x00\x01", "UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_its_field_and_nothing_typed_is_lost(
    elena: Client, text: str | bytes, said: str
) -> None:
    response = send(elena, "table", text)
    page = sentences(response.content.decode())
    assert response.status_code == 422
    assert said in page
    assert 'value="Invented people"' in response.content.decode()
    assert not Estimation.objects.exists()


def test_the_page_of_a_result_never_shows_the_number_alone(world: World, elena: Client) -> None:
    row = computed(world)
    page = sentences(elena.get(reverse("prevalence:estimation", args=[row.pk])).content.decode())
    found = from_json(Study, row.result).headline
    assert isinstance(found, Headline)
    for number in (found.total, found.interval.lower, found.interval.upper, found.lowest, found.highest):
        assert f"{number:,.0f}" in page
    assert page.count("The highest-order interaction") <= page.count("interaction")
    assert page.lower().count("table") > 5


@pytest.mark.parametrize("kind", ["html", "pdf", "json"])
def test_every_file_holds_the_interval_the_range_and_the_warnings(world: World, elena: Client, kind: str) -> None:
    row = computed(world)
    response = elena.get(reverse("prevalence:download", args=[row.pk, kind]))
    found = from_json(Study, row.result).headline
    assert isinstance(found, Headline)
    numbers = (found.total, found.interval.lower, found.interval.upper, found.lowest, found.highest)
    if kind == "json":
        told = json.loads(response.content)
        assert from_json(Study, json.dumps(told["study"])).headline == found
        assert (told["title"], told["period"]) == (row.title, row.period)
        return
    text = pdf_text(response.content) if kind == "pdf" else sentences(response.content.decode())
    assert all(f"{number:,.0f}" in text for number in numbers)
    assert all(said in text for said in (row.title, row.period, *LISTS))


def test_lists_of_estimates_and_of_work_tell_no_number(world: World, elena: Client) -> None:
    row, waiting = computed(world), asked(world.elena)
    found = from_json(Study, row.result).headline
    assert isinstance(found, Headline)
    for url in (reverse("prevalence:list"), "/"):
        page = sentences(elena.get(url, follow=True).content.decode())
        assert waiting.title in page
        assert f"{found.total:,.0f}" not in page


def test_the_same_words_are_asked_and_printed(world: World, elena: Client) -> None:
    form = sentences(elena.get(reverse("prevalence:ask", args=["table"])).content.decode())
    result = sentences(elena.get(reverse("prevalence:estimation", args=[computed(world).pk])).content.decode())
    for name in ASSUMPTIONS:
        assert wording.question(name) in form
        assert wording.question(name) in result


def test_a_method_that_leaves_the_choice_out_never_gives_the_headline(elena: Client) -> None:
    refused = send(elena, "table", methods=["threshold", "independence"])
    assert refused.status_code == 422
    assert "Choose at least one method that can give the headline." in sentences(refused.content.decode())
    send(elena, "table", methods=["threshold", "dga"])
    assert Estimation.objects.get().options["methods"] == ["dga", "threshold"]


def test_reports_leave_out_counts_that_could_expose_somebody(world: World, elena: Client) -> None:
    row = asked(world.elena, captures_from_rows(LISTS, [*ROWS[:-1], (1, 1, 1, 3)]))
    compute_what_waits()
    told = ("People shared by the lists", "People on exactly so many lists", "Known sizes of lists")
    page = sentences(elena.get(reverse("prevalence:estimation", args=[row.pk])).content.decode())
    assert all(title in page for title in told)
    for kind in ("html", "pdf"):
        content = elena.get(reverse("prevalence:download", args=[row.pk, kind])).content
        text = sentences(content.decode()) if kind == "html" else pdf_text(content)
        assert "so small that" in text
        assert not any(title in text for title in told)


def test_a_running_estimate_tells_its_progress_and_can_be_cancelled(world: World, elena: Client) -> None:
    row = asked(world.elena)
    page = elena.get(reverse("prevalence:estimation", args=[row.pk])).content.decode()
    assert reverse("prevalence:progress", args=[row.pk]) in page
    assert "<noscript>" in page
    elena.post(reverse("prevalence:cancel", args=[row.pk]))
    row.refresh_from_db()
    assert row.status == CANCELLED
    ended = elena.get(reverse("prevalence:progress", args=[row.pk]))
    assert ended["HX-Refresh"] == "true"


def test_a_repetition_says_that_every_number_is_the_same(world: World, elena: Client) -> None:
    first = computed(world)
    again = elena.post(reverse("prevalence:repeat", args=[first.pk]))
    compute_what_waits()
    page = sentences(elena.get(again["Location"]).content.decode())
    assert "every number is the same" in page


def test_the_slider_answers_what_if_people_differ(world: World, elena: Client) -> None:
    url, told = reverse("prevalence:estimation", args=[computed(world).pk]), []
    for spread in ("0", "0.4", "0.8", "nonsense"):
        page = sentences(elena.get(url, {"spread": spread}).content.decode())
        told.append(int(re.search(r"total would be ([\d,]+)", page)[1].replace(",", "")))
    assert told[0] < told[1] < told[2]


def test_a_year_without_cases_is_told_on_the_form(elena: Client) -> None:
    response = elena.post(
        reverse("prevalence:ask", args=["cases"]),
        {**SAID, "seed": 5, **ANSWERS, "start": "1/1/2001", "end": "31/12/2001", "lists": "kind"},
    )
    assert response.status_code == 422
    assert "No case was recorded" in sentences(response.content.decode())
