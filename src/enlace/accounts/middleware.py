"""Who acts in each request, what the connection may see, and the page that a refusal becomes."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import translation

from enlace.accounts import carried, sessions
from enlace.accounts.access import Request
from enlace.accounts.actions import record_denied
from enlace.accounts.adapter import has_second_factor
from enlace.audit.actions import AlreadyDone
from enlace.base.errors import EnlaceError, Forbidden
from enlace.base.remember import remembering
from enlace.base.rows import show_rows_of

logger = logging.getLogger("enlace")

# What somebody may open who has given the password but has no second factor yet.
BEFORE_FACTOR = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "account_logout", "set_language"})
# Pages of the sign-in library that this house does not have: nobody signs up alone, and there is no e-mail.
CLOSED = frozenset(
    {
        "account_signup",
        "account_email",
        "account_email_verification_sent",
        "account_confirm_email",
        "account_confirm_login_code",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)


class ActorMiddleware:
    """Sets ``request.actor`` (``None`` until a second factor was shown) and ``request.carried``."""

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        _speak_own_language(request)
        request.actor = sessions.actor(request)  # type: ignore[assignment]  # nobody yet, outside the doors
        request.carried = carried.hand_over(request) if request.actor else None
        show_rows_of(request.actor)
        try:
            with remembering():
                response = self.get_response(request)
        finally:
            show_rows_of(None)
        # On a shared machine the back button must not show what the session showed; a page for everybody says otherwise.
        if not response.headers.get("Cache-Control", "").startswith("public"):
            response["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: Request, view: object, args: object, kwargs: object) -> HttpResponse | None:
        """Nothing opens before a second factor is set up and shown."""
        name = request.resolver_match.view_name
        if name in CLOSED:
            raise Http404
        if request.actor or not request.user.is_authenticated or name in BEFORE_FACTOR or _is_api(request):
            return None
        if has_second_factor(request.user):  # set up meanwhile in another session; this one never showed it
            sessions.finish(request)
            return redirect(settings.LOGIN_URL)
        return redirect("mfa_activate_totp")

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Turn a refusal into the page, the fragment or the JSON that carries its reason."""
        match = request.resolver_match
        if not isinstance(error, EnlaceError):
            # The kind of error and the route are enough to look for it; its text and the request may hold an identity.
            logger.error("%s in %s", type(error).__name__, match.route if match else "no route")
            return None
        if isinstance(error, AlreadyDone) and error.url and not _is_api(request):
            messages.info(request, str(error.reason))
            return redirect(error.url)
        if isinstance(error, Forbidden) and request.actor:
            record_denied(by=request.actor, route=match.view_name or match.route)
        if _is_api(request):
            return JsonResponse({"detail": str(error.reason)}, status=error.status)
        context: dict[str, Any] = {"reason": error.reason}
        template = "accounts/_refused.html" if request.htmx else f"{error.status}.html"
        return render(request, template, context, status=error.status)


def _speak_own_language(request: Request) -> None:
    """The language chosen on this machine counts first, then the one kept with the account."""
    if settings.LANGUAGE_COOKIE_NAME in request.COOKIES or not request.user.is_authenticated:
        return
    if request.user.language:
        translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()


def _is_api(request: Request) -> bool:
    return request.path.startswith("/api/")
