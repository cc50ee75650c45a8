"""The pages of questions: one section at a time, of a screening or of what a group shares. Skip logic on the server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Refusal
from enlace.country.protocols import Question, Section, leaves
from enlace.screening import actions, asked, queries, rules
from enlace.screening.forms import SectionForm, initial_of
from enlace.screening.models import GroupScreening, Screening
from enlace.screening.queries import Standing
from enlace.screening.views.parts import Part, after, before, notes_of, parts_of
from enlace.vault.flow import Work, work_form
from enlace.vault.queries import draft


@dataclass(frozen=True)
class Walk:
    """What is walked through: a screening, or what a group shares. ``name`` is the first part of its routes."""

    found: Screening | GroupScreening
    standing: Standing
    parts: list[Part]
    name: str
    save: Callable[[Mapping[str, object], Mapping[str, int]], object]

    def url(self, step: str, *arguments: object) -> str:
        return reverse(f"screening:{self.name}{step}", args=[self.found.pk, *arguments])

    @property
    def home(self) -> str:
        return reverse(f"screening:{self.name}", args=[self.found.pk])

    def section(self, number: int) -> Section:
        return self.standing.protocol.sections[number - 1]

    def part(self, number: int) -> Part | None:
        return next((part for part in self.parts if part.number == number), None)


@allowed("SCREENING_RECORD")
def section(request: Request, screening_id: UUID, number: int) -> HttpResponse:
    """One section of a screening under way."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    if found.status != rules.DRAFT and request.method != "POST":
        return redirect("screening:screening", screening_id)
    if found.safety_at is None and request.method != "POST":
        return redirect("screening:safety", screening_id)
    return _section(request, _walk(request, found), number)


@allowed("SCREENING_RECORD")
def group_section(request: Request, group_id: UUID, number: int) -> HttpResponse:
    """One section of what is asked once for a whole group."""
    found = queries.group(viewer=request.actor, group_id=group_id)
    return _section(request, _group_walk(request, found), number)


