"""What anybody may ask of a release: are its files whole and signed, do the same inputs give the same bytes, what could be
worked out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from enlace.base.keyring import KeyUnavailable
from enlace.base.rows import seeing_as
from enlace.releases import annual_files, canonical, document, files, queries, signature
from enlace.releases.models import Release
from enlace.releases.rules import APPROVED, changes
from enlace.statistics.facts import answers, answers_since, count, rule, shows_more
from reckon.disclosure import Interval, attack, audit
from reckon.disclosure.attacker import withheld
from reckon.tables import Table


@dataclass(frozen=True)
class Fault:
    """Something that forbids a release. ``kind``: file, signature, inputs, tables, report, changes, exposed or overtaken."""

    kind: str
    what: str


@dataclass(frozen=True)
class Attacked:
    """What an outsider makes of a release and all before it. ``narrowest`` is the least width of a bounded interval."""

    withheld: int
    recovered: Sequence[Interval]
    narrowest: int | None


def faults_of(row: Release) -> list[Fault]:
    """What forbids its approval: a file that changed, or a withheld number placed more closely than the rule allows.

    Answers that analysts were given since it was prepared count too, where it shows more than they knew; those made from
    newer records forbid it.
    """
    found = files_at_fault(row)
    if found:
        return found
    inputs = queries.inputs(row)
    published = files.tables(row.document)
    with seeing_as(queries.GATHERING):
        before, since = answers(inputs), answers_since(inputs)
        is_more = shows_more(published, row.period, row.facts_digest)
    if any(one.facts_digest != row.facts_digest for one in since):
        return [Fault("overtaken", "answers")]
    since = since if is_more else []
    earlier = queries.earlier(inputs, row.number, [*since, *before])
    truth = count(inputs)
    guarded = {table.indicator for table in truth}
    ours = [table for table in published if table.indicator in guarded]
    audited = audit(ours, truth, rule(inputs), earlier=earlier)
    attacked = attacked_by_outsider(row, exact=False)
    return [Fault("exposed", finding.problem) for finding in audited] + [
        Fault("exposed", "recovered") for _interval in attacked.recovered
    ]


def verify(row: Release) -> list[Fault]:
    """What is not as it was published: files, signature, inputs, tables counted again, changes. Nothing is a good answer."""
    found = files_at_fault(row) + _signature_at_fault(row)
    try:
        inputs = queries.inputs(row)
    except KeyUnavailable as error:
        return [*found, Fault("inputs", error.reason)]
    numbers = document.released(inputs, before=row.number)
    again = _changed_again(row, document.with_numbers(row.document, numbers))
    for name, content in files.canonical_files(again).items():
        if content != queries.file_of(row, name):
            found.append(Fault("tables", name))
    for name, read in _READERS.items():
        if read(queries.file_of(row, name)) != files.tables(again):
            found.append(Fault("tables", name))
    return found + [Fault("report", name) for name in annual_files.at_fault(queries.contents(row), again)]


def attacked_by_outsider(row: Release, *, exact: bool = True) -> Attacked:
    """What can be worked out of the withheld numbers of a release, from its CSV file and those of all published before."""
    ours = files.tables_of_csv(queries.file_of(row, files.CSV))
    return attacked(ours, queries.tables_before(row), lowest=_lowest(row), exact=exact)


def attacked(ours: Sequence[Table], before: Sequence[Sequence[Table]], *, lowest: int, exact: bool = True) -> Attacked:
    """The same for tables at hand; ``lowest`` is the smallest number that a withheld cell can hold."""
    found = attack(ours, lowest, earlier=before, exact=exact)
    widths = [interval.high - interval.low for interval in found if interval.high is not None]
    return Attacked(
        withheld=sum(1 for tables in (ours, *before) for _cell in withheld(tables)),
        recovered=[interval for interval in found if interval.is_recovered],
        narrowest=min(widths, default=None),
    )


def files_at_fault(row: Release) -> list[Fault]:
    """Files that are absent, or whose digest is not the manifest's."""
    manifest = json.loads(queries.file_of(row, files.MANIFEST))
    kept = {stored.name: bytes(stored.content) for stored in row.files.all()}
    found = [
        Fault("file", item["name"])
        for item in manifest["files"]
        if canonical.sha256(kept.get(item["name"], b"")) != item["sha256"]
    ]
    if manifest["inputs_sha256"] != row.inputs_digest or kept.get(files.JSON) != canonical.to_json(row.document):
        found.append(Fault("file", files.JSON))
    return found


def _signature_at_fault(row: Release) -> list[Fault]:
    if not hasattr(row, "decision") or row.decision.outcome != APPROVED:
        return [Fault("signature", "not approved")]
    manifest, signed = queries.file_of(row, files.MANIFEST), bytes(row.decision.signature)
    whole = signature.is_signed(manifest, signed, row.decision.public_key)
    return [] if whole and row.decision.public_key == signature.public_key() else [Fault("signature", files.SIGNATURE)]


def _changed_again(row: Release, again: dict[str, Any]) -> dict[str, Any]:
    """The document with its changes found again in the release before; the reasons are people's words and stay."""
    if not row.supersedes:
        return {**again, "changes": []}
    before = queries.public_release(row.supersedes).document
    reasons = {change["indicator"]: change["reason"] for change in row.document["changes"]}
    found = changes(before["indicators"], again["indicators"])
    return {**again, "changes": document.told([one for one in found if one.indicator in reasons], reasons)}


def _lowest(row: Release) -> int:
    return 0 if row.document["parameters"]["zeros_are_sensitive"] else 1


_READERS: dict[str, Callable[[bytes], list[Table]]] = {
    files.XLSX: files.tables_of_workbook,
    files.PARQUET: files.tables_of_parquet,
}
