"""Reads the open microdata of the Counter-Trafficking Data Collaborative (CTDC), in any layout, as a stream.

Columns are decoded whole, by the distinct values they hold, because the files have millions of cells and few
values.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from enlace.exchange.ctdc_cells import CtdcRow, DecodedRows
from enlace.exchange.ctdc_layouts import KANON_2017, PAIR, VICTIM, Column, find_layout, flag_bits
from enlace.exchange.rows import FileRefused, Progress, Reason, RowError
from enlace.exchange.sources import MAX_ROWS, MEGABYTE, digest_of, first_line, open_bytes, split_heading

__all__ = ["PAIR", "VICTIM", "CtdcReader", "CtdcRow", "Totals", "read_ctdc", "totals"]

# Row 1 is the heading.
FIRST_ROW = 2
BLOCK_BYTES = 4 * MEGABYTE
MAX_ERRORS = 10_000
# More misshapen rows than one in this many: the file itself is misshapen.
MISSHAPEN_SHARE = 100
MISSHAPEN_FEW = 10


class CtdcReader:
    """A file that was recognised. Iterate over it; ``errors`` fills meanwhile with the rows that are not
    yielded.

    ``unit`` is what one row is: units must never be added up together. In synthetic data a flag is 1 or not
    given, never 0. ``digest`` is the SHA-256 of the file as it came.
    """

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        self.digest = digest_of(path)
        heading = first_line(path)
        separator, headings = split_heading(_decoded(heading))
        layout = find_layout(headings)
        self.layout = KANON_2017 if not layout.synthetic and _writes_minus_99(path) else layout.name
        self.unit = layout.unit
        self.synthetic = layout.synthetic
        self.errors: list[RowError] = []
        self._source = _Source(path, separator, len(headings), layout.columns, progress)

    def __iter__(self) -> Iterator[CtdcRow]:
        for batch in self.batches():
            yield from batch

    def batches(self) -> Iterator[list[CtdcRow]]:
        """The records, some ten thousand at a time. Raises ``FileRefused`` when the file is damaged."""
        self.errors.clear()
        yield from _Reading(self._source, self.unit, self.errors).batches()


def read_ctdc(path: Path, progress: Progress | None = None) -> CtdcReader:
    """Recognise the layout of a plain or gzip-compressed CTDC file. Raises ``FileRefused``."""
    return CtdcReader(path, progress)


def _decoded(heading: bytes) -> str:
    try:
        return heading.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("encoding") from None


def _writes_minus_99(path: Path) -> bool:
    with open_bytes(path) as file:
        return b"-99" in file.read(MEGABYTE)


@dataclass(frozen=True)
class _Source:
    path: Path
    separator: str
    width: int
    columns: tuple[Column, ...]
    progress: Progress | None


class _Reading:
    """One pass over a file."""

    def __init__(self, source: _Source, unit: str, errors: list[RowError]) -> None:
        self.source, self.unit, self.errors = source, unit, errors
        self.misshapen: dict[int, int] = {}
        self.next_row = FIRST_ROW
        self.reported = 0
        self.well_formed = 0

    def batches(self) -> Iterator[list[CtdcRow]]:
        with open_bytes(self.source.path, is_utf8=True) as file:
            file.readline()
            try:
                with self._open(file) as table:
                    for batch in table:
                        rows = self._rows(batch)
                        self._report_misshapen(before=self.next_row)
                        yield rows
                        file.report(self.source.progress)
            except pa.ArrowException as damage:
                raise self._refusal(str(damage)) from None
        self._report_misshapen(before=MAX_ROWS)
        if not self.well_formed:
            raise FileRefused("split-lists" if self.misshapen else "empty")

    def _open(self, file: Any) -> Any:
        names = [str(index) for index in range(self.source.width)]
        text = pa.dictionary(pa.int32(), pa.string())
        return pa_csv.open_csv(
            file,
            read_options=pa_csv.ReadOptions(use_threads=False, column_names=names, block_size=BLOCK_BYTES),
            parse_options=pa_csv.ParseOptions(delimiter=self.source.separator, invalid_row_handler=self._skip),
            convert_options=pa_csv.ConvertOptions(
                include_columns=[str(column.index) for column in self.source.columns],
                column_types=dict.fromkeys(names, text),
                strings_can_be_null=False,
            ),
        )

    def _skip(self, row: Any) -> str:
        self.misshapen[row.number + 1] = row.actual_columns
        return "skip" if len(self.misshapen) <= MAX_ERRORS else "error"

    def _refusal(self, damage: str) -> FileRefused:
        if len(self.misshapen) > MAX_ERRORS:
            return FileRefused("split-lists")
        if "Empty CSV" in damage:
            return FileRefused("empty")
        return FileRefused("broken-table")

    def _report_misshapen(self, before: int) -> None:
        """Arrow reads ahead on a thread of its own, so what it has noted further on is left for later."""
        for row, cells in list(self.misshapen.items())[self.reported :]:
            if row >= before:
                break
            reason = Reason("cell-count", (("found", cells), ("expected", self.source.width)))
            self.errors.append(RowError(row, "", "", reason))
            self.reported += 1
        if self.reported > MISSHAPEN_FEW and self.reported * MISSHAPEN_SHARE > self.well_formed + self.reported:
            raise FileRefused("split-lists")

    def _numbers(self, count: int) -> list[int]:
        """The row numbers of the next ``count`` rows, stepping over those that were skipped."""
        numbers: list[int] = []
        while len(numbers) < count:
            if self.next_row not in self.misshapen:
                numbers.append(self.next_row)
            self.next_row += 1
        return numbers

    def _rows(self, batch: Any) -> list[CtdcRow]:
        numbers = self._numbers(batch.num_rows)
        self.well_formed += len(numbers)
        if numbers and numbers[-1] > MAX_ROWS:
            raise FileRefused("too-many-rows", limit=MAX_ROWS)
        found = DecodedRows(numbers, self.unit)
        for column in self.source.columns:
            data = batch.column(str(column.index))
            found.add(column, data.dictionary.to_pylist(), data.indices.to_numpy())
        self.errors += found.errors
        if len(self.errors) > MAX_ERRORS:
            raise FileRefused("too-many-errors", limit=MAX_ERRORS)
        return found.rows()


@dataclass(frozen=True)
class Totals:
    """Control totals: records, records by value of each counted column (``None`` is missing), and by flag."""

    records: int
    by: dict[str, Counter[Any]]
    flags: dict[str, int]


COUNTED = (
    "datasource",
    "gender",
    "age_band",
    "majority",
    "citizenship",
    "country",
    "origin_region",
    "exploitation_region",
)
YEAR = "year_from"
CHUNK = 20_000


def totals(rows: Iterable[CtdcRow], unit: str = VICTIM) -> Totals:
    """Count records of one unit, to be held against the totals that the publisher states."""
    by: dict[str, Counter[Any]] = {name: Counter() for name in (*COUNTED, YEAR)}
    flags: Counter[int] = Counter()
    records = 0
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        records += len(chunk)
        columns = dict(zip(CtdcRow._fields, zip(*chunk, strict=True), strict=True))
        for name, counter in by.items():
            counter.update(columns[name])
        flags.update(columns["flags"])
    by_flag = {
        name: sum(count for bits, count in flags.items() if bits >> bit & 1) for name, bit in flag_bits(unit).items()
    }
    return Totals(records, by, by_flag)
