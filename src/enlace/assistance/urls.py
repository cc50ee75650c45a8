from django.urls import path

from enlace.assistance import views

app_name = "assistance"
urlpatterns = [
    path("services/", views.service_list, name="list"),
    path("cases/<uuid:case_id>/service/", views.record_service, name="record"),
    path("services/<uuid:service_id>/end/", views.end_service, name="end"),
]
