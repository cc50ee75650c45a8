"""Reads of releases: for whoever prepares them, for everybody, and for those who check them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.rows import seeing_as
from enlace.releases import files
from enlace.releases.canonical import sha256
from enlace.releases.models import Release
from enlace.releases.permissions import found, published, visible
from enlace.releases.rules import APPROVED, status_of
from enlace.statistics.facts import Answer, Inputs, answer_ids, count
from reckon.disclosure import Earlier
from reckon.tables import Table

SEALED = "releases.inputs"
GATHERING = Actor.system("statistics")


@dataclass(frozen=True)
class Stand:
    """A release and where it stands. ``followed_by`` is the number of the one that took its place, 0 for none."""

    release: Release
    outcome: str
    followed_by: int = 0

    @property
    def status(self) -> str:
        return status_of(self.outcome, bool(self.followed_by))

    @property
    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.release.document
        return document


def all_releases(*, viewer: Actor) -> list[Stand]:
    """Every release, newest first, without its content."""
    return list(_stands(visible(viewer).order_by("-number").defer("document")))


def release(*, viewer: Actor, number: int) -> Stand:
    """One of them. Raises ``Missing``."""
    return _stand(found(visible(viewer), number))


def public_releases() -> list[Stand]:
    """What everybody may read, newest first."""
    return list(_stands(published().order_by("-number").defer("document")))


def public_release(number: int) -> Stand:
    """One of those. Raises ``Missing`` for one that was not approved, in the same words as for none."""
    return _stand(found(published(), number))


def newest(period: str) -> Release | None:
    """The release of a period that stands."""
    return published().filter(period=period).order_by("-number").first()


def file_of(row: Release, name: str) -> bytes:
    """A file of a release. Signature and key belong to the decision. Raises ``KeyError`` when it has none of this name."""
    kept = contents(row, only=name)
    return kept[name]


def named_file(row: Release, name: str) -> bytes:
    """The same for whoever asks by name. Raises ``Missing``: not every release has a report."""
    kept = contents(row, only=name) if name in files.TYPES else {}
    if name not in kept:
        raise Missing(_("This release has no such file."))
    return kept[name]


def report_of(row: Release, language: str) -> dict[str, str]:
    """The names of its annual report in a language, by kind; none in a release that was made without."""
    names = {kind: files.report_name(language, kind) for kind in ("html", "pdf")}
    return names if row.files.filter(name__in=names.values()).count() == len(names) else {}


def contents(row: Release, only: str = "") -> dict[str, bytes]:
    """All its files by name, or the one; with signature and key once it is approved."""
    stored = row.files.filter(name=only) if only else row.files.all()
    kept = {file.name: bytes(file.content) for file in stored}
    if hasattr(row, "decision") and row.decision.outcome == APPROVED:
        signed = {files.SIGNATURE: bytes(row.decision.signature), files.KEY: row.decision.public_key.encode()}
        kept |= {name: content for name, content in signed.items() if only in ("", name)}
    return kept


def inputs(row: Release) -> Inputs:
    """What it was made from. Raises ``KeyUnavailable`` when it was sealed under another key or changed."""
    with seeing_as(GATHERING):
        sealed = bytes(row.inputs.sealed)
    data = keyring.unseal_bytes(SEALED, sealed)
    if sha256(data) != row.inputs_digest:
        raise keyring.KeyUnavailable("The inputs of this release are not those that were kept.")
    return Inputs.from_bytes(data)


def earlier(inputs: Inputs, before: int | None = None, answers: Sequence[Answer] = ()) -> list[list[Earlier]]:
    """What was shown of the same period before, newest first, each table with its counts.

    These are the releases published under the number ``before`` (or any), and the ``answers`` that analysts were given.
    """
    rows = published().filter(period=inputs.period)
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = [(row.prepared_at, with_counts(row)) for row in rows] + [(one.at, list(one.shown)) for one in answers]
    return [shown for _at, shown in sorted(found, key=lambda pair: pair[0], reverse=True)]


def answered(period: str) -> set[str]:
    """Names of all that analysts have been given of a period."""
    with seeing_as(GATHERING):
        return answer_ids(period)


def with_counts(row: Release) -> list[Earlier]:
    """The tables of a release that had to be protected, with their counts. Must not leave the house."""
    shown = {(table.indicator, table.dimensions): table for table in files.tables(row.document)}
    return [Earlier(shown[counts.indicator, counts.dimensions], counts) for counts in count(inputs(row))]


def tables_before(row: Release) -> list[list[Table]]:
    """What all earlier releases show, newest first, read from their CSV files as anybody can."""
    rows = published().filter(number__lt=row.number).order_by("-number")
    return [files.tables_of_csv(file_of(other, files.CSV)) for other in rows]


def _stand(row: Release) -> Stand:
    return next(_stands([row]))


def _stands(rows: Iterable[Release]) -> Iterator[Stand]:
    followed = dict(published().exclude(supersedes=0).values_list("supersedes", "number"))
    for row in rows:
        outcome = row.decision.outcome if hasattr(row, "decision") else ""
        yield Stand(row, outcome, followed.get(row.number, 0) if outcome == APPROVED else 0)
