"""What an indicator is, and reading one from the data of a country pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reckon.tables import CODE_COLUMNS

UNITS = ("person", "case", "referral", "stay", "payment")
COUNTED_COLUMN = {"person": "person", "case": "case"}
FILTERABLE = tuple(name for name in CODE_COLUMNS if name != "measure")
DIMENSIONS = ("state", "sex", "age_group", "form", "agency_kind")
FIELDS = {"id", "unit", "label", "measure", "where", "dimensions", "legal_basis", "figure", "caveats"}


class DefinitionError(ValueError):
    """A definition that cannot be used: says which, which field and what was expected."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator: distinct `unit`s with at least one event `measure` in the period, among facts that satisfy `where`.

    `where` maps a fact column to the codes it may have. `dimensions` are what it may be broken down by; a person with
    several values in one period is placed by the first event (ties: case, agency, then the other columns), so that
    margins add up.
    `figure` describes the published figures of others that speak of the same.
    """

    id: str
    unit: str
    label: Mapping[str, str]
    measure: str
    where: Mapping[str, tuple[str, ...]]
    dimensions: tuple[str, ...]
    legal_basis: str
    figure: Mapping[str, Any]
    caveats: Mapping[str, str]


def read_definition(raw: Mapping[str, Any], source: str) -> Definition:
    """A definition from a parsed TOML table. `source` names the file in errors. Raises DefinitionError."""
    unknown = sorted(set(raw) - FIELDS)
    if unknown:
        raise DefinitionError(f"{source}: unknown field {unknown[0]}")
    where = {name: _codes(source, name, values) for name, values in _table(source, raw, "where").items()}
    for name in where:
        if name not in FILTERABLE:
            raise DefinitionError(f"{source}: where.{name} is no column; columns are {', '.join(FILTERABLE)}")
    dimensions = _codes(source, "dimensions", raw.get("dimensions", []))
    for name in dimensions:
        if name not in DIMENSIONS:
            raise DefinitionError(f"{source}: dimensions: {name} is not one of {', '.join(DIMENSIONS)}")
    unit = _text(source, raw, "unit")
    if unit not in COUNTED_COLUMN:
        raise DefinitionError(f"{source}: unit: facts can count {' or '.join(COUNTED_COLUMN)}, not {unit}")
    label = _table(source, raw, "label")
    if not label:
        raise DefinitionError(f"{source}: label: a name in each language is expected")
    return Definition(
        id=_text(source, raw, "id"),
        unit=unit,
        label={language: str(text) for language, text in label.items()},
        measure=_text(source, raw, "measure"),
        where=where,
        dimensions=dimensions,
        legal_basis=str(raw.get("legal_basis", "")),
        figure=_table(source, raw, "figure"),
        caveats={language: str(text) for language, text in _table(source, raw, "caveats").items()},
    )


def _text(source: str, raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise DefinitionError(f"{source}: {name}: a text is expected")
    return value


def _table(source: str, raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = raw.get(name, {})
    if not isinstance(value, Mapping):
        raise DefinitionError(f"{source}: {name}: a table is expected")
    return value


def _codes(source: str, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(code, str) for code in value):
        raise DefinitionError(f"{source}: {name}: a list of codes is expected")
    if len(set(value)) != len(value):
        raise DefinitionError(f"{source}: {name}: a code is listed twice")
    return tuple(value)
