"""Keyset pages: the same cost at row ten and at row ten million, and no exact counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from enlace.base.errors import Refusal

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page:
    rows: Sequence[Any]
    older: str  # cursor of the next page, "" when this is the last
    is_first: bool


def page(queryset: QuerySet[Any], *, order: Sequence[str], cursor: str = "", size: int = PAGE_SIZE) -> Page:
    """One page of ``queryset``.

    ``order`` names one or more non-null columns, all descending when the first starts with ``-``, all ascending
    otherwise; the last must be unique. ``cursor`` comes from an earlier page; a cursor that was tampered with or
    belongs to another order is refused.
    """
    rows = queryset.order_by(*order)
    if cursor:
        rows = rows.filter(_beyond(order, _values(cursor, order)))
    found = list(rows[: size + 1])
    older = _cursor(found[size - 1], order) if len(found) > size else ""
    return Page(found[:size], older, not cursor)


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    condition = Q()
    names = [name.lstrip("-") for name in order]
    direction = "lt" if order[0].startswith("-") else "gt"
    for depth in range(len(names)):
        equal = dict(zip(names[:depth], values[:depth], strict=True))
        condition |= Q(**equal, **{f"{names[depth]}__{direction}": values[depth]})
    # The plain bound on the first column lets both databases use the index; the disjunction alone does not.
    return Q(**{f"{names[0]}__{direction}e": values[0]}) & condition


def _cursor(row: Model, order: Sequence[str]) -> str:
    values = [str(_get(row, name.lstrip("-"))) for name in order]
    return signing.dumps([list(order), values], salt="page", compress=True)


def _values(cursor: str, order: Sequence[str]) -> list[str]:
    try:
        stored_order, values = signing.loads(cursor, salt="page")
    except (signing.BadSignature, ValueError) as error:
        raise Refusal(_("This page link is no longer valid. Open the list again.")) from error
    if stored_order != list(order):
        raise Refusal(_("This page link is no longer valid. Open the list again."))
    return list(values)


def _get(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = row[part] if isinstance(row, dict) else getattr(row, part)
    return row
