"""Units and beds: making them, taking beds out of service and back, and saying that the vacancies are still true."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.permissions import check
from enlace.country.queries import current
from enlace.directory.models import Bed, BedUnit
from enlace.directory.permissions import kept_sites, kept_units, locked_beds, locked_unit, locked_units

MOST_BEDS = 500  # in one unit


def save_unit(*, by: Actor, site_id: UUID, name: str, unit_id: UUID | None = None, is_open: bool = True) -> BedUnit:
    """Make a unit of a site, or rename, close and reopen one. A closed unit takes nobody new."""
    check(by, "BEDS_KEEP")
    named = name.strip()
    if not named or len(named) > 60:
        raise Refusal(_("Give the unit a name of at most 60 characters."))
    try:
        with audited(by=by, action="beds.unit_saved", subject=("site", site_id)) as event:
            unit = _unit(by, site_id, unit_id)
            unit.name, unit.is_open = named, is_open
            unit.save()
            event.detail.update(unit=str(unit.pk), is_open=is_open)
    except IntegrityError as error:
        raise Refusal(_("This place already has a unit of that name.")) from error
    return unit


def add_beds(*, by: Actor, unit_id: UUID, count: int) -> list[Bed]:
    """That many more beds, numbered on from the last. Whoever adds them confirms the unit by it."""
    check(by, "BEDS_KEEP")
    with audited(by=by, action="beds.added", subject=("unit", unit_id), detail={"count": count}):
        unit = locked_unit(by, unit_id)
        last = unit.beds.aggregate(last=Max("number"))["last"] or 0
        if count < 1 or last + count > MOST_BEDS:
            raise Refusal(_("A unit has between 1 and %(most)d beds.") % {"most": MOST_BEDS})
        rows = [Bed(unit=unit, number=number) for number in range(last + 1, last + count + 1)]
        found = Bed.objects.bulk_create(rows, batch_size=500)
        _confirm(by, [unit])
    return found


def take_out_of_service(*, by: Actor, bed_ids: Sequence[UUID], reason_code: str) -> None:
    """Nobody new is given these beds until they return.

    Raises ``Refusal`` for a bed that somebody has: the module of stays guards that in the database.
    """
    check(by, "BEDS_KEEP")
    if reason_code not in current().codes("out_of_service_reason"):
        raise Refusal(_("Say why the bed is out of service."))
    out = {"out_of_service_since": timezone.now(), "out_of_service_reason_code": reason_code}
    detail = {"count": len(bed_ids), "reason": reason_code}
    try:
        with audited(by=by, action="beds.taken_out", detail=detail) as event:
            beds = locked_beds(by, bed_ids)
            event.about("unit", beds[0].unit_id)
            if any(bed.out_of_service_since for bed in beds):
                raise Refusal(_("This bed is already out of service."))
            Bed.objects.filter(pk__in=bed_ids).update(**out)
    except IntegrityError as error:
        raise Refusal(_("Somebody has this bed. Record the move or the departure first.")) from error


def return_to_service(*, by: Actor, bed_ids: Sequence[UUID]) -> None:
    """The beds may be given again."""
    check(by, "BEDS_KEEP")
    with audited(by=by, action="beds.returned", detail={"count": len(bed_ids)}) as event:
        beds = locked_beds(by, bed_ids)
        event.about("unit", beds[0].unit_id)
        if not all(bed.out_of_service_since for bed in beds):
            raise Refusal(_("This bed is in service."))
        Bed.objects.filter(pk__in=bed_ids).update(out_of_service_since=None, out_of_service_reason_code="")


def confirm_units(*, by: Actor, unit_ids: Sequence[UUID]) -> int:
    """The free beds shown are still true; returns how many units were confirmed."""
    check(by, "BEDS_KEEP")
    with audited(by=by, action="beds.confirmed", detail={"count": len(unit_ids)}) as event:
        units = locked_units(by, unit_ids)
        if len(units) == 1:
            event.about("unit", units[0].pk)
        _confirm(by, units)
    return len(units)


def _unit(by: Actor, site_id: UUID, unit_id: UUID | None) -> BedUnit:
    if unit_id is not None:
        unit = locked_unit(by, unit_id)
        if unit.site_id != site_id:
            raise Missing(_("Your agency keeps no such beds."))
        return unit
    if not kept_sites(by).filter(pk=site_id).exists():
        raise Missing(_("Your agency keeps no such place."))
    return BedUnit(site_id=site_id)


def _confirm(by: Actor, units: Sequence[BedUnit]) -> None:
    ids = [unit.pk for unit in units]
    kept_units(by).filter(pk__in=ids).update(confirmed_at=timezone.now(), confirmed_by=by.id)
