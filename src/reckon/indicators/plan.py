"""A definition as SQL: one text and its parameters, which DuckDB and Spark both understand and answer alike.

The tables `facts` and `returned` have the columns of `reckon.tables`; those whose names are words of SQL are renamed by the
engine (`RENAMED`). Nothing here holds a name that is not from a closed list; all codes and days are parameters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reckon.indicators.define import COUNTED_COLUMN, PLACES, Definition
from reckon.tables import InputError

RENAMED = {"on": "happened", "case": "case_id", "value": "amount"}
FACTS, RETURNED = "facts", "returned"
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included, and its name as printed ("2020", "2020-H1")."""

    name: str
    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InputError(f"the period {self.name} ends before it starts")


@dataclass(frozen=True, slots=True)
class Plan:
    """What an engine runs. Each row of its answer has one code for each of `names`, then `marks`, then `figures`.

    Of facts, a mark of 1 says that the row sums over that dimension. Of returns there are two names: the dimension and its
    category. `figures` are the count and, for a median, the two middle values; for a sum the sum, the largest amount in it,
    and the two largest together, once for each of the sets of dimensions wanted (the others say nothing).
    """

    table: str
    sql: str
    parameters: tuple[Any, ...]
    names: Group
    figures: int


def plan_of(definition: Definition, period: Period, wanted: Sequence[Group]) -> Plan:
    """The plan that counts a definition in a period, grouped by each of the sets of dimensions wanted."""
    if definition.source == "facts":
        return _of_facts(definition, period, wanted)
    return _of_returns(definition, period)


def _of_facts(definition: Definition, period: Period, wanted: Sequence[Group]) -> Plan:
    names = definition.dimensions
    unit = _column(COUNTED_COLUMN[definition.counted])
    columns = [_column(name) for name in names]
    condition, parameters = _condition(
        {"measure": (definition.of,)} | dict(definition.where), "happened BETWEEN ? AND ?", (period.start, period.end)
    )
    value = [] if definition.measure == "count" else ["amount"]
    present = " AND amount IS NOT NULL" if value else ""
    order = ", ".join(["happened", "case_id", "agency", *columns, *value])
    chosen = ", ".join([*columns, *value, f"row_number() OVER (PARTITION BY {unit} ORDER BY {order}) AS place"])
    figures = _figures(definition, len(wanted))
    shown = ", ".join([*columns, *(f"grouping({name})" for name in columns), *figures])
    sets = ", ".join(f"({', '.join(_column(name) for name in group)})" for group in wanted)
    grouping = f" GROUP BY GROUPING SETS ({sets})" if names else ""
    inner = f"SELECT {chosen} FROM facts WHERE {condition} AND {unit} <> ''{present}"  # noqa: S608 - names from closed lists
    source = f"({_ranked(columns, wanted)})" if definition.measure == "sum" else "chosen WHERE place = 1"
    sql = f"WITH chosen AS ({inner}) SELECT {shown} FROM {source}{grouping}"  # noqa: S608 - the same
    return Plan(FACTS, sql, parameters, names, len(figures))


def _ranked(columns: Sequence[str], wanted: Sequence[Group]) -> str:
    """The amounts with their place among those of their group, the largest first, for each set of dimensions."""
    places = []
    for number, group in enumerate(wanted):
        parts = f"PARTITION BY {', '.join(_column(name) for name in group)} " if group else ""
        places.append(f"row_number() OVER ({parts}ORDER BY amount DESC) AS rank_{number}")
    return f"SELECT {', '.join([*columns, 'amount', *places])} FROM chosen WHERE place = 1"  # noqa: S608 - the same


def _figures(definition: Definition, groups: int) -> list[str]:
    if definition.measure == "count":
        return ["count(*)"]
    if definition.measure == "sum":
        two = [f"sum(CASE WHEN rank_{number} <= 2 THEN amount END)" for number in range(groups)]
        return ["count(*)", "sum(amount)", "max(amount)", *two]
    # Both middle values, because an average of two is exact in decimals and not in the engines' binary fractions.
    lower, upper = (f"percentile_disc(0.5) WITHIN GROUP (ORDER BY amount{way})" for way in ("", " DESC"))
    return ["count(*)", lower, upper]


def _of_returns(definition: Definition, period: Period) -> Plan:
    inside, days = "begins >= ? AND ends <= ?", (period.start, period.end)
    own = [name for name in definition.dimensions if name not in PLACES]
    asked = [("dimension", "category", ("", *own))]
    asked += [(f"'{name}'", name, ("",)) for name in definition.dimensions if name in PLACES]
    parts: list[str] = []
    parameters: list[Any] = []
    for name, code, dimensions in asked:
        where = {"measure": (definition.of,)} | dict(definition.where) | {"dimension": dimensions}
        condition, values = _condition(where, inside, days)
        sums = f"count(amount), sum(amount) FROM returned WHERE {condition} GROUP BY dimension, {code}"
        parts.append(f"SELECT {name} AS name, {code} AS code, {sums}")
        parameters.extend(values)
    return Plan(RETURNED, " UNION ALL ".join(parts), tuple(parameters), ("name", "code"), 2)


def _condition(
    where: Mapping[str, Sequence[str]], days: str, between: tuple[date, date]
) -> tuple[str, tuple[Any, ...]]:
    parts = [f"{_column(name)} IN ({', '.join('?' * len(codes))})" for name, codes in where.items()]
    return " AND ".join([*parts, days]), (*(code for codes in where.values() for code in codes), *between)


def _column(name: str) -> str:
    return RENAMED.get(name, name)
