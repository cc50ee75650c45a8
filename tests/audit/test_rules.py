"""The hash chain without a database."""

from dataclasses import replace

import pytest

from enlace.audit.rules import FIRST, Entry, Fault, anchor_digest, broken_promises, digest_of, faults, read_anchor

KEY = b"a key for tests"


def chain(length: int) -> list[tuple[Entry, str]]:
    rows, previous = [], FIRST
    for seq in range(1, length + 1):
        entry = Entry(
            "agency", seq, "2025-06-01T12:00:00+00:00", "actor", "R06", "case.closed", "case", "1", "", "", {}, previous
        )
        previous = digest_of(entry, KEY)
        rows.append((entry, previous))
    return rows


def what(rows: list[tuple[Entry, str]]) -> set[tuple[int, str]]:
    return {(fault.seq, fault.what) for fault in faults(rows, KEY)}


def test_a_whole_chain_has_no_fault() -> None:
    assert faults(chain(5), KEY) == []
    assert faults([], KEY) == []


def test_a_changed_row_is_named() -> None:
    rows = chain(3)
    rows[1] = (replace(rows[1][0], action="case.opened"), rows[1][1])
    assert faults(rows, KEY) == [Fault("agency", 2, "changed")]


def test_removed_rows_are_named() -> None:
    rows = chain(5)
    assert {(2, "removed"), (3, "removed")} <= what([rows[0], *rows[3:]])


def test_rows_out_of_order_are_named() -> None:
    rows = chain(3)
    assert (2, "reordered") in what([rows[0], rows[2], rows[1]])


def test_a_forged_row_beside_the_true_one_or_after_the_end_is_inserted() -> None:
    rows = chain(3)
    forged = (replace(rows[1][0], action="x.y"), "f" * 64)
    assert what([rows[0], forged, rows[1], rows[2]]) == {(2, "inserted")}
    late = (replace(rows[2][0], seq=4), "f" * 64)
    assert [fault.what for fault in faults([*rows, late], KEY, end=3)] == ["inserted"]


def test_a_chain_that_lacks_what_was_promised_was_cut_or_written_again() -> None:
    rows = chain(3)
    assert broken_promises(rows, [("agency", 3, rows[2][1]), ("agency", 1, rows[0][1])]) == []
    assert broken_promises(rows[:2], [("agency", 3, rows[2][1])]) == [Fault("agency", 3, "truncated")]
    assert broken_promises(rows, [("agency", 2, "f" * 64)]) == [Fault("agency", 2, "changed")]


def test_a_line_of_anchors_is_read_back() -> None:
    kept = read_anchor('{"at": "2025-06-01", "digest": "d", "heads": {"agency": [3, "e"]}, "number": 1}')
    assert (kept.number, dict(kept.heads), kept.digest) == (1, {"agency": (3, "e")}, "d")
    for wrong in (
        "",
        "[]",
        "{}",
        '{"number": 1, "digest": "d", "heads": []}',
        '{"number": "x", "digest": "", "heads": {}}',
    ):
        with pytest.raises(ValueError, match=r"."):
            read_anchor(wrong)


def test_a_row_signed_with_the_key_but_put_in_between_is_named() -> None:
    rows = chain(2)
    forged = replace(rows[1][0], previous="f" * 64)
    assert what([rows[0], (forged, digest_of(forged, KEY))]) == {(2, "inserted")}


def test_another_key_fits_no_row() -> None:
    assert {fault.what for fault in faults(chain(2), b"another key")} == {"changed"}


@pytest.mark.parametrize("name", Entry.__slots__)
def test_the_digest_covers_every_field(name: str) -> None:
    entry = chain(1)[0][0]
    other = {"seq": 2, "detail": {"a": 1}}.get(name, "something else")
    assert digest_of(replace(entry, **{name: other}), KEY) != digest_of(entry, KEY)


def test_the_anchor_covers_its_number_heads_and_predecessor() -> None:
    heads = {"agency": [3, "d"]}
    first = anchor_digest(1, "at", heads, FIRST, KEY)
    others = [(2, "at", heads, FIRST), (1, "later", heads, FIRST), (1, "at", {}, FIRST), (1, "at", heads, first)]
    assert len({first, *(anchor_digest(*other, KEY) for other in others)}) == 5
