"""A ledger kept in a file, for work at a terminal: written before anything is drawn, by one process at a time.

{"budget": "4", "entries": [{"amount": "1", "what": "synthetic rows with 12 columns"}]}
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reckon.disclosure.private.ledger import Amount, Entry, Ledger, amount_of
from reckon.tables import InputError


def open_ledger(path: Path, budget: Amount) -> Ledger:
    """A new ledger in a new file. InputError when there is one already: a budget is set once."""
    ledger = Ledger.of(budget)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_text(ledger))
    except FileExistsError as error:
        raise InputError("there is a ledger already; its budget stays as it is") from error
    return ledger


def spend_in(path: Path, amount: Amount, what: str) -> Ledger:
    """Pays from the ledger in the file; the ledger before it, which is to be handed to what is paid for.

    What is paid stays paid, also when the work that it was for fails: some of it may have been seen.
    Raises OverBudget, and InputError when the file is not a ledger.
    """
    with _alone(path):
        before = read_ledger(path)
        after = before.spend(amount, what)
        beside = path.with_name(f".{path.name}.new")
        beside.write_text(_text(after), encoding="utf-8")
        beside.replace(path)
    return before


def read_ledger(path: Path) -> Ledger:
    """The ledger in the file. InputError when it is not one, also when it holds more spendings than budget."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        entries = tuple(Entry(amount_of(entry["amount"]), str(entry["what"])) for entry in found["entries"])
        return Ledger(amount_of(found["budget"]), entries)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path.name} is not a ledger that can be spent from") from error


def _text(ledger: Ledger) -> str:
    entries = [{"amount": str(entry.amount), "what": entry.what} for entry in ledger.entries]
    return json.dumps({"budget": str(ledger.budget), "entries": entries}, indent=1) + "\n"


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Holds a lock beside the file, which itself is replaced."""
    with path.with_name(f".{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
