"""Row types that come in and tables that go out: flat, frozen, pseudonymous, without free text.

A fact is one event of one person; a reported fact is one number of a periodic return. Both travel as an Arrow table
(`to_arrow`) or a Parquet file (`write_parquet`); `digest` names their content whatever the order of the rows. Counts come
back as `CountTable` (every number present) and leave for publication as `Table` (a cell may be withheld).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

Key = tuple[tuple[str, str], ...]
"""A cell's place: (dimension, category) pairs in the order of its table's dimensions; () is the grand total."""

Status = Literal["published", "zero", "missing", "primary", "secondary", "suppressed"]
STATUSES: tuple[Status, ...] = ("published", "zero", "missing", "primary", "secondary", "suppressed")

NOT_RECORDED = ""
"""The category of a value that nobody recorded. It is counted like any other, so that margins add up."""


class InputError(ValueError):
    """What was handed in cannot be used. The text says what and where, and never holds a person's pseudonym."""


@dataclass(frozen=True, slots=True)
class EventFact:
    """One event, e.g. "identified", "referred", "assisted"; of one person, or of nobody in particular (a call).

    `person`, `case` and `record` are pseudonyms ("" where there is none); `record` is what is counted where it is neither
    a person nor a case: a referral, a stay, a call. `form` is the form of exploitation: "" when it was not recorded,
    "several" when there is more than one; so are `recruitment`, `means` and `destination`. `value` is an amount of money
    or a number of days, None where nobody recorded it. All other text is a code from a code list.
    """

    person: str
    measure: str
    on: date
    agency: str
    agency_kind: str
    state: str
    sex: str
    age_group: str
    form: str
    case: str
    record: str = ""
    nationality: str = NOT_RECORDED
    marital_status: str = NOT_RECORDED
    migration_status: str = NOT_RECORDED
    recruitment: str = NOT_RECORDED
    means: str = NOT_RECORDED
    destination: str = NOT_RECORDED
    route: str = NOT_RECORDED
    border: str = NOT_RECORDED
    origin: str = NOT_RECORDED
    service: str = NOT_RECORDED
    kind: str = NOT_RECORDED
    outcome: str = NOT_RECORDED
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReportedFact:
    """One number of a periodic return about the days from `begins` to `ends`; `value` is None where there is no data.

    `dimension` and `category` are "" for the total of the return. The categories of each dimension add up to the total;
    what the return does not break down is under the category "". `state` is "" for an agency of the whole country.
    """

    measure: str
    begins: date
    ends: date
    state: str
    jurisdiction: str
    agency_kind: str
    dimension: str
    category: str
    value: Decimal | None
    template: str
    record: str


_CODE = pa.dictionary(pa.int32(), pa.string())
_NUMBER = pa.decimal128(18, 2)
_TYPES = {
    "person": pa.string(), "case": pa.string(), "record": pa.string(), "on": pa.date32(), "begins": pa.date32(),
    "ends": pa.date32(), "value": _NUMBER,
}  # fmt: skip
_PYTHON = {pa.date32(): (date, "date"), _NUMBER: (Decimal, "number")}
COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(EventFact))
CODE_COLUMNS: tuple[str, ...] = tuple(name for name in COLUMNS if name not in _TYPES)
REPORTED_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(ReportedFact))


def _schema(columns: Sequence[str]) -> pa.Schema:
    return pa.schema([pa.field(name, _TYPES.get(name, _CODE), nullable=name == "value") for name in columns])


SCHEMA = _schema(COLUMNS)
REPORTED_SCHEMA = _schema(REPORTED_COLUMNS)


def to_arrow(facts: Iterable[EventFact]) -> pa.Table:
    """Facts as an Arrow table with SCHEMA: codes dictionary-encoded, days as date32, nothing null but a value.

    Raises InputError, naming the row's position and the column, for an absent value or one of the wrong type, and for a
    fact that has neither a person nor a record.
    """
    return _arrow(_whole(facts), SCHEMA)


