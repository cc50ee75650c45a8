"""From the answer of the matcher to a referral, to the next best one, or to an unmet need: nobody is lost on the way."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import EnlaceError, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.placements.actions.needs import record_needs
from enlace.placements.models import Search, UnmetNeed
from enlace.placements.permissions import locked_cases
from enlace.placements.queries.gaps import gaps_of
from enlace.placements.queries.many import together
from enlace.placements.queries.needs import sought_since
from enlace.placements.queries.seeking import Asked, Supply, last_asked, places, sites_asked_before, supply
from enlace.placements.rules import Offer, Place
from enlace.referrals.actions import Onward, Request, mark_unplaced, reroute_referrals, send_referrals
from enlace.referrals.permissions import on_behalf_of
from enlace.referrals.queries import sites_under_way, without_help
from enlace.referrals.rules import DECLINED, EXPIRED

logger = logging.getLogger(__name__)
SEEK_AGAIN = timedelta(hours=1)
AT_ONCE = 3  # places that may be asked at the same time
ALTERNATIVES = 10


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Which of the places that fit are asked for the person of a case: one, or the best three at the same time.

    ``refused_ids``: those that the person does not want, now or when the next best is sought.
    """

    case_id: UUID
    asked: Asked
    site_ids: tuple[UUID, ...]
    refused_ids: tuple[UUID, ...] = ()
    message: str = ""
    reason_code: str = ""
    shares_identity: bool = False


def send_to_places(*, by: Actor, row: Sending) -> list[Any]:
    """Ask the chosen places after a fresh match, with the next best ranked behind them; the first to accept takes the person."""
    check(by, "PLACE_FIND")
    if not 0 < len(set(row.site_ids)) <= AT_ONCE:
        raise Refusal(_("Choose one place, or up to three to ask at the same time."))
    asked = replace(row.asked, refused_sites=(*row.asked.refused_sites, *map(str, row.refused_ids)))
    with audited(by=by, action="place.asked", subject=("case", row.case_id), data_class="C") as event:
        found = places(viewer=by, case_id=row.case_id, asked=asked)
        offers = {offer.site_id: offer for offer in found.ranked.offers if offer.fits}
        if not set(row.site_ids) <= set(offers):
            raise Refusal(_("A place that you chose does not fit any more. Look at the places again."))
        chosen = [offers[pk] for pk in dict.fromkeys(row.site_ids)]
        keep_search(by=by, case_id=row.case_id, asked=asked)
        _check_not_asked(by, row.case_id, row.site_ids, asked)
        event.detail["places"] = len(chosen)
        return send_referrals(by=by, rows=_requests(row, chosen, list(offers.values()), by))


def place_many(*, by: Actor, case_ids: Sequence[UUID], asked: Asked, chosen: Mapping[UUID, UUID]) -> list[Any]:
    """Ask, for the people of ``chosen`` (case id -> site id), the places that one assignment of all ``case_ids`` gives them.

    The assignment is made anew: when a bed was taken meanwhile, nobody is asked and the page has to be looked at again.
    """
    check(by, "PLACE_FIND")
    with audited(by=by, action="place.asked_for_many", detail={"count": len(chosen)}, data_class="C"):
        found = together(viewer=by, case_ids=case_ids, asked=asked, at=timezone.now())
        given = {case.pk: place for case, place in found.pairs if place}
        if not chosen or any(pk not in given or given[pk].site_id != site for pk, site in chosen.items()):
            raise Refusal(_("The free beds have changed since the page was opened. Look at the assignment again."))
        for pk in chosen:
            keep_search(by=by, case_id=pk, asked=asked)
            _check_not_asked(by, pk, [given[pk].site_id], asked)
        return send_referrals(by=by, rows=[_alone(pk, given[pk], asked) for pk in chosen])


def _check_not_asked(by: Actor, case_id: UUID, site_ids: Collection[UUID], asked: Asked) -> None:
    """One place keeps one bed for a person. Asked inside the block that holds the case."""
    if sites_under_way(viewer=by, case_id=case_id, service_codes=asked.service_codes) & set(site_ids):
        raise Refusal(
            _("This place was asked already for this person: wait for its answer, or withdraw that referral.")
        )


def keep_search(*, by: Actor, case_id: UUID, asked: Asked) -> Search:
    """Keep what was asked of the directory, so that the next best can be found without asking the person again."""
    with audited(by=by, action="place.searched", subject=("case", case_id), data_class="C"):
        locked_cases(by, {case_id})
        return Search.objects.create(
            case_id=case_id,
            agency_code=by.agency_code,
            service_codes=list(asked.service_codes),
            asked=asked.stored(),
            at=timezone.now(),
            by=by.id,
        )


