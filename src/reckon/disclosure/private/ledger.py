"""How much privacy may be spent, and what it was spent on. Exact: a sum of tenths is never a little under or over.

A budget belongs to one set of people and one unit (here: a row, which is a person). Differentially private answers about
the same people add up (sequential composition: Dwork and Roth, 2014, theorem 3.16), also when a later question depends on
earlier answers; so everything that is ever asked about them is paid from one ledger.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from reckon.tables import InputError

Amount = Fraction | Decimal | int | str
"""An epsilon. Never a float: 0.1 + 0.2 is not 0.3 there."""


class OverBudget(InputError):
    """What was asked for costs more than is left; nothing was spent and nothing computed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One spending: how much of epsilon, and for what."""

    amount: Fraction
    what: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """A budget of epsilon and what was paid from it. It never changes: `spend` answers the ledger after the spending.

    Whoever keeps it (a file, a table) stores the new one before the answer leaves the house. A ledger that holds more
    spendings than its budget cannot be made: InputError.
    """

    budget: Fraction
    entries: tuple[Entry, ...] = ()

    def __post_init__(self) -> None:
        if self.budget < 0 or any(entry.amount <= 0 for entry in self.entries) or self.left < 0:
            raise OverBudget("a ledger cannot hold more than its budget, nor an amount that is not positive")

    @classmethod
    def of(cls, budget: Amount) -> "Ledger":
        """An empty ledger. InputError when the budget is not a positive number."""
        return cls(amount_of(budget))

    @property
    def spent(self) -> Fraction:
        """The sum of all spendings."""
        return sum((entry.amount for entry in self.entries), Fraction(0))

    @property
    def left(self) -> Fraction:
        """What may still be spent."""
        return self.budget - self.spent

    def spend(self, amount: Amount, what: str) -> "Ledger":
        """The ledger after this spending. OverBudget when it is more than is left; InputError when it is not positive."""
        exact = amount_of(amount)
        if exact > self.left:
            raise OverBudget(f"{what} costs {told(exact)} of the budget, and {told(self.left)} is left")
        return replace(self, entries=(*self.entries, Entry(exact, what)))


def amount_of(amount: Amount) -> Fraction:
    """The amount as an exact number. InputError when it is not a positive number, or a float."""
    if isinstance(amount, float | bool) or not isinstance(amount, Fraction | Decimal | int | str):
        raise InputError("an epsilon is written as text or as a fraction, not as a floating-point number")
    try:
        exact = Fraction(amount)
    except (ValueError, ZeroDivisionError, OverflowError) as error:
        raise InputError("an epsilon is a positive number, such as 1 or 0.5") from error
    if exact <= 0:
        raise InputError("an epsilon is a positive number, such as 1 or 0.5")
    return exact


def told(amount: Fraction) -> str:
    """The amount for a reader, with at most six decimals; exact amounts are in the entries."""
    return f"{float(amount):.6f}".rstrip("0").rstrip(".")
