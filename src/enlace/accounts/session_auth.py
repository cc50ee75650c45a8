"""The API's door: the session cookie of somebody signed in with a second factor; forms of other sites are refused."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie


class SignedIn(APIKeyCookie):
    """Answers the actor, or 401. Writing calls need the CSRF token as pages do."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        return getattr(request, "actor", None)


signed_in = SignedIn()
