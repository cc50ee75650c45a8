"""The list of places and agencies, one place, and the sealed record of where it is."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.slots import Panel, registered
from enlace.country.labels import label, state_label
from enlace.country.queries import current
from enlace.directory import queries
from enlace.directory.forms.places import FilterForm, PurposeForm
from enlace.directory.labels import CONFIDENTIALITY, CONTACT_KINDS, PLACE, condition_labels
from enlace.directory.models import Site
from enlace.directory.permissions import holds_place, is_own
from enlace.directory.queries import UnitRow, Wanted
from enlace.directory.rules import is_stale


@allowed("DIRECTORY_READ")
@require_safe
def site_list(request: Request) -> HttpResponse:
    """Places by name, and agencies with what they offer; filters stand in the address."""
    form = FilterForm(request.GET)
    form.is_valid()
    said = form.cleaned_data  # a filter that cannot be read filters nothing
    wanted = Wanted(said.get("service", ""), said.get("state", ""), said.get("sex", ""), said.get("age"))
    cursor = request.GET.get("cursor", "")
    page = queries.site_page(viewer=request.actor, wanted=wanted, cursor=cursor)
    context = {
        "form": form,
        "page": page,
        "places": [(row, sorted(p.service_code for p in row.programmes.all() if p.is_open)) for row in page.rows],
        "barred": [kind for kind, law in queries.kinds_in_law().items() if law.barred],
        "agencies": _agencies(request, wanted) if not cursor else [],
        "chips": _chips(request, wanted),
        "clear_url": request.path,
    }
    return render(request, "directory/list.html", context)


@allowed("DIRECTORY_EDIT")
@require_safe
def own_list(request: Request) -> HttpResponse:
    """The places that the viewer edits, with their units: what is old stands out and is confirmed with one click."""
    page = queries.own_site_page(viewer=request.actor, cursor=request.GET.get("cursor", ""))
    units = queries.units(viewer=request.actor, site_ids=[site.pk for site in page.rows])
    places = [(site, rows_of(units.get(site.pk, []))) for site in page.rows]
    context = {"page": page, "places": places, "keeps_beds": request.actor.may("BEDS_KEEP")}
    return render(request, "directory/own.html", context)


@allowed("DIRECTORY_READ", "DIRECTORY_EDIT")
@require_safe
def site(request: Request, site_id: UUID) -> HttpResponse:
    """One place: what it gives, whom it takes, its beds and how old their count is."""
    return render(request, "directory/site.html", _site_context(request, site_id))


@allowed("WHEREABOUTS_READ")
@require_POST
def open_place(request: Request, site_id: UUID) -> HttpResponse:
    """Open the sealed address in place, for a stated purpose."""
    context = _site_context(request, site_id)
    form = PurposeForm(request.POST)
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        told = queries.open_place(viewer=request.actor, site_id=site_id, purpose=purpose)
        context["told"] = [(PLACE[name], text) for name, text in told.items() if name in PLACE]
    context["purpose_form"] = form
    return render(request, "directory/site.html", context, status=200 if form.is_valid() else 422)


def rows_of(found: list[UnitRow]) -> list[dict[str, Any]]:
    """Units for a page, each with whether its count is too old to be relied on."""
    at, limit = timezone.now(), current().limits["vacancy_stale"]
    return [
        {
            "unit": row.unit,
            "in_service": row.in_service,
            "out_of_service": row.out_of_service,
            "is_stale": row.unit.is_open and row.in_service > 0 and is_stale(row.unit.confirmed_at, at, limit),
        }
        for row in found
    ]


def _site_context(request: Request, site_id: UUID) -> dict[str, Any]:
    viewer = request.actor
    found = queries.site(viewer=viewer, site_id=site_id)
    own = is_own(viewer, found)
    panels = [panel for panel in registered(Panel, viewer) if panel.page == "site"]
    law = queries.kinds_in_law().get(found.kind_code)
    return {
        "site": found,
        "law": law if law and law.barred else None,
        "own": own,
        "edits": own and viewer.may("DIRECTORY_EDIT"),
        "keeps_beds": own and viewer.may("BEDS_KEEP"),
        "facts": _facts(found, own),
        "services": [row.service_code for row in found.programmes.order_by("service_code") if row.is_open],
        "conditions": condition_labels(queries.criteria(viewer=viewer, site_id=site_id)),
        "units": rows_of(queries.units(viewer=viewer, site_ids=[site_id]).get(site_id, [])),
        "contacts": [
            (CONTACT_KINDS[row.kind], row.value, CONFIDENTIALITY[row.confidentiality])
            for row in queries.contacts(viewer=viewer, site_id=site_id)
        ],
        "panels": [(panel.template, panel.context(viewer, found)) for panel in panels],
        "holds_place": holds_place(viewer, found),
        "opens_place": viewer.may("WHEREABOUTS_READ") and holds_place(viewer, found) and found.place_record_id,
        "purpose_form": PurposeForm(),
    }


def _facts(found: Site, own: bool) -> list[tuple[str, object]]:
    """What stands beside a place. Of a secret one others are told nothing that could lead there."""
    rows: list[tuple[str, object]] = [
        (_("Agency"), found.agency.name),
        (_("State"), state_label(found.state_code)),
        (_("Kind of place"), label("site_kind", found.kind_code)),
        (_("Level of security"), label("security_level", found.security_code)),
        (_("Longest stay"), _stay(found)),
        (_("Going out alone"), _("Yes") if found.may_go_out_alone else _("No")),
        (_("Stay tied to a trial"), _("Yes") if found.only_while_trial else _("No")),
        (_("Languages"), ", ".join(label("language", code) for code in found.language_codes)),
        (_("Accessibility"), ", ".join(label("accessibility", code) for code in found.accessibility_codes)),
    ]
    if own or not found.is_secret:
        rows += [
            (_("Hours"), found.hours),
            (_("Paid by"), label("funding_source", found.funding_code)),
            (_("Last inspection"), found.inspected_on or ""),
        ]
    return [(name, value) for name, value in rows if value]


def _stay(found: Site) -> str:
    if found.max_stay_days is None:
        return _("No limit")
    days = ngettext("%(n)d day", "%(n)d days", found.max_stay_days) % {"n": found.max_stay_days}
    if found.extension_days is None:
        return days
    return _("%(days)s, and %(more)d more if extended") % {"days": days, "more": found.extension_days}


def _agencies(request: Request, wanted: Wanted) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for offer in queries.offers(viewer=request.actor, service_code=wanted.service_code, state_code=wanted.state_code):
        blank = {"agency": offer.agency, "services": set(), "confirmed": offer.confirmed_at}
        entry = found.setdefault(offer.agency_id, blank)
        entry["services"].add(offer.service_code)
        entry["confirmed"] = min(entry["confirmed"], offer.confirmed_at)
    return [entry | {"services": sorted(entry["services"])} for entry in found.values()]


def _chips(request: Request, wanted: Wanted) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    told = {
        "service": label("service", wanted.service_code),
        "state": state_label(wanted.state_code),
        "sex": label("sex", wanted.sex_code),
        "age": _("%(age)d years old") % {"age": wanted.age} if wanted.age is not None else "",
    }
    chips = []
    for name, said in told.items():
        rest = request.GET.copy()
        for gone in (name, "cursor"):
            rest.pop(gone, None)
        if said:
            chips.append({"label": said, "url": f"?{rest.urlencode()}"})
    return chips