def reported_to_arrow(facts: Iterable[ReportedFact]) -> pa.Table:
    """Reported facts as an Arrow table with REPORTED_SCHEMA; InputError as `to_arrow`."""
    return _arrow(facts, REPORTED_SCHEMA)


def _whole(facts: Iterable[EventFact]) -> Iterator[EventFact]:
    for position, fact in enumerate(facts):
        if not fact.person and not fact.record:
            raise InputError(f"fact {position}: person is empty, and so is record")
        yield fact


def _arrow(facts: Iterable[EventFact | ReportedFact], schema: pa.Schema) -> pa.Table:
    columns: dict[str, list[object]] = {name: [] for name in schema.names}
    expected = {field.name: _PYTHON.get(field.type, (str, "text")) for field in schema}
    for position, fact in enumerate(facts):
        for name, (kind, called) in expected.items():
            value = getattr(fact, name)
            if type(value) is not kind and not (name == "value" and value is None):
                raise InputError(f"fact {position}: {name} is not a {called}")
            if name == "measure" and not value:
                raise InputError(f"fact {position}: {name} is empty")
            columns[name].append(value)
    try:
        arrays = [pa.array(columns[field.name], type=field.type) for field in schema]
    except pa.ArrowInvalid as error:
        raise InputError("a value has more than two decimals, or is too large") from error
    return pa.Table.from_arrays(arrays, schema=schema)


def from_arrow(table: pa.Table) -> list[EventFact]:
    """The facts of an Arrow table, in its order. For tests and small tables."""
    return [EventFact(**row) for row in checked(table).to_pylist()]


def reported_from_arrow(table: pa.Table) -> list[ReportedFact]:
    """The reported facts of an Arrow table, in its order."""
    return [ReportedFact(**row) for row in checked(table, REPORTED_SCHEMA).to_pylist()]


def checked(table: pa.Table, schema: pa.Schema = SCHEMA) -> pa.Table:
    """The table with exactly the schema (columns in order, codes dictionary-encoded); InputError when it cannot be."""
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise InputError(f"the facts have no column {', '.join(missing)}")
    columns = []
    for field in schema:
        column = table.column(field.name)
        if column.null_count and not field.nullable:
            raise InputError(f"the facts hold an empty value in column {field.name}")
        if column.type != field.type:
            column = _converted(column, field)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def _converted(column: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    plain = pa.string() if field.type == _CODE else field.type
    try:
        column = column.cast(plain)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"column {field.name} of the facts is {column.type}, not {plain}") from error
    return column.dictionary_encode() if field.type == _CODE else column


def digest(table: pa.Table, schema: pa.Schema = SCHEMA) -> str:
    """SHA-256 (hexadecimal) of the facts as a bag of rows: neither row order nor chunking nor encoding changes it.

    The rows are sorted by every column; then each column is hashed as its name, its values' lengths and its bytes,
    so that no two different tables share one byte string.
    """
    table, names = checked(table, schema), schema.names
    plain = pa.table({name: _plain(table.column(name)) for name in names})
    plain = plain.sort_by([(name, "ascending") for name in names])
    total = hashlib.sha256(f"{plain.num_rows}\n".encode())
    for name in names:
        column = plain.column(name).combine_chunks()
        total.update(f"{name}\n".encode())
        if pa.types.is_date32(column.type):
            total.update(column.cast(pa.int32()).to_numpy().astype("<i4").tobytes())
            continue
        total.update(pc.binary_length(column).to_numpy().astype("<i8").tobytes())
        total.update(_bytes(column))
    return total.hexdigest()


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days as they are, everything else as text; a value that is absent is "", which no number reads like."""
    if pa.types.is_date32(column.type):
        return column
    if pa.types.is_decimal(column.type):
        return pc.fill_null(column.cast(pa.string()).cast(pa.large_string()), "")
    return column.cast(pa.large_string())


def _bytes(column: pa.LargeStringArray) -> memoryview:
    """The concatenated UTF-8 of a large_string array without nulls."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, dtype="<i8")[column.offset : column.offset + len(column) + 1]
    return memoryview(data)[bounds[0] : bounds[-1]] if data is not None and len(column) else memoryview(b"")


