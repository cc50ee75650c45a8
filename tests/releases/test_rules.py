"""Where a release stands, and which numbers are not what they were."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base.errors import Refusal
from enlace.releases.rules import APPROVED, PREPARED, REFUSED, RELEASE, SUPERSEDED, Change, changes, status_of


@pytest.mark.parametrize(
    ("outcome", "is_followed", "status"),
    [
        ("", False, PREPARED),
        ("", True, PREPARED),
        (APPROVED, False, APPROVED),
        (APPROVED, True, SUPERSEDED),
        (REFUSED, False, REFUSED),
        (REFUSED, True, REFUSED),
    ],
)
def test_only_what_was_approved_is_ever_superseded(outcome: str, is_followed: bool, status: str) -> None:
    assert status_of(outcome, is_followed) == status


@pytest.mark.parametrize("verb", ["approve", "refuse"])
@pytest.mark.parametrize("status", [APPROVED, REFUSED, SUPERSEDED])
def test_a_release_is_decided_once(status: str, verb: str) -> None:
    with pytest.raises(Refusal):
        RELEASE.after(status, verb)


def indicator(
    name: str, cells: dict[str, int | None], *, deduced: dict[str, int | None] | None = None
) -> dict[str, Any]:
    def table(found: dict[str, int | None]) -> dict[str, Any]:
        return {
            "dimensions": ["state"],
            "cells": [
                {"key": [code], "value": value, "status": "suppressed" if value is None else "published"}
                for code, value in found.items()
            ],
        }

    return {"id": name, "tables": [table(cells)], "deduced": [table(deduced)] if deduced else []}


COUNTS = st.dictionaries(st.sampled_from("NSEW"), st.none() | st.integers(0, 3))


@given(COUNTS, COUNTS)
def test_what_changed_is_what_differs_cell_by_cell(before: dict[str, int | None], after: dict[str, int | None]) -> None:
    nothing = object()
    wanted = {code for code in before | after if before.get(code, nothing) != after.get(code, nothing)}
    found = changes([indicator("a", before)], [indicator("a", after)])
    assert {change.key[0] for change in found} == wanted
    for change in found:
        assert (change.before is None) is (change.key[0] not in before)
        assert (change.after is None) is (change.key[0] not in after)


def test_what_is_deduced_is_compared_too_and_an_indicator_that_went_is_told() -> None:
    before = [indicator("a", {"N": 7}, deduced={"S": 9}), indicator("gone", {"N": 5})]
    after = [indicator("a", {"N": 7}, deduced={"S": None})]
    assert changes(before, after) == [
        Change("a", ("state",), ("S",), {"value": 9, "status": "published"}, {"value": None, "status": "suppressed"}),
        Change("gone", ("state",), ("N",), {"value": 5, "status": "published"}, None),
    ]
