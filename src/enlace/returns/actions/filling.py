"""A return is filled in, submitted, and corrected by a new revision."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.country.returns import Measure, ReturnTemplate
from enlace.returns import queries, rules
from enlace.returns.models import PeriodicReturn, Value
from enlace.returns.permissions import check_may_answer, locked
from enlace.returns.rules import Cell, Typed

LONGEST = 200
CONTROL = re.compile(r"[\x00-\x1f]")


def save_return(
    *,
    by: Actor,
    return_id: UUID,
    typed: Sequence[Typed],
    note: str | None = None,
    fills: Mapping[str, str] | None = None,
    saves: int | None = None,
    drop_strange: bool = False,
) -> PeriodicReturn:
    """Keep what was typed, cell by cell, as a draft: what cannot be read is kept as it was typed, with the reason.

    ``fills`` gives a kind of answer to every empty cell of a measure. ``saves`` is how often the return had been saved when the
    form was shown: raises ``Refusal`` when somebody else has saved it since.
    """
    with audited(by=by, action="periodic_return.saved", subject=("periodic_return", return_id)) as event:
        row = locked(by, return_id)
        template = queries.template_of(row)
        check_may_answer(by, template, row.state_code)
        _check_open(row)
        if saves is not None and saves != row.saves:
            raise Refusal(
                _(
                    "Somebody else has saved this return meanwhile. What you typed is still here: compare it and save again."
                )
            )
        row.unread = _write(row, template, typed, drop_strange)
        _fill(row, template, fills or {})
        row.note = (row.note if note is None else note).replace("\x00", "")[:4000]
        row.saves += 1
        row.save(update_fields=["unread", "note", "saves"])
        event.detail.update(cells=len(typed), unread=len(row.unread))
    return row


def submit_return(*, by: Actor, return_id: UUID) -> PeriodicReturn:
    """Hand it in: from then on nothing in it changes. Raises ``Refusal`` while anything is unanswered or wrong."""
    row = queries.periodic_return(viewer=by, return_id=return_id)
    template = queries.template_of(row)
    counted = queries.casework(template, row.state_code, rules.period_of(row.period))
    with audited(by=by, action="periodic_return.submitted", subject=("periodic_return", return_id)):
        row = locked(by, return_id)
        check_may_answer(by, template, row.state_code)
        status = rules.RETURN.after(row.status, "submit")
        _check_complete(row)
        row.status, row.submitted_by, row.submitted_at, row.casework = status, by.id, timezone.now(), counted
        row.save(update_fields=["status", "submitted_by", "submitted_at", "casework"])
    return row


def revise_return(*, by: Actor, return_id: UUID, because: str) -> PeriodicReturn:
    """Begin a correction of a return that was given back, accepted or published: a new revision with the same answers."""
    try:
        with audited(by=by, action="periodic_return.revised", subject=("periodic_return", return_id)) as event:
            row = locked(by, return_id)
            check_may_answer(by, queries.template_of(row), row.state_code)
            if not because.strip():
                raise Refusal(_("Say why the return is corrected."))
            if row.status in rules.UNFINISHED:
                raise Refusal(_("This return is still under way: it needs no new revision."))
            made = _revision(by, row, because)
            event.detail["revision"] = made.revision
            return made
    except IntegrityError:
        raise Refusal(_("A later revision of this return exists already.")) from None


def _check_open(row: PeriodicReturn) -> None:
    if row.status != rules.OPEN:
        raise Refusal(_("This return was submitted and is not edited any more. A correction is a new revision."))


def _check_complete(row: PeriodicReturn) -> None:
    wrong = len(row.unread) + len(rules.errors(queries.findings_of(row)))
    if wrong:
        raise Refusal(
            ngettext(
                "%(n)d thing must be put right before this return can be submitted.",
                "%(n)d things must be put right before this return can be submitted.",
                wrong,
            )
            % {"n": wrong}
        )


def _write(
    row: PeriodicReturn, template: ReturnTemplate, typed: Sequence[Typed], drop_strange: bool
) -> list[dict[str, str]]:
    """Store what can be read; what cannot, and what was unread before and not typed anew, is the answer."""
    asked = {(measure.id, key): measure for measure, key in rules.cells(template)}
    named = {rules.cell_name(one.cell) for one in typed if one.cell}
    unread = [one for one in row.unread if one["cell"] not in named and not (drop_strange and not one["cell"])]
    put: dict[Cell, Value | None] = {}
    for one in typed:
        try:
            answer = _answer(one, asked)
        except rules.Unreadable as error:
            cell = rules.cell_name(one.cell) if one.cell in asked and one.reason != "repeated" else ""
            text = CONTROL.sub("", one.text)[:LONGEST]
            unread.append({"cell": cell, "place": one.place, "text": text, "reason": error.code})
            answer = None
        if one.cell is None or one.cell not in asked or one.reason:
            continue
        put[one.cell] = _value(row, one.cell, answer) if answer else None
    _store(row, put)
    return unread


def _value(row: PeriodicReturn, cell: Cell, answer: rules.Answer) -> Value:
    return Value(of=row, measure=cell[0], key=rules.key_text(cell[1]), kind=answer.kind, value=answer.value)


def _answer(one: Typed, asked: Mapping[Cell, Measure]) -> rules.Answer | None:
    if one.reason:
        raise rules.Unreadable(one.reason)
    if one.cell is None or one.cell not in asked:
        raise rules.Unreadable("unknown-cell")
    return rules.read_answer(one.text, amount=asked[one.cell].is_amount)


def _store(row: PeriodicReturn, put: Mapping[Cell, Value | None]) -> None:
    """Write the answers; a cell without one loses the one it had."""
    lost = {rules.cell_name(cell) for cell, value in put.items() if value is None}
    held = row.values.values_list("pk", "measure", "key") if lost else []
    Value.objects.filter(pk__in=[pk for pk, measure, key in held if f"{measure}|{key}" in lost]).delete()
    Value.objects.bulk_create(
        [value for value in put.values() if value],
        update_conflicts=True,
        unique_fields=["of", "measure", "key"],
        update_fields=["kind", "value"],
    )


def _fill(row: PeriodicReturn, template: ReturnTemplate, fills: Mapping[str, str]) -> None:
    """Answer every empty cell of a measure with one kind; what could not be read is not empty."""
    answers = queries.answers_of(row)
    unread = {one["cell"] for one in row.unread}
    put: dict[Cell, Value | None] = {}
    for measure, key in rules.cells(template):
        kind, cell = fills.get(measure.id, ""), (measure.id, key)
        is_empty = cell not in answers and rules.cell_name(cell) not in unread
        if is_empty and kind in (rules.ZERO, rules.NO_DATA, rules.NOT_ASKED):
            put[cell] = _value(row, cell, rules.Answer(kind, Decimal(0) if kind == rules.ZERO else None))
    _store(row, put)


def _revision(by: Actor, row: PeriodicReturn, because: str) -> PeriodicReturn:
    copied = ("template", "template_code", "period", "starts_on", "ends_on", "due_on", "state_code", "note")
    made = PeriodicReturn.objects.create(
        **{name: getattr(row, name) for name in (*copied, "agency_code", "agency_kind")},
        revision=row.revision + 1,
        replaces=row,
        revised_because=because.strip()[:4000],
        opened_by=by.id,
        opened_at=timezone.now(),
    )
    rows = row.values.values_list("measure", "key", "kind", "value")
    Value.objects.bulk_create(
        Value(of=made, measure=measure, key=key, kind=kind, value=value) for measure, key, kind, value in rows
    )
    return made
