"""Whatever is done to the record behind the application's back is found, and named for what it is."""

from typing import Any

import pytest

from enlace.audit.actions import anchor
from enlace.audit.models import Anchor, AuditEvent, ChainHead
from enlace.audit.queries import entry_is_intact, verify
from enlace.audit.rules import KeptAnchor
from enlace.base import keyring
from enlace.base.actor import Actor
from tests.audit.tamper import CHAIN, WRITER, found, open_the_record, row, write

pytestmark = pytest.mark.django_db

OTHER = Actor(id="other", agency_code="ngo-harbour")
SYSTEM = Actor.system("tests")

SPOILED: dict[str, Any] = {
    "at": "2001-01-01T00:00:00+00:00",
    "actor_id": "somebody else",
    "role_code": "R99",
    "action": "case.read",
    "subject_kind": "person",
    "subject_id": "",
    "data_class": "A",
    "purpose": "none",
    "detail": {"number": 3},
    "previous": "f" * 64,
    "digest": "f" * 64,
}


@pytest.fixture
def record() -> None:
    """Five rows in one chain, three in another, and the triggers out of the way."""
    write(5)
    write(3, OTHER)
    open_the_record()


def kept(*anchors: Anchor) -> list[KeptAnchor]:
    return [KeptAnchor(a.number, {c: (s, d) for c, (s, d) in a.heads.items()}, a.digest) for a in anchors]


def test_a_whole_record_has_no_fault(record: None) -> None:
    assert found() == []
    assert entry_is_intact(row(3))


def test_every_column_of_a_row_is_sealed() -> None:
    assert set(SPOILED) | {"id", "chain", "seq"} == {field.name for field in AuditEvent._meta.concrete_fields}


@pytest.mark.parametrize("column", SPOILED)
@pytest.mark.parametrize("seq", [1, 3, 5])
def test_a_changed_row_is_found_and_no_other(record: None, column: str, seq: int) -> None:
    AuditEvent.objects.filter(pk=row(seq).pk).update(**{column: SPOILED[column]})
    assert found() == [(CHAIN, seq, "changed")]
    assert not entry_is_intact(row(seq))


@pytest.mark.parametrize("gone", [[1], [3], [2, 3], [1, 4]])
def test_removed_rows_are_found_and_numbered(record: None, gone: list[int]) -> None:
    AuditEvent.objects.filter(chain=CHAIN, seq__in=gone).delete()
    assert found() == [(CHAIN, seq, "removed") for seq in gone]


def test_rows_stored_in_another_order_are_found(record: None) -> None:
    early, late = row(2), row(4)
    AuditEvent.objects.filter(pk__in=[early.pk, late.pk]).delete()
    early.pk, late.pk = late.pk, early.pk
    early.save(force_insert=True)
    late.save(force_insert=True)
    assert {what for _, _, what in found()} == {"reordered"}
    assert (CHAIN, 2, "reordered") in found()


@pytest.mark.parametrize("seq", [0, 6, 99])
def test_a_row_slipped_in_is_found(record: None, seq: int) -> None:
    forged = row(3)
    forged.pk, forged.seq, forged.previous = None, seq, row(5).digest
    forged.save(force_insert=True)
    assert found() == [(CHAIN, seq, "inserted")]


def test_a_row_put_in_the_place_of_another_is_found(record: None) -> None:
    forged, place = row(4), row(2).pk
    AuditEvent.objects.filter(pk=place).delete()
    forged.pk, forged.seq = place, 2
    forged.save(force_insert=True)
    assert found() == [(CHAIN, 2, "changed")]


def test_a_row_moved_to_another_chain_is_missed_here_and_strange_there(record: None) -> None:
    AuditEvent.objects.filter(pk=row(5).pk).update(chain=OTHER.agency_code)
    assert found() == [(OTHER.agency_code, 5, "inserted"), (CHAIN, 5, "truncated")]


def test_a_row_renumbered_is_found_at_both_places(record: None) -> None:
    AuditEvent.objects.filter(pk=row(3).pk).update(seq=10**15)
    assert found() == [(CHAIN, 10**15, "inserted"), (CHAIN, 3, "removed")]


def test_a_tail_cut_off_is_found_against_the_head(record: None) -> None:
    AuditEvent.objects.filter(chain=CHAIN, seq__gt=3).delete()
    assert found() == [(CHAIN, 5, "truncated")]


