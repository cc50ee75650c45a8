"""Columns of CTDC texts to rows of one vocabulary, each column at once by the distinct texts it holds."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from enlace.exchange.ctdc_layouts import BAD, YES, Column, decoder, flag_bits, read_flag, read_labels
from enlace.exchange.rows import Reason, RowError, seal

Places = NDArray[np.int32]


class CtdcRow(NamedTuple):
    """One record, ready to be written as it is: ``None`` is missing, "unknown" is a value of the source.

    ``row`` counts as a spreadsheet does (heading 1; lines without anything are not counted). ``citizenship``
    and ``country`` (of exploitation; a proxy in the source) are alpha-2 codes. ``flags`` has a bit for each
    flag that is 1 and ``known`` for each that is 0 or 1, by ``ctdc_layouts.flag_bits``.
    """

    row: int
    year_from: int | None
    year_to: int | None
    datasource: str | None
    gender: str | None
    age_band: str | None
    majority: str | None
    majority_at_exploitation: str | None
    majority_at_entry: str | None
    months: str | None
    citizenship: str | None
    country: str | None
    origin_region: str | None
    exploitation_region: str | None
    flags: int
    known: int


class DecodedRows:
    """Some rows, decoded column by column. ``numbers`` are their row numbers."""

    def __init__(self, numbers: list[int], unit: str) -> None:
        self.numbers, self.unit, self.bits = numbers, unit, flag_bits(unit)
        self.scalars: dict[str, list[Any]] = {"row": numbers}
        self.flags: NDArray[np.int64] = np.zeros(len(numbers), dtype=np.int64)
        self.known = self.flags.copy()
        self.errors: list[RowError] = []

    def add(self, column: Column, texts: list[str], places: Places) -> None:
        """A column as its distinct texts and, for each row, the place of its text among them."""
        kinds: dict[str, Callable[[Column, list[str], Places], list[int]]]
        kinds = {"scalar": self._add_scalar, "flag": self._add_flag, "list": self._add_list}
        bad = kinds[column.kind](column, [text.strip() for text in texts], places)
        if not bad:
            return
        reason = Reason(_REASONS.get(column.target, "not-a-flag" if column.kind == "flag" else "unknown-value"))
        for at in np.flatnonzero(np.isin(places, bad)):
            self.errors.append(RowError(self.numbers[at], column.heading, seal(texts[places[at]]), reason))

    def rows(self) -> list[CtdcRow]:
        """The rows without any error."""
        empty = [None] * len(self.numbers)
        self.scalars |= {"flags": self.flags.tolist(), "known": self.known.tolist()}
        columns = (self.scalars.get(name, empty) for name in CtdcRow._fields)
        rows = map(CtdcRow._make, zip(*columns, strict=True))
        bad = {error.row for error in self.errors}
        return [row for row in rows if row.row not in bad] if bad else list(rows)

    def _add_scalar(self, column: Column, texts: list[str], places: Places) -> list[int]:
        decode = decoder(column.target)
        values: list[Any] = []
        bad: list[int] = []
        for place, text in enumerate(texts):
            try:
                values.append(decode(text))
            except KeyError:
                values.append(None)
                bad.append(place)
        if column.target == "year":
            self._spread("year_from", [value and value[0] for value in values], places)
            self._spread("year_to", [value and value[1] for value in values], places)
        else:
            self._spread(column.target, values, places)
        return bad

    def _spread(self, name: str, values: list[Any], places: Places) -> None:
        self.scalars[name] = list(map(values.__getitem__, places.tolist()))

    def _add_flag(self, column: Column, texts: list[str], places: Places) -> list[int]:
        marks = [read_flag(text) for text in texts]
        bit = self.bits[column.target]
        self.flags |= np.array([mark == YES for mark in marks], dtype=np.int64)[places] << bit
        self.known |= np.array([mark <= YES for mark in marks], dtype=np.int64)[places] << bit
        return [place for place, mark in enumerate(marks) if mark == BAD]

    def _add_list(self, column: Column, texts: list[str], places: Places) -> list[int]:
        marks = [read_labels(self.unit, column.target, text) for text in texts]
        bits = np.array([mark or 0 for mark in marks], dtype=np.int64)[places]
        self.flags |= bits
        self.known |= bits
        return [place for place, mark in enumerate(marks) if mark is None]


_REASONS = {"year": "not-a-year", "citizenship": "unknown-country", "country": "unknown-country"}
