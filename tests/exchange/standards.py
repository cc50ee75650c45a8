"""Small releases as plain documents, for the tables of standards. Every number in them is invented."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from enlace.exchange.standard_cells import Area, Place, observations
from enlace.exchange.standard_files import WRITERS, Filled
from enlace.exchange.standards import Standard, standards

AREA = Area("998", "Xandoria", "Nowhere", "The Quiet Ocean")
Shown = tuple[str, int | str | None, str]
"""A category, its number, and how the cell is marked."""


def a_table(dimension: str, *cells: Shown) -> dict[str, Any]:
    names = [dimension] if dimension else []
    return {
        "dimensions": names,
        "cells": [{"key": [code] if names else [], "value": value, "status": mark} for code, value, mark in cells],
    }


def an_indicator(name: str, *tables: Mapping[str, Any], unit: str = "person", measure: str = "count") -> dict[str, Any]:
    return {
        "id": name,
        "unit": unit,
        "measure": measure,
        "tables": list(tables),
        "deduced": [],
        "completeness": {},
        "caveat": {"en": "Only those who were found.", "es": "Solo quienes fueron hallados."},
    }


def a_document(*items: Mapping[str, Any], synthetic: bool = False) -> dict[str, Any]:
    return {
        "number": 7,
        "country": "xx",
        "synthetic": synthetic,
        "period": {"name": "2024", "start": "2024-01-01", "end": "2024-12-31"},
        "cut_off": "2025-02-01T00:00:00+00:00",
        "facts": {"count": 9, "digest": "ab" * 32},
        "completeness": {"states": ["XX-N", "XX-S"], "silent": ["XX-I"]},
        "indicators": list(items),
    }


def a_place(indicator: str, dimension: str = "", *categories: str) -> Place:
    return Place(indicator, dimension, categories, {"en": "", "es": ""})


def filled(standard: str, document: Mapping[str, Any], places: Mapping[str, Place]) -> Filled:
    layout = standards()[standard]
    return Filled(layout, document, "XXX", AREA, observations(document, layout, places))


def written(path: Path, table: Filled) -> Path:
    path.write_bytes(WRITERS[path.suffix.lstrip(".")](table))
    return path


def rows_in(path: Path, standard: Standard, *rows: Mapping[str, object], title: Sequence[str] = ()) -> Path:
    """A file in a standard's columns, as somebody else would write it: titles above, only the columns that it needs."""
    headings = [name for name in standard.headings if any(name in row for row in rows)]
    lines = [*title, ",".join(headings)]
    lines += [",".join(f'"{row.get(name, "")}"' for name in headings) for row in rows]
    path.write_text("\n".join(lines) + "\n")
    return path
