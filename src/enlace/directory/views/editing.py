"""Pages on which an agency writes its places: one page for each thing that changes by itself."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.actor import NATIONAL
from enlace.base.errors import Missing
from enlace.directory import actions, queries
from enlace.directory.forms.conditions import CriteriaForm, answers, split
from enlace.directory.forms.places import ContactsForm, ProgrammesForm, SealForm, SiteForm, of_site
from enlace.directory.labels import condition_labels
from enlace.directory.permissions import holds_place
from enlace.vault.flow import Work, work_form

NEW = {"is_secret": True, "is_open": True, "accepts_trafficking": True, "may_go_out_alone": True}


@allowed("DIRECTORY_EDIT")
def add_site(request: Request) -> HttpResponse:
    """A new place; what it gives is asked next."""

    def act(form: Any) -> str:
        (made,) = actions.save_sites(by=request.actor, rows=[form.place()])
        return reverse("directory:programmes", args=[made.pk])

    work = Work(
        name="site.add",
        form=lambda **kwargs: SiteForm(agencies=_agencies(request), **kwargs),
        act=act,
        template="directory/site_form.html",
        initial=NEW | {"agency": request.actor.agency_code},
        done=_("The place is in the directory. Say now what it gives, then whom it takes."),
        context={"title": _("Add a place"), "cancel_url": reverse("directory:own")},
    )
    return work_form(request, work)


@allowed("DIRECTORY_EDIT")
def edit_site(request: Request, site_id: UUID) -> HttpResponse:
    found = queries.own_site(viewer=request.actor, site_id=site_id)

    def act(form: Any) -> str:
        actions.save_sites(by=request.actor, rows=[form.place(site_id)])
        return _page_of(site_id)

    work = Work(
        name="site.edit",
        subject=str(site_id),
        form=lambda **kwargs: SiteForm(agencies={found.agency_id: found.agency.name}, **kwargs),
        act=act,
        template="directory/site_form.html",
        initial=of_site(found),
        done=_("Saved."),
        context={"title": _("Edit the place"), "site": found, "cancel_url": _page_of(site_id)},
    )
    return work_form(request, work)


@allowed("DIRECTORY_EDIT")
def edit_programmes(request: Request, site_id: UUID) -> HttpResponse:
    """What a place gives: what is not ticked is closed, and stays in the record."""
    found = queries.own_site(viewer=request.actor, site_id=site_id)

    def act(form: Any) -> str:
        actions.save_programmes(by=request.actor, site_id=site_id, service_codes=form.cleaned_data["services"])
        return _page_of(site_id)

    work = Work(
        name="site.programmes",
        subject=str(site_id),
        form=ProgrammesForm,
        act=act,
        template="directory/form.html",
        initial={"services": [row.service_code for row in found.programmes.all() if row.is_open]},
        done=_("Saved."),
        context={"title": _("What the place gives"), "site": found, "cancel_url": _page_of(site_id)},
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("DIRECTORY_EDIT")
def edit_criteria(request: Request, site_id: UUID) -> HttpResponse:
    """Whom a place takes."""
    return _criteria(request, site_id, None)


@allowed("DIRECTORY_EDIT")
def edit_unit_criteria(request: Request, unit_id: UUID) -> HttpResponse:
    """What one unit asks besides."""
    found = queries.own_unit(viewer=request.actor, unit_id=unit_id)
    return _criteria(request, found.site_id, unit_id)


@allowed("DIRECTORY_EDIT")
def edit_contacts(request: Request, site_id: UUID) -> HttpResponse:
    """How agencies and the public reach a place."""
    found = queries.own_site(viewer=request.actor, site_id=site_id)
    known = queries.contacts(viewer=request.actor, site_id=site_id)

    def act(form: Any) -> str:
        actions.save_contacts(by=request.actor, site_id=site_id, rows=form.rows())
        return _page_of(site_id)

    work = Work(
        name="site.contacts",
        subject=str(site_id),
        form=lambda **kwargs: ContactsForm(known=known, **kwargs),
        act=act,
        template="directory/contacts.html",
        done=_("Saved."),
        context={"title": _("How to reach the place"), "site": found, "cancel_url": _page_of(site_id)},
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("DIRECTORY_EDIT")
def seal_place(request: Request, site_id: UUID) -> HttpResponse:
    """Write where a place is. The form starts empty, and what was sealed before is destroyed."""
    found = queries.own_site(viewer=request.actor, site_id=site_id)
    if not holds_place(request.actor, found):
        raise Missing(_("Your agency keeps no such place."))

    def act(form: Any) -> str:
        actions.seal_place(by=request.actor, site_id=site_id, content=form.cleaned_data)
        return _page_of(site_id)

    work = Work(
        name="site.place",
        subject=str(site_id),
        form=SealForm,
        act=act,
        template="directory/seal.html",
        done=_("Where the place is was sealed."),
        context={"title": _("Where the place is"), "site": found, "cancel_url": _page_of(site_id)},
        keeps_drafts=False,  # an address is kept in one place only
    )
    return work_form(request, work)


def _criteria(request: Request, site_id: UUID, unit_id: UUID | None) -> HttpResponse:
    viewer = request.actor
    found = queries.own_site(viewer=viewer, site_id=site_id)
    before = queries.criteria(viewer=viewer, site_id=site_id, unit_id=unit_id)

    def act(form: Any) -> str:
        actions.save_criteria(by=viewer, site_id=site_id, unit_id=unit_id, rows=form.rows(before))
        return _page_of(site_id)

    work = Work(
        name="site.criteria",
        subject=str(unit_id or site_id),
        form=CriteriaForm,
        act=act,
        template="directory/criteria.html",
        initial=answers(before),
        done=_("Saved."),
        context={
            "title": _("Whom the unit takes") if unit_id else _("Whom the place takes"),
            "site": found,
            "kept": condition_labels(split(before)[1]),
            "cancel_url": _page_of(site_id),
        },
    )
    return work_form(request, work)


def _agencies(request: Request) -> dict[str, str]:
    """Whose places the viewer may add."""
    if request.actor.scope == NATIONAL:
        return agency_names()
    return {request.actor.agency_code: request.actor.agency_name}


def _page_of(site_id: UUID) -> str:
    return reverse("directory:site", args=[site_id])
