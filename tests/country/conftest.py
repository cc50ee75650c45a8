import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from enlace.country.loader import Pack, load

COUNTRIES = Path(__file__).resolve().parents[2] / "countries"


@pytest.fixture(scope="session")
def mx() -> Pack:
    return load(COUNTRIES / "mx")


@pytest.fixture(scope="session")
def xx() -> Pack:
    return load(COUNTRIES / "xx")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the fictional country that a test may spoil."""
    return shutil.copytree(COUNTRIES / "xx", tmp_path / "xx")


@pytest.fixture
def spoil(folder: Path) -> Callable[[str, str, str], Path]:
    """Replace one text in one file of the copy; the text must be there exactly once."""

    def replace(name: str, old: str, new: str) -> Path:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return replace


@pytest.fixture
def dated(folder: Path) -> Pack:
    """The fictional country with a code that was valid in 2020 only."""
    path = folder / "codes" / "sex.csv"
    header, *rows = path.read_text(encoding="utf-8").splitlines()
    dated = [row + (",2020-01-01,2020-12-31" if row.startswith("other,") else ",,") for row in rows]
    path.write_text("\n".join([f"{header},valid_from,valid_to", *dated]), encoding="utf-8")
    return load(folder)
