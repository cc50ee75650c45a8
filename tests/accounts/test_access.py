"""Doors, refusals and what they leave behind."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from enlace.accounts.access import allowed, public
from enlace.accounts.models import User
from enlace.audit.models import AuditEvent
from tests.accounts import pages
from tests.accounts.entering import enter, sign_in

pytestmark = pytest.mark.urls("tests.accounts.pages")


def test_a_door_says_who_may_pass() -> None:
    assert pages.form.permissions == ("CASE_EDIT", "CASE_NOTE")
    assert pages.fails.permissions == ()
    assert pages.open_page.permissions is None
    with pytest.raises(ValueError, match="CASE_EAT"):
        allowed("CASE_EAT")
    assert public(lambda request: None).permissions is None


def test_any_of_the_permissions_opens(client: Client, liaison: User) -> None:
    assert enter(client, liaison).get("/tests/form/").status_code == 200


def test_without_permission_the_refusal_is_told_and_recorded_once(client: Client, admin: User) -> None:
    answer = enter(client, admin).get("/tests/form/?name=Maria")
    assert answer.status_code == 403
    assert "nota" in answer.text or "note" in answer.text
    rows = AuditEvent.objects.filter(action="access.denied")
    assert [(row.actor_id, row.chain, row.detail) for row in rows] == [(str(admin.pk), "commission", {"route": "form"})]


def test_a_refusal_below_the_door_records_the_route_not_the_address(client: Client, admin: User) -> None:
    case_id = uuid4()
    assert enter(client, admin).get(f"/tests/cases/{case_id}/").status_code == 403
    row = AuditEvent.objects.get(action="access.denied")
    assert row.detail == {"route": "secret"}
    assert str(case_id) not in str(row.__dict__)


def test_visitors_are_asked_to_sign_in_and_brought_back(client: Client, liaison: User) -> None:
    answer = client.get("/tests/form/?a=1")
    assert answer.headers["Location"] == "/account/login/?next=/tests/form/%3Fa%3D1"
    assert client.get("/tests/open/").text == "None"
    assert not AuditEvent.objects.filter(action="access.denied").exists()


def test_without_second_factor_not_even_public_pages_open(client: Client, liaison: User) -> None:
    sign_in(client, liaison)
    assert client.get("/tests/open/").headers["Location"] == reverse("mfa_activate_totp")
    assert client.get("/api/v1/fails/refusal/").status_code == 302


@pytest.mark.parametrize(("kind", "status"), [("refusal", 409), ("forbidden", 403), ("missing", 404), ("key", 400)])
def test_each_refusal_is_a_page_a_fragment_or_json(client: Client, liaison: User, kind: str, status: int) -> None:
    enter(client, liaison)
    page = client.get(f"/tests/fails/{kind}/")
    assert page.status_code == status
    assert "<html" in page.text
    assert "The reason, in words." in page.text
    fragment = client.get(f"/tests/fails/{kind}/", headers={"HX-Request": "true"})
    assert fragment.status_code == status
    assert "<html" not in fragment.text
    assert "The reason, in words." in fragment.text
    told = client.get(f"/api/v1/fails/{kind}/")
    assert (told.status_code, told.json()) == (status, {"detail": "The reason, in words."})


def test_a_form_sent_twice_leads_where_the_first_led(client: Client, liaison: User) -> None:
    enter(client, liaison)
    assert client.get("/tests/fails/again/").headers["Location"] == "/tests/form/"
    assert client.get("/api/v1/fails/again/").status_code == 409


def test_a_defect_is_not_dressed_up_as_a_refusal(client: Client, liaison: User) -> None:
    enter(client, liaison)
    with pytest.raises(ZeroDivisionError):
        client.get("/tests/fails/bug/")


def test_fragments_and_scripts_learn_that_the_session_ended(client: Client, db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/users/?q=a"}
    answer = client.get("/tests/form/", headers=headers)
    assert answer.headers["HX-Redirect"] == "/account/login/?next=/users/%3Fq%3Da"
    assert client.post("/tests/form/", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401
    assert client.post("/tests/form/", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 302
