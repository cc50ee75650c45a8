"""Finding a place for the person of a case: what is asked, the answer with its reasons, and asking the places."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Refusal
from enlace.cases.queries import case as case_of
from enlace.cases.rules import OPEN
from enlace.country.labels import label
from enlace.placements import actions, queries
from enlace.placements.forms.seeking import AskForm, SendForm, initial_of
from enlace.placements.labels import change_sentence, sentences
from enlace.placements.queries.gaps import change_told
from enlace.placements.queries.seeking import Places, last_asked
from enlace.placements.rules import Offer
from enlace.vault.flow import Work, plumbing, work_form


@dataclass(frozen=True)
class Row:
    """One site of the answer in words. ``is_own``: of the viewer's agency, which is not asked but gives a bed itself."""

    site_id: UUID
    name: str
    agency: str
    site: Any
    free: int | None
    confirmed_at: datetime | None
    score: int
    pros: Sequence[str]
    cons: Sequence[str]
    warnings: Sequence[str]
    is_own: bool


@allowed("PLACE_FIND")
def find_place(request: Request, case_id: UUID) -> HttpResponse:
    """What is asked about the person; sent, the answer: every site with its reasons."""
    viewer = request.actor
    found = case_of(viewer=viewer, case_id=case_id)
    if found.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))
    if request.method == "POST":
        form = AskForm(request.POST)
        if form.is_valid():
            return _answered(request, queries.places(viewer=viewer, case_id=case_id, asked=form.asked()))
        return render(request, "placements/find.html", _asking(found, form), status=422)
    asked = last_asked([case_id]).get(case_id)
    service = [code for code in request.GET.getlist("service") if code]
    initial = initial_of(asked) if asked else {}
    return render(request, "placements/find.html", _asking(found, AskForm(initial=initial | _given(service))))


@allowed("PLACE_FIND")
def send_to_places(request: Request, case_id: UUID) -> HttpResponse:
    """Ask one of the places found, or the best three at once."""
    viewer = request.actor
    case_of(viewer=viewer, case_id=case_id)
    data = _data(request)
    asking = AskForm(data)
    if data is None or not asking.is_valid():
        return HttpResponseRedirect(reverse("placements:find", args=[case_id]))
    found = queries.places(viewer=viewer, case_id=case_id, asked=asking.asked())
    offered = [offer.site_id for offer in found.fits]

    def act(form: Any) -> str:
        sent = actions.send_to_places(by=viewer, row=form.sending(case_id))
        if len(sent) == 1:
            return reverse("referrals:referral", args=[sent[0].pk])
        return reverse("cases:case", args=[case_id])

    work = Work(
        name="place.send",
        subject=str(case_id),
        form=lambda **kwargs: SendForm(found=offered, **kwargs),
        act=act,
        template="placements/places.html",
        done=_("The places were asked. The first to accept takes the person; if none does, the next is asked."),
        context=_context(viewer, found, data),
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("PLACE_FIND")
def record_gap(request: Request, case_id: UUID) -> HttpResponse:
    """Record that no place fits: the gap becomes a counted fact."""
    viewer = request.actor
    case_of(viewer=viewer, case_id=case_id)
    data = _data(request)
    asking = AskForm(data)
    if data is None or not asking.is_valid():
        return HttpResponseRedirect(reverse("placements:find", args=[case_id]))
    found = queries.places(viewer=viewer, case_id=case_id, asked=asking.asked())

    def act(form: Any) -> str:
        actions.record_gap(by=viewer, case_id=case_id, asked=form.asked())
        return reverse("cases:case", args=[case_id])

    work = Work(
        name="place.gap",
        subject=str(case_id),
        form=AskForm,
        act=act,
        template="placements/places.html",
        done=_("The unmet need is recorded. It stays in your work queue until somebody helps."),
        context=_context(viewer, found, data),
        keeps_drafts=False,
    )
    return work_form(request, work)


def _answered(request: Request, found: Places) -> HttpResponse:
    form = SendForm(found=[offer.site_id for offer in found.fits])
    context = _context(request.actor, found, request.POST) | plumbing(request)
    return render(request, "placements/places.html", context | {"form": form})


def _context(viewer: Any, found: Places, data: QueryDict) -> dict[str, Any]:
    """The answer in words, and what was asked, to be sent along with the choice."""
    kept = [(name, value) for name in AskForm.base_fields for value in data.getlist(name)]
    return {
        "case": found.case,
        "services": [label("service", code) for code in found.asked.service_codes],
        "fits": [_row(viewer, found, offer) for offer in found.fits],
        "others": [_row(viewer, found, offer) for offer in found.others],
        "barred": [_row(viewer, found, offer) for offer in found.barred],
        "other_count": found.other_count,
        "changes": [change_sentence(change_told(change)) for change in found.ranked.nearest_changes],
        "nearest": _row(viewer, found, found.others[0]) if found.others else None,
        "kept": kept,
        "lodges": found.need.beds > 0,
        "beds": found.need.beds,
        "now": timezone.now(),
    }


def _row(viewer: Any, found: Places, offer: Offer) -> Row:
    site = found.sites[offer.site_id]
    unit = next((unit for unit in site.units if unit.unit_id == offer.unit_id), None)
    return Row(
        site_id=offer.site_id,
        name=found.names.get(offer.site_id, ""),
        agency=found.agency_names.get(offer.agency_code, offer.agency_code),
        site=site,
        free=unit.free if unit else None,
        confirmed_at=unit.confirmed_at if unit else None,
        score=offer.score,
        pros=sentences(offer.for_),
        cons=sentences(offer.against),
        warnings=sentences(offer.warnings),
        is_own=offer.agency_code == viewer.agency_code,
    )


def _data(request: Request) -> QueryDict | None:
    """What was sent, also when the session ended meanwhile and it comes back after the sign-in."""
    if request.method == "POST":
        return request.POST
    if not request.carried:
        return None
    data = QueryDict(mutable=True)
    for name, values in request.carried.items():
        data.setlist(name, values)
    return data


def _given(services: list[str]) -> dict[str, Any]:
    return {"services": services} if services else {}


def _asking(found: Any, form: AskForm) -> dict[str, Any]:
    return {"case": found, "form": form, "cancel_url": reverse("cases:case", args=[found.pk])}
