"""Answers: a page at a time, never over what somebody else has answered meanwhile; corrections keep what was there first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.permissions import check
from enlace.country.protocols import NoAnswer, Value
from enlace.screening import asked, rules
from enlace.screening.actions.finding import REPEATED, Weighing
from enlace.screening.models import Answer, GroupScreening, Screening
from enlace.screening.permissions import check_draft, check_version, locked
from enlace.screening.queries import Standing, newest_answers, protocol_of
from enlace.vault.actions import add_to_record, seal_record

LONGEST_REASON = 400


@dataclass(frozen=True, kw_only=True, repr=False)
class AnswerPage:
    """The answers of one page of one screening. It prints as nothing, so that no log can show them.

    ``protocol_version`` is the one they were given under. ``seen`` says which revision of each answer the page showed (0: none);
    ``None`` when nobody else can have answered (an import). ``reason`` is asked of a correction after the end.
    """

    screening_id: UUID
    protocol_version: int
    values: Mapping[str, object]
    seen: Mapping[str, int] | None = None
    reason: str = ""
    at: datetime | None = None


@dataclass(frozen=True, repr=False)
class Writing:
    """New rows for one screening, or for the event of a group, after those that stand."""

    parent: Screening | GroupScreening
    standing: Standing
    by: Actor
    at: datetime
    reason: str = ""

    def write(self, values: Mapping[str, Value], seen: Mapping[str, int] | None) -> dict[str, Answer]:
        """Write the values that differ from what stands; raise ``Refusal`` where somebody else came first."""
        changed = self._changed(values)
        overtaken = [code for code in changed if seen is not None and self._revision(code) != seen.get(code, 0)]
        if overtaken:
            raise Refusal(
                _(
                    "Somebody else has answered this meanwhile: %(questions)s. What they answered is shown; "
                    "save again to correct it."
                )
                % {"questions": asked.names(self.standing.protocol, overtaken)}
            )
        texts = {code: value for code, value in changed.items() if self._is_text(code, value)}
        part_id = self._seal(texts) if texts else None
        rows = []
        for code, value in changed.items():
            state, stored = asked.encoded(value)
            row = self.row(code, state, None if code in texts else stored)
            if code in texts:
                row.record_id, row.part_id = self.parent.pk, part_id
            rows.append(row)
        Answer.objects.bulk_create(rows, batch_size=500)
        return {row.question_code: row for row in rows}

    def row(self, code: str, state: str, stored: object) -> Answer:
        """The next row of one question: the first, or a correction of the newest."""
        before = self.standing.rows.get(code)
        is_group = isinstance(self.parent, GroupScreening)
        return Answer(
            **{"group_id" if is_group else "screening_id": self.parent.pk},
            question_code=code,
            protocol_code=self.parent.protocol_code,
            protocol_version=self.parent.protocol_version,
            revision=before.revision + 1 if before else 1,
            supersedes=before,
            state=state,
            value=stored,
            reason=self.reason,
            by=self.by.id,
            agency_code=self.by.agency_code or self.parent.agency_code,
            at=self.at,
        )

    def _changed(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """What says something new. A sealed text cannot be compared, so writing one again is always new."""
        before = self.standing.values
        return {c: value for c, value in values.items() if self._is_text(c, value) or before.get(c) != value}

    def _is_text(self, code: str, value: Value) -> bool:
        return self.standing.protocol.question(code).type == "text" and not isinstance(value, NoAnswer)

    def _revision(self, code: str) -> int:
        row = self.standing.rows.get(code)
        return row.revision if row else 0

    def _seal(self, texts: Mapping[str, Value]) -> UUID:
        """Put free text into the record of the screening or event, made on first use; returns the part."""
        if not self.parent.is_sealed:
            seal_record(by=self.by, record_id=self.parent.pk, content={})
            self.parent.is_sealed = True
            self.parent.save(update_fields=["is_sealed"])
        return add_to_record(by=self.by, record_id=self.parent.pk, content=dict(texts))


def answer_screenings(*, by: Actor, rows: Sequence[AnswerPage]) -> list[Screening]:
    """Save pages of answers of screenings under way. What was saved before stays: another answer is another row.

    Raises ``Refusal`` naming the questions, never the answers: for an answer that does not fit, for another version of
    the protocol, and when somebody else answered since the page was opened. Shown the new answers, they may be corrected.
    """
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.answered", detail={"count": len(rows)}, data_class="C") as event:
        found = locked(by, [row.screening_id for row in rows])
        if len(rows) == 1:
            event.about("screening", rows[0].screening_id)
        newest = newest_answers(list(found.values()))
        for row in rows:
            screening = found[row.screening_id]
            check_draft(screening)
            if screening.safety_at is None:
                raise Refusal(_("First see to the steps before the first question."))
            newest[row.screening_id] |= _write_page(by, screening, newest[row.screening_id], row)
    return [found[row.screening_id] for row in rows]


def correct_screenings(*, by: Actor, rows: Sequence[AnswerPage]) -> list[Screening]:
    """Correct answers of finished screenings that nobody has decided yet, each with its reason.

    The first answer stays, and the engine weighs again.
    """
    check(by, "SCREENING_RECORD")
    with audited(by=by, action="screening.corrected", detail={"count": len(rows)}, data_class="C") as event:
        found = locked(by, [row.screening_id for row in rows])
        if len(rows) == 1:
            event.about("screening", rows[0].screening_id)
        newest = newest_answers(list(found.values()))
        for row in rows:
            screening = found[row.screening_id]
            _check_correctable(screening)
            if not row.reason.strip() or len(row.reason) > LONGEST_REASON:
                raise Refusal(_("Say in a few words why the answer is corrected."))
            newest[row.screening_id] |= _write_page(by, screening, newest[row.screening_id], row)
            Weighing(by, screening, row.at or timezone.now()).find(newest[row.screening_id])
            screening.save(update_fields=REPEATED)
    return [found[row.screening_id] for row in rows]


def _check_correctable(screening: Screening) -> None:
    if screening.status == rules.DRAFT:
        raise Refusal(_("This screening is still under way: answer on its pages."))
    if screening.status == rules.DECIDED:
        raise Refusal(_("This screening was already decided. New facts belong to a second screening."))


def _write_page(by: Actor, screening: Screening, rows: Mapping[str, Answer], page: AnswerPage) -> dict[str, Answer]:
    """The rows that the page adds, by question."""
    standing = Standing(protocol_of(screening), rows)
    check_version(screening, page.protocol_version)
    values = asked.checked(standing.protocol, page.values)
    writing = Writing(screening, standing, by, page.at or timezone.now(), page.reason.strip())
    return writing.write(values, page.seen)
