from django.urls import path, register_converter

from enlace.referrals.rules import BY_PEOPLE
from enlace.referrals.views import opening, packages, referrals


class Verb:
    """A step of a referral, as a word in an address."""

    regex = "|".join(BY_PEOPLE)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Verb, "referral_verb")

app_name = "referrals"
urlpatterns = [
    path("referrals/", referrals.referral_list, name="list"),
    path("cases/<uuid:case_id>/refer/", referrals.send_referral, name="send"),
    path("cases/<uuid:case_id>/refer/partner/", packages.send_package, name="package"),
    path("referrals/<uuid:referral_id>/", referrals.referral, name="referral"),
    path("referrals/<uuid:referral_id>/feedback/", referrals.feedback, name="feedback"),
    path("referrals/<uuid:referral_id>/<referral_verb:verb>/", referrals.step, name="step"),
    path("partners/", packages.partner_list, name="partners"),
    path("partners/new/", packages.add_partner, name="add_partner"),
    path("partners/<uuid:partner_id>/", packages.correct_partner, name="correct_partner"),
    path("packages/<slug:link>/", opening.open_package, name="open"),
]