def record_gap(*, by: Actor, case_id: UUID, asked: Asked) -> list[UnmetNeed]:
    """Record that no place fits, after a fresh match: one open need for each service of which nobody has a place."""
    check(by, "PLACE_FIND")
    with audited(by=by, action="place.not_found", subject=("case", case_id), data_class="C"):
        found = places(viewer=by, case_id=case_id, asked=asked)
        if found.ranked.best is not None:
            raise Refusal(_("There is a place that fits. Ask it first: its answer is the better record of a gap."))
        keep_search(by=by, case_id=case_id, asked=asked)
        return record_needs(by=by, rows=gaps_of(found))


def reroute(*, by: Actor, at: datetime) -> int:
    """Send on what expired or was declined and nobody followed: to the next best of a fresh match, or record the need.

    For whom there is no place, it is sought again each hour. Returns how many referrals were dealt with. Safe to run twice
    at once: whoever comes second finds nothing to do.
    """
    with seeing_as(by):
        left = [row for row in without_help(viewer=by) if row.status in (DECLINED, EXPIRED) and not row.partner_id]
        sought = sought_since(case_ids={row.case_id for row in left}, since=at - SEEK_AGAIN)
        left = [row for row in left if row.unplaced_at is None or row.case_id not in sought]
        if not left:
            return 0
        offered = supply(viewer=by, at=at)
        return sum(_reroute_one(by, referral, offered, at) for referral in left)


def _reroute_one(by: Actor, referral: Any, offered: Supply, at: datetime) -> int:
    """What cannot be sent on at this moment (its case was closed just now) keeps nobody else from being helped."""
    try:
        return _reroute(by, referral, offered, at)
    except EnlaceError as error:
        logger.warning("A referral could not be sent on: %s.", type(error).__name__)
        return 0


def _reroute(by: Actor, referral: Any, offered: Supply, at: datetime) -> int:
    asked = _asked_of(by, referral, at)
    found = places(viewer=by, case_id=referral.case_id, asked=asked, at=at, offered=offered)
    offers = [offer for offer in found.ranked.offers if offer.fits and offer.agency_code != referral.sender_code]
    if not offers:
        with audited(by=by, action="place.not_found", subject=("case", referral.case_id), data_class="C"):
            gaps = [replace(gap, at=at) for gap in gaps_of(found)]
            record_needs(by=_acting_for(referral.sender_code), rows=gaps)
            mark_unplaced(by=by, referral_ids=[referral.pk])
        return 1
    onward = Onward(
        previous_id=referral.pk,
        recipient_code=offers[0].agency_code,
        site_id=offers[0].site_id,
        alternatives=tuple((offer.agency_code, offer.site_id) for offer in offers[1 : ALTERNATIVES + 1]),
    )
    return len(reroute_referrals(by=by, rows=[onward]))


def _asked_of(by: Actor, referral: Any, at: datetime) -> Asked:
    """What the last search asked about the person, for this help, and not of the places that were asked just before."""
    asked = last_asked([referral.case_id]).get(referral.case_id) or Asked(service_codes=())
    tried = sites_asked_before(viewer=by, case_id=referral.case_id, at=at)
    return replace(
        asked,
        service_codes=tuple(referral.service_codes),
        refused_sites=(*asked.refused_sites, *map(str, tried)),
        tells_nothing=True,  # without consent and ground the next place is asked without a word about the person
    )


def _acting_for(agency_code: str) -> Actor:
    """The clock in the name of the agency that sought the place: the need is that agency's to read."""
    sender = on_behalf_of(agency_code)
    return replace(sender, can=sender.can | {"PLACE_FIND"})


def _alone(case_id: UUID, place: Place, asked: Asked) -> Request:
    return Request(
        case_id=case_id,
        recipient_code=place.agency_code,
        service_codes=asked.service_codes,
        ground_code=asked.ground_code,
        site_id=place.site_id,
    )


def _requests(row: Sending, chosen: Sequence[Offer], fitting: Sequence[Offer], by: Actor) -> list[Request]:
    """One referral for each chosen place; those chosen, and the next best, stand ranked behind it."""
    group_id = new_id() if len(chosen) > 1 else None
    others = [offer for offer in fitting if offer not in chosen and offer.agency_code != by.agency_code]
    behind = tuple((offer.agency_code, offer.site_id) for offer in others[:ALTERNATIVES])
    return [
        Request(
            case_id=row.case_id,
            recipient_code=offer.agency_code,
            service_codes=row.asked.service_codes,
            reason_code=row.reason_code,
            message=row.message,
            ground_code=row.asked.ground_code,
            is_anonymous=row.asked.tells_nothing,
            shares_identity=row.shares_identity,
            site_id=offer.site_id,
            group_id=group_id,
            alternatives=behind,
        )
        for offer in chosen
    ]
