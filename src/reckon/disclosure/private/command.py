"""The shell's way in: `python -m reckon synthesize people.csv --columns schema.toml --epsilon 1 --ledger l.json --out f.csv`.

The file has one row for each person. `schema` describes the columns; the ledger is made once, with `--budget`, and
pays for every run. The privacy report may be published with the rows; the utility report reads the real rows and may not.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv

from reckon.disclosure.private.kept import open_ledger, spend_in
from reckon.disclosure.private.ledger import amount_of, told
from reckon.disclosure.private.noise import check_installed
from reckon.disclosure.private.people import People, people_from
from reckon.disclosure.private.schema import Schema, read_schema
from reckon.disclosure.private.synthesis import Synthetic, check_epsilon, synthesize
from reckon.disclosure.private.utility import utility
from reckon.tables import InputError

NOT_PROTECTED = (
    "What many people have in common is shown, by intention: who is known to be among them is known to share it.",
    "The promise is about one row. Several rows about one person, or a family that stands or falls together, share it.",
    "Other publications about the same people add up with this one; those that withhold small counts are not in the ledger.",
    "Combinations that cannot be may occur, and rare ones may be absent: no row is a person, and no count is exact.",
)


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds the verb `synthesize` to a parser."""
    parser = commands.add_parser("synthesize", help="invent rows that count like the real ones (differential privacy)")
    parser.add_argument("file", type=Path, help="CSV with one row for each person")
    parser.add_argument(
        "--columns", type=Path, required=True, help="TOML: the person's column, and each column's codes"
    )
    parser.add_argument("--epsilon", required=True, help="how much of the budget this costs, such as 1 or 0.5")
    parser.add_argument("--ledger", type=Path, required=True, help="JSON file of the budget for these people")
    parser.add_argument("--budget", help="makes the ledger, once, with this budget")
    parser.add_argument("--out", type=Path, required=True, help="CSV to write; must not exist")
    parser.add_argument("--privacy-report", type=Path, help="JSON to write: what was spent and what is not protected")
    parser.add_argument("--utility-report", type=Path, help="JSON to write, FOR THE HOUSE ONLY: it reads the real rows")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """One synthesis as the options ask; 0, or 1 with a sentence on the error stream."""
    try:
        schema = read_schema(options.columns)
        people = _read(options.file, schema)
        amount = amount_of(options.epsilon)
        check_epsilon(amount)
        check_installed()
        _check_new(options.out)
        if options.budget:
            open_ledger(options.ledger, options.budget)
        before = spend_in(options.ledger, amount, f"synthetic rows with {len(schema.columns)} columns")
        made = synthesize(people, amount, before)
        _write(options, people, made)
    except (InputError, OSError) as error:
        return _failed(error)
    said = f"{len(made.values)} rows for {told(amount)}; {told(made.ledger.left)} of the budget is left."
    sys.stderr.write(f"{said}\n")
    return 0


def _failed(error: InputError | OSError) -> int:
    said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) else str(error)
    sys.stderr.write(f"{said}\n")
    return 1


def _read(path: Path, schema: Schema) -> People:
    names = [schema.person, *(column.name for column in schema.columns)]
    try:
        rows = pa_csv.read_csv(
            path,
            convert_options=pa_csv.ConvertOptions(
                include_columns=names, column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError) as error:
        # Arrow's own words may repeat a line of the file.
        raise InputError(f"{path.name} is not a CSV file in UTF-8 with the columns {', '.join(names)}") from error
    return people_from(rows, schema.columns, schema.person)


def _check_new(path: Path) -> None:
    if path.exists():
        raise InputError(f"{path.name} is there already; what was paid for is not written over")


def _write(options: argparse.Namespace, people: People, made: Synthetic) -> None:
    with options.out.open("xb") as file:
        pa_csv.write_csv(made.to_arrow(), file, pa_csv.WriteOptions(quoting_style="needed"))
    if options.privacy_report:
        _write_json(options.privacy_report, _privacy(made))
    if options.utility_report:
        marks = [asdict(mark) for mark in utility(people, made.values)]
        _write_json(options.utility_report, {"for_the_house_only": True, "counts": marks})


def _privacy(made: Synthetic) -> dict[str, Any]:
    return {
        "epsilon": str(made.epsilon),
        "delta": "0",
        "unit": "one row, which is one person: added or removed",
        "rows": len(made.values),
        "code_lists": {column.name: len(column) for column in made.columns},
        "prices": [{"epsilon": told(entry.amount), "for": entry.what} for entry in made.prices],
        "not_protected": list(NOT_PROTECTED),
    }


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
