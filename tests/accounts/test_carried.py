"""What was typed when the session ran out comes back to whoever typed it, once, and to nobody else."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from enlace.accounts.carried import PURPOSE, owner_token
from enlace.accounts.models import SignIn, User
from tests.accounts.entering import enter, give_app, show_app, sign_in

pytestmark = pytest.mark.urls("tests.accounts.pages")

PATH = "/tests/form/"
TYPED = {"note": "a long text that took an hour", "several": ["a", "b"], "csrfmiddlewaretoken": "x", "password": "x"}


def send(client: Client, owner: str, path: str = PATH) -> str:
    return client.post(path, TYPED | {"form_owner": owner_token(owner)}).headers["Location"]


def come_back(client: Client, user: User, url: str) -> str:
    secret = give_app(user)
    sign_in(client, user, url=url)
    return show_app(client, secret).headers["Location"]


def test_the_form_comes_back_after_signing_in_once(client: Client, liaison: User) -> None:
    enter(client, liaison)
    SignIn.objects.update(ended_at="2026-01-01T00:00Z", ended_by="x")
    assert send(client, "dora") == f"/account/login/?next={PATH}"
    assert come_back(client, liaison, PATH) == PATH
    kept = client.get(PATH).json()["carried"]
    assert kept == {"note": ["a long text that took an hour"], "several": ["a", "b"]}
    assert client.get(PATH).json()["carried"] is None


def test_it_waits_for_its_own_page(client: Client, liaison: User) -> None:
    send(client, "dora")
    come_back(client, liaison, "/")
    assert client.get("/").status_code == 200
    assert client.post(PATH, {"note": "other"}).json()["carried"] is None
    assert client.get(PATH).json()["carried"] is not None


def test_another_person_never_sees_it_and_it_is_gone(client: Client, liaison: User, second_admin: User) -> None:
    send(client, "dora")
    come_back(client, second_admin, PATH)
    client.get(PATH)
    assert PURPOSE not in client.session
    client.post("/account/logout/")
    come_back(client, liaison, PATH)
    assert client.get(PATH).json()["carried"] is None


@pytest.mark.parametrize("owner", ["", "dora", "dora:forged"])
def test_a_form_not_made_by_us_is_not_kept(client: Client, liaison: User, owner: str) -> None:
    answer = client.post(PATH, TYPED | {"form_owner": owner})
    assert answer.headers["Location"] == "/account/login/?next=/"
    assert PURPOSE not in client.session


def test_it_is_sealed_where_it_waits(client: Client, liaison: User) -> None:
    send(client, "dora")
    (row,) = Session.objects.all()
    assert PURPOSE in row.get_decoded()
    assert "took an hour" not in str(row.get_decoded())


def test_what_another_master_key_sealed_is_dropped(client: Client, liaison: User) -> None:
    send(client, "dora")
    kept = client.session
    kept[PURPOSE] = "00" * 40
    kept.save()
    come_back(client, liaison, PATH)
    assert client.get(PATH).json()["carried"] is None


def test_a_fragment_form_is_kept_for_its_page(client: Client, liaison: User) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{PATH}?tab=2"}
    client.post("/tests/open/", TYPED, headers=headers)
    answer = client.post("/tests/fails/key/", TYPED | {"form_owner": owner_token("dora")}, headers=headers)
    assert answer.headers["HX-Redirect"].startswith("/account/login/")
    come_back(client, liaison, PATH)
    assert client.get(PATH).json()["carried"]["several"] == ["a", "b"]
