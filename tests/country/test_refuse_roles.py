"""No pack gives a role that administers accounts a way to casework, and incompatibility holds both ways."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from enlace.country.loader import load
from enlace.country.roles import CASEWORK, NEEDS_CLASS
from enlace.country.rows import PackError

LINES = {"R06": 4, "R08": 5, "R16": 10, "R17": 11, "R18": 12, "R19": 13}
Change = Callable[[str, str, str], None]


@pytest.fixture
def change(folder: Path) -> Change:
    """Write one cell of the copy's roles."""

    def write(role: str, column: str, value: str) -> None:
        path = folder / "roles.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        next(row for row in rows if row["code"] == role)[column] = value
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)

    return write


def refused(folder: Path, role: str, column: str) -> PackError:
    with pytest.raises(PackError) as caught:
        load(folder)
    assert (caught.value.file, caught.value.line, caught.value.field) == ("xx/roles.csv", LINES[role], column)
    return caught.value


@pytest.mark.parametrize("permission", sorted(CASEWORK))
def test_an_administrator_with_any_casework_is_refused(folder: Path, change: Change, permission: str) -> None:
    change("R19", "permissions", f"USER_MANAGE {permission}")
    if letter := NEEDS_CLASS.get(permission):
        change("R19", letter, "r")
    assert permission in refused(folder, "R19", "permissions").expected


@pytest.mark.parametrize("letter", "ABCDEFG")
def test_an_administrator_with_access_to_a_class_of_data_is_refused(folder: Path, change: Change, letter: str) -> None:
    change("R19", letter, "own:r")
    refused(folder, "R19", letter)


def test_a_caseworker_who_is_given_accounts_is_refused(folder: Path, change: Change) -> None:
    change("R16", "permissions", "STATISTICS_READ USER_MANAGE CASE_READ")
    refused(folder, "R16", "permissions")


def test_incompatibility_that_only_one_role_names_is_refused(folder: Path, change: Change) -> None:
    change("R16", "incompatible_with", "R17")
    assert "R17 does not name R16" in refused(folder, "R16", "incompatible_with").expected


def test_a_role_incompatible_with_itself_is_refused(folder: Path, change: Change) -> None:
    change("R16", "incompatible_with", "R16")
    refused(folder, "R16", "incompatible_with")


def test_an_administrator_who_could_also_hold_a_casework_role_is_refused(folder: Path, change: Change) -> None:
    change("R19", "incompatible_with", "R01 R02 R06 R09 R10 R14 R15 R18")
    change("R08", "incompatible_with", "R17 R18")
    assert "R08" in refused(folder, "R19", "incompatible_with").expected


@pytest.mark.parametrize(
    ("role", "column", "value"),
    [
        ("R06", "permissions", "CASE_READ CASE_FLY"),
        ("R06", "permissions", "CASE_READ CASE_READ"),
        ("R06", "agency_kinds", "circus"),
        ("R06", "incompatible_with", "R17 R18 R19 R99"),
        ("R06", "scope", "planet"),
        ("R06", "A", "own:x"),
        ("R06", "A", "-"),
        ("R06", "B", "-"),
        ("R16", "H", "-"),
        ("R16", "description_es", ""),
    ],
)
def test_a_role_with_a_wrong_cell_is_refused(folder: Path, change: Change, role: str, column: str, value: str) -> None:
    change(role, column, value)
    refused(folder, role, column)