def test_a_chain_removed_whole_is_found_against_the_head(record: None) -> None:
    AuditEvent.objects.filter(chain=CHAIN).delete()
    assert found() == [(CHAIN, 5, "truncated")]


def cut_with_its_head(to: int) -> None:
    AuditEvent.objects.filter(chain=CHAIN, seq__gt=to).delete()
    ChainHead.objects.filter(chain=CHAIN).update(seq=to, digest=row(to).digest if to else "0" * 64)


def test_a_tail_cut_off_with_its_head_is_found_against_the_anchor(record: None) -> None:
    anchor(by=SYSTEM)
    cut_with_its_head(3)
    assert found() == [(CHAIN, 5, "truncated")]


def test_a_tail_cut_off_and_grown_anew_is_found_against_the_anchor(record: None) -> None:
    """The new rows are written by the application itself, with its key: only the anchor remembers the old ones."""
    anchor(by=SYSTEM)
    cut_with_its_head(3)
    write(4)
    assert found() == [(CHAIN, 5, "changed")]


def test_what_the_anchor_never_saw_needs_a_newer_anchor(record: None) -> None:
    """Said plainly: a tail written and cut off since the last anchor, head and all, leaves no trace here."""
    anchor(by=SYSTEM)
    write(2)
    cut_with_its_head(5)
    assert found() == []


def test_anchors_removed_with_the_tail_are_found_against_the_kept_line(record: None) -> None:
    line = kept(anchor(by=SYSTEM))
    Anchor.objects.all().delete()
    cut_with_its_head(3)
    faults = [(fault.chain, fault.seq, fault.what) for fault in verify(line)]
    assert (CHAIN, 5, "truncated") in faults
    assert ("anchors", 1, "removed") in faults


def test_a_database_put_back_and_used_again_is_found_against_the_kept_line(record: None) -> None:
    line = kept(anchor(by=SYSTEM))
    Anchor.objects.all().delete()
    cut_with_its_head(3)
    write(6)
    anchor(by=SYSTEM)
    faults = [(fault.chain, fault.seq, fault.what) for fault in verify(line)]
    assert (CHAIN, 5, "changed") in faults
    assert ("anchors", 1, "changed") in faults


def test_a_chain_that_the_kept_line_names_and_nobody_has_is_found(record: None) -> None:
    line = kept(anchor(by=SYSTEM))
    AuditEvent.objects.filter(chain=CHAIN).delete()
    ChainHead.objects.filter(chain=CHAIN).delete()
    Anchor.objects.all().delete()
    assert (CHAIN, 5, "truncated") in [(fault.chain, fault.seq, fault.what) for fault in verify(line)]


@pytest.mark.parametrize("change", [{"heads": {}}, {"digest": "f" * 64}, {"previous": "f" * 64}])
def test_a_changed_anchor_is_found(record: None, change: dict[str, Any]) -> None:
    anchor(by=SYSTEM)
    anchor(by=SYSTEM)
    Anchor.objects.filter(number=2).update(**change)
    assert ("anchors", 2, "changed") in found()


def test_a_removed_anchor_is_found(record: None) -> None:
    for _ in range(3):
        anchor(by=SYSTEM)
    Anchor.objects.filter(number=2).delete()
    assert ("anchors", 3, "changed") in found()


def test_a_row_signed_with_another_key_is_found(record: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever forges with the wrong master key writes nothing that passes."""
    monkeypatch.setenv("ENLACE_MASTER_KEY", "ab" * 32)
    keyring.master_key.cache_clear(), keyring.derive.cache_clear()
    write(1)
    monkeypatch.undo()
    keyring.master_key.cache_clear(), keyring.derive.cache_clear()
    assert found() == [(CHAIN, 6, "changed")]


def test_many_faults_are_each_named(record: None) -> None:
    AuditEvent.objects.filter(pk=row(2).pk).update(actor_id="somebody else")
    AuditEvent.objects.filter(pk=row(4).pk).delete()
    AuditEvent.objects.filter(pk=row(1, OTHER.agency_code).pk).update(purpose="none")
    assert found() == [(OTHER.agency_code, 1, "changed"), (CHAIN, 2, "changed"), (CHAIN, 4, "removed")]
    write(1, WRITER)
    assert len(found()) == 3, "what comes after is whole"
