"""Every write of a stay. What is dated takes ``at``; without it, it happens now."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.ids import new_code, new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.directory.permissions import locked_units
from enlace.directory.queries import kept_site
from enlace.placements.actions.alerts import watch_stays
from enlace.placements.actions.needs import resolve_needs
from enlace.placements.models import Stay, StayStep
from enlace.placements.permissions import check_asked, locked, locked_to_house, own
from enlace.placements.queries.stays import free_beds_of
from enlace.placements.rules import stays as rules
from enlace.referrals.actions import Answer, deliver_referrals
from enlace.referrals.rules import ACCEPTED, ONGOING, STARTED

MOVING = Actor.system("placements.move")
# What the database says when somebody else was faster, and when the bed was taken out of service meanwhile.
TAKEN = ("placements_one_in_a_bed", "placements_no_overlap", "placements_bed_out_of_service", "placements_stay.bed_id")
ELSEWHERE = ("placements_in_one_place", "placements_stay.case_id")  # admitted in another bed at the same moment


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A bed to keep for the person of a case, and ``companions`` more beside it; any free ones unless ``bed_id`` names it.

    ``stay_id``: the waiting request that this answers. ``referral_id``: the referral that asked for it.
    """

    case_id: UUID
    unit_id: UUID
    bed_id: UUID | None = None
    referral_id: UUID | None = None
    stay_id: UUID | None = None
    companions: int = 0
    at: datetime | None = None
    code_value: int | None = None
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Admission:
    """That the person came and agrees to stay; ``agreed_by_code`` says who agreed (a guardian, for a child).

    ``may_go_out``: whether she or he may go out alone; ``None`` takes what the site says of itself.
    """

    stay_id: UUID
    is_voluntary: bool
    agreed_by_code: str = "person"
    may_go_out: bool | None = None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Exit:
    """That the person left: why, and to what kind of place (never which)."""

    stay_id: UUID
    reason_code: str
    destination_code: str
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """That a person who agrees moves to another unit or site of the same agency."""

    stay_id: UUID
    unit_id: UUID
    is_voluntary: bool
    agreed_by_code: str = "person"
    at: datetime | None = None


def request_bed(
    *, by: Actor, case_id: UUID, site_id: UUID, referral_id: UUID | None = None, at: datetime | None = None
) -> Stay:
    """Put somebody into the line for a bed in a site that has none free now."""
    check(by, "STAY_RECORD")
    with audited(by=by, action="stay.requested", subject=("case", case_id), data_class="B"):
        locked_to_house(by, {case_id})
        check_asked(by, {referral_id: case_id} if referral_id else {})
        site = kept_site(viewer=by, site_id=site_id)
        stay = Stay.objects.create(
            code=new_code("E"),
            case_id=case_id,
            agency_code=site.agency_id,
            site=site,
            referral_id=referral_id,
            requested_at=at or timezone.now(),
        )
        _record(by, "request", [stay], stay.requested_at)
    return stay


def hold_beds(*, by: Actor, rows: Sequence[Hold]) -> list[Stay]:
    """Keep a free bed for each row until the hold runs out. Of many who want the last bed, one gets it."""
    check(by, "STAY_RECORD")
    with _the_bed_is_free(), audited(by=by, action="stay.held", detail={"count": len(rows)}, data_class="B") as event:
        locked_to_house(by, {row.case_id for row in rows})
        check_asked(by, {row.referral_id: row.case_id for row in rows if row.referral_id})
        units = {unit.pk: unit for unit in locked_units(by, list({row.unit_id for row in rows}))}
        asked = {stay.pk: stay for stay in locked(by, [row.stay_id for row in rows if row.stay_id])}
        found = [_held(by, row, units[row.unit_id], asked.get(row.stay_id) if row.stay_id else None) for row in rows]
        _about(event, found)
    return found


