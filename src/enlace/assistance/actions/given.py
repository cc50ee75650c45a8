"""Writes of what people think of the help, of things given, and of what help cost."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.assistance.models import Cost, Feedback, InKind
from enlace.assistance.permissions import visible
from enlace.assistance.rules import given
from enlace.audit.actions import audited
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.cases.permissions import visible as visible_cases
from enlace.cases.rules import check_open
from enlace.country.queries import current

FOR_NOBODY = Actor.system("assistance.feedback")  # what people think is in no agency's sight, only in its sum
KEY_PURPOSE = "assistance.feedback"
LONGEST_WORDS = 1000


@dataclass(frozen=True, kw_only=True)
class Things:
    """Things given to one person."""

    case_id: UUID
    item_code: str
    quantity: int
    given_on: date
    funding_code: str = ""
    id: UUID = field(default_factory=new_id)


@dataclass(frozen=True, kw_only=True)
class Spending:
    """An amount in the pack's currency, spent on one kind of service from one source."""

    service_code: str
    funding_code: str
    amount: Decimal
    spent_on: date
    case_id: UUID | None = None
    id: UUID = field(default_factory=new_id)


def give_feedback(*, by: Actor, service_id: UUID, score: int, words: str = "") -> None:
    """Write down what the person thinks of a service, once. Never through the agency that gave it.

    Neither the row nor the record of this writing tells whose answer it is.
    """
    check(by, "SERVICE_RECORD")
    given.check_score(score)
    if len(words) > LONGEST_WORDS:
        raise Refusal(_("One of the texts is too long: %(count)d characters at most.") % {"count": LONGEST_WORDS})
    with audited(by=by, action="feedback.given", data_class="D"):
        service = visible(by).filter(pk=service_id).first()
        if service is None:
            raise Missing(_("Your agency gave no such service."))
        if service.agency_code == by.agency_code:
            raise Refusal(_("Who gave the help does not ask what the person thinks of it: another agency does."))
        digest = hmac.new(keyring.derive(KEY_PURPOSE), service_id.bytes, sha256).hexdigest()
        answer = {
            "agency_code": service.agency_code,
            "service_code": service.service_code,
            "month": timezone.localdate().strftime("%Y-%m"),
            "score": score,
            "words": words.strip(),
        }
        with seeing_as(FOR_NOBODY):
            _answer, is_new = Feedback.objects.get_or_create(digest=digest, defaults=answer)
        if not is_new:
            raise Refusal(_("What the person thinks of this help was already recorded."))


def record_in_kind(*, by: Actor, rows: Sequence[Things]) -> list[InKind]:
    """Record things given: food, clothes, tools ..."""
    check(by, "SERVICE_RECORD")
    today = timezone.localdate()
    for row in rows:
        _check_things(row, today)
    with audited(by=by, action="in_kind.recorded", detail={"count": len(rows)}) as event:
        wanted = {row.case_id for row in rows}
        _check_cases(by, wanted)
        if len(wanted) == 1:
            event.about("case", rows[0].case_id)
        things = [InKind(**vars(row), **_recorded(by)) for row in rows]
        return InKind.objects.bulk_create(things, batch_size=500)


def record_costs(*, by: Actor, rows: Sequence[Spending]) -> list[Cost]:
    """Record what help cost and which source paid it; only sums of it are ever shown to others."""
    check(by, "SERVICE_RECORD")
    today = timezone.localdate()
    for row in rows:
        _check_spending(row, today)
    with audited(by=by, action="cost.recorded", detail={"count": len(rows)}):
        _check_cases(by, {row.case_id for row in rows if row.case_id})
        costs = [Cost(**vars(row), **_recorded(by)) for row in rows]
        return Cost.objects.bulk_create(costs, batch_size=500)


def _recorded(by: Actor) -> dict[str, object]:
    return {"agency_code": by.agency_code, "recorded_by": by.id, "recorded_at": timezone.now()}


def _check_cases(by: Actor, ids: set[UUID]) -> None:
    cases = list(visible_cases(by).filter(pk__in=ids))
    if len(cases) != len(ids):
        raise Missing(_("Your agency does not work on such a case."))
    for case in cases:
        check_open(case.status)


def _check_things(row: Things, today: date) -> None:
    if current().codes("in_kind_item").get(row.item_code) is None:
        raise Refusal(_("Choose what was given from the list."))
    if not 0 < row.quantity <= 1_000_000:
        raise Refusal(_("Say how many were given: at least one."))
    given.check_dates(row.given_on, None, today)
    _check_funding(row.funding_code)


def _check_spending(row: Spending, today: date) -> None:
    if current().codes("service").get(row.service_code) is None:
        raise Refusal(_("Choose a service from the list."))
    if not row.funding_code:
        raise Refusal(_("Choose the source of the money."))
    _check_funding(row.funding_code)
    if row.amount <= 0:
        raise Refusal(_("The amount must be more than zero."))
    given.check_dates(row.spent_on, None, today)


def _check_funding(code: str) -> None:
    if code and current().codes("funding_source").get(code) is None:
        raise Refusal(_("Choose the source of the money."))
