from django.urls import path

from enlace.vault.views import consents, emergencies, people

app_name = "vault"
urlpatterns = [
    path("people/", people.search, name="search"),
    path("people/elsewhere/", people.elsewhere, name="elsewhere"),
    path("people/register/", people.register, name="register"),
    path("people/emergency/", emergencies.emergency_find, name="emergency_find"),
    path("people/emergency/open/", emergencies.emergency_open, name="emergency_open"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/identity/", people.identity, name="identity"),
    path("people/<uuid:person_id>/correct/", people.correct, name="correct"),
    path("people/<uuid:person_id>/consents/", consents.consents, name="consents"),
    path("people/<uuid:person_id>/consents/sheet/", consents.consent_sheet, name="consent_sheet"),
    path("people/<uuid:person_id>/consent/", consents.consent, name="consent"),
    path("people/<uuid:person_id>/consent/<uuid:consent_id>/revoke/", consents.revoke, name="revoke"),
    path("people/<uuid:person_id>/consent/<uuid:consent_id>/signature/", consents.signature, name="signature"),
    path("people/<uuid:person_id>/ground/", consents.ground, name="ground"),
    path("people/<uuid:person_id>/ground/<uuid:ground_id>/end/", consents.ground_end, name="ground_end"),
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("emergencies/<uuid:emergency_id>/", emergencies.emergency, name="emergency"),
    path("emergencies/<uuid:emergency_id>/identity/", emergencies.emergency_identity, name="emergency_identity"),
    path("emergencies/<uuid:emergency_id>/ask/", emergencies.emergency_ask, name="emergency_ask"),
    path("emergencies/<uuid:emergency_id>/end/", emergencies.emergency_end, name="emergency_end"),
    path("emergencies/<uuid:emergency_id>/answer/", emergencies.emergency_answer, name="emergency_answer"),
    path("emergencies/<uuid:emergency_id>/review/", emergencies.emergency_review, name="emergency_review"),
]
