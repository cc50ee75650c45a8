"""What was changed since a moment: read from the log that the database itself writes with every row (ADR 17).

Numbers of lines are given out before transactions end, so a line may appear below one that was read already. On
PostgreSQL a mark therefore remembers besides which transactions may not have been over when it was set: what they wrote is
read again. On SQLite one transaction writes after the other, and the number alone is enough.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from enlace.base.rows import is_walled
from enlace.statistics.models import FactChange
from enlace.statistics.watching import EVERYTHING, NAME, VERBS

WITNESSES = 100
WATCHED = frozenset(
    {
        "accounts_agency",
        "assistance_assistedreturn",
        "assistance_careturn",
        "assistance_cost",
        "assistance_followup",
        "assistance_permit",
        "assistance_servicegiven",
        "cases_case",
        "cases_casecode",
        "cases_decision",
        "cases_episode",
        "directory_site",
        "intake_contact",
        "intake_contactperson",
        "intake_outcome",
        "people_person",
        "placements_stay",
        "placements_unmetneed",
        "referrals_partner",
        "referrals_referral",
        "screening_screening",
    }
)
"""Every table that a fact of the snapshot rests on."""


@dataclass(frozen=True)
class Mark:
    """A place in the log: all lines up to ``last`` that could be seen.

    Lines below it that could not be seen yet are of transactions from ``oldest`` on and below ``next``. ``seen`` are the
    newest of the lines that could, number and token, by which the log is recognised.
    """

    last: int
    oldest: int
    next: int
    seen: Mapping[str, str]

    def to_plain(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        return cls(int(plain["last"]), int(plain["oldest"]), int(plain["next"]), dict(plain["seen"]))


@dataclass(frozen=True)
class Changed:
    """What was touched, by kind; ``costs`` that an amount of money was."""

    cases: Collection[UUID]
    people: Collection[UUID]
    contacts: Collection[UUID]
    screenings: Collection[UUID]
    costs: bool


def mark() -> Mark:
    """Where the log is now. Set it first and gather afterwards: what is written meanwhile is then found the next time."""
    oldest = _number_of("pg_snapshot_xmin")
    newest = FactChange.objects.order_by("-id").values_list("id", "token")[:WITNESSES]
    seen = {str(number): token for number, token in newest}
    return Mark(max(map(int, seen), default=0), oldest, _number_of("pg_snapshot_xmax"), seen)


def since(before: Mark) -> Changed | None:
    """What was touched since a mark; ``None`` when that cannot be known, or when it is everything."""
    if not is_watching() or not _is_same_log(before):
        return None
    by_kind: dict[str, set[UUID | None]] = {}
    for kind, subject in _lines(before).values_list("kind", "subject").distinct().order_by().iterator(5000):
        by_kind.setdefault(kind, set()).add(subject)
    if EVERYTHING in by_kind:
        return None
    found = {kind: frozenset(filter(None, subjects)) for kind, subjects in by_kind.items()}
    none: frozenset[UUID] = frozenset()
    return Changed(
        cases=found.get("case", none),
        people=found.get("person", none),
        contacts=found.get("contact", none),
        screenings=found.get("screening", none),
        costs="cost" in found,
    )


def older_than(at: datetime) -> QuerySet[FactChange]:
    """Lines that may be forgotten: all that were written before a moment but the newest, which is never forgotten."""
    newest = FactChange.objects.order_by("-id").values_list("id", flat=True).first()
    return FactChange.objects.filter(at__lt=at, id__lt=newest or 0)


def is_watching() -> bool:
    """Whether every table has its triggers, and none is switched off."""
    with connection.cursor() as cursor:
        if is_walled():
            cursor.execute(
                "SELECT c.relname, count(*) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
                "WHERE t.tgname = %s AND t.tgenabled <> 'D' AND pg_table_is_visible(c.oid) GROUP BY 1",
                [NAME],
            )
            wanted = 1
        else:
            cursor.execute(
                "SELECT tbl_name, count(*) FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s GROUP BY 1",
                [len(NAME), NAME],
            )
            wanted = len(VERBS)
        return {table for table, count in cursor.fetchall() if count == wanted} >= WATCHED


def _lines(before: Mark) -> QuerySet[FactChange]:
    unread = Q(id__gt=before.last)
    if is_walled():
        unread |= Q(writer__gte=before.oldest, writer__lt=before.next)
    return FactChange.objects.filter(unread)


def _is_same_log(before: Mark) -> bool:
    """Whether the lines that were seen are still here; of those that were forgotten since, the newest is not one."""
    found = {str(number): token for number, token in _seen(before)}
    if str(before.last) not in found:
        return False
    oldest = FactChange.objects.order_by("id").values_list("id", flat=True).first() or 0
    return all(found.get(number) == token for number, token in before.seen.items() if int(number) >= oldest)


def _seen(before: Mark) -> QuerySet[FactChange, tuple[int, str]]:
    return FactChange.objects.filter(id__in=[int(number) for number in before.seen]).values_list("id", "token")


def _number_of(bound: str) -> int:
    """Of transactions: below ``pg_snapshot_xmin`` all are over, from ``pg_snapshot_xmax`` on none has begun to write."""
    if not is_walled():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {bound}(pg_current_snapshot())::text::bigint")
        (number,) = cursor.fetchone()
    return int(number)
