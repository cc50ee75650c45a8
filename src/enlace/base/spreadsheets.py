"""What a cell of a file for a spreadsheet program may hold."""

from typing import Any

RUN = ("=", "+", "-", "@", "\t", "\r", "\n")


def defused(value: Any) -> Any:
    """Nothing for ``None``; a text that a spreadsheet program would run as a formula gets an apostrophe before it."""
    if isinstance(value, str) and value.startswith(RUN):
        return f"'{value}"
    return "" if value is None else value
