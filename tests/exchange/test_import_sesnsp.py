"""The official monthly series come in as published figures: victims and files apart, an empty month missing."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from enlace.base.errors import Forbidden
from enlace.exchange.actions import import_sesnsp
from enlace.exchange.models import ImportBatch, MonthlyFigure
from enlace.exchange.queries import series_by_year
from tests.exchange.house import events, everything
from tests.own import together
from tests.world import SYSTEM, World

VICTIMS = "victimas_trata_estatal_2015_2025_long.csv.gz"
FILES, FILES_2026 = "carpetas_trata_estatal_2015_2021_latin1.csv", "carpetas_trata_estatal_2026_latin1.csv"
BY_YEAR = {
    VICTIMS: {2015: 1171, 2016: 782, 2017: 537, 2018: 584, 2019: 682, 2020: 681, 2021: 753, 2022: 942, 2023: 936}
    | {2024: 790, 2025: 392},
    FILES: {2015: 415, 2016: 383, 2017: 304, 2018: 387, 2019: 545, 2020: 553, 2021: 621},
    FILES_2026: {2026: 156},
}


@pytest.mark.parametrize(
    ("name", "series", "count"), [(VICTIMS, "victims", 28_224), (FILES, "files", 2_688), (FILES_2026, "files", 1_536)]
)
def test_the_yearly_totals_are_the_published_ones(
    db: None, shared_data: Path, name: str, series: str, count: int
) -> None:
    found = import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / name)
    assert (found.new, found.known, found.unit, list(found.errors)) == (count, 0, series, [])
    assert found.totals["by year"] == series_by_year(viewer=SYSTEM, series=series) == BY_YEAR[name]


def test_the_catalogue_of_2026_is_told_by_kind(db: None, shared_data: Path) -> None:
    found = import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES_2026)
    assert found.totals["by kind"] == {"sexual": 40, "labour": 16, "organs": 0, "other": 100}


def test_victims_and_files_are_never_added(world: World, shared_data: Path) -> None:
    for name in BY_YEAR:
        import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / name)
    assert series_by_year(viewer=world.elena, series="victims") == BY_YEAR[VICTIMS]
    assert series_by_year(viewer=world.elena, series="files") == BY_YEAR[FILES] | BY_YEAR[FILES_2026]
    with pytest.raises(Forbidden):
        series_by_year(viewer=world.carla, series="victims")


def test_an_empty_month_is_missing_and_not_zero(db: None, shared_data: Path) -> None:
    import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES_2026)
    reported = MonthlyFigure.objects.filter(value__isnull=False).values_list("month", flat=True).distinct()
    assert set(reported) == {1, 2, 3}
    assert MonthlyFigure.objects.filter(value=None).count() == 32 * 4 * 9


HEADING = "Año,Clave_Ent,Entidad,Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad," + ",".join(
    [
        "Enero",
        "Febrero",
        "Marzo",
        "Abril",
        "Mayo",
        "Junio",
        "Julio",
        "Agosto",
        "Septiembre",
        "Octubre",
        "Noviembre",
        "Diciembre",
    ]
)


def wide(path: Path, *rows: tuple[int, str, list[str]]) -> Path:
    """A small file in the wide shape: year, state and the counts of the first months."""
    lines = [
        f"{year},{state},Estado,La sociedad,Trata de personas,Trata de personas,Trata de personas,"
        + ",".join(counts + [""] * (12 - len(counts)))
        for year, state, counts in rows
    ]
    path.write_bytes("\r\n".join([HEADING, *lines]).encode("latin-1"))
    return path


def test_a_year_without_any_reported_month_is_missing(db: None, tmp_path: Path) -> None:
    found = import_sesnsp(by=SYSTEM, path=wide(tmp_path / "a.csv", (2024, "1", ["3", "0"]), (2025, "1", [])))
    assert series_by_year(viewer=SYSTEM, series="files") == {2024: 3, 2025: None}
    assert found.totals["by year"] == {2024: 3}


def test_a_revised_year_is_told_as_the_newest_file_tells_it(db: None, tmp_path: Path) -> None:
    import_sesnsp(by=SYSTEM, path=wide(tmp_path / "a.csv", (2023, "1", ["7"]), (2024, "1", ["3", "2"])))
    import_sesnsp(by=SYSTEM, path=wide(tmp_path / "b.csv", (2024, "1", ["4", "2", "1"])))
    assert series_by_year(viewer=SYSTEM, series="files") == {2023: 7, 2024: 7}
    assert MonthlyFigure.objects.filter(year=2024, month=1).order_by("value").values_list("value", flat=True)[0] == 3


def test_a_row_that_cannot_be_read_is_told_and_can_be_mended(db: None, tmp_path: Path) -> None:
    bad = import_sesnsp(by=SYSTEM, path=wide(tmp_path / "a.csv", (2024, "1", ["3"]), (2024, "2", ["tres"])))
    (error,) = bad.errors
    assert (error.row, error.column, error.value, error.reason.code) == (3, "Enero", "tres", "not-a-number")
    assert ImportBatch.objects.get().error_count == 1
    assert import_sesnsp(by=SYSTEM, path=wide(tmp_path / "b.csv", (2024, "1", ["3"]), (2024, "2", ["3"]))).errors == []
    assert series_by_year(viewer=SYSTEM, series="files") == {2024: 6}


def test_a_second_run_changes_nothing(db: None, shared_data: Path) -> None:
    first = import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES)
    before = everything()
    again = import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES)
    assert everything() == before
    assert again == replace(first, new=0, known=first.new)


def test_a_dry_run_gives_the_result_of_the_real_run_and_leaves_nothing(db: None, shared_data: Path) -> None:
    before = everything()
    tried = import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES, dry_run=True)
    assert everything() == before
    assert import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES) == replace(tried, is_dry_run=False)


def test_one_event_carries_the_digest_of_the_file(db: None, shared_data: Path, tmp_path: Path) -> None:
    found = import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES)
    (event,) = events("import.sesnsp")
    assert event.subject_id == found.digest
    plain = tmp_path / "a.csv"
    plain.write_bytes(gzip.decompress((shared_data / "sesnsp" / VICTIMS).read_bytes()))
    assert import_sesnsp(by=SYSTEM, path=plain).new == 28_224


@pytest.mark.slow
def test_of_two_imports_at_once_one_finds_all_here_already(own_database: None, shared_data: Path) -> None:
    found = together(lambda _number: import_sesnsp(by=SYSTEM, path=shared_data / "sesnsp" / FILES), 2)
    assert sorted((one.new, one.known) for one in found) == [(0, 2_688), (2_688, 0)]
    assert MonthlyFigure.objects.count() == 2_688
