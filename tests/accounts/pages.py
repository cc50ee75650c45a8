"""A few pages that exist only for these tests: what a door does when the view behind it refuses."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from enlace.accounts.access import allowed, public
from enlace.audit.actions import AlreadyDone
from enlace.base.errors import EnlaceError, Forbidden, Missing, Refusal
from enlace.base.keyring import KeyUnavailable
from enlace.base.permissions import check
from enlace.urls import urlpatterns as house

ERRORS = {"refusal": Refusal, "forbidden": Forbidden, "missing": Missing, "key": KeyUnavailable}


@allowed("CASE_EDIT", "CASE_NOTE")
def form(request: HttpRequest) -> HttpResponse:
    """Shows what was carried over a sign-in."""
    return JsonResponse({"carried": request.carried, "posted": request.POST.dict()})


@allowed()
def fails(request: HttpRequest, kind: str) -> HttpResponse:
    if kind == "again":
        raise AlreadyDone("/tests/form/")
    if kind == "bug":
        raise ZeroDivisionError
    error: type[EnlaceError] = ERRORS[kind]
    raise error("The reason, in words.")


@allowed()
def secret(request: HttpRequest, case_id: UUID) -> HttpResponse:
    check(request.actor, "CASE_DECIDE")
    return HttpResponse()


@public
def open_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(request.actor))


urlpatterns = [
    path("tests/form/", form, name="form"),
    path("tests/fails/<str:kind>/", fails, name="fails"),
    path("api/v1/fails/<str:kind>/", fails, name="api_fails"),
    path("tests/cases/<uuid:case_id>/", secret, name="secret"),
    path("tests/open/", open_page, name="open"),
    *house,
]
