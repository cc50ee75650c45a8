"""What is asked of the database once in a request, however many parts of a page ask it."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside the block a question marked with ``once`` is asked one time; a command or a clock asks anew each time."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(ask: Callable[..., T]) -> Callable[..., T]:
    """Mark a question whose answer no request changes and then reads again. What it is given has to be hashable."""

    def asked(*given: Hashable) -> T:
        kept = _kept.get()
        if kept is None:
            return ask(*given)
        if (ask, given) not in kept:
            kept[ask, given] = ask(*given)
        answer: T = kept[ask, given]
        return answer

    return asked
