"""The fields of each channel are data: checked on loading, told by file and field, and asked on the form."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enlace.country.channels import _Reader
from enlace.country.loader import Pack, load
from enlace.country.rows import PackError

FILE = "intake/channels.toml"
SPOILED = [
    ('code = "workers"\ntype = "number"', 'code = "workers"\ntype = "amount"', "type"),
    ('code = "workers"', 'code = "industry"', "code"),
    ('code = "workers"', 'code = "a b"', "code"),
    ('channels = ["school"]', 'channels = ["market"]', "channels"),
    ('channels = ["school"]', "channels = []", "channels"),
    ('channels = ["school"]', 'channels = "school"', "channels"),
    ('list = "industry"', 'list = "no_such"', "list"),
    ('list = "industry"\n', "", "list"),
    ("max = 5000", 'max = "many"', "max"),
    ("max = 5000", "most = 5000", "most"),
    ('trusted told" }\nsealed = true', 'trusted told" }\nsealed = 1', "sealed"),
    ('text = { es = "Avisó alguien de confianza", en = "Somebody trusted told" }', 'text = { es = "Solo" }', "text"),
    ('{ es = "Avisó alguien de confianza", en = "Somebody trusted told" }', '{ es = "Avisó", en = " " }', "text"),
    ('    { code = "fear",', '    { code = "tired",', "options"),
    ('type = "several"', 'type = "date"', "options"),
    ('code = "entered_in"\ntype = "place"', 'code = "entered_in"\ntype = "choice"', "options"),
    ('code = "held_since"\ntype = "date"', 'code = "held_since"\ntype = "date"\nmin = 3', "min"),
]


def test_every_channel_of_mexico_s_doors_asks_something_of_its_own(mx: Pack) -> None:
    silent = [c.code for c in mx.codes("contact_channel") if not mx.fields_of(c.code)]
    assert silent == ["visit", "public_report"]
    assert len(mx.channel_fields) > 40


def test_a_text_is_always_sealed(mx: Pack, xx: Pack) -> None:
    for pack in (mx, xx):
        assert all(field.sealed for field in pack.channel_fields if field.type == "text")
    assert next(field for field in xx.channel_fields if field.code == "informant").sealed


@pytest.mark.parametrize(("old", "new", "where"), SPOILED)
def test_a_defect_is_told_by_file_and_field(
    spoil: Callable[[str, str, str], Path],
    old: str,
    new: str,
    where: str,
) -> None:
    with pytest.raises(PackError, match=r"xx/intake/channels\.toml") as told:
        load(spoil(FILE, old, new))
    assert where in told.value.field


def test_a_pack_without_the_file_has_no_fields(folder: Path) -> None:
    (folder / FILE).unlink()
    assert load(folder).channel_fields == ()


@pytest.mark.parametrize("text", ["fields = 3", "[other]\nx = 1", "[[fields]]\ncode = 3", "fields = [1]", "[["])
def test_a_file_of_another_shape_is_refused(folder: Path, text: str) -> None:
    (folder / FILE).write_text(text)
    with pytest.raises(PackError):
        load(folder)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
KEYS = st.sampled_from(["channels", "code", "type", "text", "hint", "options", "list", "min", "max", "sealed"])


@given(table=st.dictionaries(KEYS, JSON, max_size=10))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_stands_in_a_field_it_is_read_or_refused(xx: Pack, table: dict[str, object]) -> None:
    reader = _Reader(FILE, xx.codelists, xx.languages)
    with pytest.raises(PackError):
        reader.field(1, table | {"surplus": 1})
    with suppress(PackError):
        assert reader.field(1, table).channels


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("codes/contact_channel.csv", "hotline_call,Call to the hotline,Llamada,hotline,", "hotline_call,a,b,circus,"),
        ("codes/contact_channel.csv", "report,other", "window,other"),
        ("codes/notice_kind.csv", "tip_answer", "no_such_limit"),
        ("codes/notice_kind.csv", "financial_intelligence,finance_answer,finance", "bank,finance_answer,finance"),
        ("codes/notice_kind.csv", "finance_answer,finance", "finance_answer,no_such_purpose"),
        ("codes/report_topic.csv", "official,", "officials,"),
    ],
)
def test_a_list_that_names_what_is_not_there_is_refused(
    spoil: Callable[[str, str, str], Path],
    name: str,
    old: str,
    new: str,
) -> None:
    with pytest.raises(PackError, match=name):
        load(spoil(name, old, new))
