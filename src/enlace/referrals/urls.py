from django.urls import path, register_converter

from enlace.referrals import views


class Verb:
    """A step of a referral, as a word in an address."""

    regex = "accept|decline|withdraw|start|complete|interrupt"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Verb, "referral_verb")

app_name = "referrals"
urlpatterns = [
    path("referrals/", views.referral_list, name="list"),
    path("cases/<uuid:case_id>/refer/", views.send_referral, name="send"),
    path("referrals/<uuid:referral_id>/", views.referral, name="referral"),
    path("referrals/<uuid:referral_id>/<referral_verb:verb>/", views.step, name="step"),
]
