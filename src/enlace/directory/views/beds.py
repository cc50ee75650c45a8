"""Pages on which a house keeps its beds: units, beds out of service and back, and "still true" with one click."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.directory import actions, queries
from enlace.directory.forms.beds import BedsForm, NewUnitForm, OutForm, UnitForm
from enlace.directory.labels import condition_labels
from enlace.directory.views.places import rows_of
from enlace.vault.flow import Work, work_form


@allowed("BEDS_KEEP")
@require_safe
def unit(request: Request, unit_id: UUID) -> HttpResponse:
    """One unit: its beds one by one, and how old its count is."""
    viewer = request.actor
    found = queries.kept_unit(viewer=viewer, unit_id=unit_id)
    rows = queries.units(viewer=viewer, site_ids=[found.site_id])[found.site_id]
    context = {
        "unit": found,
        "site": found.site,
        "row": next(row for row in rows_of(rows) if row["unit"].pk == unit_id),
        "beds": queries.beds_of(viewer=viewer, unit_id=unit_id),
        "conditions": condition_labels(queries.criteria(viewer=viewer, site_id=found.site_id, unit_id=unit_id)),
    }
    return render(request, "directory/unit.html", context)


@allowed("BEDS_KEEP")
def add_unit(request: Request, site_id: UUID) -> HttpResponse:
    found = queries.kept_site(viewer=request.actor, site_id=site_id)

    def act(form: Any) -> str:
        made = actions.save_unit(by=request.actor, site_id=site_id, name=form.cleaned_data["name"])
        actions.add_beds(by=request.actor, unit_id=made.pk, count=form.cleaned_data["beds"])
        return _page_of(made.pk)

    work = Work(
        name="unit.add",
        subject=str(site_id),
        form=NewUnitForm,
        act=act,
        template="directory/form.html",
        context={"title": _("Add beds"), "site": found, "cancel_url": reverse("directory:site", args=[site_id])},
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("BEDS_KEEP")
def edit_unit(request: Request, unit_id: UUID) -> HttpResponse:
    found = queries.kept_unit(viewer=request.actor, unit_id=unit_id)

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.save_unit(
            by=request.actor, site_id=found.site_id, unit_id=unit_id, name=said["name"], is_open=said["is_open"]
        )
        return _page_of(unit_id)

    initial = {"name": found.name, "is_open": found.is_open}
    return work_form(request, _work("unit.edit", found, UnitForm, act, _("Edit the unit"), initial))


@allowed("BEDS_KEEP")
def add_beds(request: Request, unit_id: UUID) -> HttpResponse:
    found = queries.kept_unit(viewer=request.actor, unit_id=unit_id)

    def act(form: Any) -> str:
        actions.add_beds(by=request.actor, unit_id=unit_id, count=form.cleaned_data["beds"])
        return _page_of(unit_id)

    return work_form(request, _work("unit.beds", found, BedsForm, act, _("Add beds")))


@allowed("BEDS_KEEP")
@require_POST
def confirm_unit(request: Request, unit_id: UUID) -> HttpResponse:
    """Still true: one click, from whichever page."""
    actions.confirm_units(by=request.actor, unit_ids=[unit_id])
    messages.success(request, _("Thank you: the free beds count as checked now."))
    return HttpResponseRedirect(reverse("directory:own") if request.POST.get("back") == "own" else _page_of(unit_id))


@allowed("BEDS_KEEP")
def take_out(request: Request, bed_id: UUID) -> HttpResponse:
    """Take one bed out of service, with the reason."""
    found = queries.kept_bed(viewer=request.actor, bed_id=bed_id)

    def act(form: Any) -> str:
        actions.take_out_of_service(by=request.actor, bed_ids=[bed_id], reason_code=form.cleaned_data["reason"])
        return _page_of(found.unit_id)

    context = {
        "title": _("Take a bed out of service"),
        "text": found.unit.name,
        "consequences": [str(sentence) for sentence in OUT],
        "confirm_label": _("Take it out"),
        "cancel_url": _page_of(found.unit_id),
    }
    work = Work(
        name="bed.out",
        subject=str(bed_id),
        form=OutForm,
        act=act,
        template="directory/take_out.html",
        context=context,
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("BEDS_KEEP")
@require_POST
def put_back(request: Request, bed_id: UUID) -> HttpResponse:
    found = queries.kept_bed(viewer=request.actor, bed_id=bed_id)
    actions.return_to_service(by=request.actor, bed_ids=[bed_id])
    messages.success(request, _("The bed is in service again."))
    return HttpResponseRedirect(_page_of(found.unit_id))


OUT = (
    gettext_lazy("Nobody new is given this bed until you put it back."),
    gettext_lazy("If somebody has it now, record the move or the departure first."),
)


def _work(name: str, found: Any, form: Any, act: Any, title: str, initial: Any = None) -> Work:
    return Work(
        name=name,
        subject=str(found.pk),
        form=form,
        act=act,
        template="directory/form.html",
        initial=initial or {},
        context={"title": title, "site": found.site, "unit": found, "cancel_url": _page_of(found.pk)},
        keeps_drafts=False,
    )


def _page_of(unit_id: UUID) -> str:
    return reverse("directory:unit", args=[unit_id])
