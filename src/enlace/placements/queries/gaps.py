"""What an unmet need says: who, which service, what stood nearest in the way, and the least that would change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from enlace.base.ids import new_id
from enlace.cases.rules import principal_form
from enlace.people.queries import age_group_of
from enlace.placements.queries.seeking import Places
from enlace.placements.rules import Change, unmet_needs


@dataclass(frozen=True, kw_only=True)
class Gap:
    """That the person of a case needs a service and nothing fits: coarse facts, the nearest barrier, what would change it."""

    case_id: UUID
    service_code: str
    reason_code: str
    sex_code: str
    age_group_code: str
    state_code: str = ""
    form_code: str = ""
    changes: tuple[Mapping[str, str], ...] = ()
    asked: Mapping[str, object] = field(default_factory=dict)
    at: datetime | None = None
    id: UUID = field(default_factory=new_id)


def gaps_of(found: Places) -> list[Gap]:
    """The unmet needs of an answer in which nothing fits, one for each service."""
    person = found.case.person
    changes = tuple(change_told(change) for change in found.ranked.nearest_changes)
    return [
        Gap(
            case_id=found.case.pk,
            service_code=unmet.service,
            reason_code=unmet.reason.code,
            sex_code=person.sex_code,
            age_group_code=age_group_of(person.birth_year, timezone.localdate(), person.age_group_code),
            state_code=found.case.state_code,
            form_code=principal_form(sorted(found.need.forms)),
            changes=changes,
            asked=found.asked.stored(),
        )
        for unmet in unmet_needs(found.need, found.ranked)
    ]


def change_told(change: Change) -> dict[str, str]:
    """One change as JSON: its kind, the site and unit, and the reason with its detail."""
    about = {"kind": change.kind, "site": str(change.site_id), "agency": change.agency_code}
    unit = {"unit": str(change.unit_id)} if change.unit_id else {}
    return about | unit | {"code": change.reason.code} | dict(change.reason.detail)
