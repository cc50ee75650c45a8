"""Giving out receipt numbers, and opening what one opens: wrong numbers are counted, never who tried them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.rows import seeing_as
from enlace.intake import receipts
from enlace.intake.models import Receipt, WrongTries
from enlace.intake.permissions import check_public
from enlace.intake.queries.reports import by_receipt


def issue_receipt(*, by: Actor, kind: str, subject_id: UUID, number: str) -> None:
    """Let ``number`` (sixteen digits, shown once by the caller) open one report or complaint from now on.

    The record says that a receipt was given, not for what: reports and complaints look alike in it.
    """
    check_public(by)
    with audited(by=by, action="receipt.issued"):
        found = receipts.digest(kind, number)
        Receipt.objects.create(digest=found, kind=kind, subject_id=subject_id, issued_at=timezone.now())


def open_receipt(*, by: Actor, kind: str, number: str) -> UUID:
    """The report or complaint that the number opens; else ``Missing`` as ``open_number`` says."""
    return open_number(by=by, number=number, find=lambda digits: by_receipt(viewer=by, kind=kind, number=digits))


def open_number(*, by: Actor, number: str, find: Callable[[str], UUID | None]) -> UUID:
    """What ``find`` has for a number. Wrong, malformed and too often tried numbers are answered by the same ``Missing``.

    Past a limit of ``receipts.buckets`` the right number is refused too: an answer would tell the guesser.
    """
    check_public(by)
    now, digits = timezone.now(), receipts.read_number(number).ljust(receipts.DIGITS, "0")
    limits = receipts.buckets(digits, now)
    found = find(digits)
    with seeing_as(by):
        tried = dict(WrongTries.objects.filter(bucket__in=limits).values_list("bucket", "count"))
    if found is None or any(tried.get(bucket, 0) >= most for bucket, most in limits.items()):
        _count_wrong(by, digits, now)
        raise Missing(
            _(
                "This number opens nothing now. Check each digit. After many wrong tries a right one waits until tomorrow."
            )
        )
    with audited(by=by, action="receipt.opened"):
        return found


def _count_wrong(by: Actor, digits: str, now: datetime) -> None:
    with audited(by=by, action="receipt.refused"):
        tomorrow = now + timedelta(days=1)
        # In one order, whatever was typed: two who guess at once wait for each other and never in a circle.
        names = sorted({*receipts.buckets(digits, now), receipts.hour_bucket(now)})
        WrongTries.objects.bulk_create(
            [WrongTries(bucket=name, until=tomorrow) for name in names], ignore_conflicts=True
        )
        counters = WrongTries.objects.filter(bucket__in=names)
        list(counters.select_for_update().order_by("bucket").values_list("bucket"))
        counters.update(count=F("count") + 1)
        past = WrongTries.objects.select_for_update(skip_locked=True).filter(until__lt=now)
        WrongTries.objects.filter(bucket__in=list(past.values_list("bucket", flat=True))).delete()
