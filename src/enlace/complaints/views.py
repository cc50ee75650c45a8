"""The public's own way to complain about an official, and the pages of the one agency that receives it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.errors import Refusal
from enlace.complaints import actions, queries, rules
from enlace.complaints.actions import Accusation
from enlace.complaints.forms import (
    OTHER,
    AgencyForm,
    AnswerForm,
    CloseForm,
    ExcludeForm,
    ListForm,
    PurposeForm,
    WhatForm,
    WhereForm,
)
from enlace.complaints.labels import STATUS, STEPS, WORDS
from enlace.country.labels import label, language, state_label
from enlace.country.queries import current
from enlace.intake.files import Clean
from enlace.intake.flow import FollowUp, Inquiry, Thread, follow, inquire, lines_of
from enlace.intake.labels import AUTHOR_STATUS, MESSAGES
from enlace.intake.permissions import PUBLIC
from enlace.intake.public import FilesForm, Frame, Question, attachment, discreet
from enlace.intake.queries import Message
from enlace.vault.flow import Work, work_form

NEUTRAL = gettext_lazy("Information")
QUESTIONS = (
    Question("agency", AgencyForm),
    Question("what", WhatForm),
    Question("where", WhereForm),
    Question("files", FilesForm, takes_files=True),
)
VERBS = {"answer": gettext_lazy("Answer or ask"), "close": gettext_lazy("Close")}


def _frame() -> Frame:
    return Frame("complaint", reverse("complaints:complain"), reverse("complaints:come_back"), NEUTRAL)


@discreet
def complain(request: Request) -> HttpResponse:
    """Complain about an official without an account. The agency is chosen before anything is written."""
    inquiry = Inquiry(
        frame=_frame(),
        intro="complaints/_intro.html",
        questions=QUESTIONS,
        summary=_summary,
        hold=lambda pk, said, files: actions.hold_files(by=PUBLIC, complaint_id=pk, told=_told(said), files=files),
        drop=lambda pk: actions.drop_files(by=PUBLIC, complaint_id=pk),
        send=_send,
    )
    return inquire(request, inquiry)


@discreet
def come_back(request: Request) -> HttpResponse:
    """What a receipt number opens for whoever complained."""
    follow_up = FollowUp(frame=_frame(), kind="complaint", thread=_thread, add=_add, withdraw=_withdraw)
    return follow(request, follow_up)


@allowed("COMPLAINT_READ")
@require_safe
def complaint_list(request: Request) -> HttpResponse:
    """What was received; whatever the viewer has a part in is not there."""
    form = ListForm(request.GET)
    status = form.cleaned_data["status"] if form.is_valid() else ""
    page = queries.complaint_page(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "status_names": STATUS, "agency_names": agency_names()}
    return render(request, "complaints/list.html", context)


@allowed("COMPLAINT_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: Request, complaint_id: UUID) -> HttpResponse:
    """One complaint; what is sealed opens after a purpose is chosen."""
    viewer = request.actor
    found = queries.complaint(viewer=viewer, complaint_id=complaint_id)
    form = PurposeForm(request.POST or None)
    opened: list[Message] = []
    purpose = ""
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        opened = queries.complaint_messages(viewer=viewer, complaint_id=complaint_id, purpose=purpose)
        found = actions.read_complaint(by=viewer, complaint_id=complaint_id)
    names = agency_names()
    context = {
        "complaint": found,
        "accused": names.get(found.accused_code, _("Not in the directory")),
        "form": form,
        "purpose": purpose,
        "status_name": STATUS[found.status],
        "messages_in": [(m, MESSAGES[m.kind], names.get(m.agency_code, ""), _words(m.words)) for m in opened],
        "steps": [(s, STEPS[s.verb]) for s in queries.complaint_steps(viewer=viewer, complaint_id=complaint_id)],
        "steps_now": [
            (reverse(f"complaints:{verb}", args=[complaint_id]), words)
            for verb, words in VERBS.items()
            if viewer.may("COMPLAINT_ANSWER") and verb in rules.COMPLAINT.verbs(found.status)
        ],
    }
    return render(request, "complaints/complaint.html", context, status=422 if form.errors else 200)


@allowed("COMPLAINT_READ")
@require_POST
def complaint_file(request: Request, complaint_id: UUID, part_id: UUID) -> HttpResponse:
    """One file, to be saved under a neutral name."""
    viewer, purpose = request.actor, request.POST.get("purpose", "")
    messages = queries.complaint_messages(viewer=viewer, complaint_id=complaint_id, purpose=purpose)
    kind = next((message.file for message in messages if message.id == part_id), "")
    data = queries.complaint_file(viewer=viewer, complaint_id=complaint_id, part_id=part_id, purpose=purpose)
    return attachment(kind, data)


@allowed("COMPLAINT_ANSWER")
def answer_complaint(request: Request, complaint_id: UUID) -> HttpResponse:
    """Answer the author, or ask."""

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.answer_complaint(by=request.actor, complaint_id=complaint_id, verb=said["verb"], text=said["text"])
        return reverse("complaints:complaint", args=[complaint_id])

    return _work(request, complaint_id, "answer", AnswerForm, act, _("Answer the person"), _("Send"))


@allowed("COMPLAINT_ANSWER")
def close_complaint(request: Request, complaint_id: UUID) -> HttpResponse:
    """Its reception is finished."""

    def act(form: Any) -> str:
        actions.close_complaint(by=request.actor, complaint_id=complaint_id, text=form.cleaned_data["text"])
        return reverse("complaints:complaint", args=[complaint_id])

    return _work(request, complaint_id, "close", CloseForm, act, _("Close the complaint"), _("Close"))


@allowed("COMPLAINT_ANSWER")
def exclude_official(request: Request, complaint_id: UUID) -> HttpResponse:
    """Somebody who could open it is named in it: from now on that account cannot."""

    def act(form: Any) -> str:
        actions.exclude_official(by=request.actor, complaint_id=complaint_id, username=form.cleaned_data["username"])
        return reverse("complaints:list")

    return _work(
        request, complaint_id, "exclude", ExcludeForm, act, _("Close it to somebody who is named"), _("Close to them")
    )


def _work(
    request: Request, complaint_id: UUID, verb: str, form: Any, act: Any, title: str, submit: str
) -> HttpResponse:
    found = queries.complaint(viewer=request.actor, complaint_id=complaint_id)
    if request.method != "POST" and verb != "exclude" and verb not in rules.COMPLAINT.verbs(found.status):
        raise Refusal(_("Open the complaint first, or look how it stands: this is not possible now."))
    work = Work(
        name=f"complaint.{verb}",
        subject=str(complaint_id),
        form=form,
        act=act,
        template="complaints/step.html",
        context={
            "title": title,
            "submit": submit,
            "complaint": found,
            "verb": verb,
            "cancel_url": reverse("complaints:complaint", args=[complaint_id]),
        },
        keeps_drafts=False,
    )
    return work_form(request, work)


def _told(said: Mapping[str, Any]) -> Accusation:
    posts = ", ".join(current().role(code).label(language()) for code in said.get("posts", ()))
    words = {name: said.get(name, "").strip() for name in ("agency_name", "what", "place")} | {"posts": posts}
    return Accusation(
        accused_code="" if said["agency"] == OTHER else said["agency"],
        level_code=said["level"],
        state_code=said.get("state", ""),
        words={name: text for name, text in words.items() if text},
    )


def _send(complaint_id: UUID, said: Mapping[str, Any], number: str, files_held: int) -> None:
    actions.send_complaint(by=PUBLIC, complaint_id=complaint_id, told=_told(said), number=number, files_held=files_held)


def _summary(said: Mapping[str, Any]) -> list[tuple[str, object, object]]:
    told = _told(said)
    name = agency_names().get(told.accused_code) or said["agency_name"] or _("Another one, or I do not know")
    place = ", ".join(part for part in (state_label(said["state"]), said["place"]) if part)
    return [
        ("agency", _("Agency"), f"{name} ({label('official_level', said['level'])})"),
        ("what", _("What happened"), said["what"]),
        ("where", _("Where"), place or _("Not said")),
        ("where", _("Post of the official"), told.words.get("posts") or _("Not said")),
    ]


def _add(complaint_id: UUID, text: str, files: Sequence[Clean]) -> None:
    actions.add_to_complaint(by=PUBLIC, complaint_id=complaint_id, text=text, files=files)


def _withdraw(complaint_id: UUID) -> None:
    actions.withdraw_complaint(by=PUBLIC, complaint_id=complaint_id)


def _thread(complaint_id: UUID) -> Thread:
    found, messages = queries.complaint_of_author(viewer=PUBLIC, complaint_id=complaint_id)
    is_withdrawn = found.status == rules.WITHDRAWN
    return Thread(
        status=AUTHOR_STATUS[found.status],
        lines=lines_of(messages),
        is_withdrawn=is_withdrawn,
        is_erased=is_withdrawn,
    )


def _words(words: Mapping[str, str]) -> list[tuple[object, str]]:
    return [(WORDS.get(name, name), text) for name, text in words.items()]
