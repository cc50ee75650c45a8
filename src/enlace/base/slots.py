"""Pages made of several modules: each module registers its panel in ``apps.py``; a lower page renders what is there."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from enlace.base.actor import Actor


@dataclass(frozen=True)
class QueueItem:
    """One line of the work queue: who it is about (pseudonym), what to do, by when, from whom."""

    url: str
    code: str
    task: str
    detail: str
    since: datetime
    due: datetime | None = None


@dataclass(frozen=True)
class QueueSource:
    """A group of the work queue. ``items`` is given the viewer and a limit and answers the most urgent first."""

    name: str
    order: int
    label: object
    permission: str
    items: Callable[[Actor, int], list[QueueItem]]


@dataclass(frozen=True)
class TimelineSource:
    """What one module adds to the timeline of a case: entries for (viewer, case id)."""

    name: str
    permission: str
    entries: Callable[[Actor, Any], Iterable["TimelineEntry"]]


@dataclass(frozen=True)
class TimelineEntry:
    at: datetime
    kind: str
    title: str
    body: str = ""
    who: str = ""
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A section of a page: rendered from ``template`` with ``context(viewer, subject)``.

    ``page`` is ``case``, ``person``, ``site``, or ``own`` for a person's own page.
    """

    page: str
    name: str
    order: int
    permission: str
    template: str
    context: Callable[[Actor, Any], dict[str, Any]]


@dataclass(frozen=True)
class Waiting:
    """How many answers a case still waits for, in one module's eyes."""

    name: str
    permission: str
    count: Callable[[Actor, Any], int]


@dataclass(frozen=True)
class Trace:
    """What of one module is about a person: the ids whose readings she is told of, for (viewer, person)."""

    name: str
    permission: str
    subjects: Callable[[Actor, Any], Iterable[Any]]


@dataclass(frozen=True)
class CaseworkCount:
    """What an upper module counts in casework for a lower one: indicator -> number, for (indicators, state, start, end).

    State "" is the whole country. An indicator that cannot be counted for the state is left out.
    """

    name: str
    permission: str
    count: Callable[[Sequence[str], str, date, date], dict[str, int]]


@dataclass(frozen=True)
class OfficialSeries:
    """Yearly totals that another office publishes and an upper module brought in: unit -> total, for (viewer, year).

    Units are never added up. A year of which nothing was brought in has no total.
    """

    name: str
    label: object
    permission: str
    totals: Callable[[Actor, int], dict[str, int]]


@dataclass(frozen=True)
class ReleaseFormat:
    """A standard in whose columns an upper module writes what a release publishes: files, name -> content type.

    ``title`` and ``version`` are given a language; ``write`` is given the document of the release and the name of one of the
    files. What it writes is made of the document and the pack alone, the same bytes each time.
    """

    name: str
    order: int
    permission: str
    title: Callable[[str], str]
    version: Callable[[str], str]
    files: Mapping[str, str]
    write: Callable[[Mapping[str, Any], str], bytes]


@dataclass(frozen=True)
class NavItem:
    order: int
    label: object
    url_name: str
    permission: str


T = TypeVar("T")

_registered: dict[tuple[type, str], Any] = {}


def register(
    item: (
        QueueSource
        | TimelineSource
        | Panel
        | Waiting
        | Trace
        | CaseworkCount
        | OfficialSeries
        | ReleaseFormat
        | NavItem
    ),
) -> None:
    """Add to the registry; registering the same name again replaces it."""
    name = item.url_name if isinstance(item, NavItem) else f"{getattr(item, 'page', '')}:{item.name}"
    _registered[(type(item), name)] = item


def registered(kind: type[T], viewer: Actor) -> list[T]:
    """Everything of one kind that the viewer's role may see, in order."""
    found = [i for (k, _), i in _registered.items() if k is kind and (not i.permission or viewer.may(i.permission))]
    return sorted(found, key=lambda item: getattr(item, "order", 0))