def admit_stays(*, by: Actor, rows: Sequence[Admission]) -> list[Stay]:
    """Take in the people for whom beds are held. Whoever stayed elsewhere until now has moved here."""
    check(by, "STAY_RECORD")
    for row in rows:
        rules.check_agreement(row.is_voluntary)
        _check_code("consent_giver", row.agreed_by_code)
    with (
        _the_bed_is_free(),
        audited(by=by, action="stay.admitted", detail={"count": len(rows)}, data_class="B") as event,
    ):
        found = locked(by, [row.stay_id for row in rows])
        for stay, row in zip(found, rows, strict=True):
            at = _after(row.at, stay.occupied_from or stay.requested_at)
            _leave_elsewhere(by, stay, at)
            _step(by, stay, "admit", at, **_agreed(stay, row, at))
            _deliver(by, stay, "start", at)
        _about(event, found)
        resolve_needs(by=by, case_ids=[stay.case_id for stay in found], resolution="placed", at=timezone.now())
        watch_stays(by=by, at=timezone.now(), ids=[stay.pk for stay in found])
    return found


def exit_stays(*, by: Actor, rows: Sequence[Exit]) -> list[Stay]:
    """Record that people left. It needs no approval, no open case and no plan: leaving is always possible."""
    check(by, "STAY_RECORD")
    for row in rows:
        _check_code("exit_reason", row.reason_code)
        _check_code("exit_destination", row.destination_code)
    with audited(by=by, action="stay.exited", detail={"count": len(rows)}, data_class="B") as event:
        found = locked(by, [row.stay_id for row in rows])
        for stay, row in zip(found, rows, strict=True):
            at = _after(row.at, stay.admitted_at or stay.requested_at)
            said = {"exit_reason_code": row.reason_code, "destination_code": row.destination_code}
            _step(by, stay, "exit", at, ended_at=at, **said)
            _end_help(by, stay, row.reason_code, at)
        _about(event, found)
        watch_stays(by=by, at=timezone.now(), ids=[stay.pk for stay in found])
    return found


def transfer_stay(*, by: Actor, row: Transfer) -> Stay:
    """Move a person to another bed of the own agency; returns the stay there, where the referral goes along.

    To another agency a person goes by a referral: being admitted there ends the stay here.
    """
    check(by, "STAY_RECORD")
    rules.check_agreement(row.is_voluntary)
    _check_code("consent_giver", row.agreed_by_code)
    with _the_bed_is_free(), audited(by=by, action="stay.transferred", data_class="B") as event:
        (before,) = locked(by, [row.stay_id])
        rules.STAY.after(before.status, "transfer")
        at = _after(row.at, before.admitted_at or before.requested_at)
        (unit,) = locked_units(by, [row.unit_id])
        companions = before.companions.filter(status=rules.ADMITTED).count()
        wanted = Hold(case_id=before.case_id, unit_id=unit.pk, companions=companions, at=at)
        after = _held(by, wanted, unit, None)
        agreed = _agreed(after, Admission(stay_id=after.pk, is_voluntary=True, agreed_by_code=row.agreed_by_code), at)
        if after.site_id == before.site_id:
            agreed |= {"limit_at": before.limit_at, "is_extended": before.is_extended, "may_go_out": before.may_go_out}
        _leave_elsewhere(by, after, at)
        _step(by, after, "admit", at, **agreed)
        Stay.objects.filter(pk=after.pk).update(referral_id=before.referral_id)
        _about(event, [after])
        watch_stays(by=by, at=timezone.now(), ids=[before.pk, after.pk])
    return after


def release_stay(*, by: Actor, stay_id: UUID, at: datetime | None = None) -> Stay:
    """Give back a bed, or a place in the line, that the person does not want or need."""
    check(by, "STAY_RECORD")
    with audited(by=by, action="stay.released", data_class="B") as event:
        found = locked(by, [stay_id])
        _about(event, found)
        _end_waiting(by, found[0], "release", at)
    return found[0]


def refuse_stay(*, by: Actor, stay_id: UUID, at: datetime | None = None) -> Stay:
    """Say that no bed will be given to somebody who waits in the line."""
    check(by, "STAY_RECORD")
    with audited(by=by, action="stay.refused", data_class="B") as event:
        found = locked(by, [stay_id])
        _about(event, found)
        _end_waiting(by, found[0], "refuse", at)
    return found[0]


def lapse_holds(*, by: Actor, at: datetime) -> int:
    """Give back the beds whose hold has run out; returns how many. Safe to run twice at once."""
    check(by, "STAY_RECORD")
    run_out = own(by).filter(status=rules.HELD, held_until__lt=at, companion_of__isnull=True)
    with seeing_as(by):
        if not run_out.exists():
            return 0
    with audited(by=by, action="stay.lapsed", data_class="B") as event:
        found = list(run_out.select_for_update(of=("self",)).order_by("pk"))
        for stay in found:
            _step(by, stay, "lapse", stay.held_until or at, ended_at=stay.held_until)
        event.detail["count"] = len(found)
    return len(found)


