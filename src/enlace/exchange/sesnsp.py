"""Reads SESNSP's monthly figures on trafficking: victims, and offences in investigation files.

Source: Secretariado Ejecutivo del Sistema Nacional de Seguridad Pública, "Datos Abiertos de Incidencia
Delictiva". Common jurisdiction only. Three shapes are read: victims by month in rows (UTF-8), and victims or
files by month in columns, as SESNSP itself publishes them (Latin-1). Rows about other offences are passed
over.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from enlace.exchange.rows import FileRefused, Progress, Reason, RowError, seal
from enlace.exchange.sources import csv_rows, digest_of, first_line, split_heading
from enlace.exchange.tables import fold, read_table

VICTIMS, FILES = "victims", "files"
NO_BREAKDOWN = ""
# INEGI numbers the states from 01 to 32.
STATES = 32
MONTHS = 12

_COUNT = re.compile(r"[0-9]{1,7}")
_YEAR = re.compile(r"(19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class MonthlyFigure:
    """One published count. ``state`` is the national code, two digits; files have "" for sex and age group.

    ``sex`` is female, male or not_identified; ``age_group`` minor, adult, not_specified or not_identified;
    ``subtype`` any (until 2025), or sexual, labour, organs, other (from 2026). ``value`` is ``None`` for a
    month that was not reported: never zero.
    """

    year: int
    month: int
    state: str
    sex: str
    age_group: str
    subtype: str
    value: int | None


@dataclass(frozen=True)
class SesnspFile:
    """The figures of one kind. Victims and files are different units and never stand in one file."""

    kind: str
    rows: list[MonthlyFigure]
    errors: list[RowError]
    digest: str


class _BadCell(Exception):
    def __init__(self, column: str, text: str, code: str, **params: int) -> None:
        super().__init__(code)
        self.column, self.text, self.reason = column, text, Reason(code, tuple(params.items()))


@dataclass(frozen=True)
class _Heading:
    """Where each thing stands: by name ("year", "state", ...) and, in the wide shape, by month."""

    names: list[str]
    places: dict[str, int]
    months: dict[int, int]

    @property
    def kind(self) -> str:
        return VICTIMS if "sex" in self.places else FILES


def read_sesnsp(path: Path, progress: Progress | None = None) -> SesnspFile:
    """Read a plain or gzip-compressed file; rows with errors are in ``errors`` only. Raises ``FileRefused``."""
    digest = digest_of(path)
    encoding, separator, names = _open_heading(path)
    heading = _find_heading(names)
    figures: dict[tuple[object, ...], MonthlyFigure] = {}
    errors: list[RowError] = []
    for row, cells in csv_rows(path, encoding, separator, progress):
        try:
            found = _read_row(cells, heading)
        except _BadCell as bad:
            errors.append(RowError(row, bad.column, seal(bad.text), bad.reason))
            continue
        keys = [(f.year, f.month, f.state, f.sex, f.age_group, f.subtype) for f in found]
        if any(key in figures for key in keys):
            errors.append(RowError(row, "", "", Reason("repeated-figure")))
        else:
            figures.update(zip(keys, found, strict=True))
    if not figures and not errors:
        raise FileRefused("empty")
    return SesnspFile(heading.kind, list(figures.values()), errors, digest)


def by_year(rows: Iterable[MonthlyFigure]) -> dict[int, int]:
    """The sum of each year's reported months; a year without any is absent."""
    found: Counter[int] = Counter()
    for figure in rows:
        if figure.value is not None:
            found[figure.year] += figure.value
    return dict(found)


def by_subtype(rows: Iterable[MonthlyFigure]) -> dict[str, int]:
    """The sum of each subtype over all reported months; one without any is absent."""
    found: Counter[str] = Counter()
    for figure in rows:
        if figure.value is not None:
            found[figure.subtype] += figure.value
    return dict(found)


@cache
def _terms(kind: str) -> dict[str, str]:
    return {fold(row["text"]): row["code"] for row in read_table("sesnsp_terms.csv") if row["kind"] == kind}


def _open_heading(path: Path) -> tuple[str, str, list[str]]:
    """Encoding, separator and cells of the heading. One that is not UTF-8 is Latin-1, as SESNSP publishes."""
    line = first_line(path)
    try:
        encoding, text = "utf-8-sig", line.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding, text = "latin-1", line.decode("latin-1")
    return encoding, *split_heading(text)


def _find_heading(names: list[str]) -> _Heading:
    folded = [fold(name) for name in names]
    for kind, optional in (("long_heading", set[str]()), ("wide_heading", {"sex", "age_group"})):
        terms = _terms(kind)
        places = {terms[name]: index for index, name in enumerate(folded) if name in terms}
        months = {index: int(_terms("month")[name]) for index, name in enumerate(folded) if name in _terms("month")}
        has_months = sorted(months.values()) == list(range(1, MONTHS + 1))
        if set(terms.values()) - optional <= set(places) and (has_months or kind == "long_heading"):
            if ("sex" in places) != ("age_group" in places):
                break
            _check_once(folded, names, places)
            return _Heading(names, places, months if kind == "wide_heading" else {})
    raise FileRefused("unknown-layout", columns=len(names))


def _check_once(folded: list[str], names: list[str], places: dict[str, int]) -> None:
    for index in places.values():
        if folded.count(folded[index]) > 1:
            raise FileRefused("duplicate-column", column=names[index])


def _read_row(cells: list[str], heading: _Heading) -> list[MonthlyFigure]:
    """The figures of one row: one in the long shape, twelve in the wide one, none for another offence."""
    if len(cells) != len(heading.names):
        raise _BadCell("", "", "cell-count", found=len(cells), expected=len(heading.names))
    text = {name: (heading.names[index], cells[index].strip()) for name, index in heading.places.items()}
    if fold(text["offence"][1]) not in _terms("offence"):
        return []
    year = int(_matching(*text["year"], _YEAR, "not-a-year"))
    state = _numbered(*text["state"], STATES, "not-a-state")
    listed = {
        name: _listed(*text[name], name) if name in text else NO_BREAKDOWN for name in ("sex", "age_group", "subtype")
    }
    return [
        MonthlyFigure(year=year, month=month, state=f"{state:02d}", value=_count(column, count), **listed)
        for month, column, count in _counts(cells, heading)
    ]


def _counts(cells: list[str], heading: _Heading) -> Iterator[tuple[int, str, str]]:
    """Month, heading and text of each count of a row."""
    if heading.months:
        yield from ((month, heading.names[index], cells[index].strip()) for index, month in heading.months.items())
        return
    at_month, at_value = heading.places["month"], heading.places["value"]
    month = _numbered(heading.names[at_month], cells[at_month].strip(), MONTHS, "not-a-month")
    yield month, heading.names[at_value], cells[at_value].strip()


def _matching(column: str, text: str, pattern: re.Pattern[str], reason: str) -> str:
    if not pattern.fullmatch(text):
        raise _BadCell(column, text, reason)
    return text


def _numbered(column: str, text: str, last: int, reason: str) -> int:
    number = int(_matching(column, text, _COUNT, reason))
    if not 1 <= number <= last:
        raise _BadCell(column, text, reason)
    return number


def _listed(column: str, text: str, kind: str) -> str:
    code = _terms(kind).get(fold(text))
    if code is None:
        raise _BadCell(column, text, "unknown-value")
    return code


def _count(column: str, text: str) -> int | None:
    return int(_matching(column, text, _COUNT, "not-a-number")) if text else None