def write_parquet(table: pa.Table, path: Path, schema: pa.Schema = SCHEMA) -> None:
    """Write the facts to a Parquet file (zstd)."""
    pq.write_table(checked(table, schema), path, compression="zstd")


def read_parquet(path: Path, schema: pa.Schema = SCHEMA) -> pa.Table:
    """The facts of a Parquet file; InputError when a column is absent or of another type."""
    return checked(pq.read_table(path), schema)


@dataclass(frozen=True, slots=True)
class CountTable:
    """Counts of one indicator in one period over one set of dimensions; no dimensions is the grand total.

    `categories` holds each dimension's categories in order, `counts` one number per combination (the last dimension
    runs fastest), None where nobody reported. Raises InputError when the shape does not fit or a count is negative.
    """

    indicator: str
    unit: str
    period: str
    dimensions: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    counts: tuple[int | None, ...]

    def __post_init__(self) -> None:
        where = f"table {self.indicator} by {', '.join(self.dimensions) or 'nothing'}"
        if len(set(self.dimensions)) != len(self.dimensions) or len(self.categories) != len(self.dimensions):
            raise InputError(f"{where}: the dimensions are repeated or have no categories")
        if any(len(set(names)) != len(names) for names in self.categories):
            raise InputError(f"{where}: a category is listed twice")
        size = int(np.prod([len(names) for names in self.categories], dtype=np.int64))
        if len(self.counts) != size:
            raise InputError(f"{where}: {len(self.counts)} counts for {size} cells")
        if any(count is not None and count < 0 for count in self.counts):
            raise InputError(f"{where}: a count is negative")

    def keys(self) -> Iterator[Key]:
        """Every cell's key, in the order of `counts`."""
        return keys(self.dimensions, self.categories)

    def cells(self) -> Iterator[tuple[Key, int | None]]:
        """Every cell as (key, count)."""
        return zip(self.keys(), self.counts, strict=True)

    def __getitem__(self, wanted: Sequence[str]) -> int | None:
        """The count at these categories, one per dimension in order: table["JAL", "female"]; table[()] is a total."""
        categories = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        return dict(self.cells())[tuple(zip(self.dimensions, categories, strict=True))]


def keys(dimensions: tuple[str, ...], categories: tuple[tuple[str, ...], ...]) -> Iterator[Key]:
    """The keys of all combinations of categories; the last dimension runs fastest."""
    return (tuple(zip(dimensions, combination, strict=True)) for combination in product(*categories))


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table that goes out. `value` is None exactly when it is withheld or missing.

    published: the count · zero: nobody · missing: nobody reported, which is not zero · suppressed: withheld.
    For the reviewer only, suppressed is told apart: primary (the count is small) and secondary (it protects another).
    """

    key: Key
    value: int | None
    status: Status

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.status in ("published", "zero")):
            raise InputError(f"a cell that is {self.status} {'needs' if self.value is None else 'has'} no value")

    @property
    def is_suppressed(self) -> bool:
        """Whether the count exists and is withheld."""
        return self.status in ("primary", "secondary", "suppressed")


@dataclass(frozen=True, slots=True)
class Table:
    """A table that goes out: the cells of one CountTable, in the same order, some of them withheld."""

    indicator: str
    unit: str
    period: str
    dimensions: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    cells: tuple[Cell, ...]

    def __getitem__(self, wanted: Sequence[str]) -> Cell:
        """The cell at these categories, one per dimension in order."""
        categories = (wanted,) if isinstance(wanted, str) else tuple(wanted)
        key = tuple(zip(self.dimensions, categories, strict=True))
        return next(cell for cell in self.cells if cell.key == key)
