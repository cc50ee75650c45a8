from django.urls import path

from enlace.portal.views import desk, own

app_name = "portal"
urlpatterns = [
    path("mi-pagina/", own.own_page, name="own"),
    path("people/<uuid:person_id>/own-page/", desk.issue_page, name="issue"),
    path("people/<uuid:person_id>/own-page/sheet/", desk.sheet, name="sheet"),
    path("people/<uuid:person_id>/own-page/close/", desk.close_page, name="close"),
    path("requests/", desk.request_list, name="requests"),
    path("requests/<uuid:person_request_id>/", desk.person_request, name="request"),
    path("requests/<uuid:person_request_id>/answer/", desk.answer_request, name="answer"),
]
