from django.urls import path, re_path

from enlace.statistics import views

app_name = "statistics"
urlpatterns = [
    path("statistics/", views.national, name="national"),
    path("statistics/compute/", views.compute, name="compute"),
    path("statistics/nothing/", views.declare, name="declare"),
    re_path(r"^statistics/national-(?P<period>\d{4})\.(?P<kind>csv|json)$", views.download, name="download"),
]
