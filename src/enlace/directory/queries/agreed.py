"""Agreements between states, as their page shows them."""

from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.directory.models import Agreement
from enlace.directory.permissions import visible_agreements


def agreement_rows(*, viewer: Actor) -> list[Agreement]:
    """Every agreement for its page, those in force first; a national directory holds a few hundred at most."""
    rows = visible_agreements(viewer).select_related("site")
    return list(rows.order_by(F("valid_to").desc(nulls_first=True), "from_state", "to_state", "id"))


def agreement(*, viewer: Actor, agreement_id: UUID) -> Agreement:
    found = visible_agreements(viewer).select_related("site").filter(pk=agreement_id).first()
    if found is None:
        raise Missing(_("Your agency keeps no such agreement."))
    return found
