"""Pages of the agreements between states."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.actor import NATIONAL
from enlace.base.errors import Missing
from enlace.country.labels import state_label
from enlace.directory import actions, queries
from enlace.directory.forms.places import AgreementForm, EndForm
from enlace.directory.permissions import may_end
from enlace.vault.flow import Work, work_form


@allowed("DIRECTORY_READ", "DIRECTORY_EDIT")
@require_safe
def agreement_list(request: Request) -> HttpResponse:
    """Which state may send people to which."""
    viewer, today = request.actor, timezone.localdate()
    own = queries.own_site_names(viewer=viewer) if viewer.may("DIRECTORY_EDIT") else {}
    is_national = viewer.scope == NATIONAL and viewer.may("DIRECTORY_EDIT")
    rows = [
        {
            "row": row,
            "from_state": state_label(row.from_state),
            "to_state": state_label(row.to_state),
            "is_over": row.valid_to is not None and row.valid_to < today,
            "may_end": (row.site_id in own) if row.site_id else is_national,
        }
        for row in queries.agreement_rows(viewer=viewer)
    ]
    context = {"rows": rows, "adds": is_national or bool(own)}
    return render(request, "directory/agreements.html", context)


@allowed("DIRECTORY_EDIT")
def add_agreement(request: Request) -> HttpResponse:
    viewer = request.actor
    is_national = viewer.scope == NATIONAL
    sites = {str(pk): name for pk, name in queries.own_site_names(viewer=viewer).items()}

    def act(form: Any) -> str:
        actions.save_agreements(by=viewer, rows=[form.agreed()])
        return reverse("directory:agreements")

    work = Work(
        name="agreement.add",
        form=lambda **kwargs: AgreementForm(sites=sites, is_national=is_national, **kwargs),
        act=act,
        template="directory/form.html",
        initial={"valid_from": timezone.localdate()},
        done=_("The agreement counts from its first day when a place is looked for."),
        context={"title": _("Add an agreement"), "cancel_url": reverse("directory:agreements")},
    )
    return work_form(request, work)


@allowed("DIRECTORY_EDIT")
def end_agreement(request: Request, agreement_id: UUID) -> HttpResponse:
    """The last day of an agreement, after saying what it means."""
    found = queries.agreement(viewer=request.actor, agreement_id=agreement_id)
    if not may_end(request.actor, found):
        raise Missing(_("Your agency keeps no such agreement."))

    def act(form: Any) -> str:
        actions.end_agreement(by=request.actor, agreement_id=agreement_id, on=form.cleaned_data["on"])
        return reverse("directory:agreements")

    context = {
        "title": _("End the agreement"),
        "text": f"{state_label(found.from_state)} → {state_label(found.to_state)}: {found.basis}",
        "consequences": [str(sentence) for sentence in END],
        "confirm_label": _("End the agreement"),
        "cancel_url": reverse("directory:agreements"),
    }
    work = Work(
        name="agreement.end",
        subject=str(agreement_id),
        form=EndForm,
        act=act,
        template="directory/end_agreement.html",
        initial={"on": timezone.localdate()},
        context=context,
        keeps_drafts=False,
    )
    return work_form(request, work)


END = (
    gettext_lazy("After that day nobody new is sent under it."),
    gettext_lazy("Whoever is already there stays there."),
)
