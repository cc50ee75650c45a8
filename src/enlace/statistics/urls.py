from django.urls import path, re_path

from enlace.statistics.views import mechanism, national

app_name = "statistics"
urlpatterns = [
    path("statistics/", national.national, name="national"),
    path("statistics/compute/", national.compute, name="compute"),
    path("statistics/assistance/", mechanism.mechanism, name="mechanism"),
    path("statistics/assistance/compute/", mechanism.compute, name="compute_mechanism"),
    re_path(
        r"^statistics/assistance-(?P<period>\d{4})\.(?P<kind>csv|json)$", mechanism.download, name="mechanism_file"
    ),
    path("statistics/nothing/", national.declare, name="declare"),
    re_path(r"^statistics/national-(?P<period>\d{4})\.(?P<kind>csv|json)$", national.download, name="download"),
]
