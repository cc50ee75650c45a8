from django.urls import path

from enlace.prevalence import views

app_name = "prevalence"
urlpatterns = [
    path("prevalence/", views.estimation_list, name="list"),
    path("prevalence/new/", views.choose_source, name="choose"),
    path("prevalence/new/<slug:source>/", views.ask, name="ask"),
    path("prevalence/<uuid:estimation_id>/", views.estimation, name="estimation"),
    path("prevalence/<uuid:estimation_id>/progress/", views.progress, name="progress"),
    path("prevalence/<uuid:estimation_id>/cancel/", views.cancel, name="cancel"),
    path("prevalence/<uuid:estimation_id>/again/", views.again, name="again"),
    path("prevalence/<uuid:estimation_id>/repeat/", views.repeat, name="repeat"),
    path("prevalence/<uuid:estimation_id>/file/<slug:kind>/", views.download, name="download"),
]
