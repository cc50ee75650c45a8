"""Tables as files for a spreadsheet program."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(value: Any) -> Any:
    """Nothing for ``None``; a text that a spreadsheet program would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(RUN):
        return f"'{value}"
    return "" if value is None else value


def as_csv(rows: Sequence[Mapping[str, Any]], *, synthetic: bool) -> str:
    """Rows of one shape, at least one, under their names, each marked whether its data are synthetic."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*rows[0], "synthetic"])
    for row in rows:
        writer.writerow([*(defused(value) for value in row.values()), "yes" if synthetic else "no"])
    return out.getvalue()
