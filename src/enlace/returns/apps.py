from datetime import date, datetime, time
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from enlace.base import clocks, slots
from enlace.base.actor import Actor

CLOCK = Actor.system("clock")


class ReturnsConfig(AppConfig):
    name = "enlace.returns"
    label = "returns"

    def ready(self) -> None:
        slots.register(slots.NavItem(58, _("Periodic returns"), "returns:list", "PERIODIC_RETURN_READ"))
        slots.register(slots.QueueSource("returns", 60, _("Periodic returns"), "PERIODIC_RETURN_SUBMIT", to_answer))
        slots.register(
            slots.QueueSource("returns_judged", 61, _("Returns to check"), "PERIODIC_RETURN_CHECK", to_judge)
        )
        clocks.register(clocks.Clock("returns.reminders", 80, remind))


def remind(at: datetime) -> int:
    """The day before an answer is due, and once it is overdue."""
    from enlace.returns.actions import remind_returns

    return remind_returns(by=CLOCK, at=at)


def to_answer(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from django.utils.translation import gettext

    from enlace.base.actor import NATIONAL
    from enlace.returns import queries
    from enlace.returns.rules import RETURNED

    if viewer.scope == NATIONAL:  # the commission answers for others on its own list
        return []
    tasks = {RETURNED: gettext("Given back: correct it"), "": gettext("Fill in and submit")}
    rows = queries.waiting(viewer=viewer, limit=limit)
    return [_item(row, tasks.get(row.status, tasks[""]), row.decided_at or row.opened_at, row.due_on) for row in rows]


def to_judge(viewer: Actor, limit: int) -> list[slots.QueueItem]:
    from enlace.returns import queries
    from enlace.returns.labels import TO_JUDGE

    rows = queries.to_judge(viewer=viewer, limit=limit)
    return [_item(row, str(TO_JUDGE[row.status]), row.submitted_at or row.opened_at, None) for row in rows]


def _item(row: Any, task: str, since: datetime, due: date | None) -> slots.QueueItem:
    from django.urls import reverse
    from django.utils import timezone

    from enlace.country.labels import language
    from enlace.returns.labels import period_name, state_name
    from enlace.returns.queries import template_of

    return slots.QueueItem(
        url=reverse("returns:return", args=[row.pk]),
        code=template_of(row).label(language()),
        task=task,
        detail=f"{state_name(row.state_code)}, {period_name(row.period)}",
        since=since,
        due=timezone.make_aware(datetime.combine(due, time(23, 59))) if due else None,
    )
