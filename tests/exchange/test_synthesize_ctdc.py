"""Invented rows in the columns of the Counter-Trafficking Data Collaborative are read back as its synthetic layout."""

from pathlib import Path

import numpy as np
import pyarrow.csv
import pytest

from enlace.exchange.ctdc import VICTIM, read_ctdc
from enlace.exchange.tables import read_table
from reckon.disclosure.private import Column, Ledger, People, synthesize
from tests.reckon.disclosure.private.replay import Seeded

CODES = {
    "year": ("2019", "2020", "2021"),
    "gender": ("Woman", "Man", "Trans/Transgender/NonConforming", ""),
    "age_band": ("0--8", "9--17", "18--20", "21--23", "24--26", "27--29", "30--38", "39--47", "48+", ""),
    "citizenship": ("MEX", "GTM", "HND", ""),
    "country": ("MEX", "USA", ""),
    "months": ("0--12 (0-1 yr)", "13--24 (1-2 yrs)", "25+ (2+ yrs)", ""),
}


@pytest.mark.parametrize("layout", ["synthetic-2024", "synthetic-2021"])
def test_one_row_per_person_in_each_synthetic_layout(layout: str, tmp_path: Path) -> None:
    columns = tuple(_column(row) for row in read_table("ctdc_columns.csv") if row["layout"] == layout)
    random = np.random.default_rng(1)
    people = People(columns, np.column_stack([random.integers(0, len(column), 400) for column in columns]))
    made = synthesize(people, "4", Ledger.of(4), Seeded(1), random)
    pyarrow.csv.write_csv(made.to_arrow(), tmp_path / "synthetic.csv")
    reader = read_ctdc(tmp_path / "synthetic.csv")
    rows = list(reader)
    assert (reader.synthetic, reader.unit, reader.errors) == (True, VICTIM, [])
    assert reader.layout == layout.replace("-", " ")
    assert len(rows) == len(made.values)
    assert {row.gender for row in rows} <= {"female", "male", "transgender_nonconforming", None}
    assert all(row.known == row.flags for row in rows)


def _column(row: dict[str, str]) -> Column:
    return Column(
        row["column"], ("1", "") if row["kind"] == "flag" else CODES.get(row["target"], ("Minor", "Adult", ""))
    )
