"""How tests sign in: the whole way as a person does it, or straight to an open session."""

import time

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enlace.accounts import sessions
from enlace.accounts.actions import record_sign_in
from enlace.accounts.models import User
from enlace.accounts.queries import actor_for
from enlace.base.actor import Actor

PASSWORD = "four quiet words suffice"
SETUP = Actor.system("test")


def enter(client: Client, user: User, role_code: str = "") -> Client:
    """Open a session of ``user`` with a second factor, without the forms (for tests of other pages)."""
    client.force_login(user)
    row = record_sign_in(by=actor_for(user))
    kept = client.session
    kept[sessions.SIGN_IN], kept[sessions.FACTOR] = str(row.pk), True
    kept[sessions.SEEN] = timezone.now().timestamp()
    if role_code:
        kept[sessions.ROLE] = role_code
    kept.save()
    return client


def give_app(user: User) -> str:
    """Give the account an authenticator app; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def app_code(secret: str) -> str:
    """What the app shows now. A code counts once, so what was used before is forgotten first."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD))


def sign_in(client: Client, user: User, password: str = PASSWORD, url: str = "") -> object:
    """Send the sign-in form; the answer leads to the second step."""
    data = {"login": user.username, "password": password} | ({"next": url} if url else {})
    return client.post(reverse("account_login"), data)


def show_app(client: Client, secret: str) -> object:
    return client.post(reverse("mfa_authenticate"), {"code": app_code(secret)})


def has_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exists()
