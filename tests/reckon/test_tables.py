"""Facts as Arrow and Parquet, their digest, and tables that cannot be wrong in shape."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reckon.tables import (
    SCHEMA,
    STATUSES,
    Cell,
    CountTable,
    EventFact,
    InputError,
    Status,
    digest,
    from_arrow,
    read_parquet,
    to_arrow,
    write_parquet,
)

FACT = EventFact("p1", "identified", date(2020, 3, 1), "a", "police", "JAL", "female", "18_29", "", "c1")
WORDS = st.sampled_from(["", "a", "b", "ab", "ñ"])
FACTS = st.lists(
    st.builds(
        EventFact,
        person=st.sampled_from(["p1", "p2"]),
        measure=st.sampled_from(["identified", "referred"]),
        on=st.dates(date(2019, 12, 30), date(2020, 1, 2)),
        agency=WORDS,
        agency_kind=WORDS,
        state=WORDS,
        sex=WORDS,
        age_group=WORDS,
        form=WORDS,
        case=WORDS,
    ),
    max_size=8,
)


def test_facts_become_codes_and_days() -> None:
    table = to_arrow([FACT])
    assert table.schema == SCHEMA
    assert from_arrow(table) == [FACT]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"person": ""}, "fact 1: person is empty"),
        ({"measure": ""}, "fact 1: measure is empty"),
        ({"sex": None}, "fact 1: sex is not a text"),
        ({"on": "2020-03-01"}, "fact 1: on is not a date"),
    ],
)
def test_a_wrong_fact_is_refused_by_its_place(change: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        to_arrow([FACT, replace(FACT, **change)])


@given(facts=FACTS, order=st.randoms(use_true_random=False))
def test_the_digest_does_not_depend_on_the_order_of_rows_or_on_chunks(facts: list[EventFact], order) -> None:
    shuffled = order.sample(facts, k=len(facts))
    middle = len(facts) // 2
    chunks = pa.concat_tables([to_arrow(shuffled[:middle]), to_arrow(shuffled[middle:])])
    assert digest(to_arrow(facts)) == digest(chunks)


@given(facts=FACTS, others=FACTS)
def test_the_digest_tells_different_facts_apart(facts: list[EventFact], others: list[EventFact]) -> None:
    def ordered(rows: list[EventFact]) -> list[str]:
        return sorted(map(repr, rows))

    assert (digest(to_arrow(facts)) == digest(to_arrow(others))) == (ordered(facts) == ordered(others))


def test_the_digest_sees_where_one_value_ends_and_the_next_begins() -> None:
    ab_c = to_arrow([replace(FACT, state="ab"), replace(FACT, state="c")])
    a_bc = to_arrow([replace(FACT, state="a"), replace(FACT, state="bc")])
    assert digest(ab_c) != digest(a_bc)


def test_a_file_holds_the_same_facts(tmp_path: Path) -> None:
    facts = to_arrow([FACT, replace(FACT, person="p2", form="several")])
    write_parquet(facts, tmp_path / "facts.parquet")
    assert read_parquet(tmp_path / "facts.parquet").equals(facts)


def test_plain_text_columns_of_another_writer_are_read_as_codes(tmp_path: Path) -> None:
    facts = to_arrow([FACT])
    plain = pa.table({name: facts[name].cast(pa.string()) if name != "on" else facts[name] for name in SCHEMA.names})
    pq.write_table(plain, tmp_path / "facts.parquet")
    assert digest(read_parquet(tmp_path / "facts.parquet")) == digest(facts)


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (None, "no column sex"),
        (pa.array([None], pa.string()), "empty value in column sex"),
        (pa.array([[1]]), "column sex of the facts is list"),
    ],
)
def test_a_table_that_holds_no_facts_is_refused(column: pa.Array | None, said: str) -> None:
    table = to_arrow([FACT]).drop_columns("sex")
    with pytest.raises(InputError, match=said):
        digest(table if column is None else table.append_column("sex", column))


def test_a_count_is_found_by_its_categories() -> None:
    table = CountTable("identified", "person", "2020", ("state", "sex"), (("JAL", "PUE"), ("f", "m")), (1, 2, None, 4))
    assert table["JAL", "m"] == 2
    assert table["PUE", "f"] is None
    assert CountTable("identified", "person", "2020", (), (), (9,))[()] == 9


@pytest.mark.parametrize(
    ("dimensions", "categories", "counts", "said"),
    [
        (("sex", "sex"), (("f",), ("f",)), (1,), "repeated"),
        (("sex",), (), (1,), "no categories"),
        (("sex",), (("f", "f"),), (1, 2), "listed twice"),
        (("sex",), (("f", "m"),), (1,), "1 counts for 2 cells"),
        (("sex",), (("f", "m"),), (1, -2), "negative"),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused(
    dimensions: tuple[str, ...], categories: tuple[tuple[str, ...], ...], counts: tuple[int, ...], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        CountTable("identified", "person", "2020", dimensions, categories, counts)


@pytest.mark.parametrize("status", STATUSES)
def test_a_cell_has_a_value_exactly_when_it_is_shown(status: Status) -> None:
    is_shown = status in ("published", "zero")
    Cell((), 12 if is_shown else None, status)
    with pytest.raises(InputError):
        Cell((), None if is_shown else 12, status)
