"""Who may see which stay: the agency of the site and the one that leads the case. A need: who recorded it, and the lead."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.cases.permissions import own_work
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.rules import check_open
from enlace.placements.models import Stay, UnmetNeed
from enlace.referrals.permissions import locked_cases as locked_to_help
from enlace.referrals.queries import referrals_by_id
from enlace.referrals.rules import ONGOING


def visible(viewer: Actor) -> QuerySet[Stay]:
    check(viewer, "STAY_READ")
    if viewer.is_system:
        return Stay.objects.all()
    return Stay.objects.filter(Q(agency_code=viewer.agency_code) | Q(_is_led(viewer)))


def _is_led(viewer: Actor) -> Exists:
    """Whether the viewer's agency leads the case of a row. A join would lose who came unnamed: the wall hides that case."""
    led = own_work(viewer).filter(case_id=OuterRef("case_id"), case__lead_agency_code=viewer.agency_code)
    return Exists(led)


def own(viewer: Actor) -> QuerySet[Stay]:
    """Stays in the sites of the viewer's own agency: the only ones that it may change."""
    check(viewer, "STAY_RECORD")
    if viewer.is_system and not viewer.agency_code:
        return Stay.objects.all()
    return Stay.objects.filter(agency_code=viewer.agency_code)


def locked(by: Actor, ids: Sequence[UUID]) -> list[Stay]:
    """Own stays, for writing, in the order asked; ``Missing`` unless every one is there."""
    rows = own(by).filter(pk__in=ids, companion_of__isnull=True)
    rows = rows.select_for_update(of=("self",)).select_related("referral").order_by("pk")
    found = {row.pk: row for row in rows}
    if len(found) != len(ids):
        raise Missing(_("Nobody stays with your agency under this code."))
    return [found[pk] for pk in ids]


def locked_cases(by: Actor, ids: Collection[UUID]) -> None:
    """Hold the cases against being closed meanwhile; ``Missing`` unless the agency works on every one, and all are open."""
    cases = list(visible_cases(by).select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    if len(cases) != len(ids):
        raise Missing(_("Your agency does not work on such a case."))
    for case in cases:
        check_open(case.status)


def locked_to_house(by: Actor, ids: Collection[UUID]) -> None:
    """The same for a bed: also for somebody whom the agency accepted without being told who it is."""
    for case in locked_to_help(by, ids):
        check_open(case.status)


def check_asked(by: Actor, asked: Mapping[UUID, UUID]) -> None:
    """Referrals that a bed answers (referral id -> case id) are of that case, to the own agency, and accepted."""
    known = referrals_by_id(viewer=by, ids=asked.keys()) if asked else {}
    for pk, case_id in asked.items():
        found = known.get(pk)
        if found is None or found.case_id != case_id or found.recipient_code != by.agency_code:
            raise Refusal(_("This referral belongs to another case."))
        if found.status not in ONGOING:
            raise Refusal(_("Accept the referral first: it opens the case to your agency."))


def visible_needs(viewer: Actor) -> QuerySet[UnmetNeed]:
    check(viewer, "PLACE_FIND")
    if viewer.is_system:
        return UnmetNeed.objects.all()
    return UnmetNeed.objects.filter(Q(agency_code=viewer.agency_code) | Q(case__lead_agency_code=viewer.agency_code))


def open_needs_of(case_ids: Collection[UUID]) -> QuerySet[UnmetNeed]:
    """Open needs of cases, for the clocks and for whoever ends one by helping; the caller has checked its right."""
    return UnmetNeed.objects.filter(case_id__in=case_ids, resolved_at__isnull=True)
