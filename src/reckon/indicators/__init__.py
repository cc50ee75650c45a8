"""Indicators defined as data: what is counted, of whom, by what, on which legal ground; compiled to SQL and run on DuckDB.

`define` reads and checks definitions, `compute` counts, `oracle` counts the same slowly and obviously and is its judge.
"""

from reckon.indicators.compute import Period, compute
from reckon.indicators.define import Definition, DefinitionError, read_definition

__all__ = ["Definition", "DefinitionError", "Period", "compute", "read_definition"]
