"""Telling something: one question a page, a look at all answers, and the number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from enlace.accounts.access import Request
from enlace.audit.actions import AlreadyDone, claim_submission, once
from enlace.base.errors import Refusal
from enlace.intake import effort, receipts
from enlace.intake.files import TYPES, Clean
from enlace.intake.permissions import PUBLIC
from enlace.intake.public import (
    CHECK,
    EffortForm,
    Frame,
    Kept,
    Question,
    bound,
    forget,
    kept_of,
    page,
    said,
    typed,
    uploads,
)
from enlace.intake.queries import receipt_is_fresh, receipts_given_lately

SHOWN_AGAIN = timedelta(minutes=10)  # a sending whose answer was lost on the way may be repeated
Said = Mapping[str, Any]


@dataclass(frozen=True)
class Inquiry:
    """Questions that end in a receipt. ``elsewhere`` answers an address when the first answer belongs to other pages."""

    frame: Frame
    intro: str  # a fragment above the first question
    questions: tuple[Question, ...]
    summary: Callable[[Said], list[tuple[str, object, object]]]  # (question, label, value)
    hold: Callable[[UUID, Said, Sequence[Clean]], None]
    drop: Callable[[UUID], None]
    send: Callable[[UUID, Said, str, int], None]
    elsewhere: Callable[[Said], str] = lambda said: ""

    def question(self, name: str) -> Question:
        return next((q for q in self.questions if q.name == name), self.questions[0])


def inquire(request: Request, inquiry: Inquiry) -> HttpResponse:
    """Show the first question, take an answer, go back, check, or send: as the form asks."""
    if request.method != "POST":
        return _ask(request, inquiry, Kept(inquiry.frame.flow), inquiry.questions[0])
    kept = kept_of(request, inquiry.frame.flow)
    if kept is None:
        fresh, first = Kept(inquiry.frame.flow), inquiry.questions[0]
        form = first.form(data={})
        form.errors.clear()
        form.add_error(None, _("The page was open too long, and what was written is gone. Please begin again."))
        return _show(request, inquiry, fresh, first, form, status=422)
    if request.POST.get("step") == CHECK:
        return _at_check(request, inquiry, kept)
    return _answer(request, inquiry, kept, inquiry.question(request.POST.get("step", "")))


def _answer(request: Request, inquiry: Inquiry, kept: Kept, question: Question) -> HttpResponse:
    do, place = request.POST.get("do", ""), inquiry.questions.index(question)
    kept.typed[question.name] = typed(request, question.form())
    form = bound(question, kept)
    if question.takes_files and (answer := _take_files(request, inquiry, kept, form)):
        return answer
    if "to_lang" in request.POST:
        return _ask(request, inquiry, kept, question)
    if do == "back":
        return _ask(request, inquiry, kept, inquiry.questions[max(0, place - 1)])
    if not form.is_valid():
        return _show(request, inquiry, kept, question, form, status=422)
    if address := inquiry.elsewhere(form.cleaned_data):
        return HttpResponseRedirect(f"{address}?lang={get_language()}")
    if kept.is_checked or place + 1 == len(inquiry.questions):
        return _check(request, inquiry, kept)
    return _ask(request, inquiry, kept, inquiry.questions[place + 1])


def _take_files(request: Request, inquiry: Inquiry, kept: Kept, form: forms.Form) -> HttpResponse | None:
    """Hold the files sent along; a page to show when something is wrong with them, or when they were dropped."""
    question = inquiry.question(request.POST.get("step", ""))
    if request.POST.get("do") == "drop":
        if kept.files:  # who holds nothing makes nothing be written either
            inquiry.drop(UUID(kept.token))
        kept.files = []
        return _ask(request, inquiry, kept, question)
    if not request.FILES and not getattr(request, "over_limit", 0):
        return None
    paying = _pay(request, kept)
    if paying is not None:
        form.add_error("attached", _("Choose the files again and answer the question below."))
        return _show(request, inquiry, kept, question, form, paying, 422)
    good, problems = uploads(request)
    if good:
        try:
            before = inquiry.questions[: inquiry.questions.index(question)]
            inquiry.hold(UUID(kept.token), said(before, kept), good)
            kept.files += [file.kind for file in good]
        except Refusal as refusal:
            problems.append(str(refusal.reason))
    for problem in problems:
        form.add_error("attached", problem)
    return _show(request, inquiry, kept, question, form, status=422) if problems else None


def _pay(request: Request, kept: Kept) -> EffortForm | None:
    """Spend the challenge of the form, once for all its pages; the form to show when it was not solved."""
    if kept.is_paid:
        return None
    form = EffortForm(request.POST, asked=_asked())
    if form.is_paid():
        try:
            once(by=PUBLIC, token=form.puzzle.token, act=lambda: "")
        except AlreadyDone:
            form = EffortForm({}, asked=_asked())
            form.is_paid()
        else:
            kept.is_paid = True
            return None
    return form


def _asked() -> effort.Demand:
    return effort.demand(receipts_given_lately())


def _ask(request: Request, inquiry: Inquiry, kept: Kept, question: Question) -> HttpResponse:
    """A question with what was answered before, without judging it yet."""
    answered = {name: values for name, values in kept.typed.get(question.name, {}).items() if any(values)}
    several = question.form().fields
    initial = {
        name: values if isinstance(several[name], forms.MultipleChoiceField) else values[-1]
        for name, values in answered.items()
    }
    return _show(request, inquiry, kept, question, question.form(initial=initial))


def _show(
    request: Request,
    inquiry: Inquiry,
    kept: Kept,
    question: Question,
    form: forms.Form,
    paying: EffortForm | None = None,
    status: int = 200,
) -> HttpResponse:
    place = inquiry.questions.index(question)
    asks_effort = question.takes_files and not kept.is_paid
    context = {
        "title": inquiry.frame.title,
        "form": form,
        "paying": paying or (EffortForm(asked=_asked()) if asks_effort else None),
        "step": place + 1,
        "steps": len(inquiry.questions) + 1,
        "question": question,
        "intro": inquiry.intro if place == 0 else "",
        "files": [TYPES[kind][1].upper() for kind in kept.files] if question.takes_files else [],
        "kept": kept.sealed(),
    }
    return page(request, "intake/public/question.html", inquiry.frame, context, status)


def _check(
    request: Request,
    inquiry: Inquiry,
    kept: Kept,
    paying: EffortForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """All answers on one page, before anything is sent; an answer that does not hold is asked again."""
    for question in inquiry.questions:
        form = bound(question, kept)
        if not form.is_valid():
            return _show(request, inquiry, kept, question, form, status=422)
    kept.is_checked = True
    rows = [*inquiry.summary(said(inquiry.questions, kept)), ("files", _("Files"), len(kept.files))]
    context = {
        "title": inquiry.frame.title,
        "rows": rows,
        "problem": problem,
        "paying": paying or (None if kept.is_paid else EffortForm(asked=_asked())),
        "step": len(inquiry.questions) + 1,
        "steps": len(inquiry.questions) + 1,
        "kept": kept.sealed(),
    }
    return page(request, "intake/public/check.html", inquiry.frame, context, status)


def _at_check(request: Request, inquiry: Inquiry, kept: Kept) -> HttpResponse:
    do = request.POST.get("do", "")
    if do.startswith("change:"):
        return _ask(request, inquiry, kept, inquiry.question(do.removeprefix("change:")))
    if do == "back":
        return _ask(request, inquiry, kept, inquiry.questions[-1])
    if "to_lang" in request.POST:
        return _check(request, inquiry, kept)
    return _send(request, inquiry, kept)


def _send(request: Request, inquiry: Inquiry, kept: Kept) -> HttpResponse:
    paying = None if kept.is_paid else EffortForm(request.POST, asked=_asked())
    if paying is not None and not paying.is_paid():
        return _check(request, inquiry, kept, paying, status=422)

    def act() -> str:
        if paying is not None:
            _spend(paying)
        inquiry.send(UUID(kept.token), said(inquiry.questions, kept), kept.number, len(kept.files))
        return ""

    number = receipts.grouped(kept.number)
    try:
        once(by=PUBLIC, token=UUID(kept.token), act=act)
    except AlreadyDone:
        if not receipt_is_fresh(kind=inquiry.frame.flow, number=kept.number, within=SHOWN_AGAIN):
            number = ""
    except Refusal as refusal:
        return _check(request, inquiry, kept, problem=str(refusal.reason), status=422)
    context = {"title": inquiry.frame.title, "number": number}
    return forget(request, page(request, "intake/public/receipt.html", inquiry.frame, context))


def _spend(paying: EffortForm) -> None:
    try:
        claim_submission(by=PUBLIC, token=paying.puzzle.token)
    except AlreadyDone:
        raise Refusal(_("The page was open too long. Nothing is lost: send it again.")) from None
