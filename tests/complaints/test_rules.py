"""The states of a complaint."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.complaints import rules
from enlace.complaints.rules import COMPLAINT

VERBS = sorted({move.verb for move in COMPLAINT.moves})


@given(st.lists(st.sampled_from(VERBS), max_size=12))
def test_whatever_is_tried_nothing_is_answered_unread_and_what_was_withdrawn_stays_so(verbs: list[str]) -> None:
    seen = [rules.BEGUN]
    for verb in verbs:
        if verb in COMPLAINT.verbs(seen[-1]):
            seen.append(COMPLAINT.after(seen[-1], verb))
    assert rules.WITHDRAWN not in seen[:-1]
    if {rules.ASKED, rules.ANSWERED, rules.CLOSED} & set(seen):
        assert rules.READ in seen


@pytest.mark.parametrize("state", [s for s in COMPLAINT.states if s not in (rules.BEGUN, rules.WITHDRAWN)])
def test_its_author_may_add_and_withdraw_in_every_state(state: str) -> None:
    assert COMPLAINT.after(state, "add") == rules.RECEIVED
    assert COMPLAINT.after(state, "withdraw") == rules.WITHDRAWN


def test_what_is_only_begun_can_only_be_sent() -> None:
    assert COMPLAINT.verbs(rules.BEGUN) == ("send",)
    with pytest.raises(Refusal):
        COMPLAINT.after(rules.WITHDRAWN, "add")
