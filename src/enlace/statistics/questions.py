"""Questions of analysts to the facts: what can be asked, and answers that tell no more than they show.

A question becomes a cube: its indicator by every dimension that it shows or filters by, with all margins. The whole cube
counts as given, whatever part of it is shown, and is protected together with the year's national table, its releases and
every cube given to anybody before: two analysts who put their answers side by side learn no more. The answer is made from
the protected cube alone. Indicators are publications apart, as in the national table.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, product
from math import prod
from typing import Any, Self

from django.utils.translation import gettext as _

from enlace.base.errors import Refusal
from enlace.country.loader import Pack
from enlace.country.queries import current
from enlace.statistics import given
from enlace.statistics.models import GivenTable, NationalTable
from enlace.statistics.national import categories, period_of, rule_of
from enlace.statistics.snapshot import digest_of, returned
from enlace.statistics.store import taken
from reckon.disclosure import Earlier, attack, protect
from reckon.disclosure.programs import SolverError
from reckon.indicators import Definition, compute
from reckon.indicators.compute import codes_of
from reckon.indicators.ratio import Shown, added
from reckon.tables import NOT_RECORDED, Cell, CountTable, InputError, Table

MOST_DIMENSIONS = 3
MOST_CELLS = 2000
"""Cells of the finest table of a cube. Alone it is protected in half a minute; a cube that closes a circle with earlier ones
(state by form, form by age, state by age) took four minutes of a processor."""
UNCOUNTED, STALE, EXPOSED, EMPTY, TOO_MUCH = "uncounted", "stale", "exposed", "empty", "too_much"
Group = tuple[str, ...]


class Unanswerable(Exception):
    """The question cannot be answered safely, or not now. ``reason`` is one of the words above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Question:
    """``only`` keeps, of each dimension it names, the codes listed."""

    indicator: str
    period: str
    dimensions: Group
    only: Mapping[str, Group]

    @property
    def cube(self) -> Group:
        """The dimensions of its cube, always in one order."""
        return tuple(sorted({*self.dimensions, *self.only}))

    def to_plain(self) -> dict[str, Any]:
        only = {name: list(codes) for name, codes in sorted(self.only.items())}
        return {
            "indicator": self.indicator, "period": self.period, "dimensions": list(self.dimensions), "only": only,
        }  # fmt: skip

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        only = {name: tuple(codes) for name, codes in plain["only"].items()}
        return cls(plain["indicator"], plain["period"], tuple(plain["dimensions"]), only)


@dataclass(frozen=True)
class Answered:
    """A protected cube, and what it was made from. ``counts`` is empty when the cube, or one around it, was given before."""

    national: NationalTable
    cube: Sequence[Table]
    counts: Sequence[CountTable]
    before: GivenTable | None
    last_number: int


def askable(pack: Pack) -> list[Definition]:
    """The indicators that can be asked about: protected counts of facts."""
    return [d for d in pack.definitions if d.source == "facts" and d.measure == "count" and d.is_protected]


def definition_of(pack: Pack, indicator: str) -> Definition:
    found = next((d for d in askable(pack) if d.id == indicator), None)
    if found is None:
        raise Refusal(_("Choose one of the indicators that are counted from the facts."))
    return found


def listed(pack: Pack, definition: Definition, name: str) -> Group:
    """The codes of a dimension, "" (not recorded) last."""
    return (*codes_of(definition, name, categories(pack)), NOT_RECORDED)


def whole(question: Question) -> Question:
    """The question as it is kept: without filters that leave nothing out.

    Raises ``Refusal`` for what cannot be asked, saying what can.
    """
    pack = current()
    definition = definition_of(pack, question.indicator)
    unknown = sorted({*question.dimensions, *question.only} - set(definition.dimensions))
    if unknown:
        raise Refusal(_("This indicator is not broken down by %s.") % ", ".join(unknown))
    if len(set(question.dimensions)) != len(question.dimensions) or len(question.dimensions) > MOST_DIMENSIONS:
        raise Refusal(_("Choose up to three dimensions, each once."))
    kept: dict[str, Group] = {}
    for name, codes in question.only.items():
        known = listed(pack, definition, name)
        if not codes or not set(codes) <= set(known):
            raise Refusal(_("A filter names something that is not in its list."))
        if set(codes) != set(known):
            kept[name] = tuple(code for code in known if code in codes)
    found = Question(question.indicator, question.period, question.dimensions, kept)
    size = prod(len(listed(pack, definition, name)) for name in found.cube)
    if size > MOST_CELLS:
        raise Refusal(
            _(
                "This takes a table of %(size)d cells; up to %(most)d can be asked for at once. Leave out a dimension or a "
                "filter: a filter counts like a dimension, because what it leaves out can be worked out from the rest."
            )
            % {"size": size, "most": MOST_CELLS}
        )
    return found


