"""The pages of the two people who close a year: what is prepared, what would change, approve or refuse."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import display_names
from enlace.base.errors import Refusal
from enlace.country.labels import language
from enlace.releases import actions, document, files, queries
from enlace.releases.forms import ReasonsForm, RefusalForm
from enlace.releases.labels import STATUS
from enlace.releases.report import Reader
from enlace.releases.rules import PREPARED
from enlace.releases.views.answer import as_file


@allowed("RELEASE_READ")
@require_safe
def release_list(request: Request) -> HttpResponse:
    """Every release, newest first, and the form that begins a new one."""
    stands = queries.all_releases(viewer=request.actor)
    rows = [(stand, STATUS[stand.status]) for stand in stands]
    return render(request, "releases/list.html", {"rows": rows, "years": _years()})


@allowed("RELEASE_PREPARE")
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: Request) -> HttpResponse:
    """What would be frozen and what changed; with a reason for each indicator that changed, it is frozen."""
    text = (request.POST if request.method == "POST" else request.GET).get("year", "")
    if text not in _years():
        raise Refusal(_("Choose a year that has begun."))
    draft = document.draft(by=request.actor, period=text)
    form = ReasonsForm(request.POST if request.method == "POST" else None, draft=draft)
    if request.method == "POST" and form.is_valid():
        row = actions.prepare_release(by=request.actor, year=int(text), reasons=form.reasons())
        messages.success(request, _("Release %d is prepared. A second person has to approve it.") % row.number)
        return HttpResponseRedirect(reverse("releases:release", args=[row.number]))
    withheld, cells = draft.withheld
    context = {"draft": draft, "form": form, "year": text, "withheld": withheld, "cells": cells}
    return render(request, "releases/prepare.html", context, status=422 if form.errors else 200)


@allowed("RELEASE_READ")
@require_safe
def release(request: Request, number: int) -> HttpResponse:
    """One release as it would be or is published, and the decision on it."""
    return _release(request, number, RefusalForm())


@allowed("RELEASE_READ")
@require_safe
def file(request: Request, number: int, name: str) -> HttpResponse:
    """A file of it, also before it is approved: whoever signs reads the report first."""
    row = queries.release(viewer=request.actor, number=number).release
    content = queries.named_file(row, name)
    return as_file(content, name, files.TYPES[name])


@allowed("RELEASE_APPROVE")
@require_POST
def approve(request: Request, number: int) -> HttpResponse:
    """Sign it: from then on everybody can read it."""
    actions.approve_release(by=request.actor, number=number)
    messages.success(request, _("Release %d is signed and public.") % number)
    return HttpResponseRedirect(reverse("releases:release", args=[number]))


@allowed("RELEASE_APPROVE")
@require_POST
def refuse(request: Request, number: int) -> HttpResponse:
    """Say why it must not go out."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _release(request, number, form, status=422)
    actions.refuse_release(by=request.actor, number=number, reason=form.cleaned_data["reason"])
    messages.success(request, _("Release %d is refused.") % number)
    return HttpResponseRedirect(reverse("releases:release", args=[number]))


def _release(request: Request, number: int, form: RefusalForm, status: int = 200) -> HttpResponse:
    stand = queries.release(viewer=request.actor, number=number)
    read = Reader(stand.document, language())
    row = stand.release
    decision = row.decision if hasattr(row, "decision") else None
    context = {
        "stand": stand,
        "read": read,
        "unknown": read.unknown(),
        "figures": [read.headline(item) for item in read.first],
        "indicators": [read.indicator(item) for item in read.items],
        "changes": read.changes(),
        "status_label": STATUS[stand.status],
        "decision": decision,
        "waits": stand.status == PREPARED,
        "is_own": row.prepared_by == request.actor.id,
        "names": display_names([row.prepared_by, decision.decided_by if decision else ""]),
        "report": queries.report_of(row, language()),
        "form": form,
    }
    return render(request, "releases/release.html", context, status=status)


def _years() -> list[str]:
    return [str(year) for year in range(timezone.localdate().year, 2009, -1)]
