from django.urls import path

from enlace.returns.views import completeness, returns

app_name = "returns"
urlpatterns = [
    path("periodic-returns/", returns.return_list, name="list"),
    path("periodic-returns/open/", returns.open_return, name="open"),
    path("periodic-returns/completeness/", completeness.completeness, name="completeness"),
    path("periodic-returns/completeness/file/", completeness.completeness_file, name="completeness_file"),
    path("periodic-returns/<uuid:periodic_return_id>/", returns.periodic_return, name="return"),
    path("periodic-returns/<uuid:periodic_return_id>/file/<slug:kind>/", returns.download, name="download"),
    path("periodic-returns/<uuid:periodic_return_id>/upload/", returns.upload, name="upload"),
    path("periodic-returns/<uuid:periodic_return_id>/submit/", returns.submit, name="submit"),
    path("periodic-returns/<uuid:periodic_return_id>/check/", returns.check, name="check"),
    path("periodic-returns/<uuid:periodic_return_id>/accept/", returns.accept, name="accept"),
    path("periodic-returns/<uuid:periodic_return_id>/give-back/", returns.give_back, name="give_back"),
    path("periodic-returns/<uuid:periodic_return_id>/revise/", returns.revise, name="revise"),
]
