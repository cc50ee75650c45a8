"""A form that loses nothing: sealed drafts, one sending, refilled after a session that ran out.

Every working form of the house goes through ``work_form``. What is typed is kept in the vault while it is typed, a form
sent twice acts once, and a refusal leaves every field as it was.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.access import Request
from enlace.accounts.carried import owner_token
from enlace.audit.actions import AlreadyDone, once
from enlace.base.errors import Refusal
from enlace.base.ids import new_id
from enlace.vault import actions, queries
from enlace.vault.forms import PurposeForm as PurposeForm  # other modules ask for the purpose with a label of their own

UNREADABLE = "\ufffd"  # what Django leaves in place of bytes that are no UTF-8
PLUMBING = ("csrfmiddlewaretoken", "form_token", "form_owner", "form_do")


@dataclass(frozen=True)
class Work:
    """One form on one page. ``act`` is given the cleaned form, does the work and answers where to go next."""

    name: str
    form: Callable[..., forms.Form]
    act: Callable[[forms.Form], str]
    template: str
    subject: str = ""
    initial: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    done: str = ""
    keeps_drafts: bool = True


def work_form(request: Request, work: Work) -> HttpResponse:
    """Show, save as draft, discard or send the form, as the request asks."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method != "POST":
        return _show(request, work)
    wanted = request.POST.get("form_do") or request.GET.get("do", "")
    if wanted in ("draft", "discard") and not work.keeps_drafts:
        return _show(request, work)
    if wanted == "draft":
        return _save_draft(request, work)
    if wanted == "discard":
        actions.drop_draft(by=request.actor, form=work.name, subject=work.subject)
        messages.info(request, _("The draft was discarded."))
        return HttpResponseRedirect(request.path)
    return _send(request, work)


def plumbing(request: Request) -> dict[str, Any]:
    """What a small form inside another page needs to be sent once and come back to its owner."""
    return {"form_token": new_id(), "form_owner": owner_token(request.user.get_username())}


def _show(request: Request, work: Work) -> HttpResponse:
    initial, saved_at = dict(work.initial), None
    if carried := getattr(request, "carried", None):
        initial |= _as_initial(carried, work)
        messages.info(request, _("Your session had ended. What you typed is back: check it and send it again."))
    elif work.keeps_drafts and (kept := queries.draft(viewer=request.actor, form=work.name, subject=work.subject)):
        saved_at = datetime.fromisoformat(kept["saved_at"])
        initial |= _as_initial(kept["fields"], work)
    return _render(request, work, work.form(initial=initial), saved_at=saved_at, token=new_id())


def _save_draft(request: Request, work: Work) -> HttpResponse:
    values = {"fields": _posted(request), "path": request.path, "saved_at": timezone.now().isoformat()}
    actions.save_draft(by=request.actor, form=work.name, subject=work.subject, values=values)
    if request.GET.get("do") == "draft":
        return JsonResponse({"saved_at": timezone.localtime().strftime("%H:%M")})
    messages.success(request, _("Draft saved. You will find it in your work queue."))
    return HttpResponseRedirect(request.path)


def _send(request: Request, work: Work) -> HttpResponse:
    form = work.form(data=request.POST)
    token = token_of(request)
    try:
        url = once(by=request.actor, token=token, act=lambda: _act(request, work, form))
    except _NotValid:
        return _render(request, work, form, token=token, status=422)
    except AlreadyDone as done:
        messages.info(request, str(done.reason))
        return HttpResponseRedirect(done.url or request.path)
    except Refusal as refusal:
        form.add_error(None, _(str(refusal.reason)))  # the rules know no Django: their sentences are translated here
        return _render(request, work, form, token=new_id(), status=422)
    if work.keeps_drafts:
        actions.drop_draft(by=request.actor, form=work.name, subject=work.subject)
    if work.done:
        messages.success(request, work.done)
    return HttpResponseRedirect(url)


class _NotValid(Exception):
    """The form has errors: nothing is done, and its token stays good."""


def _act(request: Request, work: Work, form: forms.Form) -> str:
    """Judged only now, when the token is known to be new: the first sending may have changed what the form may say."""
    if any(UNREADABLE in value for values in _posted(request).values() for value in values):
        form.add_error(None, _("Some characters did not arrive as they were typed. Write them again."))
    if not form.is_valid():
        raise _NotValid
    return work.act(form)


def _render(
    request: Request, work: Work, form: forms.Form, *, token: UUID, saved_at: Any = None, status: int = 200
) -> HttpResponse:
    context = {
        **work.context,
        "form": form,
        "form_token": token,
        "form_owner": owner_token(request.user.get_username()),
        "draft_url": f"{request.path}?do=draft" if work.keeps_drafts else "",
        "saved_at": saved_at,
    }
    return render(request, work.template, context, status=status)


def _posted(request: Request) -> dict[str, list[str]]:
    return {name: values for name, values in request.POST.lists() if name not in PLUMBING}


def _as_initial(fields: Mapping[str, list[str]], work: Work) -> dict[str, Any]:
    """Kept text back into a form: lists for fields with several answers, one value for the others."""
    known = work.form().fields
    several = (forms.MultipleChoiceField,)
    return {
        name: values if isinstance(known[name], several) else (values[-1] if values else "")
        for name, values in fields.items()
        if name in known
    }


def token_of(request: Request) -> UUID:
    """The token of this sending, by which the same form sent again is known."""
    try:
        return UUID(request.POST.get("form_token", ""))
    except ValueError:
        return new_id()
