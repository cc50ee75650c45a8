"""Pages of estimates: what was estimated, a new one from three sources, its progress, its result and its files."""

import secrets
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Missing, Refusal
from enlace.prevalence import actions, queries, report, rules
from enlace.prevalence.captures import BY_KIND, captures_of_cases
from enlace.prevalence.forms import CasesForm, PeopleForm, StudyForm, TableForm
from enlace.prevalence.labels import SOURCES, STANDARD, STATUS, reason_of, said_of
from reckon.prevalence import BadCaptures

FORMS: dict[str, type[StudyForm]] = {"cases": CasesForm, "table": TableForm, "people": PeopleForm}
REFRESH_SECONDS = 3


@allowed("PREVALENCE_READ")
@require_safe
def estimation_list(request: Request) -> HttpResponse:
    """Every estimate, newest first."""
    page = queries.estimation_page(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    rows = [(row, STATUS[row.status]) for row in page.rows]
    return render(request, "prevalence/list.html", {"page": page, "rows": rows})


@allowed("PREVALENCE_RUN")
@require_safe
def choose_source(request: Request) -> HttpResponse:
    """Where the lists come from."""
    return render(request, "prevalence/choose.html", {"sources": SOURCES})


@allowed("PREVALENCE_RUN")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request, source: str) -> HttpResponse:
    """Say what is to be estimated, from which lists and how."""
    if source not in FORMS:
        raise Missing(_("Choose where the lists come from."))
    if request.method != "POST":
        initial = {"methods": STANDARD, "boot": 1000, "seed": secrets.randbelow(2**31), "lists": BY_KIND}
        return _form(request, source, FORMS[source](initial=initial))
    form = FORMS[source](data=request.POST, files=request.FILES)
    if not form.is_valid():
        return _form(request, source, form, status=422)
    try:
        row = actions.ask_estimation(by=request.actor, asked=_asked(request, source, form))
    except Refusal as refusal:
        form.add_error(None, str(refusal.reason))
        return _form(request, source, form, status=422)
    return HttpResponseRedirect(reverse("prevalence:estimation", args=[row.pk]))


@allowed("PREVALENCE_READ")
@require_safe
def estimation(request: Request, estimation_id: UUID) -> HttpResponse:
    """One estimate: how far it is, why there is none, or the number with everything that belongs to it."""
    row = queries.estimation(viewer=request.actor, estimation_id=estimation_id)
    if row.status != rules.DONE:
        return render(request, "prevalence/unfinished.html", _unfinished(row))
    context = {
        "row": row,
        "source": SOURCES[row.source],
        "same": queries.is_the_same(row),
        "what_if": report.what_if(row, request.GET.get("spread", "0.5")),
        **report.shown(row),
    }
    return render(request, "prevalence/result.html", context)


@allowed("PREVALENCE_READ")
@require_safe
def progress(request: Request, estimation_id: UUID) -> HttpResponse:
    """The fragment that tells how far it is; once it has ended, the page is loaded anew."""
    row = queries.estimation(viewer=request.actor, estimation_id=estimation_id)
    response = render(request, "prevalence/_progress.html", _unfinished(row))
    if row.status not in rules.UNFINISHED:
        response["HX-Refresh"] = "true"
    return response


@allowed("PREVALENCE_RUN")
@require_POST
def cancel(request: Request, estimation_id: UUID) -> HttpResponse:
    actions.cancel_estimation(by=request.actor, estimation_id=estimation_id)
    messages.info(request, _("The estimate was cancelled."))
    return HttpResponseRedirect(reverse("prevalence:estimation", args=[estimation_id]))


@allowed("PREVALENCE_RUN")
@require_POST
def again(request: Request, estimation_id: UUID) -> HttpResponse:
    """Hand an estimate whose worker stopped to another one."""
    actions.queue_again(by=request.actor, estimation_id=estimation_id)
    return HttpResponseRedirect(reverse("prevalence:estimation", args=[estimation_id]))


@allowed("PREVALENCE_RUN")
@require_POST
def repeat(request: Request, estimation_id: UUID) -> HttpResponse:
    """Compute a finished estimate again, to see that it is the same."""
    row = actions.repeat_estimation(by=request.actor, estimation_id=estimation_id)
    return HttpResponseRedirect(reverse("prevalence:estimation", args=[row.pk]))


@allowed("PREVALENCE_READ")
@require_safe
def download(request: Request, estimation_id: UUID, kind: str) -> HttpResponse:
    """The result as a file: the report to attach, or the numbers unrounded."""
    row = queries.estimation(viewer=request.actor, estimation_id=estimation_id)
    if kind not in report.FILES or row.status != rules.DONE:
        raise Missing(_("There is no such file."))
    content_type, write = report.FILES[kind]
    response = HttpResponse(write(row), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="prevalence-{row.digest[:8]}.{kind}"'
    return response


def _form(request: Request, source: str, form: StudyForm, status: int = 200) -> HttpResponse:
    """Numbers meet no identity, so this form has nothing to do with the vault's drafts."""
    context = {"form": form, "name": SOURCES[source], "cancel_url": reverse("prevalence:choose")}
    return render(request, "prevalence/ask.html", context, status=status)


def _asked(request: Request, source: str, form: Any) -> actions.Asked:
    said = form.cleaned_data
    asked = partial(actions.Asked, title=said["title"], period=said["period"], source=source, options=form.options())
    if source != "cases":
        return asked(captures=said["captures"])
    try:
        found = captures_of_cases(viewer=request.actor, start=said["start"], end=said["end"], by=said["lists"])
    except BadCaptures as error:
        raise Refusal(said_of(str(error))) from error
    detail = {
        "start": said["start"].isoformat(),
        "end": said["end"].isoformat(),
        "lists": said["lists"],
        "meetings": found.meetings,
        "by_referral": found.by_referral,
    }
    groups = found.rows
    populations = queries.populations(said["end"].year, {row[3] for row in groups})
    return asked(captures=found.captures, source_detail=detail, groups=groups, populations=populations)


def _unfinished(row: Any) -> dict[str, Any]:
    told = queries.progress(row.pk)
    return {
        "row": row,
        "status": STATUS[row.status],
        "reason": reason_of(row.reason),
        "facts": [
            (_("Status"), STATUS[row.status]),
            (_("Source"), SOURCES[row.source]),
            (_("Lists"), ", ".join(row.lists)),
        ],
        "told": told,
        "stage": report.stage(told.stage) if told else "",
        "abandoned": queries.is_abandoned(row),
        "going_on": row.status in rules.UNFINISHED,
        "refresh": REFRESH_SECONDS,
    }
