"""The access log: who did and read what, in the own agency or, for a national auditor, everywhere."""

from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts import actions, queries
from enlace.accounts.access import Request, allowed
from enlace.accounts.forms import LogFilter
from enlace.accounts.labels import DATA_CLASSES, FAULTS
from enlace.audit.queries import events
from enlace.base.pages import page


@allowed("AUDIT_READ")
@require_safe
def log(request: Request) -> HttpResponse:
    form = LogFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    found = page(_filtered(events(viewer=request.actor), said), order=("-id",), cursor=request.GET.get("cursor", ""))
    about_people = {row.subject_id for row in found.rows if row.subject_kind == "user"}
    names = queries.display_names({row.actor_id for row in found.rows} | about_people)
    context = {
        "form": form,
        "page": found,
        "rows": [
            (
                row,
                names.get(row.actor_id, row.actor_id),
                names.get(row.subject_id, row.subject_id),
                DATA_CLASSES.get(row.data_class, ""),
            )
            for row in found.rows
        ],
        "filtered": any(said.values()),
    }
    return render(request, "accounts/log.html", context, status=422 if form.errors else 200)


@allowed("AUDIT_VERIFY")
@require_POST
def verify(request: Request) -> HttpResponse:
    """Prove that nothing in the record was changed, removed, inserted or reordered."""
    faults = actions.verify_log(by=request.actor)
    if not faults:
        messages.success(request, _("The record is whole: nothing was changed, removed or inserted."))
        return redirect("accounts:log")
    rows = [(fault.chain, fault.seq, FAULTS.get(fault.what, fault.what)) for fault in faults[:200]]
    return render(request, "accounts/faults.html", {"rows": rows, "count": len(faults)})


def _filtered(rows: QuerySet[Any], said: dict[str, Any]) -> QuerySet[Any]:
    if said.get("action"):
        rows = rows.filter(action__startswith=said["action"])
    if said.get("who"):
        rows = rows.filter(actor_id=queries.actor_id(said["who"]))
    if said.get("data_class"):
        rows = rows.filter(data_class=said["data_class"])
    if said.get("since"):
        rows = rows.filter(at__gte=_midnight(said["since"]))
    if said.get("until"):
        rows = rows.filter(at__lt=_midnight(said["until"]) + timedelta(days=1))
    return rows


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
