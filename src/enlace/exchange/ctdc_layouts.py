"""The layouts in which CTDC published its microdata, and the one vocabulary that they are brought to.

Sources: K-anonymised Data Codebook v7 (2021), Global Synthetic Data Codebook v2 (2024), data dictionary of 25
August 2021.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial

from enlace.exchange import countries
from enlace.exchange.rows import FileRefused
from enlace.exchange.tables import fold, read_table

VICTIM, PAIR = "victim", "victim-perpetrator pair"
KANON_2017, KANON_2021 = "k-anonymised 2017-2020", "k-anonymised 2021"
# Layout names by their key in data/ctdc_columns.csv; the two k-anonymised ones differ only in how a missing
# value is written.
LAYOUTS = {
    "kanon": KANON_2021,
    "synthetic-2021": "synthetic 2021",
    "synthetic-2024": "synthetic 2024",
    "pair-2022": "victim-perpetrator synthetic 2022",
}
# Releases before 2020 lack one of the 63 columns.
MAY_LACK = {"kanon": 1}
MISSING = ("", "-99", "-99.0")

FIRST_YEAR, LAST_YEAR = 1900, 2100
_YEARS = re.compile(r"(\d{4})(?:\.0|-(\d{4}))?", re.ASCII)

NO, YES, NOT_GIVEN, BAD = range(4)


@dataclass(frozen=True)
class Column:
    """A column that is read: where it stands, its heading, and what it holds.

    ``kind`` is scalar (``target`` is a column of ``ctdc.CtdcRow``), flag (``target`` is a flag), or list (its
    labels are flags named ``target:label``).
    """

    index: int
    heading: str
    kind: str
    target: str


@dataclass(frozen=True)
class Layout:
    """The layout of one file, with its columns where they stand in that file."""

    name: str
    unit: str
    synthetic: bool
    columns: tuple[Column, ...]


@cache
def flag_bits(unit: str) -> Mapping[str, int]:
    """The bit of each flag of a unit. Bits are stored: they are never renumbered, only added."""
    return {row["flag"]: int(row["bit"]) for row in read_table("ctdc_flags.csv") if row["unit"] == unit}


@cache
def flag_groups(unit: str) -> Mapping[str, str]:
    """The group of each flag of a unit: form, means, labour, sex, abduction, recruiter, perpetrator."""
    return {row["flag"]: row["group"] for row in read_table("ctdc_flags.csv") if row["unit"] == unit}


def find_layout(headings: list[str]) -> Layout:
    """The layout whose column names these are, in any order, after an unnamed column of row numbers or none.

    Raises ``FileRefused``.
    """
    found = [fold(heading) for heading in headings]
    start = 1 if found and found[0] in ("", "unnamed: 0") else 0
    for key, name in LAYOUTS.items():
        known = _known_columns(key)
        lacking = len({id(row) for row in known.values()}) - len(found) + start
        if set(found[start:]) <= set(known) and lacking <= MAY_LACK.get(key, 0):
            columns = [(index, known[found[index]]) for index in range(start, len(found))]
            _check_once(columns)
            return Layout(
                name=name,
                unit=PAIR if key == "pair-2022" else VICTIM,
                synthetic=key != "kanon",
                columns=tuple(
                    Column(i, headings[i], row["kind"], row["target"]) for i, row in columns if row["target"]
                ),
            )
    raise FileRefused("unknown-layout", columns=len(found))


def _check_once(columns: list[tuple[int, dict[str, str]]]) -> None:
    seen: set[str] = set()
    for _, row in columns:
        if row["column"] in seen:
            raise FileRefused("duplicate-column", column=row["column"])
        seen.add(row["column"])


@cache
def _known_columns(key: str) -> dict[str, dict[str, str]]:
    rows = [row for row in read_table("ctdc_columns.csv") if row["layout"] == key]
    return {fold(name): row for row in rows for name in (row["column"], row["also"]) if name}


def decoder(target: str) -> Callable[[str], object]:
    """How a text of a scalar column becomes its value (``None``: missing); it raises ``KeyError`` else."""
    if target == "year":
        return _years
    if target in ("citizenship", "country"):
        return _country
    return partial(_listed, _values(target))


@cache
def _values(target: str) -> dict[str, str]:
    return {fold(row["text"]): row["code"] for row in read_table("ctdc_values.csv") if row["field"] == target}


def _listed(values: Mapping[str, str], text: str) -> str | None:
    return None if text in MISSING else values[fold(text)]


def _country(text: str) -> str | None:
    if text in MISSING or text == countries.NOT_KNOWN:
        return None
    code = countries.alpha2_of(text)
    if code is None:
        raise KeyError(text)
    return code


def _years(text: str) -> tuple[int, int] | None:
    """The first and last year of a year or a band of years."""
    if text in MISSING:
        return None
    found = _YEARS.fullmatch(text)
    if found is None:
        raise KeyError(text)
    first, last = int(found[1]), int(found[2] or found[1])
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        raise KeyError(text)
    return first, last


def read_flag(text: str) -> int:
    """``NO``, ``YES``, ``NOT_GIVEN``, or ``BAD``."""
    if text in MISSING:
        return NOT_GIVEN
    return {"0": NO, "0.0": NO, "1": YES, "1.0": YES}.get(text, BAD)


def read_labels(unit: str, target: str, text: str) -> int | None:
    """The bits of the labels of a list cell, ``None`` when one is not known."""
    if text in MISSING:
        return 0
    bits = _label_bits(unit, target)
    labels = {fold(label) for label in text.split(";") if label.strip()}
    return sum(1 << bits[label] for label in labels) if labels <= set(bits) else None


@cache
def _label_bits(unit: str, target: str) -> dict[str, int]:
    prefix = f"{target}:"
    return {fold(flag.removeprefix(prefix)): bit for flag, bit in flag_bits(unit).items() if flag.startswith(prefix)}
