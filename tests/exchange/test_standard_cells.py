"""A line says its number, or why there is none, and never more than the release does."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.exchange.standard_cells import Observation, Place, faults
from enlace.exchange.standard_files import rows_of
from enlace.exchange.standards import standards
from tests.exchange.standards import a_document, a_place, a_table, an_indicator, filled

SEX = a_table(
    "sex", ("female", 40, "published"), ("male", None, "suppressed"), ("other", 0, "zero"), ("", 3, "published")
)
CODES = ("a", "b", "c", "unknown", "")


def line(name: str, place: Place, *items: Any, standard: str = "glotip") -> Observation:
    table = filled(standard, a_document(*items), {name: place})
    return next(line for line in table.lines if line.line.id == name)


def said(found: Observation) -> tuple[int | str | None, str]:
    return found.value, found.status


def test_published_zero_withheld_and_missing_are_told_apart() -> None:
    item = an_indicator("found", SEX)
    assert said(line("victims_female", a_place("found", "sex", "female"), item)) == (40, "A")
    assert said(line("victims_sex_other", a_place("found", "sex", "other"), item)) == (0, "A")
    assert said(line("victims_male", a_place("found", "sex", "male"), item)) == (None, "Q")
    gone = an_indicator("found", a_table("", ("", None, "missing")))
    assert said(line("victims", a_place("found"), gone)) == (None, "O")


def test_what_the_release_does_not_have_was_not_collected() -> None:
    item = an_indicator("found", SEX)
    for place in (a_place("lost"), a_place("found", "age", "old"), a_place("found", "sex", "female", "robot")):
        assert said(line("victims", place, item)) == (None, "L")
    assert {line.status for line in filled("sdg", a_document(), {}).lines} == {"L"}


def test_categories_are_added_up_only_when_each_is_published() -> None:
    item = an_indicator("found", SEX)
    assert said(line("victims", a_place("found", "sex", "female", "other", ""), item)) == (43, "A")
    assert said(line("victims", a_place("found", "sex", "female", "male"), item)) == (None, "Q")
    part = an_indicator("found", a_table("sex", ("female", 40, "published"), ("male", None, "missing")))
    assert said(line("victims", a_place("found", "sex", "female", "male"), part)) == (None, "O")


def test_a_zero_of_what_was_recorded_for_nobody_is_missing() -> None:
    nobody = an_indicator(
        "found", a_table("route", ("same", 0, "zero"), ("unknown", 9, "published"), ("", 1, "published"))
    )
    found = line("victims_domestic", a_place("found", "route", "same"), nobody)
    assert said(found) == (None, "O")
    assert (found.is_of_nobody, found.not_recorded) == (True, 10)
    assert said(line("victims_reach_unknown", a_place("found", "route", "unknown", ""), nobody)) == (10, "A")
    some = an_indicator("found", a_table("route", ("same", 0, "zero"), ("far", 1, "published"), ("", 9, "published")))
    assert said(line("victims_domestic", a_place("found", "route", "same"), some)) == (0, "A")
    hidden = an_indicator(
        "found", a_table("route", ("same", 0, "zero"), ("far", None, "suppressed"), ("", 9, "published"))
    )
    assert said(line("victims_domestic", a_place("found", "route", "same"), hidden)) == (0, "A")


def test_units_are_never_mixed_nor_ratios_added_up() -> None:
    files = an_indicator("files", a_table("", ("", 4, "published")), unit="investigation")
    rate = an_indicator(
        "rate", a_table("sex", ("female", "0.5", "published"), ("male", "0.2", "published")), measure="ratio"
    )
    with pytest.raises(Refusal, match="files cannot stand in the line victims"):
        line("victims", a_place("files"), files)
    with pytest.raises(Refusal, match="rate cannot stand"):
        line("victims", a_place("rate", "sex", "female"), rate)
    with pytest.raises(Refusal, match="rate cannot stand"):
        line("rate", a_place("rate", "sex", "female", "male"), rate, standard="sdg")
    assert said(line("rate_female", a_place("rate", "sex", "female"), rate, standard="sdg")) == ("0.5", "A")


def test_a_slip_in_the_pack_is_found_against_a_release() -> None:
    document, standard = a_document(an_indicator("found", SEX)), standards()["glotip"]
    places = {
        "victims": a_place("lost"),
        "victims_male": a_place("found", "sex", "man", ""),
        "victims_female": a_place("found", "sex", "female"),
    }
    assert faults(document, standard, places) == ["glotip victims: lost", "glotip victims_male: found sex=man"]


CELLS = st.one_of(
    st.integers(1, 10**9).map(lambda n: (n, "published")),
    st.just((0, "zero")),
    st.just((None, "suppressed")),
    st.just((None, "missing")),
)


@given(
    cells=st.tuples(*[CELLS] * len(CODES)), chosen=st.lists(st.sampled_from(CODES), min_size=1, max_size=5, unique=True)
)
def test_a_table_says_what_anybody_can_read_off_the_release(cells: Any, chosen: list[str]) -> None:
    """The slow judge: the sum of what is published, if all of it is."""
    shown = dict(zip(CODES, cells, strict=True))
    item = an_indicator("found", a_table("form", *((code, *cell) for code, cell in shown.items())))
    found = line("victims", a_place("found", "form", *chosen), item)
    marks = [shown[code][1] for code in chosen]
    if "suppressed" in marks:
        assert said(found) == (None, "Q")
    elif "missing" in marks:
        assert said(found) == (None, "O")
    else:
        total = sum(shown[code][0] for code in chosen)
        is_empty = all(shown[code][0] == 0 for code in ("a", "b", "c")) and total == 0
        rest = [shown[code][0] for code in ("unknown", "")]
        nobody = is_empty and None not in rest and any(rest)
        assert said(found) == ((None, "O") if nobody else (total, "A"))
    table = filled("glotip", a_document(item), {"victims": a_place("found", "form", *chosen)})
    numbers = {Decimal(str(cell)) for row in rows_of(table) for cell in row if isinstance(cell, int)}
    assert numbers == ({Decimal(found.value)} if found.value is not None else set())
