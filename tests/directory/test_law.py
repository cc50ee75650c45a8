"""What the packs say of kinds of places: which ones the law closes, and how safe a level is."""

import shutil
from pathlib import Path

import pytest

from enlace.country.loader import load
from enlace.country.queries import folder
from enlace.country.rows import PackError
from enlace.directory.queries import kinds_in_law, security_levels

BARRED_IN_MEXICO = {"women_violence_refuge", "migration_station", "detention_place"}  # General Law, art. 90 VI


def test_what_the_law_bars_is_data_of_the_country() -> None:
    kinds = {code: law.article for code, law in kinds_in_law().items() if law.barred}
    assert kinds == {"women_refuge": "Fictional Act 7", "lockup": "Fictional Act 8"}
    assert security_levels() == {"open": 1, "watched": 2, "guarded": 4}


def test_in_mexico_refuges_for_violence_migration_stations_and_prisons_are_barred_by_an_article() -> None:
    kinds = list(load(folder("mx")).codes("site_kind"))
    barred = {kind.code: kind.extra["article"] for kind in kinds if kind.extra["barred"] == "yes"}
    assert set(barred) == BARRED_IN_MEXICO
    assert all("90 VI" in article for article in barred.values())
    assert not any(kind.extra["specialised"] == "yes" for kind in kinds if kind.code in barred)


@pytest.mark.parametrize(
    ("name", "old", "new"), [("security_level", ",4", ",high"), ("site_kind", ",yes,no,", ",maybe,no,")]
)
def test_a_pack_with_a_kind_or_level_that_cannot_be_read_is_refused(
    tmp_path: Path, name: str, old: str, new: str
) -> None:
    copy = tmp_path / "xx"
    shutil.copytree(folder("xx"), copy)
    file = copy / "codes" / f"{name}.csv"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    with pytest.raises(PackError, match=name):
        load(copy)
