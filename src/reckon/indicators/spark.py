"""The same plan on Spark, for facts that have outgrown one machine. Needs the extra `spark` and a Java runtime.

Spark reads Parquet files: from a folder that all its machines see when the session is that of a cluster.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reckon.indicators.duck import columns_of
from reckon.indicators.plan import Plan


class Spark:
    """Spark over Parquet files by name ("facts", "returned").

    `session` is a `pyspark.sql.SparkSession` (no type, because the package is optional): the caller's, who also stops it.
    """

    def __init__(self, session: Any, tables: Mapping[str, Path]) -> None:
        self.session = session
        for name, path in tables.items():
            read = session.read.parquet(str(path))
            read.selectExpr(*columns_of(name, "STRING", "`")).createOrReplaceTempView(name)

    def rows(self, plan: Plan) -> list[tuple[Any, ...]]:
        """The answer of a plan."""
        return [tuple(row) for row in self.session.sql(plan.sql, args=list(plan.parameters)).collect()]
