"""The life of an estimation, and when its worker must have stopped."""

from datetime import UTC, datetime, timedelta

import pytest

from enlace.base.errors import Refusal
from enlace.prevalence.rules import (
    CANCELLED,
    DONE,
    ESTIMATION,
    FAILED,
    QUEUED,
    RUNNING,
    SILENCE,
    UNFINISHED,
    is_abandoned,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_what_has_ended_stays_as_it_is() -> None:
    for status in (DONE, FAILED, CANCELLED):
        assert ESTIMATION.verbs(status) == ()
        with pytest.raises(Refusal):
            ESTIMATION.after(status, "begin")
    assert set(UNFINISHED) == set(ESTIMATION.states) - {DONE, FAILED, CANCELLED}


def test_only_what_is_computed_can_have_a_result() -> None:
    assert ESTIMATION.after(RUNNING, "finish") == DONE
    with pytest.raises(Refusal):
        ESTIMATION.after(QUEUED, "finish")


@pytest.mark.parametrize(
    ("status", "told_at", "expected"),
    [
        (RUNNING, NOW - SILENCE - timedelta(seconds=1), True),
        (RUNNING, NOW - SILENCE, False),
        (RUNNING, None, False),
        (QUEUED, NOW - 2 * SILENCE, False),
        (DONE, NOW - 2 * SILENCE, False),
    ],
)
def test_a_worker_is_given_up_after_a_long_silence(status: str, told_at: datetime | None, expected: bool) -> None:
    assert is_abandoned(status, told_at, NOW) is expected
