"""The pure rules of the chain: what the digest covers, and that every kind of tampering gets its own name."""

from contextlib import suppress
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.audit.rules import FIRST, Entry, anchor_digest, digest_of, faults, read_anchor

KEY, OTHER_KEY = b"k" * 32, b"o" * 32

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
details = st.dictionaries(st.text(max_size=8), plain, max_size=3)
texts = st.text(max_size=12)
entries = st.builds(
    Entry,
    **{field.name: texts for field in fields(Entry)} | {"seq": st.integers(1), "detail": details},
)


@given(entries, entries, st.sampled_from([field.name for field in fields(Entry)]))
def test_the_digest_depends_on_every_field(entry: Entry, other: Entry, name: str) -> None:
    changed = replace(entry, **{name: getattr(other, name)})
    assert (digest_of(changed, KEY) == digest_of(entry, KEY)) == (changed == entry or _same_json(changed, entry))


def _same_json(a: Entry, b: Entry) -> bool:
    """JSON tells true from 1 where Python does not, so equal dicts may differ; the digest goes by the JSON."""
    return repr(a) == repr(b)


@given(entries)
def test_nobody_without_the_key_makes_the_digest(entry: Entry) -> None:
    assert digest_of(entry, KEY) != digest_of(entry, OTHER_KEY)


@given(entries, st.permutations(["a", "b", "c"]))
def test_the_order_of_details_does_not_matter(entry: Entry, order: list[str]) -> None:
    one, two = dict.fromkeys("abc", 1), dict.fromkeys(order, 1)
    assert digest_of(replace(entry, detail=one), KEY) == digest_of(replace(entry, detail=two), KEY)


def test_fields_do_not_run_into_one_another() -> None:
    entry = Entry("c", 1, "t", "ab", "c", "x", "", "", "", "", {}, FIRST)
    assert digest_of(entry, KEY) != digest_of(replace(entry, actor_id="a", role_code="bc"), KEY)


Rows = list[tuple[Entry, str]]


def chain(length: int) -> Rows:
    rows: Rows = []
    for seq in range(1, length + 1):
        previous = rows[-1][1] if rows else FIRST
        entry = Entry("c", seq, f"t{seq}", "a", "R", "x", "case", f"{seq}", "", "", {"n": seq}, previous)
        rows.append((entry, digest_of(entry, KEY)))
    return rows


def named(rows: Rows, end: int | None = None) -> list[tuple[int, str]]:
    return [(fault.seq, fault.what) for fault in faults(rows, KEY, end)]


@given(st.integers(0, 30))
def test_an_untouched_chain_has_no_fault(length: int) -> None:
    assert named(chain(length), length) == []


@given(st.data())
def test_exactly_the_removed_are_named_removed(data: st.DataObject) -> None:
    rows = chain(data.draw(st.integers(2, 20)))
    gone = data.draw(st.sets(st.integers(1, len(rows) - 1)))  # the tail is the head's affair
    assert named([row for row in rows if row[0].seq not in gone]) == [(seq, "removed") for seq in sorted(gone)]


@given(st.data())
def test_exactly_the_changed_are_named_changed(data: st.DataObject) -> None:
    rows = chain(data.draw(st.integers(1, 20)))
    touched = data.draw(st.sets(st.integers(1, len(rows)), min_size=1))
    spoiled = [(replace(e, actor_id="b") if e.seq in touched else e, d) for e, d in rows]
    assert named(spoiled) == [(seq, "changed") for seq in sorted(touched)]


@given(st.data())
def test_rows_in_another_order_are_named_reordered_and_nothing_else(data: st.DataObject) -> None:
    rows = chain(data.draw(st.integers(2, 12)))
    shuffled = data.draw(st.permutations(rows))
    what = {name for _, name in named(shuffled)}
    assert what == (set() if shuffled == rows else {"reordered"})


@given(st.data())
def test_exactly_the_forged_beside_the_true_are_named_inserted(data: st.DataObject) -> None:
    rows = chain(data.draw(st.integers(1, 12)))
    copies = data.draw(st.lists(st.sampled_from(rows), min_size=1, max_size=4))
    mixed = list(rows)
    for entry, digest in copies:
        place = data.draw(st.integers(0, len(mixed)))
        mixed.insert(place, (replace(entry, actor_id="forger"), digest))
    assert sorted(named(mixed)) == sorted((entry.seq, "inserted") for entry, _ in copies)


@given(st.integers(1, 10), st.integers(1, 10))
def test_rows_after_the_end_are_named_inserted(length: int, beyond: int) -> None:
    rows = chain(length)
    forged = replace(rows[-1][0], seq=length + beyond, previous=rows[-1][1])
    assert named([*rows, (forged, "f" * 64)], length) == [(length + beyond, "inserted")]


def test_rows_of_another_history_under_the_same_key_are_found() -> None:
    """Two histories of one chain, both signed: the splice shows where they part."""
    rows, other = chain(6), chain(2)
    entry = replace(other[1][0], actor_id="b")
    branch = [*other[:1], (entry, digest_of(entry, KEY))]
    assert named([*branch, *rows[2:]]) == [(3, "inserted")]


ANCHOR: tuple[Any, ...] = (1, "t", {"c": [5, "d"]}, FIRST)


@pytest.mark.parametrize("place", range(4))
def test_the_anchors_digest_depends_on_every_part(place: int) -> None:
    changed = [*ANCHOR]
    changed[place] = (2, "u", {"c": [6, "d"]}, "1" * 64)[place]
    assert anchor_digest(*changed, KEY) != anchor_digest(*ANCHOR, KEY)
    assert anchor_digest(*ANCHOR, OTHER_KEY) != anchor_digest(*ANCHOR, KEY)


@pytest.mark.parametrize(
    "line",
    ["", "{", "[]", "3", "{}", '{"number": 1, "heads": [], "digest": ""}', '{"number":1,"heads":{"c":3},"digest":""}'],
)
def test_what_is_no_line_of_anchors_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        read_anchor(line)


@given(st.text() | plain.map(str))
def test_no_text_breaks_the_reader_of_anchors(text: str) -> None:
    with suppress(ValueError):
        read_anchor(text)
