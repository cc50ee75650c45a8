"""Garbage at every door: a clear page, never a fault, and nothing that was typed in a log."""

import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from enlace.accounts.models import User
from enlace.audit.models import AuditEvent
from enlace.audit.queries import verify
from enlace.cli import main
from tests.accounts.entering import enter
from tests.architecture.routes import Route, examples, own_routes
from tests.cases.pages import faulty
from tests.world import World

PLANTED = "Xiomara Plantada Quetzalcoatl"
ACCOUNTS = ("accounts:",)
GARBAGE: list[dict[str, Any]] = [
    {},
    {"form_token": "x", "text": PLANTED, "given_names": PLANTED, "sex": PLANTED, "year": PLANTED, "q": PLANTED},
    {"text": "\x00" + PLANTED, "sex": "female", "birth_date": "99/99/9999", "birth_year": "9" * 400},
    {"given_names": PLANTED * 400, "phone": "☎" * 90, "email": PLANTED, "document_number": "'; DROP TABLE x; --"},
    {"services": [PLANTED, ""], "recipient": "../../etc/passwd", "reason": "{{ 7*7 }}", "verb": "__class__"},
    {
        "started_on": "0/0/0",
        "ended_on": "31 feb 2020",
        "quantity": "Infinity",
        "unit": "\ud7ff",
        "on": "-1",
        "kind": "",
    },
    {"form_do": "draft", "text": PLANTED},
    {"form_do": "discard"},
]


def working_routes() -> list[Route]:
    return [route for route in own_routes() if not route.name.startswith(ACCOUNTS)]


def address_of(route: Route, values: dict[str, object]) -> str:
    return reverse(route.name, kwargs={name: values[name] for name in route.arguments})


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Nothing that was typed reaches a log or a stream, and no traceback either."""
    caplog.set_level(logging.DEBUG)
    yield
    captured = capfd.readouterr()
    logged = [r for r in caplog.records if not r.name.startswith(("django.db", "asyncio", "faker"))]
    said = "\n".join([captured.out, captured.err, *(r.getMessage() + (r.exc_text or "") for r in logged)])
    assert PLANTED.split()[0] not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("number", range(len(GARBAGE)))
def test_every_form_answers_garbage_with_a_page(world: World, quiet: None, number: int) -> None:
    values, browser, faults = examples(world), faulty("bruno"), {}
    for route in working_routes():
        answer = browser.post(address_of(route, values), GARBAGE[number])
        if answer.status_code not in {200, 302, 403, 404, 405, 409, 422} or "Traceback" in answer.text:
            faults[route.name] = answer.status_code
    assert faults == {}
    assert verify() == []


def test_every_page_answers_a_garbage_query_with_a_page(world: World, quiet: None) -> None:
    values, browser, faults = examples(world), faulty("bruno"), {}
    queries = ("year=%00&kind=%F1&cursor=" + "A" * 3000, "status=" + PLANTED, "do=draft&page=-1", "%FF%FE=1&&=&a[]=1")
    for route in working_routes():
        for query in queries:
            answer = browser.get(f"{address_of(route, values)}?{query}")
            if answer.status_code >= 500:
                faults[route.name] = query
    assert faults == {}


@pytest.mark.parametrize("kind", ["application/json", "text/xml", "multipart/form-data; boundary=x", "x", ""])
def test_a_body_of_another_kind_is_no_fault(world: World, quiet: None, kind: str) -> None:
    values, browser, faults = examples(world), faulty("bruno"), {}
    for route in working_routes():
        answer = browser.generic("POST", address_of(route, values), b"\xff\xfe{--x", content_type=kind)
        if answer.status_code >= 500:
            faults[route.name] = answer.status_code
    assert faults == {}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_whatever_is_typed_into_a_form_is_answered(world: World) -> None:
    """Every field of four long forms filled with any text."""
    values, browser = examples(world), faulty("bruno")
    addresses = ["/people/register/", f"/cases/{values['case_id']}/service/", f"/cases/{values['case_id']}/refer/"]
    addresses += [f"/people/{values['person_id']}/case/", f"/people/{values['person_id']}/consent/", "/people/"]
    names = (
        "sex birth_date birth_year age_group document_type document_number quantity unit started_on ended_on service "
    )
    names += (
        "services recipient origin state age_when_trafficked purpose answer given_by given_on expires_on q phone name"
    )

    @settings(
        max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(st.sampled_from(addresses), st.dictionaries(st.sampled_from(names.split()), texts, max_size=8))
    def send(address: str, typed: dict[str, str]) -> None:
        answer = browser.post(address, {"form_token": str(uuid4()), **typed})
        assert answer.status_code in (200, 302, 422)

    send()


def test_an_identity_typed_into_a_form_with_faults_is_in_no_log_and_no_record(world: World, quiet: None) -> None:
    browser = faulty("bruno")
    said = {"given_names": PLANTED, "sex": "female", "birth_date": "1/1/2999", "phone": "5550007777"}
    page = browser.post("/people/register/", said)
    assert page.status_code == 422
    assert PLANTED in page.text
    assert browser.post("/people/register/", said | {"birth_date": "1/1/1999"}).status_code == 302
    assert browser.post("/people/", {"name": PLANTED}).status_code == 200
    kept = "\n".join(f"{e.detail}{e.subject_id}{e.purpose}" for e in AuditEvent.objects.all())
    assert "Xiomara" not in kept
    assert "5550007777" not in kept


# Pages for people without an account set no cookie: there is no session that another site could abuse.
WITHOUT_SESSION = {
    "referrals:open", "portal:own", "intake:inform", "intake:come_back", "complaints:complain", "complaints:come_back",
}  # fmt: skip


def test_another_site_s_form_is_refused(world: World) -> None:
    values = examples(world)
    strict = enter(Client(enforce_csrf_checks=True), User.objects.get(username="bruno"))
    exempt = {route.name for route in working_routes() if getattr(route.view, "csrf_exempt", False)}
    assert exempt <= WITHOUT_SESSION
    for route in working_routes():
        answer = strict.post(address_of(route, values), {"text": PLANTED})
        assert answer.status_code == 403 or route.name in exempt, route.name


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["no-such"],
        ["report"],
        ["report", "national"],
        ["report", "national", "--year", "x"],
        ["report", "national", "--year", "2020", "--format", "pdf"],
        ["referrals"],
        ["referrals", "send"],
        ["demo", "--people", "many"],
    ],
)
def test_wrong_words_on_the_command_line_are_explained(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "usage: enlace" in capsys.readouterr().err


@pytest.mark.parametrize("year", ["0", "-5", "1989", "99999", "9" * 30])
@pytest.mark.parametrize("stored", [[], ["--stored"]])
def test_a_year_that_is_none_is_told_in_one_line(
    world: World, year: str, stored: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "national", f"--year={year}", *stored]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("enlace: ")
    assert told.err.count("\n") == 1


def test_a_sign_in_code_of_nobody_and_a_caseload_below_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["demo", "code", "nobody"]) == 1
    assert main(["demo", "--people", "-1"]) == 2
    told = capsys.readouterr()
    assert "There is no demonstration here." in told.err
    assert "zero or more" in told.out + told.err
