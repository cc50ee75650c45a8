"""The door of every page: who may open it is written on the view, so that a test can read it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from enlace.accounts import carried
from enlace.accounts.models import User
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden
from enlace.base.permissions import PERMISSIONS

View = Callable[..., HttpResponse]


class Request(HttpRequest):
    """A request as views get it from the middleware. Behind ``allowed`` there is always an actor and a person."""

    actor: Actor
    user: User
    carried: dict[str, list[str]] | None
    htmx: HtmxDetails
    resolver_match: ResolverMatch


def allowed(*permissions: str) -> Callable[[View], View]:
    """Open a view to people signed in with a second factor whose role holds any of ``permissions``; none named: any."""
    unknown = set(permissions) - set(PERMISSIONS)
    if unknown:
        raise ValueError(f"there is no permission {min(unknown)}")

    def decorate(view: View) -> View:
        @wraps(view)
        def door(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor is None:
                return _ask_to_sign_in(request)
            if permissions and not any(request.actor.may(name) for name in permissions):
                what = ", ".join(str(PERMISSIONS[name]) for name in permissions)
                raise Forbidden(_("Your role does not include this: %(what)s.") % {"what": what})
            return view(request, *args, **kwargs)

        door.permissions = permissions  # type: ignore[attr-defined]
        return door

    return decorate


def public(view: View) -> View:
    """Mark a view that needs no account."""
    view.permissions = None  # type: ignore[attr-defined]
    return view


def _ask_to_sign_in(request: Request) -> HttpResponse:
    """Nothing typed is lost: a form is kept for its owner, and signing in leads back to its page."""
    if request.htmx:
        page = request.htmx.current_url_abs_path or "/"
        if request.method == "POST":
            carried.keep(request, page.partition("?")[0])
        return HttpResponseClientRedirect(redirect_to_login(page).url)
    # A script's own request (a draft saved in the background) cannot follow a sign-in; it has to learn that it failed.
    if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return HttpResponse(status=401)
    if request.method == "POST":
        # A lone button has no page of its own to come back to.
        return redirect_to_login(request.path if carried.keep(request, request.path) else "/")
    return redirect_to_login(request.get_full_path())