def worked_out(question: Question) -> Answered:
    """The protected cube of a question. Must see all rows (``seeing_as``). Writes nothing. Raises ``Unanswerable``."""
    pack = current()
    definition, period = definition_of(pack, question.indicator), period_of(question.period)
    national = given.national_of(question.period)
    if national is None:
        raise Unanswerable(UNCOUNTED)
    facts = taken(period.start, period.end)
    if digest_of(facts.digest(), returned(period.start, period.end)) != national.digest:
        raise Unanswerable(STALE)
    rows = list(given.newest_first(period.name).filter(indicator=definition.id))
    last = max((row.number for row in rows), default=0)
    for row in rows:
        if row.facts_digest == national.digest and set(question.cube) <= set(row.dimensions):
            return Answered(national, given.published_of(row), (), row, last)
    order, groups = categories(pack), list(_subsets(question.cube))
    crosses = [group for group in groups if len(group) > 1]
    counted = compute(
        definition, facts.table, period, order, crosses=crosses, reporting_states=national.reporting_states
    )
    counts = [table for table in counted if table.dimensions in groups]
    if len(given.nationally_given(national, counted)) != len(definition.dimensions) + 1:
        raise Unanswerable(STALE)
    earlier = given.before(rows, national, national.digest, counted)
    return Answered(national, _protected(pack, counts, earlier), counts, None, last)


def _protected(pack: Pack, counts: Sequence[CountTable], earlier: Sequence[Sequence[Earlier]]) -> Sequence[Table]:
    """The cube as it may leave, attacked once more from what is shown alone."""
    rule = rule_of(pack)
    try:
        cube = protect(counts, rule, earlier=earlier).for_release
        shown = [[item.published for item in release] for release in earlier]
        found = attack(cube, rule.lowest, earlier=shown, exact=False)
    except (InputError, SolverError) as error:
        raise Unanswerable(TOO_MUCH) from error
    if any(interval.is_recovered and not interval.release for interval in found):
        raise Unanswerable(EXPOSED)
    return cube


def _subsets(names: Group) -> Iterator[Group]:
    """Every set of the dimensions, the empty one first."""
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def tables_of(question: Question, cube: Sequence[Table]) -> list[dict[str, Any]]:
    """What the answer shows: the total, then the tables by one, two and three dimensions, from the protected cube alone.

    A sum over several codes of a filter is withheld where one of its parts is.
    """
    by_group = {frozenset(table.dimensions): table for table in cube}
    made = []
    for names in _subsets(question.dimensions):
        table = by_group[frozenset({*names, *question.only})]
        cells = {frozenset(cell.key): _shown(cell) for cell in table.cells}
        lists = dict(zip(table.dimensions, table.categories, strict=True))
        rows = [question.only.get(name, lists[name]) for name in names]
        summed = {name: codes for name, codes in question.only.items() if name not in names}
        made.append({"dimensions": list(names), "cells": [_cell(cells, names, at, summed) for at in product(*rows)]})
    return made


def _cell(
    cells: Mapping[frozenset[tuple[str, str]], Shown], names: Group, codes: Group, summed: Mapping[str, Group]
) -> dict[str, Any]:
    own = list(zip(names, codes, strict=True))
    places = (frozenset([*own, *zip(summed, choice, strict=True)]) for choice in product(*summed.values()))
    found = added(cells[place] for place in places)
    return {"codes": list(codes), "value": None if found.value is None else int(found.value), "status": found.status}


def _shown(cell: Cell) -> Shown:
    return Shown(None if cell.value is None else Decimal(cell.value), cell.status)


def says_nothing(tables: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the finest table shows no number at all, though there is something to count."""
    statuses = {cell["status"] for cell in tables[-1]["cells"]}
    return "published" not in statuses and "suppressed" in statuses


def result_of(found: Answered, tables: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The answer as it is stored: the tables, and what a reader has to know of them."""
    national = found.national
    return {
        "unit": found.cube[0].unit,
        "cut_off": national.cut_off.isoformat(),
        "facts_digest": national.digest,
        "threshold": national.threshold,
        "reporting_states": list(national.reporting_states),
        "tables": list(tables),
    }


def digest_of_result(result: Mapping[str, Any]) -> str:
    """SHA-256 (hexadecimal) of a stored answer, whatever the order of its fields."""
    return hashlib.sha256(json.dumps(result, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
