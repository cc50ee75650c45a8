from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import slots
from enlace.base.actor import Actor

# The names of the forms whose drafts may wait in a work queue; a form's own module need not be known here.
FORM_NAMES = {
    "register": _("Registration"),
    "correct": _("Correction of what is sealed"),
    "consent": _("Answer about consent"),
    "case.open": _("Opening of a case"),
    "case.edit": _("What is known of the exploitation"),
    "case.episode": _("Place and time"),
    "case.decide": _("Decision about identification"),
    "case.note": _("Note"),
    "referral.send": _("Referral"),
    "service.record": _("Help given"),
    "contact.record": _("Contact"),
    "contact.people": _("Add people"),
    "contact.add_told": _("Add to what was told"),
    "contact.edit": _("Correct the contact"),
    "contact.reach": _("The call took place"),
    "contact.notify.tip": _("Notice"),
    "contact.notify.child": _("Notice"),
    "contact.notify.detained": _("Notice"),
    "contact.notify.finance": _("Notice"),
    "screening.screening": _("Screening"),
    "screening.group": _("Group screening"),
    "screening.decide": _("Decide what the screening means"),
    "screening.join_group": _("Add people"),
}


class VaultConfig(AppConfig):
    name = "enlace.vault"
    label = "vault"

    def ready(self) -> None:
        slots.register(slots.NavItem(10, _("People"), "vault:search", "PERSON_SEARCH"))
        slots.register(slots.QueueSource("drafts", 90, _("Left as a draft"), "CASE_READ", drafts))


def drafts(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils.translation import gettext

    from enlace.vault import queries

    return [
        slots.QueueItem(
            url=kept.values["path"],
            code="",
            task=str(FORM_NAMES.get(kept.form, gettext("Form"))),
            detail="",
            since=kept.saved_at,
        )
        for kept in queries.drafts(viewer=viewer)[:limit]
    ]
