"""A protocol as it is walked through: its sections as far as they are asked now, and how far each one is."""

from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.queries import display_names
from enlace.base.actor import Actor
from enlace.country.labels import language
from enlace.country.protocols import Question
from enlace.screening import rules
from enlace.screening.labels import answer_text
from enlace.screening.models import Answer
from enlace.screening.queries import Standing


@dataclass(frozen=True)
class Part:
    """One section with the questions that are asked now; ``number`` is its place in the protocol, counted from 1."""

    number: int
    title: str
    questions: tuple[Question, ...]
    answered: int

    @property
    def is_done(self) -> bool:
        return self.answered == len(self.questions)


def parts_of(standing: Standing, *, shared: bool = False) -> list[Part]:
    """The sections that have something to ask after the answers given; ``shared``: only what is asked once for a group."""
    values = standing.values
    asked_now = {q.code for q in rules.visible(standing.protocol, values) if q.shared or not shared}
    found = []
    for number, section in enumerate(standing.protocol.sections, start=1):
        questions = tuple(q for q in section.questions if q.code in asked_now)
        if questions:
            answered = sum(q.code in values for q in questions)
            found.append(Part(number, section.title(language()), questions, answered))
    return found


def after(parts: list[Part], number: int) -> Part | None:
    return next((part for part in parts if part.number > number), None)


def before(parts: list[Part], number: int) -> Part | None:
    return next((part for part in reversed(parts) if part.number < number), None)


def notes_of(viewer: Actor, standing: Standing) -> dict[str, str]:
    """What a page says beside a question that was answered by somebody else, for the whole group, or in a sealed text."""
    others = display_names({row.by for row in standing.rows.values() if row.by != viewer.id})
    found = {
        question.code: _note(viewer, question, standing.rows[question.code], others)
        for question in standing.protocol.questions
        if question.code in standing.rows
    }
    return {code: note for code, note in found.items() if note}


def _note(viewer: Actor, question: Question, row: Answer, names: dict[str, str]) -> str:
    time = f"{timezone.localtime(row.at):%H:%M}"
    if row.copied_from_id:
        return _("Answered for the whole group: %(answer)s") % {"answer": answer_text(question, row)}
    if row.by != viewer.id:
        who = names.get(row.by, _("another screener"))
        return _("Answered by %(who)s at %(time)s: %(answer)s") % {
            "who": who,
            "time": time,
            "answer": answer_text(question, row),
        }
    if row.part_id:
        return _("A text was sealed at %(time)s. What you write now takes its place; left empty, it stays.") % {
            "time": time
        }
    return ""
