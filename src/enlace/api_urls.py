"""The JSON API: the same queries and actions as the pages, described by OpenAPI at ``/api/v1/openapi.json``."""

from django.urls import path
from ninja import NinjaAPI

from enlace.base.permissions import PERMISSIONS
from enlace.cases.api import router as cases
from enlace.referrals.api import router as referrals
from enlace.statistics.api import router as statistics

api = NinjaAPI(
    title="Enlace",
    version="1",
    description="Signed-in session with a second factor. Permissions: " + ", ".join(sorted(PERMISSIONS)),
    urls_namespace="api",
    docs_url=None,
)
api.add_router("/statistics", statistics)
api.add_router("/cases", cases)
api.add_router("/referrals", referrals)
urlpatterns = [path("", api.urls)]
