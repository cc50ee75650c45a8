"""Signing in takes a password and a second factor, and leaves a record."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enlace.accounts import sessions
from enlace.accounts.models import SignIn, User
from enlace.audit.models import AuditEvent
from tests.accounts.entering import app_code, enter, give_app, show_app, sign_in

HOME = "/"


def actions_of(user: User) -> list[str]:
    return list(AuditEvent.objects.filter(actor_id=str(user.pk)).order_by("id").values_list("action", flat=True))


def test_password_and_app_open_the_first_page(client: Client, liaison: User) -> None:
    secret = give_app(liaison)
    answer = sign_in(client, liaison)
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert client.get(HOME).headers["Location"].startswith(reverse("account_login"))
    answer = show_app(client, secret)
    assert answer.headers["Location"] == HOME
    assert client.get(HOME).context["actor"].role_code == "R06"
    assert actions_of(liaison) == ["user.signed_in"]


def test_username_is_read_in_any_case(client: Client, liaison: User) -> None:
    give_app(liaison)
    answer = client.post(reverse("account_login"), {"login": " DORA ", "password": "four quiet words suffice"})
    assert answer.headers["Location"] == reverse("mfa_authenticate")


def test_wrong_code_does_not_open(client: Client, liaison: User) -> None:
    secret = give_app(liaison)
    sign_in(client, liaison)
    wrong = f"{(int(app_code(secret)) + 1) % 10**6:06d}"
    assert client.post(reverse("mfa_authenticate"), {"code": wrong}).status_code == 200
    assert client.get(HOME).status_code == 302
    assert not SignIn.objects.exists()


def test_without_second_factor_nothing_opens_but_its_set_up(client: Client, liaison: User) -> None:
    sign_in(client, liaison)
    for path in (HOME, reverse("accounts:me"), reverse("mfa_index"), reverse("account_change_password")):
        assert client.get(path).headers["Location"] == reverse("mfa_activate_totp"), path
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200


def test_setting_up_the_app_opens_the_session(client: Client, liaison: User, monkeypatch: pytest.MonkeyPatch) -> None:
    # The test's own transaction never commits, and the append-only record cannot be emptied after one that does.
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_: act())
    sign_in(client, liaison)
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": app_code(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert client.get(HOME).status_code == 200
    assert actions_of(liaison) == ["user.signed_in", "factor.totp_activated"]


def test_a_session_from_before_the_factor_ends(client: Client, liaison: User) -> None:
    sign_in(client, liaison)
    give_app(liaison)
    assert client.get(HOME).headers["Location"] == reverse("account_login")
    assert SignIn.objects.get().ended_at is not None


def test_secrets_are_sealed_at_rest(liaison: User) -> None:
    secret = give_app(liaison)
    stored = str(Authenticator.objects.get(user=liaison).data)
    assert secret not in stored


def test_the_last_factor_cannot_be_removed(client: Client, liaison: User) -> None:
    give_app(liaison)
    enter(client, liaison)
    client.post(reverse("account_reauthenticate"), {"password": "four quiet words suffice"})
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert answer.status_code == 200
    assert Authenticator.objects.filter(user=liaison, type="totp").exists()


def test_changing_a_factor_later_asks_for_the_password_again(client: Client, liaison: User) -> None:
    secret = give_app(liaison)
    sign_in(client, liaison)
    show_app(client, secret)
    assert client.get(reverse("mfa_add_webauthn")).status_code == 200
    kept = client.session
    kept[sessions.FRESH] -= 5 * 60
    kept.save()
    assert client.get(reverse("mfa_add_webauthn")).headers["Location"].startswith(reverse("account_reauthenticate"))


def test_signing_out_ends_the_session_on_record(client: Client, liaison: User) -> None:
    enter(client, liaison)
    client.post(reverse("account_logout"))
    assert client.get(HOME).status_code == 302
    row = SignIn.objects.get()
    assert row.ended_at - row.started_at < timedelta(minutes=1)
    assert actions_of(liaison)[-1] == "user.signed_out"


def test_disabled_account_cannot_sign_in(client: Client, liaison: User) -> None:
    User.objects.update(is_active=False)
    sign_in(client, liaison)
    assert client.get(HOME).headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["account_signup", "account_email", "account_reset_password", "account_set_password"])
def test_pages_of_the_library_that_we_do_not_have_are_missing(client: Client, liaison: User, name: str) -> None:
    assert client.get(reverse(name)).status_code == 404
    enter(client, liaison)
    assert client.get(reverse(name)).status_code == 404


def test_six_failures_lock_the_account_at_that_address(client: Client, liaison: User) -> None:
    give_app(liaison)
    spelt = ["dora", "DORA", "Dora", " dora", "dORA", "dora"]
    answers = [client.post(reverse("account_login"), {"login": name, "password": "wrong guess here"}) for name in spelt]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert sign_in(client, liaison).status_code == 429, "even the right password"
    assert sign_in(client, liaison).headers.get("Location") is None
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(other, liaison).headers["Location"] == reverse("mfa_authenticate")


def test_sign_in_page_and_every_other_is_never_stored(client: Client, liaison: User) -> None:
    assert client.get(reverse("account_login")).headers["Cache-Control"] == "no-store"
    enter(client, liaison)
    assert client.get(HOME).headers["Cache-Control"] == "no-store"


def test_sessions_idle_or_old_are_over(client: Client, liaison: User) -> None:
    enter(client, liaison)
    SignIn.objects.update(started_at=timezone.now() - timedelta(hours=12))
    assert client.get(HOME).status_code == 302
    enter(client, liaison)
    kept = client.session
    kept["accounts.seen"] -= 30 * 60
    kept.save()
    assert client.get(HOME).status_code == 302
    assert not SignIn.objects.filter(ended_at__isnull=True).exists()


def test_a_fourth_session_ends_the_first(liaison: User) -> None:
    clients = [enter(Client(), liaison) for _ in range(4)]
    assert [c.get(HOME).status_code for c in clients] == [302, 200, 200, 200]
