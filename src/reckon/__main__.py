"""The shell's way in: `python -m reckon protect counts.csv --threshold 10`, `python -m reckon prevalence lists.csv`.

`prevalence` and `rates` are described in `reckon.prevalence.command` and `rates_command`, `synthesize` in
`reckon.disclosure.private.command`. The file of `protect` holds one line for each cell of the finest table: a column for
each dimension and the column `count`. A combination without a line is zero; an empty count is missing. All margins are
counted, protected and printed with it, `*` standing for the sum over a dimension; a withheld count prints as `suppressed`.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from itertools import combinations, product
from pathlib import Path
from typing import TextIO

from reckon.disclosure import Protected, Rule, protect
from reckon.disclosure.private import command as private
from reckon.prevalence import command as prevalence
from reckon.prevalence import rates_command as rates
from reckon.tables import CountTable, InputError, Table

COUNT = "count"
MARGIN = "*"
DIMENSIONS_LIMIT = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    options = _parser().parse_args(arguments)
    return int(options.run(options))


def _protect(options: argparse.Namespace) -> int:
    try:
        with options.file.open(newline="", encoding="utf-8-sig") as file:
            tables = margins(read_counts(file))
        protected = protect(tables, Rule(options.threshold, options.zeros_are_sensitive, options.minimum_interval))
    except (InputError, OSError, UnicodeDecodeError, csv.Error) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 1
    try:
        with (
            options.output.open("w", newline="", encoding="utf-8") if options.output else nullcontext(sys.stdout) as out
        ):
            write(protected.for_release, out)
    except OSError as error:
        print(f"{options.output or 'the output'}: {error}", file=sys.stderr)
        return 1
    print(_summary(protected), file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m reckon", description="Pure computation on counts.")
    commands = parser.add_subparsers(required=True)
    prevalence.add_to(commands)
    rates.add_to(commands)
    private.add_to(commands)
    command = commands.add_parser("protect", help="withhold small counts, and what would give them away")
    command.add_argument("file", type=Path, help="CSV: a column for each dimension, and count")
    command.add_argument("--threshold", type=int, default=10, help="smaller counts are withheld (default: 10)")
    command.add_argument("--minimum-interval", type=int, default=0, help="how uncertain a small count must stay")
    command.add_argument("--zeros-are-sensitive", action="store_true", help="withhold zeros too")
    command.add_argument("--output", type=Path, help="file to write (CSV), if not the terminal")
    command.set_defaults(run=_protect)
    return parser


def read_counts(file: TextIO) -> CountTable:
    """The table in a CSV file. Categories keep the order in which they appear. Raises InputError, naming the line."""
    reader = csv.DictReader(file, restkey="")
    names = list(reader.fieldnames or [])
    if COUNT not in names:
        raise InputError(f"there is no column {COUNT}; the columns are {', '.join(names) or 'none'}")
    dimensions = tuple(name for name in names if name != COUNT)
    if not 1 <= len(dimensions) <= DIMENSIONS_LIMIT or len(set(names)) != len(names):
        raise InputError(f"beside {COUNT}, 1 to {DIMENSIONS_LIMIT} different columns are expected")
    counts: dict[tuple[str, ...], int | None] = {}
    for row in reader:
        where = f"line {reader.line_num}"
        if len(row) != len(names) or None in row.values():
            raise InputError(f"{where}: {len(names)} values are expected")
        key = tuple(row[name].strip() for name in dimensions)
        if MARGIN in key:
            raise InputError(f"{where}: margins ({MARGIN}) are counted from the cells; leave them out")
        if key in counts:
            raise InputError(f"{where}: {', '.join(key)} is there twice")
        counts[key] = _number(row[COUNT].strip(), where)
    if not counts:
        raise InputError("there is no line with a count")
    categories = tuple(tuple(dict.fromkeys(column)) for column in zip(*counts, strict=True))
    cells = tuple(counts.get(key, 0) for key in product(*categories))
    return CountTable("counts", "count", "", dimensions, categories, cells)


def _number(text: str, where: str) -> int | None:
    if not text:
        return None
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit():
        raise InputError(f"{where}: {text} is not a whole number")
    if text.startswith("-"):
        raise InputError(f"{where}: {text} is negative")
    return int(text)


def margins(table: CountTable) -> list[CountTable]:
    """The table's grand total, all its margins and the table itself. A margin is missing when all its parts are."""
    return [
        _margin(table, group)
        for size in range(len(table.dimensions) + 1)
        for group in combinations(range(len(table.dimensions)), size)
    ]


def _margin(table: CountTable, axes: tuple[int, ...]) -> CountTable:
    sums: dict[tuple[str, ...], int | None] = {}
    for key, count in table.cells():
        place = tuple(key[axis][1] for axis in axes)
        before = sums.get(place)
        sums[place] = before if count is None else count + (before or 0)
    dimensions = tuple(table.dimensions[axis] for axis in axes)
    categories = tuple(table.categories[axis] for axis in axes)
    counts = tuple(sums[key] for key in product(*categories))
    return CountTable(table.indicator, table.unit, table.period, dimensions, categories, counts)


def write(tables: Iterable[Table], file: TextIO) -> None:
    """All cells as CSV in the shape of the input, the grand total last."""
    finest_first = sorted(tables, key=lambda table: -len(table.dimensions))
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([*finest_first[0].dimensions, COUNT])
    writer.writerows(line for table in finest_first for line in _lines(table, finest_first[0].dimensions))


def _lines(table: Table, dimensions: tuple[str, ...]) -> Iterator[list[str | int]]:
    for cell in table.cells:
        categories = dict(cell.key)
        yield [
            *(categories.get(name, MARGIN) for name in dimensions),
            cell.status if cell.value is None else cell.value,
        ]


def _summary(protected: Protected) -> str:
    small, others, shown = (protected.count(status) for status in ("primary", "secondary", "published"))
    lines = [f"{small} small counts and {others} others withheld, {shown} published; the audit found nothing."]
    for group in protected.group_disclosures:
        margin = ", ".join(f"{name} {category}" for name, category in group.margin) or "all"
        lines.append(f"Look again: everyone in {margin} is in {group.dimension} {group.category}.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
