"""Who is served, asked of the database: the conditions of sex and age. The matcher judges all the others, in Python."""

from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from enlace.directory.models import Criterion


def taking(rows: QuerySet[Any], sex_code: str, age: int | None, *, unit: str | None) -> QuerySet[Any]:
    """Leave out the places (``unit`` None) or units ("pk") whose conditions of sex and age refuse such a person."""
    about: dict[str, Any] = {"unit": None, "site": OuterRef("pk")} if unit is None else {"unit": OuterRef(unit)}
    for refusing in (_refusing_sex(sex_code), _refusing_age(age, sex_code)):
        if refusing is not None:
            found = Criterion.objects.alias(codes=Cast("values", CharField())).filter(refusing, **about)
            rows = rows.filter(~Exists(found))
    return rows


def _refusing_sex(sex_code: str) -> Q | None:
    if not sex_code:
        return None
    named = Q(codes__contains=f'"{sex_code}"')
    return Q(fact="sex") & ((Q(must=True) & ~named) | (Q(must=False) & named))


def _refusing_age(age: int | None, sex_code: str) -> Q | None:
    if age is None:
        return None
    facts = ["age", "boys_age"] if sex_code == "male" else ["age"]
    inside = (Q(least__isnull=True) | Q(least__lte=age)) & (Q(most__isnull=True) | Q(most__gte=age))
    return Q(fact__in=facts) & ((Q(must=True) & ~inside) | (Q(must=False) & inside))