def plan_exit(*, by: Actor, stay_id: UUID, destination_code: str, plan: str = "", at: datetime | None = None) -> Stay:
    """Write where the stay leads: to what kind of place, and how. It may be written anew."""
    check(by, "STAY_RECORD")
    _check_code("exit_destination", destination_code)
    with audited(by=by, action="stay.exit_planned", data_class="D") as event:
        (stay,) = locked(by, [stay_id])
        _check_going_on(stay)
        when = _after(at, stay.admitted_at or stay.requested_at)
        values = {"exit_plan_at": when, "exit_plan_code": destination_code, "exit_plan": plan.strip()}
        _step(by, stay, "plan_exit", when, **values)
        _about(event, [stay])
        watch_stays(by=by, at=timezone.now(), ids=[stay.pk])
    return stay


def confirm_stay(*, by: Actor, stay_id: UUID, wants_to_stay: bool, at: datetime | None = None) -> Stay:
    """Record that the person was asked again and what she or he said. Who wants to leave leaves: see ``exit_stays``."""
    check(by, "STAY_RECORD")
    with audited(by=by, action="stay.confirmed", data_class="B") as event:
        (stay,) = locked(by, [stay_id])
        _check_going_on(stay)
        when = _after(at, stay.admitted_at or stay.requested_at)
        values: dict[str, Any] = {"agreed_at": when, "wants_out_at": None} if wants_to_stay else {"wants_out_at": when}
        _step(by, stay, "agree" if wants_to_stay else "want_out", when, **values)
        _about(event, [stay])
        watch_stays(by=by, at=timezone.now(), ids=[stay.pk])
    return stay


def extend_stay(*, by: Actor, stay_id: UUID) -> Stay:
    """Make the stay longer, once, by what the site's rules allow; a plan of where it leads must be there."""
    check(by, "STAY_RECORD")
    with audited(by=by, action="stay.extended", data_class="B") as event:
        (stay,) = locked(by, [stay_id])
        _check_going_on(stay)
        days = stay.site.extension_days
        rules.check_extension(stay.exit_plan_at is not None, stay.limit_at, days, stay.is_extended)
        limit_at = rules.limit_of(stay.limit_at, days) if stay.limit_at else None
        _step(by, stay, "extend", timezone.now(), limit_at=limit_at, is_extended=True)
        _about(event, [stay])
        watch_stays(by=by, at=timezone.now(), ids=[stay.pk])
    return stay


def _held(by: Actor, row: Hold, unit: Any, asked: Stay | None) -> Stay:
    """The stay of a row with its beds chosen and stored, those of companions too. The unit is locked."""
    at = row.at or timezone.now()
    if not (unit.is_open and unit.site.is_open):
        raise Refusal(_("This site or unit takes nobody now."))
    beds = free_beds_of(viewer=by, unit_id=unit.pk, at=at)
    if row.bed_id:
        beds = sorted(beds, key=lambda pk: pk != row.bed_id) if row.bed_id in beds else []
    if len(beds) <= row.companions:
        raise Refusal(_("There is no free bed left here. Choose another unit, or find another place."))
    if asked is not None and (asked.case_id != row.case_id or asked.site_id != unit.site_id):
        raise Refusal(_("Something has changed since the page was opened."))
    stay = asked or Stay(id=row.id, code=new_code("E", row.code_value), case_id=row.case_id, requested_at=at)
    stay.agency_code, stay.site = unit.site.agency_id, unit.site
    stay.referral_id = row.referral_id or stay.referral_id
    stay.bed_id, stay.occupied_from, stay.held_until = beds[0], at, rules.held_until(at, current().limits)
    stay.status = rules.STAY.after(stay.status, "hold")
    stay.save()
    Stay.objects.bulk_create([_companion(stay, bed_id) for bed_id in beds[1 : row.companions + 1]])
    _record(by, "hold", [stay], at)
    return stay


def _companion(stay: Stay, bed_id: UUID) -> Stay:
    same = ("case_id", "agency_code", "site_id", "status", "requested_at", "occupied_from", "held_until")
    return Stay(code=new_code("E"), companion_of=stay, bed_id=bed_id, **{name: getattr(stay, name) for name in same})


