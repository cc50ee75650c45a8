"""Spark answers the same plans as DuckDB and as the slow version. Needs the extra `spark` and a Java runtime."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from reckon.indicators import Definition, compute, compute_values, oracle, read_definition
from reckon.indicators.spark import Spark
from reckon.tables import (
    REPORTED_SCHEMA,
    EventFact,
    ReportedFact,
    reported_to_arrow,
    to_arrow,
    write_parquet,
)
from tests.reckon.indicators.given import CATEGORIES, FACTS, RAW, REPORTED, RETURNED, YEAR

pyspark_sql = pytest.importorskip("pyspark.sql", reason="the optional engine (extra: spark) is not installed")
pytestmark = pytest.mark.slow
FEW = settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CROSSES = [("sex", "age_group"), ("state", "form")]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    if not shutil.which("java"):
        pytest.skip("no Java runtime here")
    builder = pyspark_sql.SparkSession.builder.master("local[1]").appName("enlace-test")
    options = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    for name, value in options.items():
        builder = builder.config(name, value)
    started = builder.getOrCreate()
    started.sparkContext.setLogLevel("ERROR")
    yield started
    started.stop()


def spark_over(session: Any, folder: Path, facts: list[EventFact], reported: list[ReportedFact]) -> Spark:
    write_parquet(to_arrow(facts), folder / "facts.parquet")
    write_parquet(reported_to_arrow(reported), folder / "returned.parquet", REPORTED_SCHEMA)
    return Spark(session, {"facts": folder / "facts.parquet", "returned": folder / "returned.parquet"})


def definition(**changes: Any) -> Definition:
    return read_definition(RAW | changes, "test")


@FEW
@given(facts=FACTS)
def test_spark_counts_as_the_slow_version_does(session: Any, tmp_path: Path, facts: list[EventFact]) -> None:
    engine = spark_over(session, tmp_path, facts, [])
    for unit in ("person", "case", "referral"):
        wanted = definition(unit=unit)
        ours = compute(wanted, engine, YEAR, CATEGORIES, crosses=CROSSES, reporting_states={"A"})
        assert ours == oracle.count(wanted, facts, YEAR, CATEGORIES, crosses=CROSSES, reporting_states={"A"})


@FEW
@given(facts=FACTS)
def test_spark_sums_and_finds_medians_as_the_slow_version_does(
    session: Any, tmp_path: Path, facts: list[EventFact]
) -> None:
    engine = spark_over(session, tmp_path, facts, [])
    for measure in ("sum", "median"):
        wanted = definition(unit="days", measure=measure, counted="person")
        ours = compute_values(wanted, engine, YEAR, CATEGORIES, crosses=CROSSES)
        assert ours == oracle.values(wanted, facts, YEAR, CATEGORIES, crosses=CROSSES)


@FEW
@given(reported=REPORTED)
def test_spark_adds_up_returns_as_the_slow_version_does(
    session: Any, tmp_path: Path, reported: list[ReportedFact]
) -> None:
    engine = spark_over(session, tmp_path, [], reported)
    wanted = read_definition(RETURNED, "test")
    ours = compute_values(wanted, engine, YEAR, CATEGORIES)
    assert ours == oracle.returned(wanted, reported, YEAR, CATEGORIES)
