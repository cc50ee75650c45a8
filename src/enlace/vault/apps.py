from datetime import datetime, timedelta
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots
from enlace.base.actor import Actor

# The names of the forms whose drafts may wait in a work queue; a form's own module need not be known here.
FORM_NAMES = {
    "register": _("Registration"),
    "correct": _("Correction of what is sealed"),
    "consent": _("Answer about consent"),
    "ground": _("Legal ground"),
    "emergency.review": _("Review of an emergency access"),
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
    "request.answer": _("Answer to a person's request"),
}


SHOWN_FOR = timedelta(days=7)  # how long the agency in charge finds another's emergency in its work queue


class VaultConfig(AppConfig):
    name = "enlace.vault"
    label = "vault"

    def ready(self) -> None:
        slots.register(slots.NavItem(10, _("People"), "vault:search", "PERSON_SEARCH"))
        slots.register(slots.NavItem(85, _("Emergency access"), "vault:emergencies", "EMERGENCY_REVIEW"))
        slots.register(
            slots.QueueSource("emergency_seconds", 1, _("A second person is asked for"), "EMERGENCY_APPROVE", seconds)
        )
        slots.register(
            slots.QueueSource("emergency_held", 2, _("Emergency access that you hold"), "EMERGENCY_OPEN", held)
        )
        slots.register(
            slots.QueueSource("emergency_reviews", 5, _("Emergency access to review"), "EMERGENCY_REVIEW", reviews)
        )
        slots.register(
            slots.QueueSource("emergency_here", 60, _("Opened by others in an emergency"), "CASE_READ", opened)
        )
        slots.register(slots.Panel("person", "emergencies", 90, "CASE_READ", "vault/_emergencies_of.html", of_person))
        clocks.register(clocks.Clock("emergencies", 10, end_emergencies))
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


def end_emergencies(at: datetime) -> int:
    """The clock of emergency access: keys whose time is over are taken away. The right itself ended by the hour."""
    from enlace.vault.actions import end_emergencies as end

    return end(by=Actor.system("vault"), at=at)


def seconds(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """Where the viewer may be the second person."""
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.people import queries

    return [
        slots.QueueItem(
            url=reverse("vault:emergency_answer", args=[row.pk]),
            code="",
            task=gettext("Answer as the second person"),
            detail=_reason(row),
            since=row.asked_at or row.opened_at,
            due=row.ends_at,
        )
        for row in queries.emergencies_to_answer(viewer=viewer)[:limit]
    ]


def held(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """The viewer's own accesses that still run."""
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.people import queries

    return [
        slots.QueueItem(
            url=reverse("vault:emergency", args=[row.pk]),
            code=row.person.code,
            task=gettext("Read, and end it when it is no longer needed"),
            detail=_reason(row),
            since=row.opened_at,
            due=row.ends_at,
        )
        for row in queries.emergencies_in_force(viewer=viewer)[:limit]
    ]


def reviews(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """What the data-protection officer has to judge."""
    from django.urls import reverse
    from django.utils.translation import gettext

    from enlace.people import queries

    return [
        slots.QueueItem(
            url=reverse("vault:emergency_review", args=[row.pk]),
            code=row.person.code,
            task=gettext("Review"),
            detail=_reason(row),
            since=row.opened_at,
        )
        for row in queries.emergencies_to_review(viewer=viewer, limit=limit)
    ]


def opened(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    """That somebody of another agency opened the record of a person whom the viewer's agency knows."""
    from django.urls import reverse
    from django.utils import timezone
    from django.utils.translation import gettext

    from enlace.people import queries

    rows = queries.emergencies_here(viewer=viewer, since=timezone.now() - SHOWN_FOR)[:limit]
    return [
        slots.QueueItem(
            url=reverse("vault:person", args=[row.person_id]) + "#emergencies-title",
            code=row.person.code,
            task=gettext("See who opened it and why"),
            detail=_reason(row),
            since=row.opened_at,
        )
        for row in rows
    ]


def of_person(viewer: Actor, person: Any) -> dict[str, Any]:
    from enlace.accounts.queries import agency_names
    from enlace.people import queries

    return {
        "emergencies": queries.emergencies_of(viewer=viewer, person_id=person.pk),
        "agency_names": agency_names(),
    }


def _reason(row: Any) -> str:
    from enlace.country.labels import label

    return label("emergency_reason", row.reason_code)
