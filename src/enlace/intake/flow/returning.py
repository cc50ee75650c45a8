"""Coming back with the number: reading answers, adding, withdrawing."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enlace.accounts.access import Request
from enlace.accounts.queries import agency_names
from enlace.audit.actions import AlreadyDone, once
from enlace.base.errors import Missing, Refusal
from enlace.base.ids import new_id
from enlace.intake import effort
from enlace.intake.actions import open_receipt
from enlace.intake.files import Clean
from enlace.intake.permissions import PUBLIC
from enlace.intake.public import (
    AddForm,
    EffortForm,
    Frame,
    NumberForm,
    forget,
    page,
    sealed,
    unsealed,
    uploads,
)
from enlace.intake.queries import Message, wrong_tries_lately
from enlace.vault.flow import token_of


@dataclass(frozen=True)
class Line:
    """One message as its author reads it."""

    at: datetime
    who: object
    text: str
    is_own: bool = False


@dataclass(frozen=True)
class Thread:
    """What a receipt shows."""

    status: object
    lines: Sequence[Line]
    is_withdrawn: bool = False
    is_erased: bool = False
    taken_up: str = ""  # a sentence when it can no longer be destroyed


@dataclass(frozen=True)
class FollowUp:
    """What the receipt of one kind opens and allows."""

    frame: Frame
    kind: str
    thread: Callable[[UUID], Thread]
    add: Callable[[UUID, str, Sequence[Clean]], None]
    withdraw: Callable[[UUID], None]


def follow(request: Request, follow_up: FollowUp) -> HttpResponse:
    """Ask for the number, show what it opens, add, withdraw, or close."""
    if request.method != "POST":
        return _ask_number(request, follow_up)
    if request.POST.get("do") == "close":
        context = {"title": follow_up.frame.title}
        return forget(request, page(request, "intake/public/closed.html", follow_up.frame, context))
    opened = unsealed(request.POST.get("pass", ""))
    if opened is None or opened.get("kind") != follow_up.kind:
        return _open(request, follow_up)
    subject_id, do = UUID(opened["id"]), request.POST.get("do", "")
    if "to_lang" in request.POST:
        return _thread(request, follow_up, subject_id)
    if do == "withdraw":
        return _ask_withdrawal(request, follow_up, subject_id)
    if do == "withdraw_now":
        return _withdraw(request, follow_up, subject_id)
    return _add(request, follow_up, subject_id) if do == "add" else _thread(request, follow_up, subject_id)


def _ask_number(
    request: Request, follow_up: FollowUp, form: forms.Form | None = None, paying: EffortForm | None = None
) -> HttpResponse:
    context = {
        "title": follow_up.frame.title,
        "form": form or NumberForm(),
        "paying": paying or EffortForm(asked=effort.demand(wrong_tries_lately())),
    }
    return page(request, "intake/public/number.html", follow_up.frame, context, 422 if form else 200)


def _open(request: Request, follow_up: FollowUp) -> HttpResponse:
    form = NumberForm(request.POST)
    paying = EffortForm(request.POST, asked=effort.demand(wrong_tries_lately()))
    if "to_lang" in request.POST:
        return _ask_number(request, follow_up)
    if not form.is_valid() or not paying.is_paid():
        return _ask_number(request, follow_up, form, paying)
    try:
        once(by=PUBLIC, token=paying.puzzle.token, act=lambda: "")
        subject_id = open_receipt(by=PUBLIC, kind=follow_up.kind, number=form.cleaned_data["number"])
    except AlreadyDone:
        form.add_error(None, _("The page was open too long. Nothing is lost: send it again."))
        return _ask_number(request, follow_up, form)
    except Missing as missing:
        form.add_error("number", str(missing.reason))
        return _ask_number(request, follow_up, form)
    return _thread(request, follow_up, subject_id)


def _thread(
    request: Request, follow_up: FollowUp, subject_id: UUID, form: forms.Form | None = None, done: str = ""
) -> HttpResponse:
    context = {
        "title": follow_up.frame.title,
        "thread": follow_up.thread(subject_id),
        "form": form or AddForm(),
        "pass": sealed({"kind": follow_up.kind, "id": str(subject_id)}),
        "form_token": new_id(),
        "done": done,
    }
    return page(request, "intake/public/thread.html", follow_up.frame, context, 422 if form else 200)


def _add(request: Request, follow_up: FollowUp, subject_id: UUID) -> HttpResponse:
    form = AddForm(request.POST)
    files, problems = uploads(request)
    for problem in problems:
        form.add_error("attached", problem)
    if not form.is_valid():
        return _thread(request, follow_up, subject_id, form)

    def act() -> str:
        follow_up.add(subject_id, form.cleaned_data["text"], files)
        return ""

    try:
        once(by=PUBLIC, token=token_of(request), act=act)
    except AlreadyDone:
        pass  # what the first sending did is what this page shows
    except Refusal as refusal:
        form.add_error(None, str(refusal.reason))
        return _thread(request, follow_up, subject_id, form)
    return _thread(
        request, follow_up, subject_id, done=_("It was added. Come back with the same number for the answer.")
    )


def _ask_withdrawal(request: Request, follow_up: FollowUp, subject_id: UUID) -> HttpResponse:
    context = {
        "title": follow_up.frame.title,
        "thread": follow_up.thread(subject_id),
        "pass": sealed({"kind": follow_up.kind, "id": str(subject_id)}),
        "form_token": new_id(),
    }
    return page(request, "intake/public/withdraw.html", follow_up.frame, context)


def _withdraw(request: Request, follow_up: FollowUp, subject_id: UUID) -> HttpResponse:
    def act() -> str:
        follow_up.withdraw(subject_id)
        return ""

    with suppress(Refusal):  # it was withdrawn before, which the page says
        once(by=PUBLIC, token=token_of(request), act=act)
    return _thread(request, follow_up, subject_id)


def lines_of(messages: Sequence[Message]) -> list[Line]:
    """The exchange as its author reads it; files one after another are one line."""
    names = agency_names()
    lines = [
        Line(
            at=message.at,
            who=names.get(message.agency_code, message.agency_code) or _("You"),
            text="\n".join([message.text, *(str(text) for text in message.words.values())]).strip(),
            is_own=not message.agency_code,
        )
        for message in messages
        if not message.file
    ]
    files = [message for message in messages if message.file]
    if files:
        count = ngettext("%(n)d file", "%(n)d files", len(files)) % {"n": len(files)}
        lines.append(Line(at=files[-1].at, who=_("You"), text=count, is_own=True))
    return sorted(lines, key=lambda line: line.at)
