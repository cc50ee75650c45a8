from django.urls import path

from enlace.vault import views

app_name = "vault"
urlpatterns = [
    path("people/", views.search, name="search"),
    path("people/elsewhere/", views.elsewhere, name="elsewhere"),
    path("people/register/", views.register, name="register"),
    path("people/<uuid:person_id>/", views.person, name="person"),
    path("people/<uuid:person_id>/identity/", views.identity, name="identity"),
    path("people/<uuid:person_id>/correct/", views.correct, name="correct"),
    path("people/<uuid:person_id>/consent/", views.consent, name="consent"),
    path("people/<uuid:person_id>/consent/<uuid:consent_id>/revoke/", views.revoke, name="revoke"),
]
