"""The first page, one's own account, and the frame of every page."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enlace.accounts import actions
from enlace.accounts.context import nav
from enlace.accounts.models import SignIn, User
from enlace.accounts.queries import actor_for
from enlace.audit.models import AuditEvent
from enlace.base import slots
from enlace.base.actor import Actor
from enlace.base.synthetic import is_synthetic
from tests.accounts.entering import enter, give_app, sign_in

ITEM = slots.QueueItem("/x/", "C-2345-6789-X", "Decide identification", "from Helpline", timezone.now())


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    monkeypatch.setattr(slots, "_registered", {k: v for k, v in slots._registered.items() if k[0] is slots.NavItem})

    def fill(count: int) -> None:
        item = slots.QueueItem(*[getattr(ITEM, name) for name in ("url", "code", "task", "detail", "since")],
                               due=timezone.now() + timedelta(hours=3))  # fmt: skip
        slots.register(slots.QueueSource("decide", 1, "To decide", "CASE_DECIDE", lambda v, n: [item] * min(n, count)))
        slots.register(slots.QueueSource("other", 2, "Came back", "CASE_READ", lambda v, n: []))

    return fill


def home(client: Client, user: User) -> str:
    return enter(client, user).get("/", headers={"Accept-Language": "en"}).text


def test_the_queue_shows_what_waits_and_says_when_there_is_more(client: Client, liaison: User, queue: object) -> None:
    queue(20)
    shown = home(client, liaison)
    assert shown.count("C-2345-6789-X") == 20
    assert "(20)" in shown
    assert "Came back" in shown
    queue(21)
    shown = home(client, liaison)
    assert shown.count("C-2345-6789-X") == 20
    assert "(20+)" in shown


def test_an_empty_queue_says_what_to_do_next(client: Client, liaison: User, queue: object) -> None:
    queue(0)
    assert "search first" in home(client, liaison)


def test_roles_without_a_queue_land_on_what_they_may_open(client: Client, admin: User, queue: object) -> None:
    shown = home(client, admin)
    assert reverse("accounts:users") in shown
    assert reverse("accounts:log") not in shown


def test_an_account_without_a_role_says_whom_to_ask(client: Client, make_user: object, queue: object) -> None:
    assert "no role yet" in home(client, make_user("nobody", "helpline"))


def test_the_current_link_is_the_longest_that_fits(admin: User, queue: object) -> None:
    def current(path: str) -> list[str]:
        return [link.url for link in nav(actor_for(admin), path) if link.current]

    assert current("/") == ["/"]
    assert current("/users/") == current("/users/invite/") == ["/users/"]
    assert current("/me/") == []
    slots.register(slots.NavItem(81, "Invite", "accounts:invite", ""))
    assert current("/users/invite/") == ["/users/invite/"]


def test_invented_data_are_announced(client: Client, admin: User, settings: object, tmp_path: object) -> None:
    settings.ENLACE_HOME = tmp_path
    is_synthetic.cache_clear()
    assert "Synthetic data" not in home(client, admin)
    (tmp_path / "synthetic").touch()
    is_synthetic.cache_clear()
    assert "Synthetic data" in home(client, admin)
    is_synthetic.cache_clear()


def test_switching_role_changes_what_one_may_do(client: Client, make_user: object) -> None:
    user = make_user("vera", "commission", "R16", "R19")
    enter(client, user)
    assert client.get(reverse("accounts:users")).status_code == 403
    client.post(reverse("accounts:switch"), {"role": "R19"})
    assert client.get(reverse("accounts:users")).status_code == 200
    client.post(reverse("accounts:switch"), {"role": "R18"})
    assert client.get("/").context["actor"].role_code == "R19"
    assert AuditEvent.objects.filter(action="role.switched").count() == 1


def test_a_role_that_ended_is_out_of_use_at_once(client: Client, by: Actor, make_user: object) -> None:
    user = make_user("vera", "commission", "R16", "R19")
    enter(client, user, "R19")
    actions.end_role(by=by, user_id=user.pk, role_code="R19")
    assert client.get("/").context["actor"].role_code == "R16"


def test_the_language_of_the_account_follows_the_person(client: Client, liaison: User) -> None:
    enter(client, liaison)
    assert '<html lang="en"' in client.get("/").text
    client.post(reverse("accounts:choose_language"), {"language": "es"})
    assert '<html lang="es"' in client.get("/").text
    other = enter(Client(), liaison)
    answer = other.get("/")
    assert '<html lang="es"' in answer.text
    assert answer.context["actor"].role_label == "Enlace de casos"
    assert answer.headers["Content-Language"] == "es"


def test_the_language_chosen_on_this_machine_counts_first(client: Client, liaison: User) -> None:
    User.objects.update(language="en")
    enter(client, liaison)
    client.post(reverse("set_language"), {"language": "es", "next": "/"})
    assert '<html lang="es"' in client.get("/").text
    client.post(reverse("accounts:choose_language"), {"language": "tlh"})
    assert User.objects.get(pk=liaison.pk).language == "en"


def test_the_language_can_be_changed_before_the_second_factor(client: Client, liaison: User) -> None:
    sign_in(client, liaison)
    assert client.post(reverse("set_language"), {"language": "en", "next": "/"}).headers["Location"] == "/"


def test_own_page_lists_sign_ins_and_can_end_them_all(client: Client, liaison: User) -> None:
    give_app(liaison)
    other = enter(Client(), liaison)
    enter(client, liaison)
    page = client.get(reverse("accounts:me"))
    assert len(page.context["sign_ins"]) == 2
    client.post(reverse("accounts:end_mine"))
    assert (client.get("/").status_code, other.get("/").status_code) == (302, 302)
    assert not SignIn.objects.filter(ended_at__isnull=True).exists()


def test_a_new_password_ends_the_other_sessions(client: Client, liaison: User) -> None:
    give_app(liaison)
    other = enter(Client(), liaison)
    enter(client, liaison)
    new = "a wholly different sentence"
    form = {"oldpassword": "four quiet words suffice", "password1": new, "password2": new}
    client.post(reverse("account_change_password"), form)
    assert User.objects.get(pk=liaison.pk).check_password(new)
    assert (client.get("/").status_code, other.get("/").status_code) == (200, 302)
    assert AuditEvent.objects.filter(action="factor.password_changed").count() == 1
