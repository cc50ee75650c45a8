"""Pages of periodic returns: what is owed, one return to fill in or to read, its files, and its steps."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names, display_names
from enlace.base.actor import NATIONAL
from enlace.base.errors import Missing, Refusal
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import language, state_choices
from enlace.returns import actions, queries, report, rules
from enlace.returns.forms import BecauseForm, FileForm, ListForm, read_page
from enlace.returns.labels import FEDERATION, FILLS, PERIODICITY, STATUS, TONES, period_name, state_name
from enlace.returns.models import PeriodicReturn
from enlace.returns.permissions import answerable

FILES = {"csv": ("text/csv; charset=utf-8", report.write_csv), "xlsx": (report.XLSX, report.write_xlsx)}


@allowed("PERIODIC_RETURN_READ")
@require_safe
def return_list(request: Request) -> HttpResponse:
    """What the own agency owes, and every return that the viewer sees."""
    form = ListForm(request.GET)
    page = queries.return_page(viewer=request.actor, wanted=form.wanted(), cursor=request.GET.get("cursor", ""))
    context = {
        "owed": [_owed(one) for one in queries.owed(viewer=request.actor, today=timezone.localdate())],
        "page": page,
        "rows": [_line(row) for row in page.rows],
        "form": form,
        "templates": [(one.id, one.label(language())) for one in answerable(request.actor)],
        "for_all": request.actor.scope == NATIONAL,
        "states": [("", FEDERATION), *state_choices()],
    }
    return render(request, "returns/list.html", context)


@allowed("PERIODIC_RETURN_SUBMIT")
@require_POST
def open_return(request: Request) -> HttpResponse:
    """Begin a return, or come back to the one that somebody began."""
    asked = {name: request.POST.get(name, "").strip()[:60] for name in ("template", "period", "state")}
    row = actions.open_return(
        by=request.actor, template_id=asked["template"], period=asked["period"], state_code=asked["state"]
    )
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def periodic_return(request: Request, periodic_return_id: UUID) -> HttpResponse:
    """One return: a form while it is open, its numbers beside what they are held against from then on."""
    row = queries.periodic_return(viewer=request.actor, return_id=periodic_return_id)
    if request.method != "POST":
        return _show(request, row)
    said = read_page(queries.template_of(row), request.POST)
    try:
        row = actions.save_return(
            by=request.actor,
            return_id=row.pk,
            typed=said.typed,
            note=said.note,
            fills=said.fills,
            saves=said.saves,
            drop_strange=said.drop_strange,
        )
    except Refusal as refusal:
        return _show(request, row, typed=said.text, refusal=refusal.reason, status=409)
    if "submit" in request.POST:
        return _submit(request, row)
    messages.success(request, _("Saved as a draft. Nothing has been submitted yet."))
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_SUBMIT")
@require_POST
def upload(request: Request, periodic_return_id: UUID) -> HttpResponse:
    """Take the answers of a file into the draft; what cannot be read is shown at its cell."""
    row = queries.periodic_return(viewer=request.actor, return_id=periodic_return_id)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refusal(_("Choose a file first, of 2 MB at most."))
    row = actions.save_file(by=request.actor, return_id=row.pk, content=form.cleaned_data["file"])
    if row.unread:
        messages.warning(request, _("The file was taken in as a draft. Some of it could not be read: see below."))
    else:
        messages.success(request, _("The file was taken in as a draft. Nothing has been submitted yet."))
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_SUBMIT")
@require_POST
def submit(request: Request, periodic_return_id: UUID) -> HttpResponse:
    return _submit(request, queries.periodic_return(viewer=request.actor, return_id=periodic_return_id))


@allowed("PERIODIC_RETURN_CHECK")
@require_POST
def check(request: Request, periodic_return_id: UUID) -> HttpResponse:
    row = actions.check_return(by=request.actor, return_id=periodic_return_id)
    messages.success(request, _("Marked as checked. It can now be accepted."))
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_ACCEPT")
@require_POST
def accept(request: Request, periodic_return_id: UUID) -> HttpResponse:
    row = actions.accept_return(by=request.actor, return_id=periodic_return_id)
    messages.success(request, _("Accepted: its numbers count from now on."))
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_ACCEPT")
@require_POST
def give_back(request: Request, periodic_return_id: UUID) -> HttpResponse:
    form = BecauseForm(request.POST)
    row = actions.give_back_return(by=request.actor, return_id=periodic_return_id, because=form.reason())
    messages.success(request, _("Given back with your reason."))
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_SUBMIT")
@require_POST
def revise(request: Request, periodic_return_id: UUID) -> HttpResponse:
    form = BecauseForm(request.POST)
    row = actions.revise_return(by=request.actor, return_id=periodic_return_id, because=form.reason())
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


@allowed("PERIODIC_RETURN_READ")
@require_safe
def download(request: Request, periodic_return_id: UUID, kind: str) -> HttpResponse:
    """The return as a file to fill in or to keep: what stands in it now."""
    row = queries.periodic_return(viewer=request.actor, return_id=periodic_return_id)
    if kind not in FILES:
        raise Missing(_("There is no such file."))
    content_type, write = FILES[kind]
    content = write(queries.template_of(row), report.about(row), report.shown(row), synthetic=is_synthetic())
    response = HttpResponse(content, content_type=content_type)
    name = "-".join(part for part in (row.template_code, row.period, row.state_code) if part)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _submit(request: Request, row: PeriodicReturn) -> HttpResponse:
    try:
        row = actions.submit_return(by=request.actor, return_id=row.pk)
    except Refusal as refusal:
        return _show(request, row, refusal=refusal.reason, status=409)
    messages.success(request, _("Submitted. The commission checks it; you see here what comes of it."))
    return HttpResponseRedirect(reverse("returns:return", args=[row.pk]))


def _show(
    request: Request, row: PeriodicReturn, *, typed: dict[str, str] | None = None, refusal: str = "", status: int = 200
) -> HttpResponse:
    judges = request.actor.may("PERIODIC_RETURN_CHECK")
    may_answer = queries.may_answer(viewer=request.actor, row=row)
    editing = row.status == rules.OPEN and may_answer
    earlier = queries.revisions(viewer=request.actor, row=row)
    context = {
        **_words(row),
        "sheet": report.sheet(row, typed=typed, judges=judges),
        "editing": editing,
        "refusal": refusal,
        "fills": FILLS.items(),
        "facts": _facts(row),
        "revisions": [(one, STATUS[one.status]) for one in earlier] if len(earlier) > 1 else [],
        "is_newest": earlier[-1].pk == row.pk,
        "may_answer": may_answer,
        "is_mine": row.submitted_by == request.actor.id,
        "because": BecauseForm(),
        "file_form": FileForm(),
    }
    name = "returns/fill.html" if editing else "returns/read.html"
    return render(request, name, context, status=status)


def _words(row: PeriodicReturn) -> dict[str, Any]:
    template = queries.template_of(row)
    lang = language()
    return {
        "row": row,
        "name": template.label(lang),
        "description": template.description(lang),
        "basis": template.legal_basis,
        "state": state_name(row.state_code),
        "period": period_name(row.period),
        "status_name": STATUS[row.status],
        "tone": TONES.get(row.status, row.status),
    }


def _facts(row: PeriodicReturn) -> list[tuple[str, object]]:
    """Who did what when, as far as it has come."""
    names = display_names([row.submitted_by, row.checked_by, row.decided_by])
    decided = _("Given back") if row.status == rules.RETURNED else _("Accepted")
    steps = (
        (_("Submitted"), row.submitted_by, row.submitted_at),
        (_("Checked"), row.checked_by, row.checked_at),
        (decided, row.decided_by, row.decided_at),
    )
    said = [(label, f"{names.get(by, by)}, {timezone.localtime(at):%Y-%m-%d %H:%M}") for label, by, at in steps if at]
    return [(_("Answered by"), agency_names().get(row.agency_code, row.agency_code)), *said]


def _line(row: PeriodicReturn) -> dict[str, Any]:
    template = queries.template_of(row)
    return {
        "row": row,
        "name": template.label(language()),
        "state": state_name(row.state_code),
        "period": period_name(row.period),
        "status": STATUS[row.status],
        "tone": TONES.get(row.status, row.status),
    }


def _owed(one: queries.Owed) -> dict[str, Any]:
    row = one.row
    return {
        "one": one,
        "name": one.template.label(language()),
        "often": PERIODICITY[one.template.periodicity],
        "period": period_name(one.period.name),
        "status": STATUS[row.status] if row else "",
        "tone": TONES.get(row.status, row.status) if row else "",
        "is_due": row is None or row.status == rules.OPEN,
    }
