"""Capture histories from files: a table of histories with counts, or a row for each person and list.

An error names the line and the column and never repeats what stood there: it might be a name.
"""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from reckon.prevalence.captures import (
    MOST_LISTS,
    BadCaptures,
    Captures,
    captures_from_masks,
    captures_from_rows,
)

COUNT = "count"
DELIMITERS = ",;\t"
"""What may stand between columns: the one that the first line has most of; spreadsheets differ by language."""


def read_captures(path: Path | str, lists: Sequence[str] | None = None, count: str = COUNT) -> Captures:
    """Captures from a CSV file: a column of 0 and 1 for each list, and the column `count`.

    Duplicated histories are summed, lines that count nobody are accepted, an absent history is zero. With `lists`, only
    those columns are read, and people who are on none of them left out; other columns (region, sex) are summed over.
    Raises BadCaptures naming the line and the column.
    """
    try:
        with Path(path).open(newline="", encoding="utf-8-sig") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.DictReader(file, restkey="", delimiter=max(DELIMITERS, key=first.count))
            return _from_lines(reader, lists, count)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadCaptures("The file cannot be read; give a text file in CSV form, in UTF-8.") from error


def _from_lines(reader: "csv.DictReader[str]", lists: Sequence[str] | None, count: str) -> Captures:
    names = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = names
    if not names:
        raise BadCaptures("The file is empty; its first line must name the lists and the column of counts.")
    if len(set(names)) != len(names):
        raise BadCaptures("Two columns have the same name; the first line must name each list once.")
    if count not in names:
        raise BadCaptures(f"There is no column {count}; name the column that holds the number of people.")
    chosen = tuple(lists) if lists is not None else tuple(name for name in names if name != count)
    for name in chosen:
        if name not in names or name == count:
            raise BadCaptures(f"There is no column {name} that could be a list; check the first line of the file.")
    return captures_from_rows(chosen, _numbers(reader, chosen, count, skip_unseen=lists is not None))


def _numbers(
    reader: "csv.DictReader[str]", lists: tuple[str, ...], count: str, *, skip_unseen: bool
) -> Iterator[list[int]]:
    width = len(reader.fieldnames or [])
    for row in reader:
        where = f"Line {reader.line_num}"
        if len(row) != width or None in row.values():
            raise BadCaptures(f"{where}: {width} values are expected, one for each column.")
        history = [_bit(row[name].strip(), f"{where}, column {name}") for name in lists]
        people = _whole(row[count].strip(), f"{where}, column {count}")
        if any(history) or not skip_unseen:
            yield [*history, people]


def _bit(text: str, where: str) -> int:
    if text not in ("0", "1"):
        raise BadCaptures(
            f"{where}: expected 0 (not on the list) or 1 (on it). If the column is no list, name the lists that are."
        )
    return int(text)


def _whole(text: str, where: str) -> int:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise BadCaptures(f"{where}: expected a whole number of people.")
    if text.startswith("-") and int(digits):
        raise BadCaptures(f"{where}: the count is negative; a history has 0 people or more.")
    return int(digits)


def captures_from_people(
    source: Path | str | pa.Table, person_column: str, list_column: str, lists: Sequence[str] | None = None
) -> Captures:
    """Captures from linked records: a row for each person and list, repeated as often as they met.

    `source` is a CSV or Parquet file or an Arrow table; DuckDB groups it, so that millions of rows are no matter. The
    lists are in alphabetical order, or as `lists` gives them; then rows of other lists are left out. Raises BadCaptures
    for a column that is not there, a row without person or list, more than 20 lists, and a file that counts nobody.
    """
    with duckdb.connect(":memory:") as database:
        records = _opened(database, source)
        for name in (person_column, list_column):
            if name not in records.columns:
                raise BadCaptures(
                    f"There is no column {name}; check the first line, and that all lines have as many values."
                )
        met = records.select(_text(person_column).alias("person"), _text(list_column).alias("list"))
        met.create_view("met")
        _check_rows(database)
        names = tuple(lists) if lists is not None else _names(database)
        captures_from_masks(names, [])  # refuses wrong names and too many before they are used
        return _grouped(database, names)


def _opened(database: duckdb.DuckDBPyConnection, source: Path | str | pa.Table) -> duckdb.DuckDBPyRelation:
    if isinstance(source, pa.Table):
        return database.from_arrow(source)
    path = Path(source)
    if not path.is_file():
        raise BadCaptures("The file is not there; check its name.")
    if not path.stat().st_size:
        raise BadCaptures("The file is empty; its first line must name the columns.")
    try:
        if path.suffix == ".parquet":
            return database.read_parquet(str(path))
        return database.read_csv(str(path), all_varchar=True, header=True)
    except duckdb.Error:
        # The cause is not chained: DuckDB repeats lines of the file in it.
        raise BadCaptures("The file cannot be read; give CSV (with a first line of names) or Parquet.") from None


def _text(column: str) -> duckdb.Expression:
    return duckdb.FunctionExpression("trim", duckdb.ColumnExpression(column).cast("VARCHAR"))


def _check_rows(database: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT count(*), count(*) FILTER (coalesce(person, '') = '' OR coalesce(list, '') = '') FROM met"
    try:
        rows, incomplete = _row(database, query)
    except duckdb.Error:
        raise BadCaptures("A line of the file does not have the columns of its first line.") from None
    if not rows:
        raise BadCaptures("The file has no rows; it needs one for each person and list.")
    if incomplete:
        raise BadCaptures(f"{incomplete} of {rows} rows lack the person or the list; complete or remove them.")


def _names(database: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    query = "SELECT DISTINCT list FROM met ORDER BY list LIMIT ?"
    found = database.execute(query, [10 * MOST_LISTS]).fetchall()
    return tuple(row[0] for row in found)


def _grouped(database: duckdb.DuckDBPyConnection, names: tuple[str, ...]) -> Captures:
    places = pa.table(
        {"list": pa.array(names), "bit": pa.array([1 << place for place in range(len(names))], pa.int64())}
    )
    database.register("places", places)
    present = {row[0] for row in database.execute("SELECT DISTINCT list FROM met JOIN places USING (list)").fetchall()}
    if absent := next((name for name in names if name not in present), None):
        raise BadCaptures(f"Nobody is on the list {absent}; check its spelling or leave it out.")
    query = """
        WITH histories AS (SELECT bit_or(bit) AS mask FROM met JOIN places USING (list) GROUP BY person)
        SELECT mask, count(*) AS people FROM histories GROUP BY mask ORDER BY mask
    """
    found = database.execute(query).fetchnumpy()
    return captures_from_masks(names, found["mask"], found["people"])


def _row(database: duckdb.DuckDBPyConnection, query: str) -> tuple[int, int]:
    ((first, second),) = database.execute(query).fetchall()
    return int(first), int(second)
