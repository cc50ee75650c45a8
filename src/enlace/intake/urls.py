from django.urls import path, register_converter

from enlace.intake.views import contacts, hotline, notices, people, reports


class NoticeStep:
    """How an agency answers a notice, as a word in an address."""

    regex = "take|close|return"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(NoticeStep, "notice_step")

contact_urls = [
    path("contacts/", contacts.contact_list, name="list"),
    path("contacts/file/", contacts.export_contacts, name="export"),
    path("contacts/new/", contacts.new_contact, name="new"),
    path("contacts/new/<slug:channel_code>/", contacts.record_contact, name="record"),
    path("contacts/<uuid:contact_id>/", contacts.contact, name="contact"),
    path("contacts/<uuid:contact_id>/told/", contacts.open_told, name="open_told"),
    path("contacts/<uuid:contact_id>/add/", contacts.add_told, name="add_told"),
    path("contacts/<uuid:contact_id>/edit/", contacts.edit_contact, name="edit"),
    path("contacts/<uuid:contact_id>/schedule/", contacts.schedule_follow_up, name="schedule"),
    path("contacts/<uuid:contact_id>/reach/", contacts.reach_contact, name="reach"),
    path("contacts/<uuid:contact_id>/close/", contacts.close_contact, name="close"),
    path("contacts/<uuid:contact_id>/reopen/", contacts.reopen_contact, name="reopen"),
    path("contacts/<uuid:contact_id>/people/", people.add_people, name="people"),
    path("contacts/<uuid:contact_id>/people/<uuid:row_id>/", people.link_person, name="link"),
    path("contacts/<uuid:contact_id>/notify/<slug:kind_code>/", notices.notify, name="notify"),
]
notice_urls = [
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<uuid:notice_id>/", notices.notice, name="notice"),
    path("notices/<uuid:notice_id>/words/", notices.open_notice, name="open_notice"),
    path("notices/<uuid:notice_id>/settle/", notices.settle_notice, name="settle"),
    path("notices/<uuid:notice_id>/<notice_step:step>/", notices.answer_notice, name="answer"),
]
hotline_urls = [
    path("hotline/", hotline.figures, name="hotline"),
    path("hotline/<int:year>.<slug:kind>", hotline.download, name="hotline_file"),
]

app_name = "intake"
urlpatterns = contact_urls + notice_urls + hotline_urls + reports.urls
