"""The national table: facts in, protected tables out, each published figure of others beside ours."""

import calendar
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from enlace.country.figures import PublishedFigure
from enlace.country.loader import Pack
from reckon.disclosure import Rule, protect
from reckon.indicators import Definition, Period, compute, read_definition
from reckon.tables import Table

SEVERAL = "several"


@dataclass(frozen=True)
class Compared:
    """A published figure beside ours. ``difference`` is ``None`` whenever our number is withheld or missing."""

    figure: PublishedFigure
    difference: Decimal | None
    same_period: bool


def definitions(pack: Pack) -> list[Definition]:
    """The pack's indicators, in the order of their files. Raises ``DefinitionError``."""
    return [read_definition(item.definition, item.file) for item in pack.indicators]


def categories(pack: Pack) -> dict[str, list[str]]:
    """The codes of each dimension, in the pack's order."""
    return {
        "state": [state.code for state in pack.states],
        "sex": [code.code for code in pack.codes("sex")],
        "age_group": [code.code for code in pack.codes("age_group")],
        "form": [*(code.code for code in pack.forms), SEVERAL],
        "agency_kind": [code.code for code in pack.codes("agency_kind")],
    }


def period_of(name: str) -> Period:
    """``2020``, ``2020-H1`` or ``2020-H2``. Raises ``ValueError``."""
    year, _, half = name.partition("-")
    first, last = {"": (1, 12), "H1": (1, 6), "H2": (7, 12)}[half]
    return Period(name, date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1]))


def national_tables(pack: Pack, facts: pa.Table, period: Period, reporting: Collection[str]) -> list[dict[str, Any]]:
    """Every indicator by every dimension, protected; as plain values, withheld cells without a number."""
    order = categories(pack)
    counted = [
        table
        for definition in definitions(pack)
        for table in compute(definition, facts, period, order, reporting_states=reporting)
    ]
    return [_plain(table) for table in protect(counted, rule_of(pack)).for_release]


def rule_of(pack: Pack) -> Rule:
    """How the pack wants a table protected."""
    return Rule(
        threshold=pack.disclosure.threshold,
        minimum_interval=pack.disclosure.minimum_interval,
        zeros_are_sensitive=pack.disclosure.zeros_are_sensitive,
    )


def compare(pack: Pack, definition: Definition, period: str, total: Mapping[str, Any]) -> list[Compared]:
    """The published figures that speak of the same, beside our total."""
    wanted = definition.figure
    if not wanted:
        return []
    figures = [
        figure
        for figure in pack.figures_for(str(wanted["indicator"]))
        if figure.period.partition("-")[0] == period.partition("-")[0]
        and dict(figure.breakdown) == dict(wanted.get("breakdown", {}))
        and figure.area == wanted.get("area", figure.area)
    ]
    return [_compared(figure, period, total) for figure in figures]


def _compared(figure: PublishedFigure, period: str, total: Mapping[str, Any]) -> Compared:
    ours, same = total["value"], figure.period == period
    difference = ours - figure.value if same and ours is not None and figure.value is not None else None
    return Compared(figure, difference, same)


def _plain(table: Table) -> dict[str, Any]:
    return {
        "indicator": table.indicator,
        "unit": table.unit,
        "dimension": table.dimensions[0] if table.dimensions else "",
        "cells": [
            {"category": cell.key[0][1] if cell.key else "", "value": cell.value, "status": cell.status}
            for cell in table.cells
        ],
    }


def cells_of(tables: Sequence[Mapping[str, Any]], indicator: str, dimension: str) -> list[dict[str, Any]]:
    """The cells of one indicator by one dimension ("" is the total); nothing when it has no such table."""
    for table in tables:
        if table["indicator"] == indicator and table["dimension"] == dimension:
            return list(table["cells"])
    return []
