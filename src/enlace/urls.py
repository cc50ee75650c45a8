"""All addresses."""

from django.urls import include, path

urlpatterns = [
    path("", include("enlace.accounts.urls")),
    path("account/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("enlace.vault.urls")),
    path("", include("enlace.intake.urls")),
    path("", include("enlace.screening.urls")),
    path("", include("enlace.cases.urls")),
    path("", include("enlace.referrals.urls")),
    path("", include("enlace.placements.urls")),
    path("", include("enlace.portal.urls")),
    path("", include("enlace.complaints.urls")),
    path("", include("enlace.assistance.urls")),
    path("", include("enlace.prevalence.urls")),
    path("", include("enlace.returns.urls")),
    path("", include("enlace.directory.urls")),
    path("", include("enlace.statistics.urls")),
    path("", include("enlace.releases.urls")),
    path("", include("enlace.exchange.urls")),
    path("api/v1/", include("enlace.api_urls")),
]
