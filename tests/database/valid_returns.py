"""A valid row of each table of periodic returns."""

from typing import Any

from enlace.base.ids import new_id
from enlace.returns.models import PeriodicReturn, Template, Value
from tests.database.valid_people import DAY, NEXT_DAY, NOON, PLACES


def template() -> dict[str, Any]:
    return {"digest": new_id().hex * 2, "code": "any", "version": 1, "content": "{}", "since": NOON}


def periodic_return() -> dict[str, Any]:
    about = {"template": Template.objects.create(**template()), "template_code": f"any{next(PLACES)}", "period": "2020"}
    when = {"starts_on": DAY, "ends_on": NEXT_DAY, "due_on": NEXT_DAY, "opened_by": "a", "opened_at": NOON}
    return {**about, **when, "state_code": "XX-N", "agency_code": "own", "agency_kind": "police"}


def a_return() -> PeriodicReturn:
    return PeriodicReturn.objects.create(**periodic_return())


def value() -> dict[str, Any]:
    return {"of": a_return(), "measure": "any", "key": "", "kind": "zero", "value": 0}


VALID: dict[Any, Any] = {Template: template, PeriodicReturn: periodic_return, Value: value}
