"""Who may see which screening (the agency that made it), and what may be done to it now."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.screening import rules
from enlace.screening.models import DetentionAlert, GroupScreening, Screening

COMPARING = Actor.system("screening")  # whoever begins a screening does not see those of other agencies


def visible(viewer: Actor) -> QuerySet[Screening]:
    check(viewer, "SCREENING_READ")
    rows = Screening.objects.all()
    return rows if viewer.is_system else rows.filter(agency_code=viewer.agency_code)


def visible_groups(viewer: Actor) -> QuerySet[GroupScreening]:
    check(viewer, "SCREENING_READ")
    rows = GroupScreening.objects.all()
    return rows if viewer.is_system else rows.filter(agency_code=viewer.agency_code)


def visible_alerts(viewer: Actor) -> QuerySet[DetentionAlert]:
    check(viewer, "SCREENING_READ")
    rows = DetentionAlert.objects.all()
    return rows if viewer.is_system else rows.filter(agency_code=viewer.agency_code)


def locked(by: Actor, ids: Sequence[UUID]) -> dict[UUID, Screening]:
    """The screenings, for writing, or ``Missing``: not there and not yours are told in the same words."""
    wanted = sorted(set(ids))
    found: dict[UUID, Screening] = {}
    for start in range(0, len(wanted), 500):
        rows = visible(by).select_for_update(of=("self",)).filter(pk__in=wanted[start : start + 500])
        found |= {row.pk: row for row in rows.order_by("pk")}
    if len(found) != len(wanted):
        raise Missing(_("Your agency has no such screening."))
    return found


def locked_group(by: Actor, group_id: UUID) -> GroupScreening:
    """The event of a group, for writing, or ``Missing``."""
    found = visible_groups(by).select_for_update(of=("self",)).filter(pk=group_id).first()
    if found is None:
        raise Missing(_("Your agency has no such group screening."))
    return found


def check_draft(screening: Screening) -> None:
    """Work on a finished screening is refused: what follows is a correction, a decision or a second screening."""
    if screening.status != rules.DRAFT:
        raise Refusal(_("This screening is finished. Correct an answer with its reason, or begin another screening."))


def check_version(parent: Screening | GroupScreening, version: int) -> None:
    """Answers count only under the version they were given under."""
    if parent.protocol_version != version:
        raise Refusal(_("These answers were given under another version of the protocol. Open the page again."))


def check_unchanged(used: Collection[tuple[str, int, str]]) -> None:
    """Raise ``Refusal`` when anybody was screened under a version whose content was another one: answers would mix."""
    with seeing_as(COMPARING):
        for code, version, digest in sorted(used):
            same = Screening.objects.filter(protocol_code=code, protocol_version=version)
            # Two ranges, so that the index is walked to the first other digest and not over all that are the same.
            if same.filter(Q(protocol_digest__lt=digest) | Q(protocol_digest__gt=digest)).exists():
                raise Refusal(
                    _(
                        "The content of this protocol changed under the same version. It needs a new version number first."
                    )
                )
