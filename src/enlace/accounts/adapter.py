"""Where the sign-in library (allauth) meets the house: sessions recorded, secrets sealed, nobody signs up alone."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from enlace.accounts import actions, queries, sessions
from enlace.accounts.models import User
from enlace.base import keyring

KEY_PURPOSE = "accounts.mfa"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_second_factor(user: User) -> bool:
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by username, with everything it leaves on record."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Failures are counted by axes, in the database and so for every process; a second count would answer first."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """One spelling of a username, so that six failures are six however it is typed."""
        if username := credentials.get("username"):
            credentials["username"] = username.strip().lower()
        return super().authenticate(request, **credentials)

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        shown = any(record["method"] == "mfa" for record in get_authentication_records(request, user))
        sessions.start(request, user, has_second_factor=shown)

    def logout(self, request: HttpRequest) -> None:
        sessions.finish(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Right after sign-in a first factor is set up and its recovery codes are seen; a later change asks again."""
        if not sessions.has_factor(self.request) or sessions.is_fresh(self.request):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Accounts have no e-mail: a change of password or factor, which the library announces here, goes on record."""
        change = template_prefix.rsplit("/", 1)[-1]
        actions.record_factor_change(
            by=queries.actor_for(user), change=change, keep_sign_in=sessions.sign_in_id(self.request)
        )
        sessions.set_factor(self.request, has_second_factor(user))


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: secrets sealed at rest, and the last one cannot be removed."""

    def encrypt(self, text: str) -> str:
        return keyring.seal(KEY_PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        return keyring.unseal(KEY_PURPOSE, encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=SECOND_FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())
