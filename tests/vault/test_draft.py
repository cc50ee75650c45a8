"""Drafts: sealed, and for their owner alone."""

import pytest

from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.keyring import KeyUnavailable
from enlace.vault.actions import drop_draft, save_draft
from enlace.vault.models import SealedDraft
from enlace.vault.queries import draft, drafts
from tests.vault.material import PLANTED, change, everything_stored, rows_of, traces

VALUES = {"fields": {"given_names": ["Rosa Ximena"], "phone": ["55 0001 1122"]}, "path": "/people/register/"}


def test_a_draft_comes_back_as_it_was_saved(bruno: Actor) -> None:
    assert draft(viewer=bruno, form="register") is None
    save_draft(by=bruno, form="register", values={})
    save_draft(by=bruno, form="register", values=VALUES)
    save_draft(by=bruno, form="correct", subject="x", values={})
    assert draft(viewer=bruno, form="register") == VALUES
    assert [(d.form, d.subject, d.values) for d in drafts(viewer=bruno)] == [
        ("correct", "x", {}),
        ("register", "", VALUES),
    ]
    assert traces(everything_stored(), PLANTED) == []


def test_a_dropped_draft_is_gone(bruno: Actor) -> None:
    save_draft(by=bruno, form="register", values=VALUES)
    drop_draft(by=bruno, form="register")
    assert draft(viewer=bruno, form="register") is None
    assert rows_of(SealedDraft) == []
    assert drafts(viewer=bruno) == []


def test_nobody_else_sees_a_draft_not_even_at_the_same_agency(bruno: Actor) -> None:
    save_draft(by=bruno, form="register", values=VALUES)
    for other in (
        Actor(id="lucas", agency_code=bruno.agency_code),
        Actor(id="bruno", agency_code="police-north"),
        Actor.system("clock"),
    ):
        assert draft(viewer=other, form="register") is None
        assert drafts(viewer=other) == []


@pytest.mark.parametrize("moved", [{"owner_id": "lucas"}, {"form": "correct"}, {"subject": "y"}])
def test_a_draft_moved_to_another_place_does_not_open(bruno: Actor, moved: dict[str, str]) -> None:
    save_draft(by=bruno, form="register", values=VALUES)
    row = rows_of(SealedDraft)[0]
    change(row, **moved)
    viewer = Actor(id=moved.get("owner_id", "bruno"), agency_code=bruno.agency_code)
    with pytest.raises(KeyUnavailable):
        draft(viewer=viewer, form=moved.get("form", "register"), subject=moved.get("subject", ""))


def test_who_belongs_to_no_agency_saves_no_draft() -> None:
    with pytest.raises(Refusal):
        save_draft(by=Actor.system("clock"), form="register", values={})
