"""Open microdata come in whole, as a collection apart, and their totals are those of the publisher."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from enlace.base.errors import Refusal
from enlace.cases.models import Case
from enlace.exchange.actions import Imported, import_ctdc
from enlace.exchange.ctdc import read_ctdc
from enlace.exchange.ctdc_layouts import PAIR, VICTIM
from enlace.exchange.models import CtdcRecord, ImportBatch
from enlace.people.models import Person
from enlace.statistics.actions import compute_national
from tests.exchange.files import ctdc, ctdc_columns
from tests.exchange.house import events, everything
from tests.own import together
from tests.world import SYSTEM, World, a_case, identified

KANON, SYNTHETIC = "ctdc_global_kanon_2021-07-15.csv.gz", "ctdc_global_synthetic_2021-08-25.csv.gz"
SLICE, PAIRS = "ctdc_kanon_slice_minus99.csv", "ctdc_vp_synthetic_condensed_2022.csv.gz"

# Control totals as the publisher's files give them: column, value (None: missing), records.
CONTROL = {
    KANON: [
        ("datasource", "hotline", 52_607),
        ("datasource", "case_management", 45_143),
        ("gender", "female", 68_083),
        ("gender", "male", 21_465),
        ("gender", "transgender_nonconforming", 64),
        ("gender", None, 8_138),
        ("majority", "adult", 51_596),
        ("majority", "minor", 19_650),
        ("majority", None, 26_504),
        ("flags", "isSexualExploit", 45_582),
        ("flags", "isForcedLabour", 19_980),
        ("citizenship", "MX", 2_382),
        ("country", "MX", 31),
        ("year_from", None, 2_011),
    ],
    SYNTHETIC: [
        ("gender", "female", 105_990),
        ("gender", "male", 39_530),
        ("gender", "transgender_nonconforming", 410),
        ("gender", None, 47_095),
        ("citizenship", "MX", 3_680),
        ("country", "MX", 340),
    ],
    PAIRS: [
        ("gender", "female", 9_589),
        ("gender", "male", 7_995),
        ("gender", None, 3_611),
        ("flags", "isForcedLabour", 12_248),
        ("flags", "isSexualExploit", 2_775),
    ],
    SLICE: [("gender", "female", 1_386)],
}


def stored_totals(found: Imported) -> dict[str, int]:
    """The same totals counted again from what is in the table."""
    rows = CtdcRecord.objects.filter(batch__digest=found.digest)
    return {name: rows.filter(**{name: None}).count() for name in ("gender", "citizenship", "country", "year_from")}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "count", "unit", "synthetic"),
    [
        (KANON, 97_750, VICTIM, False),
        (SLICE, 1_995, VICTIM, False),
        (SYNTHETIC, 193_025, VICTIM, True),
        (PAIRS, 21_195, PAIR, True),
    ],
)
def test_the_totals_are_the_control_totals(
    db: None, shared_data: Path, name: str, count: int, unit: str, synthetic: bool
) -> None:
    found = import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / name)
    assert (found.new, found.known, found.unit, list(found.errors)) == (count, 0, unit, [])
    for column, value, expected in CONTROL[name]:
        assert found.totals[column][value] == expected, (column, value)
    batch = ImportBatch.objects.get()
    assert (batch.unit, batch.is_synthetic, batch.row_count) == (unit, synthetic, count)
    assert CtdcRecord.objects.filter(batch=batch).count() == count
    assert stored_totals(found) == {column: found.totals[column][None] for column in stored_totals(found)}


def test_each_record_is_stored_as_it_was_read(db: None, shared_data: Path) -> None:
    path = shared_data / "ctdc" / SLICE
    found = import_ctdc(by=SYSTEM, path=path)
    reader = read_ctdc(path)
    names = type(next(iter(reader)))._fields
    assert list(CtdcRecord.objects.order_by("row").values_list(*names)) == list(reader)
    assert found.layout == "k-anonymised 2017-2020"


def test_a_second_run_changes_nothing_and_tells_the_same_totals(db: None, shared_data: Path) -> None:
    first = import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / SLICE)
    before = everything()
    again = import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / SLICE)
    assert everything() == before
    assert again == replace(first, new=0, known=1_995)


def test_a_dry_run_gives_the_result_of_the_real_run_and_leaves_nothing(db: None, shared_data: Path) -> None:
    before = everything()
    tried = import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / SLICE, dry_run=True)
    assert everything() == before
    assert import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / SLICE) == replace(tried, is_dry_run=False)


def test_one_event_carries_the_digest_of_the_file(db: None, shared_data: Path) -> None:
    found = import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / SLICE)
    (event,) = events("import.ctdc")
    assert event.subject_id == found.digest == read_ctdc(shared_data / "ctdc" / SLICE).digest
    assert event.detail == {"new": 1_995, "known": 0, "errors": 0, "layout": found.layout}


def table(path: Path, *changes: dict[str, str]) -> Path:
    """Six records, with what is changed in the first ones; the sixth is like the fifth."""
    base = {"gender": "Female", "ageBroad": "30--38", "citizenship": "MX", "isForcedLabour": "1"}
    cases = [base | {"yearOfRegistration": str(2010 + min(n, 4))} for n in range(6)]
    cases = [case | (changes[n] if n < len(changes) else {}) for n, case in enumerate(cases)]
    return ctdc(path, ctdc_columns("kanon"), *cases)


def test_of_a_mended_file_only_the_mended_rows_come_in(db: None, tmp_path: Path) -> None:
    bad = {"gender": "Mujer"}, {}, {"isForcedLabour": "2"}
    first = import_ctdc(by=SYSTEM, path=table(tmp_path / "a.csv", *bad))
    said = [(error.row, error.column, error.value, error.reason.code) for error in first.errors]
    assert said == [(2, "gender", "Mujer", "unknown-value"), (4, "isForcedLabour", "2", "not-a-flag")]
    half = import_ctdc(by=SYSTEM, path=table(tmp_path / "b.csv", {}, *bad[1:]))
    whole = import_ctdc(by=SYSTEM, path=table(tmp_path / "c.csv"))
    assert [(one.new, one.known) for one in (first, half, whole)] == [(4, 0), (1, 4), (1, 5)]
    assert list(CtdcRecord.objects.order_by("row").values_list("row", flat=True)) == [2, 3, 4, 5, 6, 7]
    assert whole.totals["gender"] == {"female": 6}
    for name in ("a.csv", "b.csv", "c.csv"):
        assert import_ctdc(by=SYSTEM, path=tmp_path / name).new == 0


def test_another_release_is_not_taken_for_a_mended_file(db: None, tmp_path: Path) -> None:
    import_ctdc(by=SYSTEM, path=table(tmp_path / "a.csv", {"gender": "Mujer"}))
    other = import_ctdc(by=SYSTEM, path=table(tmp_path / "b.csv", {}, {"citizenship": "GT"}))
    assert (other.new, other.known) == (6, 0)


def test_a_file_damaged_on_its_way_leaves_nothing(db: None, shared_data: Path, tmp_path: Path) -> None:
    content = (shared_data / "ctdc" / KANON).read_bytes()
    (tmp_path / "a.csv.gz").write_bytes(content[: len(content) // 2])
    before = everything()
    with pytest.raises(Refusal):
        import_ctdc(by=SYSTEM, path=tmp_path / "a.csv.gz")
    assert everything() == before


def test_the_national_table_never_counts_open_data(world: World, shared_data: Path) -> None:
    for _ in range(6):
        identified(world.bruno, a_case(world.bruno))
    before = compute_national(by=world.elena, year=2026)
    people, cases = Person.objects.count(), Case.objects.count()
    for name in (SLICE, PAIRS):
        import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / name)
    after = compute_national(by=world.elena, year=2026)
    assert (after.tables, after.digest, after.fact_count) == (before.tables, before.digest, before.fact_count)
    assert (Person.objects.count(), Case.objects.count()) == (people, cases)
    assert before.fact_count > 0


def test_pairs_and_synthetic_records_keep_their_unit(db: None, shared_data: Path) -> None:
    for name in (SLICE, PAIRS):
        import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / name)
    units = CtdcRecord.objects.order_by("batch__unit").values_list("batch__unit", "batch__is_synthetic").distinct()
    assert set(units) == {(VICTIM, False), (PAIR, True)}


def packed(source: Path, target: Path) -> Path:
    target.write_bytes(gzip.compress(source.read_bytes(), mtime=0))
    return target


@pytest.mark.parametrize(
    "shape", [lambda source, folder: source, lambda source, folder: packed(source, folder / "a.gz")]
)
def test_a_file_is_read_plain_or_compressed(
    db: None, shared_data: Path, tmp_path: Path, shape: Callable[[Path, Path], Any]
) -> None:
    assert import_ctdc(by=SYSTEM, path=shape(shared_data / "ctdc" / SLICE, tmp_path)).new == 1_995


@pytest.mark.slow
def test_of_two_imports_at_once_one_finds_all_here_already(own_database: None, shared_data: Path) -> None:
    found = together(lambda _number: import_ctdc(by=SYSTEM, path=shared_data / "ctdc" / PAIRS), 2)
    assert sorted((one.new, one.known) for one in found) == [(0, 21_195), (21_195, 0)]
    assert CtdcRecord.objects.count() == 21_195
    assert len(events("import.ctdc")) == ImportBatch.objects.count() == 1
