"""What a release freezes of a counted year: definitions, code lists, the rule, facts and rows, so that it can be counted again.

The facts are pseudonymous; whoever keeps them seals them.
"""

import base64
import io
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.country.queries import current
from enlace.statistics.given import as_given, newest_first
from enlace.statistics.mechanism import ABOUT, Family, count_tables, families
from enlace.statistics.models import GivenTable, MechanismTable, NationalTable
from enlace.statistics.national import (
    asked_for,
    categories,
    cells_of,
    compare,
    counted_tables,
    opened,
    period_of,
    reporting_states_of,
    rule_of,
    value_counts,
    valued_tables,
)
from enlace.statistics.permissions import visible, visible_mechanism
from enlace.statistics.publish import Known, Publication, known, published
from enlace.statistics.snapshot import digest_of, returned
from enlace.statistics.store import taken
from reckon.disclosure import Earlier, Rule
from reckon.indicators import Definition, Period, ValueTable, read_definition
from reckon.indicators.duck import Duck
from reckon.tables import REPORTED_SCHEMA, CountTable, Table, checked

FORMAT = "enlace-inputs/2"
FILES = ("parquet", "returned")
# What no indicator counts. Referrals, stays, needs and the rest are indicators of their own: a second table of the same would
# be a second publication of one number, protected apart from the first. For the same reason nothing here is broken down by
# who the people are.
RELEASED = frozenset({"cascade", "requests", "sessions"})


@dataclass(frozen=True)
class Inputs:
    """Everything that the tables of a period were made from.

    ``parquet`` holds the facts, ``returned`` what the accepted returns said, ``families`` the mechanism's rows, ``known``
    what groups and rates are deduced with; ``answers`` names what analysts had been given, together with which the tables
    are protected: of other facts always, of the same ones where ``shows_more`` says so.
    """

    period: str
    definitions: Sequence[Mapping[str, Any]]
    categories: Mapping[str, Sequence[str]]
    rule: Mapping[str, Any]
    reporting_states: Sequence[str]
    parquet: bytes
    returned: bytes
    families: Sequence[Mapping[str, Any]]
    known: Mapping[str, Any]
    answers: Sequence[str]

    def to_bytes(self) -> bytes:
        """One compressed text, the same for the same inputs."""
        files = {name: base64.b64encode(getattr(self, name)).decode() for name in FILES}
        plain = {**asdict(self), "format": FORMAT, **files}
        return zlib.compress(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode(), 9)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Inputs":
        """The other way. Raises ``ValueError`` when it is something else."""
        plain = json.loads(zlib.decompress(data))
        if plain.pop("format", "") != FORMAT:
            raise ValueError("these are no inputs of a release")
        return cls(**{**plain, **{name: base64.b64decode(plain[name]) for name in FILES}})


@dataclass(frozen=True)
class Answer:
    """What somebody was given in answer to a question, with its counts; ``at`` is when the facts were read."""

    at: datetime
    facts_digest: str
    shown: Sequence[Earlier]


@dataclass(frozen=True)
class Counted:
    """The newest stored computation of a period, and what it was made from."""

    table: NationalTable
    inputs: Inputs


def counted(*, viewer: Actor, period: str) -> Counted:
    """What a release of the period is made from.

    Raises ``Missing`` when the period was never counted, ``Refusal`` when the records are no longer those that were.
    The caller must see all rows (``seeing_as``).
    """
    table = visible(viewer).filter(period=period).order_by("-cut_off").first()
    if table is None:
        raise Missing(_("This period has not been counted yet."))
    facts, sent_in = taken(table.starts_on, table.ends_on), returned(table.starts_on, table.ends_on)
    if digest_of(facts.digest(), sent_in) != table.digest:
        raise Refusal(_("Records of the period have changed since it was counted. Count it again, then prepare."))
    pack = current()
    mechanism = visible_mechanism(viewer).filter(period=period).order_by("-cut_off").first()
    return Counted(
        table,
        Inputs(
            period=period,
            definitions=[{"file": item.file, "definition": dict(item.definition)} for item in pack.indicators],
            categories=categories(pack),
            rule=asdict(rule_of(pack)),
            reporting_states=list(table.reporting_states),
            parquet=_parquet(facts.table),
            returned=_parquet(sent_in),
            families=_rows(table, mechanism) if mechanism else [],
            known=asdict(known(pack, table.starts_on.year)),
            answers=sorted(str(row.pk) for row in _answers(period).exclude(facts_digest=table.digest)),
        ),
    )


def _parquet(table: pa.Table) -> bytes:
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd")
    return buffer.getvalue()


def answer_ids(period: str) -> set[str]:
    """Names of all that analysts have been given of a period."""
    return {str(key) for key in _answers(period).values_list("pk", flat=True)}


def with_all_answers(inputs: Inputs) -> Inputs:
    """The inputs, to be protected together with everything that analysts have been given."""
    return replace(inputs, answers=sorted(answer_ids(inputs.period)))


def shows_more(tables: Sequence[Table], period: str, digest: str) -> bool:
    """Whether one of the tables shows a number that the national table of the same facts withholds.

    If not, they tell nothing new to whoever has answers from these facts, which were protected together with that table.
    """
    national = NationalTable.objects.filter(period=period, digest=digest).order_by("-cut_off").first()
    asked = set(_answers(period).filter(facts_digest=digest).values_list("indicator", flat=True))
    for table in (table for table in tables if table.indicator in asked):
        stored = cells_of(national.tables, table.indicator, "".join(table.dimensions)) if national else []
        if len(stored) != len(table.cells):
            return True
        if any(cell.value is not None and old["value"] is None for cell, old in zip(table.cells, stored, strict=True)):
            return True
    return False


