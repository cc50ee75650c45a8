"""When a question of an analyst may be handed to a worker again."""

from datetime import UTC, datetime, timedelta

import pytest

from enlace.statistics.rules import ANSWERED, PATIENCE, REFUSED, WAITING, may_repeat

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("status", "waited", "may"),
    [
        (WAITING, PATIENCE, False),
        (WAITING, PATIENCE + SECOND, True),
        (REFUSED, SECOND, True),
        (ANSWERED, PATIENCE * 9, False),
    ],
)
def test_who_was_refused_or_waited_long_may_ask_again(status: str, waited: timedelta, may: bool) -> None:
    assert may_repeat(status, NOON, NOON + waited) is may
