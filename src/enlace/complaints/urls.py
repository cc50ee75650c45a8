from django.urls import path

from enlace.complaints import views

app_name = "complaints"
urlpatterns = [
    path("queja/", views.complain, name="complain"),
    path("queja/seguimiento/", views.come_back, name="come_back"),
    path("complaints/", views.complaint_list, name="list"),
    path("complaints/<uuid:complaint_id>/", views.complaint, name="complaint"),
    path("complaints/<uuid:complaint_id>/file/<uuid:part_id>/", views.complaint_file, name="file"),
    path("complaints/<uuid:complaint_id>/answer/", views.answer_complaint, name="answer"),
    path("complaints/<uuid:complaint_id>/close/", views.close_complaint, name="close"),
    path("complaints/<uuid:complaint_id>/exclude/", views.exclude_official, name="exclude"),
]