def _agreed(stay: Stay, row: Admission, at: datetime) -> dict[str, Any]:
    """What an admission writes: who agreed when, and the limit of the site from then on."""
    return {
        "admitted_at": at,
        "agreed_at": at,
        "is_voluntary": True,
        "agreed_by_code": row.agreed_by_code,
        "may_go_out": stay.site.may_go_out_alone if row.may_go_out is None else row.may_go_out,
        "limit_at": rules.limit_of(at, stay.site.max_stay_days),
    }


def _leave_elsewhere(by: Actor, stay: Stay, at: datetime) -> None:
    """The stay of the same case in another bed ends as a transfer to this one, whichever agency keeps it."""
    with seeing_as(MOVING):
        rows = Stay.objects.filter(case_id=stay.case_id, status=rules.ADMITTED, companion_of__isnull=True)
        before = rows.exclude(pk=stay.pk).select_for_update(of=("self",)).first()
        if before is not None:
            rules.check_times(before.admitted_at or at, at)
            _step(by, before, "transfer", at, ended_at=at, transferred_to=stay)
            watch_stays(by=by, at=timezone.now(), ids=[before.pk])


def _end_waiting(by: Actor, stay: Stay, verb: str, at: datetime | None) -> None:
    when = _after(at, stay.occupied_from or stay.requested_at)
    _step(by, stay, verb, when, ended_at=when)


def _step(by: Actor, stay: Stay, verb: str, at: datetime, **values: Any) -> None:
    """One step of a stay, its companions with it: what it changes, and its line in the story."""
    moves = {move.verb for move in rules.STAY.moves}
    if verb in moves:
        values["status"] = rules.STAY.after(stay.status, verb)
    for name, value in values.items():
        setattr(stay, name, value)
    stay.save(update_fields=list(values))
    stay.companions.filter(ended_at__isnull=True).update(**values)
    _record(by, verb, [stay], at)


def _record(by: Actor, verb: str, stays: Sequence[Stay], at: datetime) -> None:
    """Under the name of the agency where the stay is: the one that a person left is not told where she or he went."""
    StayStep.objects.bulk_create(
        [StayStep(stay=stay, verb=verb, at=at, by=by.id, agency_code=stay.agency_code) for stay in stays]
    )


def _deliver(by: Actor, stay: Stay, verb: str, at: datetime, reason_code: str = "") -> None:
    """Tell the referral that asked for the bed. A stay never waits for it."""
    possible = {"start": (ACCEPTED,), "complete": (STARTED,), "interrupt": ONGOING}[verb]
    if stay.referral is not None and stay.referral.status in possible and by.may("REFERRAL_DELIVER"):
        answer = Answer(referral_id=stay.referral.pk, verb=verb, reason_code=reason_code, at=at)
        deliver_referrals(by=by, rows=[answer])


def _end_help(by: Actor, stay: Stay, reason_code: str, at: datetime) -> None:
    reason = current().codes("exit_reason").by_code[reason_code]
    if reason.extra["completes"] == "yes":
        _deliver(by, stay, "complete", at)
    elif reason.extra["interruption"]:
        _deliver(by, stay, "interrupt", at, reason.extra["interruption"])


@contextmanager
def _the_bed_is_free() -> Iterator[None]:
    """What the database refuses about a bed, as a sentence."""
    try:
        yield
    except IntegrityError as error:
        if any(name in str(error) for name in TAKEN):
            raise Refusal(_("This bed was just taken or went out of service. Choose another one.")) from error
        if any(name in str(error) for name in ELSEWHERE):
            raise Refusal(_("Something has changed since the page was opened.")) from error
        raise


def _about(event: Any, stays: Sequence[Stay]) -> None:
    if len(stays) == 1:
        event.about("case", stays[0].case_id)
        event.detail["stay"] = stays[0].code


def _after(at: datetime | None, earlier: datetime) -> datetime:
    when = at or max(timezone.now(), earlier)
    rules.check_times(earlier, when)
    return when


def _check_going_on(stay: Stay) -> None:
    if stay.status != rules.ADMITTED:
        raise Refusal(_("This person does not stay here now."))


def _check_code(list_name: str, code: str) -> None:
    if code not in current().codes(list_name):
        raise Refusal(_("“%(code)s” is not in the list “%(list)s”.") % {"code": code, "list": list_name})
