"""The JSON API: the same queries and actions as the pages, described by OpenAPI at ``/api/v1/openapi.json``."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from enlace.base.permissions import PERMISSIONS
from enlace.cases.api import router as cases
from enlace.directory.api import router as directory
from enlace.intake.api import router as contacts
from enlace.placements.api import found_places, stays
from enlace.referrals.api import router as referrals
from enlace.releases.api import router as releases
from enlace.returns.api import router as returns
from enlace.screening.api import router as screenings
from enlace.statistics.api import router as statistics

api = NinjaAPI(
    title="Enlace",
    version="1",
    description="Signed-in session with a second factor. Permissions: " + ", ".join(sorted(PERMISSIONS)),
    urls_namespace="api",
    docs_url=None,
)


@api.exception_handler(ValidationError)
def tell_what_does_not_fit(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Where and what kind, never what was sent: it may hold an identity."""
    found: list[dict[str, Any]] = [{"where": list(e["loc"]), "kind": e["type"]} for e in error.errors]
    said = _(
        "Some values are missing or do not fit. “errors” says where; the description of the API says what is expected."
    )
    return api.create_response(request, {"detail": said, "errors": found}, status=422)


@api.exception_handler(HttpError)
def tell_that_it_cannot_be_read(request: HttpRequest, error: HttpError) -> HttpResponse:
    said = _("The body of the request could not be read as JSON.") if error.status_code == 400 else error.message
    return api.create_response(request, {"detail": said}, status=error.status_code)


@api.exception_handler(AuthenticationError)
def ask_to_sign_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return api.create_response(request, {"detail": _("Sign in first, with your second factor.")}, status=401)


api.add_router("/statistics", statistics)
api.add_router("/releases", releases)
api.add_router("/cases", cases)
api.add_router("/referrals", referrals)
api.add_router("/directory", directory)
api.add_router("/places", found_places)
api.add_router("/stays", stays)
api.add_router("/contacts", contacts)
api.add_router("/screenings", screenings)
api.add_router("/returns", returns)
urlpatterns = [path("", api.urls)]
