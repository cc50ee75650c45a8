"""The Human Trafficking Case Data Standard 2.0 (IOM, 24 December 2021): its fields, labels and code lists.

Source: github.com/UNMigration/HTCDS, CC BY 4.0. ``data/README.md`` says what was taken and what was added.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from enlace.exchange import countries
from enlace.exchange.tables import fold, read_table


@dataclass(frozen=True, eq=False)
class Field:
    """One field: its system name, visible label, kind of value, and code list (code to label).

    ``kind`` is text, code, country, country_or_text, language, date, boolean, number or degrees. ``sealed``:
    its values may tell who a person is and are never shown in an error.
    """

    name: str
    label: str
    kind: str
    multiple: bool
    sealed: bool
    codes: Mapping[str, str]


@cache
def fields() -> dict[str, Field]:
    """All 84 fields by name, in the standard's order."""
    codes: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_table("htcds_codes.csv"):
        codes[row["field"]][row["code"]] = row["label"]
    return {
        row["field"]: Field(
            name=row["field"],
            label=row["label"],
            kind=row["type"],
            multiple=row["multiple"] == "yes",
            sealed=row["sealed"] == "yes",
            codes=codes.get(row["field"], {}),
        )
        for row in read_table("htcds_fields.csv")
    }


@cache
def toolkit_fields() -> tuple[str, ...]:
    """The names of the 38 fields of the Excel toolkit in the order of its columns, B to AM."""
    rows = [row for row in read_table("htcds_fields.csv") if row["toolkit_column"]]
    rows.sort(key=lambda row: (len(row["toolkit_column"]), row["toolkit_column"]))
    return tuple(row["field"] for row in rows)


@cache
def field_names() -> dict[str, str]:
    """Field names by folded name, with the names that differ in the survey form."""
    rows = read_table("htcds_fields.csv")
    known = {fold(row["field"]): row["field"] for row in rows}
    return {fold(row["survey_name"]): row["field"] for row in rows if row["survey_name"]} | known


@cache
def field_labels() -> dict[str, tuple[str, ...]]:
    """Field names by folded label; a few labels (Type, Longitude, Latitude) belong to several fields."""
    found: dict[str, list[str]] = defaultdict(list)
    for field in fields().values():
        found[fold(field.label)].append(field.name)
    return {label: tuple(names) for label, names in found.items()}


@cache
def vocabulary(name: str) -> dict[str, str]:
    """The codes of one field by folded code or label."""
    codes = fields()[name].codes
    return {fold(text): code for code, label in codes.items() for text in (code, label)}


def code_of(field: Field, text: str) -> str | None:
    """The code for a code or label as typed; ``None`` when it is not in the field's list."""
    if field.kind == "country":
        return countries.alpha2_of(text)
    return vocabulary(field.name).get(fold(text))


def label_of(field: Field, code: str) -> str:
    """What a toolkit cell holds for a code: the label, or for gender the code.

    Raises ``ValueError`` for a code outside the field's list.
    """
    listed = countries.names() if field.kind == "country" else field.codes
    if code not in listed:
        raise ValueError(f"{field.name} has no such code")
    return code if field.name == "prs_Gender" else listed[code]
