from django.urls import path

from enlace.cases import views

app_name = "cases"
urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/code/<str:code>/", views.find_case, name="find"),
    path("people/<uuid:person_id>/case/", views.open_case, name="open"),
    path("cases/<uuid:case_id>/", views.case, name="case"),
    path("cases/<uuid:case_id>/edit/", views.edit_case, name="edit"),
    path("cases/<uuid:case_id>/episode/", views.add_episode, name="episode"),
    path("cases/<uuid:case_id>/decide/", views.decide_case, name="decide"),
    path("cases/<uuid:case_id>/note/", views.write_note, name="note"),
    path("cases/<uuid:case_id>/close/", views.close_case, name="close"),
    path("cases/<uuid:case_id>/reopen/", views.reopen_case, name="reopen"),
]
