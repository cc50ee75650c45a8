from django.urls import path

from enlace.screening.views import groups, outcome, protocols, questions, report, screenings

app_name = "screening"
urlpatterns = [
    path("screenings/", screenings.screening_list, name="list"),
    path("screenings/start/", screenings.start, name="start"),
    path("screenings/protocols/", protocols.protocols, name="protocols"),
    path("screenings/protocols/<slug:code>/<int:version>/<slug:lang>.pdf", protocols.prompt_sheet, name="sheet"),
    path("screenings/report/", report.report, name="report"),
    path("screenings/report/<slug:kind>/", report.download, name="download"),
    path("screenings/groups/", groups.group_list, name="groups"),
    path("screenings/groups/start/", groups.start_group, name="start_group"),
    path("screenings/groups/<uuid:group_id>/", groups.group, name="group"),
    path("screenings/groups/<uuid:group_id>/people/", groups.join_group, name="join_group"),
    path("screenings/groups/<uuid:group_id>/<int:number>/", questions.group_section, name="group_section"),
    path(
        "screenings/groups/<uuid:group_id>/<int:number>/questions/", questions.group_questions, name="group_questions"
    ),
    path("screenings/alerts/<uuid:alert_id>/", outcome.end_alert, name="end_alert"),
    path("screenings/<uuid:screening_id>/", screenings.screening, name="screening"),
    path("screenings/<uuid:screening_id>/safety/", screenings.safety, name="safety"),
    path("screenings/<uuid:screening_id>/<int:number>/", questions.section, name="screening_section"),
    path("screenings/<uuid:screening_id>/<int:number>/questions/", questions.questions, name="screening_questions"),
    path("screenings/<uuid:screening_id>/finish/", screenings.finish, name="screening_finish"),
    path("screenings/<uuid:screening_id>/decide/", outcome.decide, name="decide"),
    path("screenings/<uuid:screening_id>/correct/<slug:question>/", outcome.correct, name="correct"),
    path("screenings/<uuid:screening_id>/texts/", outcome.texts, name="texts"),
    path("screenings/<uuid:screening_id>/second/", screenings.start_second, name="start_second"),
]
