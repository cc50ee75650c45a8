"""Whatever is typed into a cell, a pack loads or is refused: no other error."""

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enlace.country.loader import Pack, load
from enlace.country.rows import PackError
from tests.country.conftest import COUNTRIES

CSV_FILES = sorted(path.relative_to(COUNTRIES / "xx").as_posix() for path in (COUNTRIES / "xx").rglob("*.csv"))
TOML_FILES = sorted(path.relative_to(COUNTRIES / "xx").as_posix() for path in (COUNTRIES / "xx").rglob("*.toml"))
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "",
            "-1",
            "0",
            "1e9",
            "9" * 30,
            "1_000",
            "٣",
            "XX-N",
            "own:rw",
            "2020-02-30",
            "yes",
            "=1+1",
            "a;b",
            "\x00",
        ]
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(COUNTRIES / "xx", tmp_path_factory.mktemp("fuzz") / "xx")


def load_with(copy: Path, name: str, content: bytes) -> Pack | None:
    """Load the copy with this file in place of its own; None if it is refused."""
    path = copy / name
    kept = path.read_bytes()
    path.write_bytes(content)
    try:
        return load(copy)
    except PackError:
        return None
    finally:
        path.write_bytes(kept)


@settings(max_examples=300, deadline=None)
@given(data=st.data(), name=st.sampled_from(CSV_FILES), cell=CELLS)
def test_any_text_in_any_cell_loads_or_is_refused(copy: Path, data: st.DataObject, name: str, cell: str) -> None:
    rows = list(csv.reader(io.StringIO((copy / name).read_text(encoding="utf-8"))))
    row = data.draw(st.integers(0, len(rows) - 1))
    rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = cell
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    pack = load_with(copy, name, out.getvalue().encode())
    assert pack is None or pack.code == "xx"


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from(CSV_FILES + TOML_FILES), at=st.floats(0, 1), dirt=st.binary(min_size=1, max_size=4))
def test_any_bytes_in_any_file_load_or_are_refused(copy: Path, name: str, at: float, dirt: bytes) -> None:
    content = (copy / name).read_bytes()
    place = int(at * len(content))
    pack = load_with(copy, name, content[:place] + dirt + content[place + len(dirt) :])
    assert pack is None or pack.code == "xx"


@settings(max_examples=100, deadline=None)
@given(data=st.data(), name=st.sampled_from(CSV_FILES + TOML_FILES))
def test_any_file_with_a_line_removed_loads_or_is_refused(copy: Path, data: st.DataObject, name: str) -> None:
    lines = (copy / name).read_bytes().splitlines(keepends=True)
    del lines[data.draw(st.integers(0, len(lines) - 1))]
    pack = load_with(copy, name, b"".join(lines))
    assert pack is None or pack.code == "xx"
