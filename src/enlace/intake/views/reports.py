"""The public's way to tell something and to come back, and the recipients' pages of what was told."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.errors import Refusal
from enlace.country.labels import label, state_label
from enlace.intake import actions, queries, rules
from enlace.intake.actions import Entry, Told
from enlace.intake.files import TYPES, Clean
from enlace.intake.flow import FollowUp, Inquiry, Thread, follow, inquire, lines_of
from enlace.intake.forms.reports import (
    AnswerForm,
    CloseReportForm,
    PassOnForm,
    PurposeForm,
    ReportContactForm,
    ReportListForm,
    TopicForm,
    WhatForm,
    WhereForm,
    WhoForm,
)
from enlace.intake.labels import AUTHOR_STATUS, MESSAGES, REPORT_STATUS, REPORT_STEPS, WORDS
from enlace.intake.permissions import PUBLIC
from enlace.intake.public import FilesForm, Frame, Question, attachment, discreet
from enlace.intake.queries import Message
from enlace.vault.flow import Work, work_form

CHANNEL = "public_report"  # the channel of contacts that were made of a report
NEUTRAL = gettext_lazy("Information")
QUESTIONS = (
    Question("topic", TopicForm),
    Question("what", WhatForm),
    Question("where", WhereForm),
    Question("who", WhoForm),
    Question("files", FilesForm, takes_files=True),
)


def _frame() -> Frame:
    return Frame("report", reverse("intake:inform"), reverse("intake:come_back"), NEUTRAL)


@discreet
def inform(request: Request) -> HttpResponse:
    """Tell something without an account; a complaint about an official leaves for its own pages before any text."""
    inquiry = Inquiry(
        frame=_frame(),
        intro="intake/public/_report_intro.html",
        questions=QUESTIONS,
        summary=_summary,
        hold=lambda pk, said, files: actions.hold_files(by=PUBLIC, report_id=pk, told=_told(said), files=files),
        drop=lambda pk: actions.drop_files(by=PUBLIC, report_id=pk),
        send=_send,
        elsewhere=lambda said: reverse("complaints:complain") if said.get("topic") == queries.OFFICIAL else "",
    )
    return inquire(request, inquiry)


@discreet
def come_back(request: Request) -> HttpResponse:
    """What a receipt number opens for whoever reported."""
    follow_up = FollowUp(frame=_frame(), kind="report", thread=_thread, add=_add, withdraw=_withdraw)
    return follow(request, follow_up)


@allowed("REPORT_READ")
@require_safe
def report_list(request: Request) -> HttpResponse:
    """The inbox of the agency; filters stand in the address."""
    form = ReportListForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = queries.ReportFilter(status=said.get("status", ""), topic_code=said.get("topic", ""))
    page = queries.report_page(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    return render(request, "intake/report_list.html", {"form": form, "page": page, "status_names": REPORT_STATUS})


@allowed("REPORT_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: Request, report_id: UUID) -> HttpResponse:
    """One report; what is sealed opens after a purpose is chosen, and its author sees that it was read."""
    viewer = request.actor
    found = queries.report(viewer=viewer, report_id=report_id)
    form = PurposeForm(request.POST or None)
    messages: list[Message] = []
    purpose = ""
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        messages = queries.report_messages(viewer=viewer, report_id=report_id, purpose=purpose)
        found = actions.read_report(by=viewer, report_id=report_id)
    names = agency_names()
    context = {
        "report": found,
        "form": form,
        "purpose": purpose,
        "status_name": REPORT_STATUS[found.status],
        "messages_in": [(m, MESSAGES[m.kind], names.get(m.agency_code, ""), _words(m.words)) for m in messages],
        "files": {m.id: (TYPES[m.file][1].upper(), m.size) for m in messages if m.file},
        "steps": [
            (step, REPORT_STEPS[step.verb], names.get(step.agency_code, ""))
            for step in queries.report_steps(viewer=viewer, report_id=report_id)
        ],
        "steps_now": [
            (reverse(f"intake:report_{verb}", args=[report_id]), words)
            for verb, words in (_verbs(found) if viewer.may("REPORT_ANSWER") else [])
        ],
    }
    return render(request, "intake/report.html", context, status=422 if form.errors else 200)


@allowed("REPORT_READ")
@require_POST
def report_file(request: Request, report_id: UUID, part_id: UUID) -> HttpResponse:
    """One file, to be saved: under a neutral name, never shown by the browser as a page of this site."""
    viewer, purpose = request.actor, request.POST.get("purpose", "")
    messages = queries.report_messages(viewer=viewer, report_id=report_id, purpose=purpose)
    kind = next((message.file for message in messages if message.id == part_id), "")
    data = queries.report_file(viewer=viewer, report_id=report_id, part_id=part_id, purpose=purpose)
    return attachment(kind, data)


@allowed("REPORT_ANSWER")
def answer_report(request: Request, report_id: UUID) -> HttpResponse:
    """Answer the author, or ask."""

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.answer_report(by=request.actor, report_id=report_id, verb=said["verb"], text=said["text"])
        return reverse("intake:report", args=[report_id])

    return _work(request, report_id, "answer", AnswerForm, act, _("Answer the person"), _("Send"))


@allowed("REPORT_ANSWER")
def pass_report_on(request: Request, report_id: UUID) -> HttpResponse:
    """Hand it to the agency that can act."""
    others = {code: name for code, name in agency_names().items() if code != request.actor.agency_code}

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.pass_report_on(by=request.actor, report_id=report_id, to_agency=said["to_agency"], note=said["note"])
        return reverse("intake:reports")

    def form(**kwargs: Any) -> PassOnForm:
        return PassOnForm(recipients=others, **kwargs)

    return _work(request, report_id, "pass_on", form, act, _("Pass the report on"), _("Pass on"))


@allowed("REPORT_ANSWER")
def close_report(request: Request, report_id: UUID) -> HttpResponse:
    """Nothing more is to be done."""

    def act(form: Any) -> str:
        actions.close_report(by=request.actor, report_id=report_id, text=form.cleaned_data["text"])
        return reverse("intake:report", args=[report_id])

    return _work(request, report_id, "close", CloseReportForm, act, _("Close the report"), _("Close"))


@allowed("REPORT_ANSWER")
def record_report_contact(request: Request, report_id: UUID) -> HttpResponse:
    """Take it up as a contact, from which screening and a case follow."""
    found = queries.report(viewer=request.actor, report_id=report_id)

    def act(form: Any) -> str:
        said = form.cleaned_data
        entry = Entry(
            channel_code=CHANNEL,
            disposition_code=said["disposition"],
            risk_code=said["risk"],
            precision_code="state" if found.state_code else "none",
            state_code=found.state_code,
            told={"told": said["told"]},
            source_ref=found.code,
        )
        contact = actions.record_report_contact(by=request.actor, report_id=report_id, entry=entry)
        return reverse("intake:contact", args=[contact.pk])

    return _work(
        request, report_id, "contact", ReportContactForm, act, _("Make a contact of it"), _("Record the contact")
    )


def _work(request: Request, report_id: UUID, verb: str, form: Any, act: Any, title: str, submit: str) -> HttpResponse:
    found = queries.report(viewer=request.actor, report_id=report_id)
    if request.method != "POST" and verb not in {name for name, _label in _verbs(found)}:
        raise Refusal(_("Open the report first, or look how it stands: this is not possible now."))
    work = Work(
        name=f"report.{verb}",
        subject=str(report_id),
        form=form,
        act=act,
        template="intake/report_step.html",
        context={
            "title": title,
            "submit": submit,
            "report": found,
            "verb": verb,
            "cancel_url": reverse("intake:report", args=[report_id]),
        },
    )
    return work_form(request, work)


def _verbs(found: Any) -> list[tuple[str, object]]:
    """What a recipient may do now: (the step's address name, its words)."""
    possible = rules.REPORT.verbs(found.status)
    offered: list[tuple[str, object]] = [(verb, words) for verb, words in VERBS.items() if verb in possible]
    takes_up = found.contact_id is None and "close" in possible
    return offered + ([("contact", gettext_lazy("Make a contact of it"))] if takes_up else [])


VERBS = {
    "answer": gettext_lazy("Answer or ask"),
    "pass_on": gettext_lazy("Pass on"),
    "close": gettext_lazy("Close"),
}


def _told(said: Mapping[str, Any]) -> Told:
    words = {name: said.get(name, "").strip() for name in WORDS}
    return Told(
        topic_code=said["topic"],
        state_code=said["state"],
        words={name: text for name, text in words.items() if text},
    )


def _send(report_id: UUID, said: Mapping[str, Any], number: str, files_held: int) -> None:
    actions.send_report(by=PUBLIC, report_id=report_id, told=_told(said), number=number, files_held=files_held)


def _summary(said: Mapping[str, Any]) -> list[tuple[str, object, object]]:
    place = ", ".join(part for part in (state_label(said["state"]), said["place"]) if part)
    return [
        ("topic", _("What it is about"), label("report_topic", said["topic"])),
        ("what", _("What happened"), said["what"]),
        ("where", _("Where"), place or _("Not said")),
        ("who", _("Who is at risk"), said["who"] or _("Not said")),
    ]


def _add(report_id: UUID, text: str, files: Sequence[Clean]) -> None:
    actions.add_to_report(by=PUBLIC, report_id=report_id, text=text, files=files)


def _withdraw(report_id: UUID) -> None:
    actions.withdraw_report(by=PUBLIC, report_id=report_id)


def _thread(report_id: UUID) -> Thread:
    found, messages = queries.report_of_author(viewer=PUBLIC, report_id=report_id)
    taken_up = ""
    if found.is_passed_on:
        name = agency_names().get(found.to_agency, "")
        taken_up = _("It was taken up by an authority and is now with: %(agency)s.") % {"agency": name}
    return Thread(
        status=AUTHOR_STATUS[found.status],
        lines=lines_of(messages),
        is_withdrawn=found.status == rules.WITHDRAWN,
        is_erased=found.is_erased,
        taken_up=taken_up,
    )


def _words(words: Mapping[str, str]) -> list[tuple[object, str]]:
    return [(WORDS.get(name, name), text) for name, text in words.items()]


urls = [
    path("informe/", inform, name="inform"),
    path("informe/seguimiento/", come_back, name="come_back"),
    path("reports/", report_list, name="reports"),
    path("reports/<uuid:report_id>/", report, name="report"),
    path("reports/<uuid:report_id>/file/<uuid:part_id>/", report_file, name="report_file"),
    path("reports/<uuid:report_id>/answer/", answer_report, name="report_answer"),
    path("reports/<uuid:report_id>/pass/", pass_report_on, name="report_pass_on"),
    path("reports/<uuid:report_id>/close/", close_report, name="report_close"),
    path("reports/<uuid:report_id>/contact/", record_report_contact, name="report_contact"),
]
