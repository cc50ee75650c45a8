"""SESNSP's monthly figures are read to their published totals; a month that was not reported is not a zero."""

from pathlib import Path

import pytest

from enlace.exchange.rows import FileRefused
from enlace.exchange.sesnsp import FILES, VICTIMS, MonthlyFigure, SesnspFile, by_subtype, by_year, read_sesnsp

VICTIMS_LONG = "victimas_trata_estatal_2015_2025_long.csv.gz"
FILES_OLD = "carpetas_trata_estatal_2015_2021_latin1.csv"
FILES_2026 = "carpetas_trata_estatal_2026_latin1.csv"
MONTHS = "Enero,Febrero,Marzo,Abril,Mayo,Junio,Julio,Agosto,Septiembre,Octubre,Noviembre,Diciembre"
WIDE = f"Año,Clave_Ent,Entidad,Bien jurídico afectado,Tipo de delito,Subtipo de delito,Modalidad,{MONTHS}"
LONG = "n_year,n_month,cve_ent,tipo_de_delito,subtipo_de_delito,genero,rango_de_edad,n_victimas"
ROW = "2026,{state},Entidad,La sociedad,{offence},{subtype},Modalidad,{counts}"


def wide(path: Path, *lines: str, heading: str = WIDE) -> Path:
    path.write_bytes("\n".join([heading, *lines]).encode("latin-1"))
    return path


def line(
    state: str = "21", offence: str = "Trata de personas", subtype: str = "Trata de personas", counts: str = ""
) -> str:
    return ROW.format(state=state, offence=offence, subtype=subtype, counts=counts or ",".join("1" * 12))


def test_victims_by_year_equal_the_published_totals(shared_data: Path) -> None:
    found = read_sesnsp(shared_data / "sesnsp" / VICTIMS_LONG)
    assert (found.kind, len(found.rows), found.errors) == (VICTIMS, 28_224, [])
    assert by_year(found.rows) == {
        2015: 1_171, 2016: 782, 2017: 537, 2018: 584, 2019: 682, 2020: 681,
        2021: 753, 2022: 942, 2023: 936, 2024: 790, 2025: 392,
    }  # fmt: skip
    assert {figure.state for figure in found.rows} == {f"{state:02d}" for state in range(1, 33)}
    assert {figure.sex for figure in found.rows} == {"female", "male", "not_identified"}
    assert {figure.age_group for figure in found.rows} == {"minor", "adult", "not_specified", "not_identified"}


def test_investigation_files_by_year_equal_the_published_totals(shared_data: Path) -> None:
    found = read_sesnsp(shared_data / "sesnsp" / FILES_OLD)
    assert (found.kind, len(found.rows), found.errors) == (FILES, 224 * 12, [])
    assert by_year(found.rows) == {2015: 415, 2016: 383, 2017: 304, 2018: 387, 2019: 545, 2020: 553, 2021: 621}


def test_the_2026_catalogue_has_four_kinds_and_nine_months_not_yet_reported(shared_data: Path) -> None:
    found = read_sesnsp(shared_data / "sesnsp" / FILES_2026)
    assert by_subtype(found.rows) == {"sexual": 40, "labour": 16, "organs": 0, "other": 100}
    assert {figure.month for figure in found.rows if figure.value is not None} == {1, 2, 3}
    assert {figure.month for figure in found.rows if figure.value is None} == set(range(4, 13))


def test_states_are_named_alike_in_both_catalogues(shared_data: Path) -> None:
    old, new = (read_sesnsp(shared_data / "sesnsp" / name) for name in (FILES_OLD, FILES_2026))
    assert {figure.state for figure in old.rows} == {figure.state for figure in new.rows}


def test_an_empty_month_is_none_and_not_zero(tmp_path: Path) -> None:
    found = read_sesnsp(wide(tmp_path / "a.csv", line(counts="0,3" + "," * 10)))
    assert [figure.value for figure in found.rows] == [0, 3, *[None] * 10]
    assert found.rows[1] == MonthlyFigure(2026, 2, "21", "", "", "any", 3)
    assert by_year(read_sesnsp(wide(tmp_path / "a.csv", line(counts="," * 11))).rows) == {}


def test_other_offences_of_the_whole_national_file_are_passed_over(tmp_path: Path) -> None:
    found = read_sesnsp(wide(tmp_path / "a.csv", line(offence="Robo", subtype="Robo a casa"), line()))
    assert (len(found.rows), found.errors) == (12, [])


def test_victims_in_the_wide_shape_keep_sex_and_age(tmp_path: Path) -> None:
    heading = WIDE.replace("Modalidad,", "Modalidad,Sexo,Rango de edad,")
    row = line().replace("Modalidad,", "Modalidad,Mujer,Menores de edad (0-17),")
    found = read_sesnsp(wide(tmp_path / "a.csv", row, heading=heading))
    assert found.kind == VICTIMS
    assert {(figure.sex, figure.age_group) for figure in found.rows} == {("female", "minor")}


def errors_of(found: SesnspFile) -> list[tuple[int, str, str, str]]:
    return [(error.row, error.column, error.value, error.reason.code) for error in found.errors]


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (line(state="33"), ("Clave_Ent", "33", "not-a-state")),
        (line(state="Puebla"), ("Clave_Ent", "Puebla", "not-a-state")),
        (line(subtype="Trata de blancas"), ("Subtipo de delito", "Trata de blancas", "unknown-value")),
        (line(counts="1,2,x" + ",0" * 9), ("Marzo", "x", "not-a-number")),
        (line(counts="1.5" + ",0" * 11), ("Enero", "1.5", "not-a-number")),
        (line(counts="-1" + ",0" * 11), ("Enero", "-1", "not-a-number")),
        (line().replace("2026", "26"), ("Año", "26", "not-a-year")),
        (line() + ",9", ("", "", "cell-count")),
        (line(), ("", "", "repeated-figure")),
    ],
)
def test_a_row_that_is_wrong_is_named_and_adds_nothing(tmp_path: Path, bad: str, error: tuple[str, str, str]) -> None:
    found = read_sesnsp(wide(tmp_path / "a.csv", line(), bad))
    assert errors_of(found) == [(3, *error)]
    assert by_year(found.rows) == {2026: 12}


def test_a_thirteenth_month_is_refused_in_the_long_shape(tmp_path: Path) -> None:
    cells = "2025,{},21,Trata de personas,Trata de personas,Mujer,No especificado,1"
    path = tmp_path / "a.csv"
    path.write_text("\n".join([LONG, cells.format("13"), cells.format("01")]), "utf-8")
    found = read_sesnsp(path)
    assert errors_of(found) == [(2, "n_month", "13", "not-a-month")]
    assert [(figure.month, figure.sex, figure.value) for figure in found.rows] == [(1, "female", 1)]


@pytest.mark.parametrize(
    "heading",
    [
        WIDE.replace("Diciembre", "Enero"),
        WIDE.replace(",Diciembre", ""),
        WIDE.replace("Modalidad", "Sexo"),
        WIDE.replace("Entidad", "Clave_Ent"),
        LONG.replace("cve_ent", "estado"),
        "a,b,c",
    ],
)
def test_other_headings_are_refused(tmp_path: Path, heading: str) -> None:
    with pytest.raises(FileRefused):
        read_sesnsp(wide(tmp_path / "a.csv", line(), heading=heading))


def test_a_broken_accent_below_a_utf_8_heading_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(WIDE.encode("utf-8") + b"\n" + line().replace("Entidad", "México").encode("latin-1"))
    with pytest.raises(FileRefused, match="UTF-8"):
        read_sesnsp(path)