@allowed("SCREENING_RECORD")
@require_POST
def questions(request: Request, screening_id: UUID, number: int) -> HttpResponse:
    """The questions of a section after what is chosen on the page, before it is saved."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    return _questions(request, _walk(request, found), number)


@allowed("SCREENING_RECORD")
@require_POST
def group_questions(request: Request, group_id: UUID, number: int) -> HttpResponse:
    found = queries.group(viewer=request.actor, group_id=group_id)
    return _questions(request, _group_walk(request, found), number)


def _walk(request: Request, found: Screening) -> Walk:
    def save(values: Mapping[str, object], seen: Mapping[str, int]) -> object:
        page = actions.AnswerPage(
            screening_id=found.pk, protocol_version=found.protocol_version, values=values, seen=seen
        )
        return actions.answer_screenings(by=request.actor, rows=[page])

    standing = queries.standing_of(found)
    return Walk(found, standing, parts_of(standing), "screening", save)


def _group_walk(request: Request, found: GroupScreening) -> Walk:
    def save(values: Mapping[str, object], seen: Mapping[str, int]) -> object:
        page = actions.GroupPage(group_id=found.pk, protocol_version=found.protocol_version, values=values, seen=seen)
        return actions.answer_group(by=request.actor, row=page)

    standing = queries.standing_of(found)
    return Walk(found, standing, parts_of(standing, shared=True), "group", save)


def _section(request: Request, walk: Walk, number: int) -> HttpResponse:
    part = walk.part(number)
    if part is None:  # not asked after these answers: the next one that is, or the end
        following = after(walk.parts, number)
        return HttpResponseRedirect(walk.url("_section", following.number) if following else walk.home)
    shown, section = _shown(request, walk, part), walk.section(number)

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, SectionForm)
        walk.save(form.values(), _seen(request, shown))
        return _next(request, walk, part, {question.code for question in shown})

    work = Work(
        name=_name(walk),
        subject=_subject(walk, number),
        form=lambda **kwargs: _form(request, walk, section, shown, **kwargs),
        act=act,
        template="screening/section.html",
        initial=_initial(walk, shown),
        context=_context(walk, part),
    )
    return work_form(request, work)


def _form(request: Request, walk: Walk, section: Section, shown: list[Question], **kwargs: Any) -> SectionForm:
    return SectionForm(
        questions=shown,
        answered=[code for code, row in walk.standing.rows.items() if row.state == "given"],
        seen=walk.standing.revisions,
        notes=notes_of(request.actor, walk.standing),
        places=[question.code for question in section.questions],
        **kwargs,
    )


def _context(walk: Walk, part: Part) -> dict[str, Any]:
    earlier = before(walk.parts, part.number)
    place = walk.parts.index(part)
    return {
        "walk": walk,
        "part": part,
        "place": place + 1,
        "is_last": place + 1 == len(walk.parts),
        "sections": [(p, walk.url("_section", p.number)) for p in walk.parts],
        **_live(walk, part.number),
        "back_url": walk.url("_section", earlier.number) if earlier else walk.home,
        "home_url": walk.home,
        "answers_at": walk.standing.saved_at,
    }


def _next(request: Request, walk: Walk, part: Part, shown: set[str]) -> str:
    """Where saving leads: the same section while its answers opened more questions, else the next one, else the end."""
    if request.POST.get("after") == "stop":
        return walk.home
    parts = parts_of(queries.standing_of(walk.found), shared=walk.name == "group")
    here = next((p for p in parts if p.number == part.number), None)
    if here and any(question.code not in shown for question in here.questions):
        return walk.url("_section", part.number)
    following = after(parts, part.number)
    if following:
        return walk.url("_section", following.number)
    return walk.home if walk.name == "group" else walk.url("_finish")


def _questions(request: Request, walk: Walk, number: int) -> HttpResponse:
    """The questions that come or go after what is chosen; nothing else on the page is touched. 204 while nothing changes."""
    part = walk.part(number)
    if part is None:
        return HttpResponse(status=204)
    shown, section = _shown(request, walk, part), walk.section(number)
    typed = _form(request, walk, section, shown, data=request.POST)
    typed.is_valid()
    values = walk.standing.values | _settled(typed, walk)
    wanted = {q.code for q in rules.visible(walk.standing.protocol, values)}
    now = [q for q in section.questions if q.code in wanted and _belongs(walk, q)]
    changed = {q.code for q in now} ^ {q.code for q in shown}
    if not changed:
        return HttpResponse(status=204)
    form = _form(request, walk, section, now, initial=_initial(walk, now))
    places = [(code, row) for code, row in form.blocks() if code in changed]
    return render(request, "screening/_exchange.html", {"form": form, "changed": places})


def _settled(typed: SectionForm, walk: Walk) -> dict[str, Any]:
    """What is typed, as far as it fits its question."""
    found: dict[str, Any] = {}
    for code, value in typed.values().items():
        try:
            found |= asked.checked(walk.standing.protocol, {code: value})
        except Refusal:  # half typed: it is judged when the page is sent
            continue
    return found


def _shown(request: Request, walk: Walk, part: Part) -> list[Question]:
    """The questions on the page, of this section only: those that it says it showed; at first those asked now, and those
    that a draft of it showed."""
    if request.method == "POST":
        codes = set(request.POST.get("shown", "").split())
    else:
        codes = {question.code for question in part.questions} | _kept(request, walk, part.number)
    return [q for q in walk.section(part.number).questions if q.code in codes and _belongs(walk, q)]


def _kept(request: Request, walk: Walk, number: int) -> set[str]:
    """What was shown when the page was last kept as a draft, or was sent after the session had ended."""
    fields = request.carried
    if fields is None:
        kept = draft(viewer=request.actor, form=_name(walk), subject=_subject(walk, number))
        fields = kept["fields"] if kept else {}
    return set(" ".join(fields.get("shown", [])).split())


def _name(walk: Walk) -> str:
    return f"screening.{walk.name}"


def _subject(walk: Walk, number: int) -> str:
    return f"{walk.found.pk}:{number}"


def _belongs(walk: Walk, question: Question) -> bool:
    return question.shared or walk.name != "group"


def _seen(request: Request, shown: list[Question]) -> dict[str, int]:
    """Which revision of each answer the page showed; what is no number counts as none."""
    said = {question.code: request.POST.get(f"seen_{question.code}", "") for question in shown}
    return {code: int(text) if text.isdecimal() and len(text) < 6 else 0 for code, text in said.items()}


def _initial(walk: Walk, shown: list[Question]) -> dict[str, object]:
    values = walk.standing.values
    found: dict[str, object] = {}
    for question in shown:
        if question.code in values:
            found |= initial_of(question, values[question.code])
    return found


def _live(walk: Walk, number: int) -> dict[str, str]:
    """Where the page asks for its questions anew, and after which answers: those that show or hide others of the section."""
    section = walk.section(number)
    codes = {question.code for question in section.questions}
    conditions = [question.show_if for question in section.questions if question.show_if is not None]
    telling = sorted({leaf.question for condition in conditions for leaf in leaves(condition)} & codes)
    if not telling:
        return {"questions_url": "", "questions_on": ""}
    triggers = [f"change target:[name='{kind}_{code}']" for code in telling for kind in ("q", "n")]
    return {"questions_url": walk.url("_questions", number), "questions_on": ", ".join(triggers)}
