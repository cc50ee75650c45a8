from django.urls import path, re_path

from enlace.statistics.views import mechanism, national, questions, reconciliation

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
    path("statistics/published/", reconciliation.reconciliation, name="reconciliation"),
    re_path(
        r"^statistics/published-(?P<period>\d{4})\.(?P<kind>csv|json)$",
        reconciliation.download,
        name="reconciliation_file",
    ),
    path("statistics/questions/", questions.question_list, name="questions"),
    path("statistics/questions/new/", questions.ask, name="ask"),
    path("statistics/questions/<uuid:saved_table_id>/", questions.question, name="question"),
    path("statistics/questions/<uuid:saved_table_id>/progress/", questions.progress, name="question_progress"),
    path("statistics/questions/<uuid:saved_table_id>/again/", questions.again, name="repeat_question"),
    path("statistics/questions/<uuid:saved_table_id>/delete/", questions.delete, name="delete_table"),
    re_path(
        r"^statistics/questions/(?P<saved_table_id>[0-9a-f-]{36})/table\.(?P<kind>csv|json|xlsx)$",
        questions.download,
        name="question_file",
    ),
]
