from django.urls import path, register_converter

from enlace.placements.views import needs, seeking, stays


class StayVerb:
    """A step of a stay, as a word in an address."""

    regex = "hold|refuse|release|admit|transfer|exit|plan|confirm|extend"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(StayVerb, "stay_verb")

app_name = "placements"
urlpatterns = [
    path("cases/<uuid:case_id>/place/", seeking.find_place, name="find"),
    path("cases/<uuid:case_id>/place/send/", seeking.send_to_places, name="send"),
    path("cases/<uuid:case_id>/place/gap/", seeking.record_gap, name="gap"),
    path("cases/<uuid:case_id>/bed/", stays.hold_bed, name="hold"),
    path("cases/<uuid:case_id>/bed/line/", stays.request_bed, name="request"),
    path("referrals/<uuid:unnamed_id>/bed/", stays.hold_unnamed, name="hold_unnamed"),
    path("referrals/<uuid:unnamed_id>/bed/line/", stays.request_unnamed, name="request_unnamed"),
    path("stays/", stays.stay_list, name="stays"),
    path("stays/<uuid:stay_id>/", stays.stay, name="stay"),
    path("stays/<uuid:stay_id>/<stay_verb:stay_verb>/", stays.step, name="step"),
    path("places/many/", needs.many, name="many"),
    path("places/many/send/", needs.send_many, name="send_many"),
    path("needs/", needs.needs, name="needs"),
    path("needs/plan/", needs.plan, name="plan"),
]