def answers(inputs: Inputs) -> list[Answer]:
    """What analysts had been given of the period, as far as the tables are protected together with it; newest facts first."""
    return [Answer(row.given_at, row.facts_digest, as_given(row)) for row in _answers(inputs.period, inputs.answers)]


def answers_since(inputs: Inputs) -> list[Answer]:
    """What else they were given, newest facts first."""
    known = set(inputs.answers)
    return [
        Answer(row.given_at, row.facts_digest, as_given(row))
        for row in _answers(inputs.period)
        if str(row.pk) not in known
    ]


def _answers(period: str, ids: Sequence[str] | None = None) -> QuerySet[GivenTable]:
    rows = newest_first(period).filter(release=0)
    return rows if ids is None else rows.filter(pk__in=ids)


def rule(inputs: Inputs) -> Rule:
    """How the tables are protected."""
    return Rule(**inputs.rule)


@dataclass(frozen=True)
class _Counts:
    """What was counted, unprotected. Must not leave the house."""

    found: Sequence[Definition]
    period: Period
    tables: Sequence[CountTable]
    values: Sequence[ValueTable]

    def is_guarded(self, table: CountTable) -> bool:
        return any(one.id == table.indicator and one.is_protected for one in self.found)


def count(inputs: Inputs) -> list[CountTable]:
    """Every table that has to be protected: of the indicators, then of the mechanism. Must not leave the house."""
    made = _counts(inputs)
    tables = [table for table in made.tables if made.is_guarded(table)]
    for kept in inputs.families:
        rows = [dict(zip(kept["columns"], row, strict=True)) for row in kept["rows"]]
        family = Family(kept["id"], kept["unit"], kept["split"], tuple(kept["dimensions"]), rows)
        tables += [replace(table, indicator=mechanism_id(family.id)) for table in count_tables(family, inputs.period)]
    return tables


def complete(inputs: Inputs, safe: Sequence[Table]) -> tuple[list[Table], list[dict[str, Any]]]:
    """With ``count``'s tables protected: all tables of counts, and what is deduced from them as plain values.

    Deduced are groups of categories, sums, medians and ratios: each shown only where what it rests on is.
    """
    made = _counts(inputs)
    tables = [*safe, *(opened(table) for table in made.tables if not made.is_guarded(table))]
    values = value_counts(made.found, made.values, rule(inputs))
    shown = published(made.found, Publication(Known(**inputs.known), made.period, tables, values))
    plain = {one.id for one in made.found if one.measure == "count"}
    groups = {(one.id, name) for one in made.found for name in one.groupings}
    deduced = [
        item for item in shown if item["indicator"] not in plain or (item["indicator"], item["dimension"]) in groups
    ]
    return tables, deduced


def return_ids(inputs: Inputs) -> set[str]:
    """The periodic returns whose answers are in it."""
    table = checked(pq.read_table(io.BytesIO(inputs.returned)), REPORTED_SCHEMA)
    return {record for record in table.column("record").to_pylist() if record}


def completeness(inputs: Inputs, indicator: str) -> dict[str, int]:
    """For an indicator from returns how many states answered; nothing for one that is counted from casework."""
    table = checked(pq.read_table(io.BytesIO(inputs.returned)), REPORTED_SCHEMA)
    return reporting_states_of(current(), indicator, table, period_of(inputs.period))


def figures(inputs: Inputs, indicator: str, tables: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The figures that others published of the same, each beside the cell of ours that it speaks of."""
    definition = next(one for one in _definitions(inputs) if one.id == indicator)
    total = next(table["cells"][0] for table in tables if not table["dimension"])
    return [
        {
            "indicator": one.figure.indicator_id,
            "period": one.figure.period,
            "area": one.figure.area,
            "unit": one.figure.unit,
            "value": None if one.figure.value is None else f"{one.figure.value:f}",
            "qualifier": one.figure.qualifier,
            "source": one.figure.source_title,
            "same_period": one.same_period,
            "difference": None if one.difference is None else f"{one.difference:f}",
            "dimension": one.dimension,
            "category": one.category,
            "ours": dict(one.ours or total),
        }
        for one in compare(current(), definition, inputs.period, total, tables)
    ]


def _definitions(inputs: Inputs) -> list[Definition]:
    read = [read_definition(kept["definition"], kept["file"]) for kept in inputs.definitions]
    return asked_for(read, inputs.period)


def _counts(inputs: Inputs) -> _Counts:
    period, found = period_of(inputs.period), _definitions(inputs)
    sources = {
        "facts": checked(pq.read_table(io.BytesIO(inputs.parquet))),
        "returned": checked(pq.read_table(io.BytesIO(inputs.returned)), REPORTED_SCHEMA),
    }
    with Duck(sources) as engine:
        tables = counted_tables(found, inputs.categories, engine, period, inputs.reporting_states)
        values = valued_tables(found, inputs.categories, engine, period)
    return _Counts(found, period, tables, values)


def mechanism_id(family: str) -> str:
    """The name under which a family of the mechanism is released."""
    return f"mechanism_{family}"


def _rows(table: NationalTable, mechanism: MechanismTable) -> list[dict[str, Any]]:
    """The rows of each family that is released, with only the columns that are."""
    found = families(table.starts_on, table.ends_on, timezone.localdate(mechanism.cut_off))
    return [_kept(family) for family in found if family.rows and family.id in RELEASED]


def _kept(family: Family) -> dict[str, Any]:
    named = tuple(name for name in family.dimensions if name not in ABOUT)
    columns = [*([family.split] if family.split else []), *named]
    rows = sorted([row[name] for name in columns] for row in family.rows)
    return {
        "id": family.id,
        "unit": family.unit,
        "split": family.split,
        "dimensions": list(named),
        "columns": columns,
        "rows": rows,
    }
