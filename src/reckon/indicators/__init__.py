"""Indicators defined as data: what is counted, of whom, by what, on which legal ground; compiled to SQL, run on an engine.

`define` reads and checks definitions, `plan` compiles one to SQL, `duck` and `spark` run that SQL, `compute` makes tables of
the answer, `ratio` divides published tables, `oracle` counts the same slowly and obviously and is the judge of all.
"""

from reckon.indicators.compute import ValueTable, compute, compute_values
from reckon.indicators.define import Definition, DefinitionError, check_set, read_definition
from reckon.indicators.plan import Period

__all__ = [
    "Definition", "DefinitionError", "Period", "ValueTable", "check_set", "compute", "compute_values", "read_definition",
]  # fmt: skip
