"""Pages of an analyst's questions: those that were asked, a new one, its answer and its files, and taking it off the list."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import display_names
from enlace.base.errors import Missing, Refusal
from enlace.base.synthetic import is_synthetic
from enlace.country.queries import current
from enlace.statistics import actions, queries, question_report, questions, rules
from enlace.statistics.forms import QuestionForm
from enlace.statistics.labels import SAVED_STATUS
from enlace.statistics.models import SavedTable
from enlace.statistics.views.asked import as_file

REFRESH_SECONDS = 3


@allowed("FACTS_QUERY")
@require_safe
def question_list(request: Request) -> HttpResponse:
    """What the agency's analysts asked, newest first."""
    page = queries.saved_page(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    rows = [(row, SAVED_STATUS[row.status]) for row in page.rows]
    return render(request, "statistics/questions.html", {"page": page, "rows": rows})


@allowed("FACTS_QUERY")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """First what is counted and in which year, then by what."""
    pack, periods = current(), queries.periods_to_ask(viewer=request.actor)
    chosen, period = request.GET.get("indicator", ""), request.GET.get("year", "")
    if not chosen or period not in periods:
        names = [(d.id, question_report.indicator_label(d.id)) for d in questions.askable(pack)]
        return render(
            request, "statistics/choose_question.html", {"names": names, "periods": periods, "chosen": chosen}
        )
    definition = questions.definition_of(pack, chosen)
    sent = request.POST if request.method == "POST" else None
    form = QuestionForm(sent, definition=definition, period=period)
    if sent is not None and form.is_valid():
        asked = form.question()
        try:
            name = form.cleaned_data["name"] or question_report.suggested_name(asked)
            row = actions.ask_question(by=request.actor, name=name, question=asked)
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            return HttpResponseRedirect(reverse("statistics:question", args=[row.pk]))
    context = {
        "form": form,
        "title": question_report.indicator_label(chosen),
        "period": period,
        "cancel_url": reverse("statistics:questions"),
    }
    return render(request, "statistics/ask_question.html", context, status=422 if form.errors else 200)


@allowed("FACTS_QUERY")
@require_safe
def question(request: Request, saved_table_id: UUID) -> HttpResponse:
    """One question: that it is being worked out, why there is no answer, or the answer."""
    row = queries.saved(viewer=request.actor, table_id=saved_table_id)
    return render(request, "statistics/question.html", _context(row))


@allowed("FACTS_QUERY")
@require_safe
def progress(request: Request, saved_table_id: UUID) -> HttpResponse:
    """The fragment that asks whether the answer is there; once it is, the page is loaded anew."""
    row = queries.saved(viewer=request.actor, table_id=saved_table_id)
    response = render(request, "statistics/_question_progress.html", _context(row))
    if row.status != rules.WAITING:
        response["HX-Refresh"] = "true"
    return response


@allowed("FACTS_QUERY")
@require_safe
def download(request: Request, saved_table_id: UUID, kind: str) -> HttpResponse:
    """The stored answer as a file; the same numbers as the page."""
    row = queries.saved(viewer=request.actor, table_id=saved_table_id)
    if row.status != rules.ANSWERED:
        raise Missing(_("There is no such file."))
    content_type, write = question_report.FILES[kind]
    return as_file(write(row, synthetic=is_synthetic()), content_type, f"table-{row.digest[:8]}", kind)


@allowed("FACTS_QUERY")
@require_POST
def again(request: Request, saved_table_id: UUID) -> HttpResponse:
    """Hand the question to the worker once more."""
    actions.repeat_question(by=request.actor, table_id=saved_table_id)
    return HttpResponseRedirect(reverse("statistics:question", args=[saved_table_id]))


@allowed("FACTS_QUERY")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: Request, saved_table_id: UUID) -> HttpResponse:
    """Take a table off the list, once that was confirmed."""
    row = queries.saved(viewer=request.actor, table_id=saved_table_id)
    if request.method == "POST":
        actions.delete_table(by=request.actor, table_id=saved_table_id)
        messages.success(request, _("The table was deleted."))
        return HttpResponseRedirect(reverse("statistics:questions"))
    context = {
        "form": None,
        "title": _("Delete this table?"),
        "text": row.name,
        "consequences": [
            _(
                "Nobody of your agency finds it again, and nothing brings it back. Files that were saved stay where they are."
            ),
            _("What it showed stays known to Enlace, so that later answers do not give away what this one withheld."),
        ],
        "danger": True,
        "confirm_label": _("Delete the table"),
        "cancel_url": reverse("statistics:question", args=[row.pk]),
    }
    return render(request, "base/confirm.html", context)


def _context(row: SavedTable) -> dict[str, Any]:
    is_answered = row.status == rules.ANSWERED
    return {
        "row": row,
        "facts": question_report.facts_of(row),
        "sheets": question_report.sheets(row) if is_answered else [],
        "reason": question_report.reason_of(row),
        "instead": question_report.instead(row),
        "waiting": row.status == rules.WAITING,
        "repeatable": queries.is_repeatable(row),
        "who": display_names([row.asked_by]).get(row.asked_by, ""),
        "refresh": REFRESH_SECONDS,
        "kinds": [(kind, kind.upper()) for kind in question_report.FILES],
    }
