"""Anybody can make the files again, and finds whatever was touched."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from enlace.cli import main
from enlace.country.queries import current
from enlace.releases import canonical, checks, files, queries, signature
from enlace.releases.actions import close_year
from enlace.releases.models import Release
from tests.releases.closing import again, closed, every_reason, second
from tests.statistics.nation import YEAR, make_nation
from tests.world import World


@pytest.mark.django_db
def test_the_same_inputs_give_the_same_bytes(world: World) -> None:
    assert checks.verify(closed(world, second(world))) == []


@pytest.mark.django_db
def test_a_later_release_is_made_again_beside_the_one_before(world: World) -> None:
    zoe = second(world)
    first = closed(world, zoe)
    make_nation(11, 40)
    again(world)
    row = close_year(by=world.elena, second=zoe, year=YEAR, reasons=every_reason(first))
    assert row.document["changes"]
    found = queries.public_release(row.number).release
    assert checks.verify(found) == []
    assert checks.attacked_by_outsider(found).recovered == []


def touched(statement: str, *values: object) -> None:
    """As somebody could who holds the database and takes the guards away."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come cannot be altered
            for name in ("release", "releasefile", "releaseinput", "releasedecision"):
                cursor.execute(f"ALTER TABLE releases_{name} DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'releases_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(statement, values)


def change_csv(row: Release) -> str:
    content = queries.file_of(row, files.CSV).replace(b",published,", b",zero,", 1)
    touched("UPDATE releases_releasefile SET content = %s WHERE name = %s", content, files.CSV)
    return "file"


def change_document(row: Release) -> str:
    document = row.document | {"cut_off": "2020-01-01T00:00:00+00:00"}
    touched("UPDATE releases_release SET document = %s", json.dumps(document))
    return "file"


def change_signature(row: Release) -> str:
    touched("UPDATE releases_releasedecision SET signature = %s", b"\0" * 64)
    return "signature"


def change_key(row: Release) -> str:
    touched("UPDATE releases_releasedecision SET public_key = %s", "no key")
    return "signature"


def change_inputs(row: Release) -> str:
    sealed = bytes(row.inputs.sealed)
    touched("UPDATE releases_releaseinput SET sealed = %s", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    return "inputs"


@pytest.mark.django_db
@pytest.mark.parametrize("change", [change_csv, change_document, change_signature, change_key, change_inputs])
def test_whatever_is_touched_is_found(
    world: World, change: Callable[[Release], str], capsys: pytest.CaptureFixture[str]
) -> None:
    row = closed(world, second(world))
    kind = change(row)
    found = checks.verify(queries.public_release(row.number).release)
    assert kind in {fault.kind for fault in found}
    assert main(["release", "verify", "1"]) == 1
    assert kind in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_says_that_all_is_well(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    closed(world, second(world))
    assert main(["release", "verify", "1"]) == 0
    assert "as published" in capsys.readouterr().out


def test_a_signature_is_of_these_bytes_and_this_key() -> None:
    signed, key = signature.sign(b"manifest"), signature.public_key()
    assert signature.is_signed(b"manifest", signed, key)
    assert not signature.is_signed(b"manifesT", signed, key)
    assert not signature.is_signed(b"manifest", signed[:-1], key)
    assert not signature.is_signed(b"manifest", signed, "no key")


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(PLAIN)
def test_canonical_json_is_read_back_and_written_the_same(value: object) -> None:
    written = canonical.to_json(value)
    assert json.loads(written) == value
    assert canonical.to_json(json.loads(written)) == written


def test_canonical_json_sorts_as_the_standard_says() -> None:
    """The example of RFC 8785, section 3.2.3: by UTF-16 code units, not by code points."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]
    written = canonical.to_json(dict.fromkeys(names, 1)).decode()
    assert list(json.loads(written)) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


@pytest.mark.parametrize("value", [1.5, {"a": 0.1}, [b"bytes"]])
def test_what_has_no_one_way_to_be_written_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.to_json(value)


@pytest.mark.django_db
def test_a_pack_that_changed_since_does_not_change_what_a_release_says(world: World, tmp_path: Path) -> None:
    row = closed(world, second(world))
    shares = next(item for item in row.document["indicators"] if item["id"] == "rate")
    assert any(cell["value"] for table in shares["deduced"] for cell in table["cells"])
    later = shutil.copytree(current().folder, tmp_path / current().code)
    people, forms = later / "geography" / "population.csv", later / "codes" / "exploitation_form.csv"
    people.write_text(people.read_text().replace(f",{YEAR},", f",{YEAR + 10},"))
    forms.write_text(forms.read_text().replace("forced_labour_servitude_slavery", "other"))
    with override_settings(ENLACE_COUNTRIES_DIR=tmp_path):
        assert current().population(None, YEAR) is None
        assert checks.verify(row) == []
