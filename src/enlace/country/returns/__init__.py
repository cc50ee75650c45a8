"""Templates of periodic returns as data: what is asked of whom, how often, and how the answers are checked. No Django."""

from enlace.country.returns.read import read_returns
from enlace.country.returns.types import (
    AMOUNT,
    ERROR,
    TOTAL,
    UNITS,
    WARNING,
    Category,
    CheckRule,
    Dimension,
    Key,
    Measure,
    ReturnTemplate,
    rebuilt,
)

__all__ = [
    "AMOUNT",
    "ERROR",
    "TOTAL",
    "UNITS",
    "WARNING",
    "Category",
    "CheckRule",
    "Dimension",
    "Key",
    "Measure",
    "ReturnTemplate",
    "read_returns",
    "rebuilt",
]
