"""Every write of releases: prepared by one, approved or refused by another, and never changed after."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import Event, audited
from enlace.base import keyring
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.releases import annual_files, document, files, queries, signature
from enlace.releases.canonical import sha256
from enlace.releases.checks import Fault, faults_of
from enlace.releases.document import Draft
from enlace.releases.models import Release, ReleaseDecision, ReleaseFile, ReleaseInput
from enlace.releases.queries import GATHERING, SEALED
from enlace.releases.rules import APPROVED, PREPARED, REFUSED, RELEASE
from enlace.returns.actions import publish_returns
from enlace.statistics.actions import keep_released
from enlace.statistics.facts import return_ids


def prepare_release(*, by: Actor, year: int, reasons: Mapping[str, str] | None = None) -> Release:
    """Freeze the newest count of a year. ``reasons``: by indicator, why its numbers are not those of the release before.

    Raises ``Missing`` when the year was not counted; ``Refusal`` when records have changed since, or a reason is missing.
    """
    check(by, "RELEASE_PREPARE")
    made = document.draft(by=by, period=str(year))
    said = {name: text.strip() for name, text in (reasons or {}).items()}
    if without := [name for name in made.changed_indicators if not said.get(name)]:
        told = _("Numbers have changed since release %(number)d. Give the reason for each indicator: %(names)s.")
        raise Refusal(told % {"number": made.before.number if made.before else 0, "names": ", ".join(without)})
    try:
        with audited(by=by, action="release.prepared", detail={"period": str(year)}) as event:
            return _freeze(by, made, said, event)
    except IntegrityError:
        raise Refusal(_("Somebody prepared another release at the same moment. Try again.")) from None


def approve_release(*, by: Actor, number: int) -> ReleaseDecision:
    """Sign a release as the second person; from then on everybody can read it.

    Raises ``Refusal`` for whoever prepared it, when it was decided already, when another release of the year came
    between, when a file is not what was prepared, or when a withheld number could be worked out.
    """
    check(by, "RELEASE_APPROVE")
    row = queries.release(viewer=by, number=number).release
    known = queries.answered(row.period)
    found = faults_of(row)
    try:
        with audited(by=by, action="release.approved", subject=("release", row.pk), detail={"number": number}) as event:
            _lock(by, row, "approve")
            newest = queries.newest(row.period)
            if (newest.number if newest else 0) != row.supersedes:
                raise Refusal(
                    _("Another release of this year was published since. Refuse this one and prepare it again.")
                )
            if found:
                raise Refusal(_refused_because(found))
            return _approve(by, row, known, event)
    except IntegrityError:
        raise _overlooked() from None


def _approve(by: Actor, row: Release, known: Collection[str], event: Event) -> ReleaseDecision:
    """What the release shows is kept with what analysts are given; one of two that come at once is second and starts again."""
    if queries.answered(row.period) != known:
        raise _overlooked()
    manifest = queries.file_of(row, files.MANIFEST)
    event.detail["manifest"] = sha256(manifest)
    shown = queries.with_counts(row)
    keep_released(by=by, release=row.number, facts_digest=row.facts_digest, at=row.prepared_at, shown=shown)
    _publish_returns(by, row)
    return _decide(by, row, APPROVED, "", signature.sign(manifest))


def _overlooked() -> Refusal:
    return Refusal(_("An analyst was given an answer about this year at the same moment. Try again."))


def refuse_release(*, by: Actor, number: int, reason: str) -> ReleaseDecision:
    """Say why a release must not go out. It stays where it is, seen by nobody outside."""
    check(by, "RELEASE_APPROVE")
    if not reason.strip():
        raise Refusal(_("Say why the release is refused: whoever prepared it has to know what to change."))
    row = queries.release(viewer=by, number=number).release
    with audited(by=by, action="release.refused", subject=("release", row.pk), detail={"number": number}):
        _lock(by, row, "refuse")
        return _decide(by, row, REFUSED, reason.strip(), b"")


def close_year(*, by: Actor, second: Actor, year: int, reasons: Mapping[str, str] | None = None) -> Release:
    """Prepare and approve in one go, by two people: for set-up and demonstrations."""
    row = prepare_release(by=by, year=year, reasons=reasons)
    approve_release(by=second, number=row.number)
    return row


def _freeze(by: Actor, made: Draft, reasons: Mapping[str, str], event: Event) -> Release:
    at = timezone.now()
    number = 1 + (Release.objects.aggregate(last=Max("number"))["last"] or 0)
    finished = document.finished(made, number=number, at=at, reasons=reasons)
    inputs = made.counted.inputs.to_bytes()
    row = Release.objects.create(
        number=number,
        period=finished["period"]["name"],
        supersedes=finished["supersedes"],
        document=finished,
        facts_digest=made.counted.table.digest,
        inputs_digest=sha256(inputs),
        prepared_by=by.id,
        prepared_at=at,
    )
    written = files.written(finished) | annual_files.written(finished)
    written[files.MANIFEST] = files.manifest(finished, written, row.inputs_digest)
    ReleaseFile.objects.bulk_create(
        ReleaseFile(release=row, name=name, sha256=sha256(content), content=content)
        for name, content in written.items()
    )
    with seeing_as(GATHERING):
        ReleaseInput.objects.create(release=row, sealed=keyring.seal_bytes(SEALED, inputs))
    event.about("release", row.pk)
    event.detail["number"] = number
    return row


def _lock(by: Actor, row: Release, verb: str) -> None:
    """Hold the year's releases until the decision is stored; refuse what the table of states or the second person forbids."""
    list(Release.objects.select_for_update().filter(period=row.period).order_by("number").values_list("pk"))
    decided = ReleaseDecision.objects.filter(release=row).first()
    RELEASE.after(decided.outcome if decided else PREPARED, verb)
    if row.prepared_by == by.id:
        raise Refusal(_("You prepared this release. Somebody else has to decide on it."))


def _decide(by: Actor, row: Release, outcome: str, reason: str, signed: bytes) -> ReleaseDecision:
    return ReleaseDecision.objects.create(
        release=row,
        period=row.period,
        supersedes=row.supersedes,
        outcome=outcome,
        reason=reason,
        prepared_by=row.prepared_by,
        decided_by=by.id,
        decided_at=timezone.now(),
        signature=signed,
        public_key=signature.public_key() if signed else "",
    )


def _publish_returns(by: Actor, row: Release) -> None:
    """The periodic returns that the release holds can be seen from now on, and those who sent them are told so."""
    period = row.document["period"]
    start, end = date.fromisoformat(period["start"]), date.fromisoformat(period["end"])
    publish_returns(by=by, start=start, end=end, only=return_ids(queries.inputs(row)))


def _refused_because(found: list[Fault]) -> str:
    exposed = sum(fault.kind == "exposed" for fault in found)
    if exposed:
        return _(
            "%(count)d withheld numbers could be worked out from this release and the earlier ones. It cannot go out."
        ) % {"count": exposed}
    if any(fault.kind == "overtaken" for fault in found):
        return _(
            "Analysts were given answers from newer records since. Refuse this release, count and prepare it again."
        )
    return _("A file of the release is not what was prepared. It cannot go out: prepare it again.")
