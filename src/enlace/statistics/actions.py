"""Every write of statistics: a computation is stored, an agency says it met nobody, a question is asked and answered."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import agencies
from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Forbidden, Refusal
from enlace.base.permissions import check
from enlace.base.rows import seeing_as
from enlace.base.worker import enqueue
from enlace.country.queries import current
from enlace.statistics import changes, given, questions, rules, store
from enlace.statistics.mechanism import mechanism
from enlace.statistics.models import GivenTable, MechanismTable, NationalTable, NilReturn, SavedTable
from enlace.statistics.national import national_tables, period_of
from enlace.statistics.permissions import saved_table
from enlace.statistics.questions import Answered, Question, Unanswerable
from enlace.statistics.snapshot import CASEWORK, digest_of, returned
from reckon.disclosure import Earlier

GATHERING = Actor.system("statistics")
ANSWER = "enlace.statistics.tasks.answer"
ATTEMPTS = 5


def compute_national(*, by: Actor, year: int) -> NationalTable:
    """Gather, count, protect and store the national table of a year. What was stored before stays as it is."""
    check(by, "STATISTICS_COMPUTE")
    if not 1990 <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    period, pack = period_of(str(year)), current()
    store.keep(period.start, period.end)
    with audited(by=by, action="statistics.computed", detail={"period": period.name}) as event, seeing_as(GATHERING):
        cut_off = timezone.now()
        taken, sent_in = store.taken(period.start, period.end), returned(period.start, period.end)
        facts, digest = taken.table, digest_of(taken.digest(), sent_in)
        seen = facts.filter(pc.is_in(facts.column("measure").cast("string"), pa.array(CASEWORK)))
        kinds = {agency.pk: agency.state_code for agency in agencies()}
        reported = _reported(seen.column("agency").unique().to_pylist(), period.name)
        states = {kinds[code] for code in reported if kinds.get(code)}
        states |= {code for code in seen.column("state").unique().to_pylist() if code}
        table = NationalTable.objects.create(
            period=period.name,
            starts_on=period.start,
            ends_on=period.end,
            cut_off=cut_off,
            digest=digest,
            fact_count=facts.num_rows + sent_in.num_rows,
            threshold=pack.disclosure.threshold,
            tables=national_tables(pack, facts, period, states, sent_in),
            reporting_states=sorted(states),
            reporting_agencies=len(reported),
            agency_count=len(kinds),
            made_by=by.id,
        )
        event.about("national_table", table.pk)
        event.detail["digest"] = table.digest
    return table


def compute_mechanism(*, by: Actor, year: int) -> MechanismTable:
    """Count and store a year of the referral mechanism. What was stored before stays as it is."""
    check(by, "STATISTICS_COMPUTE")
    if not 1990 <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    period = period_of(str(year))
    with audited(by=by, action="statistics.mechanism_computed", detail={"period": period.name}) as event:
        with seeing_as(GATHERING):
            cut_off = timezone.now()
            tables = mechanism(period.start, period.end, timezone.localdate(cut_off))
        table = MechanismTable.objects.create(
            period=period.name,
            cut_off=cut_off,
            threshold=current().disclosure.threshold,
            tables=tables,
            made_by=by.id,
        )
        event.about("mechanism_table", table.pk)
    return table


def declare_nothing(*, by: Actor, year: int) -> NilReturn:
    """Say that the own agency met nobody in a year: a zero, where silence would be missing."""
    if not by.agency_code or not (by.may("CASE_CLOSE") or by.may("STATISTICS_COMPUTE")):
        raise Forbidden(_("Only an agency that keeps cases can say that it met nobody."))
    if not 1990 <= year <= timezone.localdate().year:
        raise Refusal(_("Choose a year that has begun."))
    with audited(by=by, action="statistics.nil_declared", detail={"year": year}):
        row, _created = NilReturn.objects.get_or_create(
            agency_code=by.agency_code,
            period=str(year),
            defaults={"declared_by": by.id, "declared_at": timezone.now()},
        )
    return row


def _reported(seen: list[str], period: str) -> set[str]:
    declared = NilReturn.objects.filter(period=period).values_list("agency_code", flat=True)
    return {code for code in seen if code} | set(declared)


def ask_question(*, by: Actor, name: str, question: Question) -> SavedTable:
    """Keep a question; the worker answers it. Raises ``Refusal`` for what cannot be asked."""
    check(by, "FACTS_QUERY")
    asked = questions.whole(question)
    if given.national_of(asked.period) is None:
        raise Refusal(_("This year has not been counted yet. Count it on the page of the national table, then ask."))
    if not name.strip().isprintable() or not 0 < len(name.strip()) <= 120:
        raise Refusal(_("Give the table a name of up to 120 letters."))
    with audited(by=by, action="question.asked", detail=asked.to_plain()) as event:
        row = SavedTable.objects.create(
            name=name.strip(),
            query=asked.to_plain(),
            status=rules.WAITING,
            agency_code=by.agency_code,
            asked_by=by.id,
            asked_at=timezone.now(),
        )
        event.about("saved_table", row.pk)
        enqueue(ANSWER, str(row.pk))
    return row


def answer_question(*, by: Actor, table_id: UUID) -> None:
    """Work out the answer and store it. Safe to be called twice: the second finds nothing to do.

    What is given is numbered. If another answer about the same indicator was stored meanwhile, the number is taken, and
    this one is worked out anew with the other in mind: two questions at once cannot overlook each other.
    """
    row = saved_table(by, table_id)
    if row.status != rules.WAITING:
        return
    question = Question.from_plain(row.query)
    for _attempt in range(ATTEMPTS):
        try:
            with seeing_as(GATHERING):
                found = questions.worked_out(question)
            _give(by, row, question, found)
        except Unanswerable as error:
            end_question(by=by, table_id=row.pk, reason=error.reason)
        except IntegrityError:
            continue
        return
    end_question(by=by, table_id=row.pk, reason=rules.BUSY)


def end_question(*, by: Actor, table_id: UUID, reason: str) -> None:
    """Keep in one word why there is no answer."""
    with audited(by=by, action="question.refused", subject=("saved_table", table_id), detail={"reason": reason}):
        _store(saved_table(by, table_id), status=rules.REFUSED, reason=reason)


def repeat_question(*, by: Actor, table_id: UUID) -> None:
    """Hand a question to the worker once more: one that waits too long, or one that had no answer."""
    check(by, "FACTS_QUERY")
    with audited(by=by, action="question.repeated", subject=("saved_table", table_id)):
        row = saved_table(by, table_id)
        if not rules.may_repeat(row.status, row.asked_at, timezone.now()):
            raise Refusal(_("This question is answered, or is being worked on."))
        blank = {"status": rules.WAITING, "reason": "", "answered_at": None, "asked_at": timezone.now()}
        SavedTable.objects.filter(pk=row.pk, status=row.status).update(**blank)
        enqueue(ANSWER, str(row.pk))


def delete_table(*, by: Actor, table_id: UUID) -> None:
    """Take a saved table off the list. What was given stays known, so that later answers are protected together with it."""
    check(by, "FACTS_QUERY")
    with audited(by=by, action="saved_table.deleted", subject=("saved_table", table_id)) as event:
        row = saved_table(by, table_id)
        event.detail["digest"] = row.digest
        row.delete()


def forget_changes(*, by: Actor, at: datetime) -> int:
    """Drop lines of the log, and kept snapshots, too old to be of use; returns how many. Safe to run twice at once.

    What was kept and not brought up to date for so long is gathered anew when it is wanted.
    """
    check(by, "STATISTICS_COMPUTE")
    count = store.forget_unused(at - rules.KEPT)
    if not changes.older_than(at - rules.KEPT - rules.AT_ONCE).exists():
        return count
    with audited(by=by, action="statistics.changes_forgotten") as event, seeing_as(GATHERING):
        lines, _by_table = changes.older_than(at - rules.KEPT).delete()
        event.detail["count"] = lines
    return count + lines


def _give(by: Actor, row: SavedTable, question: Question, found: Answered) -> None:
    tables = questions.tables_of(question, found.cube)
    with audited(by=by, action="question.answered", subject=("saved_table", row.pk)) as event:
        if found.before is None:
            event.detail["given"] = _keep_given(question, found).number
        if questions.says_nothing(tables):
            _store(row, status=rules.REFUSED, reason=questions.EMPTY)
        else:
            result = questions.result_of(found, tables)
            _store(row, status=rules.ANSWERED, result=result, digest=questions.digest_of_result(result))


def _keep_given(question: Question, found: Answered) -> GivenTable:
    """What is given, with its counts sealed, seen by no agency. Raises ``IntegrityError`` when it comes second."""
    with seeing_as(GATHERING):
        return GivenTable.objects.create(
            indicator=question.indicator,
            period=question.period,
            number=found.last_number + 1,
            facts_digest=found.national.digest,
            dimensions=list(question.cube),
            tables=given.plain_tables(found.cube),
            sealed=given.sealed_counts(found.counts),
            given_at=timezone.now(),
        )


def keep_released(*, by: Actor, release: int, facts_digest: str, at: datetime, shown: Sequence[Earlier]) -> None:
    """Keep what a release shows of each indicator that can be asked about, so that answers are protected together with it.

    ``at``: when its facts were read. Raises ``IntegrityError`` when an answer is given at the same moment.
    """
    check(by, "RELEASE_APPROVE")
    askable = {definition.id for definition in questions.askable(current())}
    found = defaultdict(list)
    for item in shown:
        if item.counts.indicator in askable:
            found[item.counts.indicator, item.counts.period].append(item)
    with audited(by=by, action="release.kept", detail={"number": release}), seeing_as(GATHERING):
        for (indicator, period), items in found.items():
            last = GivenTable.objects.filter(indicator=indicator, period=period).aggregate(last=Max("number"))["last"]
            GivenTable.objects.create(
                indicator=indicator,
                period=period,
                number=1 + (last or 0),
                release=release,
                facts_digest=facts_digest,
                dimensions=[],
                tables=given.plain_tables([item.published for item in items]),
                sealed=given.sealed_counts([item.counts for item in items]),
                given_at=at,
            )


def _store(row: SavedTable, **values: object) -> None:
    """End what waits; what was answered or deleted meanwhile stays as it is."""
    SavedTable.objects.filter(pk=row.pk, status=rules.WAITING).update(answered_at=timezone.now(), **values)
