"""Who may see which referral: its sender and its recipient, as agencies, not as named users."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Missing
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.permissions import visible as visible_cases
from enlace.referrals.models import DisclosurePackage, Partner, Referral
from enlace.referrals.rules import HELPED

# Takes the steps that follow by themselves: what another agency's acceptance, a clock or a withdrawn consent ends.
SYSTEM = Actor.system("referrals")
# Acts for a partner outside, who has no account.
PARTNER = Actor.system("partner")


def visible(viewer: Actor) -> QuerySet[Referral]:
    check(viewer, "REFERRAL_READ")
    if viewer.is_system:
        return Referral.objects.all()
    return Referral.objects.filter(Q(sender_code=viewer.agency_code) | Q(recipient_code=viewer.agency_code))


def inbox(viewer: Actor) -> QuerySet[Referral]:
    check(viewer, "REFERRAL_READ")
    return Referral.objects.filter(recipient_code=viewer.agency_code)


def outbox(viewer: Actor) -> QuerySet[Referral]:
    check(viewer, "REFERRAL_READ")
    return Referral.objects.filter(sender_code=viewer.agency_code)


def to_partners(viewer: Actor) -> QuerySet[Referral]:
    """What the viewer's agency sent outside: it writes down what the partner answers by telephone."""
    return outbox(viewer).filter(partner__isnull=False)


def helped_by(viewer: Actor) -> QuerySet[Referral]:
    """Of which the viewer tells what came: what reached its agency, and what its agency sent to partners."""
    if not viewer.may("REFERRAL_SEND"):
        check(viewer, "REFERRAL_DELIVER")
    found = to_partners(viewer) if viewer.may("REFERRAL_SEND") else outbox(viewer).none()
    return found | inbox(viewer) if viewer.may("REFERRAL_DELIVER") else found


def visible_partners(viewer: Actor) -> QuerySet[Partner]:
    """The register of partners is one for the nation, open to whoever may refer."""
    check(viewer, "REFERRAL_SEND")
    return Partner.objects.all()


def own_partners(viewer: Actor) -> QuerySet[Partner]:
    """The partners that the viewer's agency wrote down, and may correct."""
    return visible_partners(viewer).filter(added_by_agency=viewer.agency_code)


def visible_packages(viewer: Actor) -> QuerySet[DisclosurePackage]:
    check(viewer, "REFERRAL_READ")
    return DisclosurePackage.objects.filter(referral__sender_code=viewer.agency_code)


def on_behalf_of(agency_code: str) -> Actor:
    """The clock that sends a referral on in the name of who sent it first: it may do that and nothing else."""
    can = frozenset({"REFERRAL_READ", "REFERRAL_SEND", "CASE_READ", "IDENTITY_READ", "DIRECTORY_READ"})
    return Actor(id=SYSTEM.id, agency_code=agency_code, can=can, display_name=SYSTEM.display_name)


def check_partner(by: Actor) -> None:
    """What a partner outside does is done by the system on its behalf, never by an account."""
    if not by.is_system:
        raise Forbidden(_("Only the partner can do this, with the link and the code."))


def helped_unnamed(viewer: Actor) -> QuerySet[Referral]:
    """What the viewer's agency accepted without being told whom: it helps the person and sees neither her nor the case."""
    return inbox(viewer).filter(is_anonymous=True, status__in=HELPED)


def locked_cases(by: Actor, ids: Collection[UUID]) -> list[Any]:
    """The cases, for writing, of people whom the agency may help: it works on them, or accepted to help somebody unnamed.

    ``Missing`` unless every one is there. Of the second kind nothing is to be shown.
    """
    found = list(visible_cases(by).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if len(found) < len(ids):
        rest = set(ids) - {case.pk for case in found}
        unnamed = set(helped_unnamed(by).filter(case_id__in=rest).values_list("case_id", flat=True))
        with seeing_as(SYSTEM):  # the wall hides the case from an agency that was not told whose it is
            rows = visible_cases(SYSTEM).select_for_update(of=("self",)).filter(pk__in=unnamed)
            found += rows.order_by("pk")
    if len(found) != len(ids):
        raise Missing(_("Your agency does not work on such a case."))
    return found


def locked(rows: QuerySet[Referral], ids: Sequence[UUID]) -> list[Referral]:
    """The referrals, for writing, in the order asked; ``Missing`` unless every one is there and may be seen."""
    found: dict[UUID, Referral] = {}
    for start in range(0, len(ids), 500):
        chunk = rows.select_for_update(of=("self",)).filter(pk__in=ids[start : start + 500])
        found |= {r.pk: r for r in chunk.order_by("pk")}
    if len(found) != len(set(ids)) or len(ids) != len(set(ids)):
        raise Missing(_("No such referral reached or left your agency."))
    return [found[pk] for pk in ids]


def locked_with_group(
    rows: QuerySet[Referral], ids: Sequence[UUID]
) -> tuple[list[Referral], dict[UUID, list[Referral]]]:
    """The same, and all that were asked at the same time, by group; the answered row is among them.

    All are locked at once and in one order, whoever asks: of two who accept, one waits for the other and never in a circle.
    """
    asked: dict[UUID, UUID | None] = {}
    for start in range(0, len(ids), 500):
        asked |= dict(rows.filter(pk__in=ids[start : start + 500]).values_list("pk", "group_id"))
    groups = sorted({group for group in asked.values() if group})
    if not groups or len(asked) != len(ids):
        return locked(rows, ids), {}
    with seeing_as(SYSTEM):  # the others were sent to other agencies
        members = {pk for start in range(0, len(groups), 500) for pk in _members(groups[start : start + 500])}
        found = {row.pk: row for row in locked(Referral.objects.all(), sorted({*asked, *members}))}
    by_group: dict[UUID, list[Referral]] = {group: [] for group in groups}
    for row in found.values():
        if row.group_id:
            by_group[row.group_id].append(row)
    return [found[pk] for pk in ids], by_group


def locked_package(rows: QuerySet[DisclosurePackage], **which: object) -> DisclosurePackage | None:
    """One package for writing, its referral locked before it; ``None`` when there is none."""
    found = rows.filter(**which).values_list("pk", "referral_id").first()
    if found is None:
        return None
    Referral.objects.select_for_update().get(pk=found[1])
    return DisclosurePackage.objects.select_for_update(of=("self",)).select_related("referral").get(pk=found[0])


def _members(groups: Sequence[UUID]) -> QuerySet[Referral, UUID]:
    return Referral.objects.filter(group_id__in=groups).values_list("pk", flat=True)
