"""Returns of the invented country, made through actions: answered whole, submitted, accepted."""

from collections.abc import Mapping
from uuid import UUID

from enlace.accounts.actions import create_user
from enlace.accounts.queries import actor_for
from enlace.base.actor import Actor
from enlace.country.queries import current
from enlace.country.returns import ReturnTemplate
from enlace.returns import rules
from enlace.returns.actions import accept_return, check_return, open_return, save_return, submit_return
from enlace.returns.models import PeriodicReturn
from enlace.returns.rules import Typed
from tests.world import SYSTEM

JUSTICE, BORDER = "crown_justice", "border"


def template(code: str = JUSTICE) -> ReturnTemplate:
    return next(one for one in current().return_templates if one.id == code)


def someone(name: str, agency_code: str, role_code: str) -> Actor:
    """Another account besides the cast of the world."""
    user = create_user(
        by=SYSTEM, username=name, display_name=name.title(), agency_code=agency_code, role_codes=[role_code]
    )
    return actor_for(user)


def typed(answers: Mapping[str, str]) -> list[Typed]:
    """``{"inquiries|form=sexual_use": "3"}`` as what was typed."""
    rows = []
    for name, text in answers.items():
        measure, _, key = name.partition("|")
        rows.append(Typed(cell=(measure, rules.read_key(key)), text=text))
    return rows


def whole(asked: ReturnTemplate, numbers: Mapping[str, str] | None = None) -> list[Typed]:
    """Every cell answered: no data but for the numbers given."""
    given = {rules.cell_name((m.id, key)): rules.SHORT[rules.NO_DATA] for m, key in rules.cells(asked)}
    return typed(given | dict(numbers or {}))


def opened(by: Actor, period: str = "2024-H1", state: str = "XX-N", code: str = JUSTICE) -> PeriodicReturn:
    return open_return(by=by, template_id=code, period=period, state_code=state)


def filled(by: Actor, numbers: Mapping[str, str] | None = None, **where: str) -> UUID:
    """An open return with every cell answered."""
    row = opened(by, **where)
    save_return(by=by, return_id=row.pk, typed=whole(template(row.template_code), numbers))
    return row.pk


def submitted(by: Actor, numbers: Mapping[str, str] | None = None, **where: str) -> UUID:
    return_id = filled(by, numbers, **where)
    submit_return(by=by, return_id=return_id)
    return return_id


def accepted(by: Actor, judge: Actor, numbers: Mapping[str, str] | None = None, **where: str) -> UUID:
    return_id = submitted(by, numbers, **where)
    check_return(by=judge, return_id=return_id)
    accept_return(by=judge, return_id=return_id)
    return return_id
