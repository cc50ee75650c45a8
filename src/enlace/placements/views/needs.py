"""Pages for who plans (unmet needs, new places) and for many people found at once."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.charts import Bar, MapChart, bars, state_map
from enlace.base.errors import Refusal
from enlace.country.labels import label, state_label
from enlace.country.queries import current
from enlace.people.queries import age_group_of
from enlace.placements import actions
from enlace.placements.forms.needs import ConfirmForm, ManyForm, NeedsForm, PlanForm
from enlace.placements.labels import PROFILES, assumption, barrier, cell_text
from enlace.placements.queries.many import Together, together, without_bed
from enlace.placements.queries.planning import DIMENSIONS, Counted, counted_needs, planned
from enlace.placements.rules import NewPlaces
from enlace.vault.flow import Work, plumbing, work_form
from reckon.tables import Cell, Table

FIRST_YEAR = 2015
PLAN = {"months": 12, "places": 5, "stay_days": 90}
TITLES = {
    "state": gettext_lazy("State"),
    "sex": gettext_lazy("Sex"),
    "age_group": gettext_lazy("Age group"),
    "form": gettext_lazy("Form of exploitation"),
    "service": gettext_lazy("Service"),
    "reason": gettext_lazy("What stood nearest in the way"),
}


@allowed("NEED_READ")
@require_safe
def needs(request: Request) -> HttpResponse:
    """Needs that nobody met, beside what each state has to offer."""
    years = [(str(year), str(year)) for year in range(timezone.localdate().year, FIRST_YEAR - 1, -1)]
    form = NeedsForm(request.GET, years=years)
    year = form.cleaned_data["year"] if form.is_valid() else ""
    found = counted_needs(viewer=request.actor, year=int(year) if year else None)
    context = {
        "form": form,
        "year": year,
        "found": found,
        "total": _headline(found, year),
        "sections": [_section(name, found) for name in DIMENSIONS],
    }
    return render(request, "placements/needs.html", context)


@allowed("NEED_READ")
@require_safe
def plan(request: Request) -> HttpResponse:
    """Which new places would close most unmet needs, with all that was taken for granted."""
    form = PlanForm(request.GET if request.GET else PLAN)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        said = form.cleaned_data
        found = planned(viewer=request.actor, months=said["months"], k=said["places"], stay_days=said["stay_days"])
        context |= {
            "found": found,
            "needs": cell_text(found.needs),
            "closed": cell_text(found.closed),
            "rows": [
                (state_label(row.state), PROFILES[row.profile], row.places, cell_text(cell))
                for row, cell in zip(found.plan.places, found.closes, strict=True)
            ],
            "assumptions": [assumption(reason) for reason in found.plan.assumptions],
            "map": _plan_map(found.plan.places),
        }
    return render(request, "placements/plan.html", context)


@allowed("PLACE_FIND")
def many(request: Request) -> HttpResponse:
    """Many people at once: who they are; sent, one assignment of all, beside what one after another would get."""
    offered = _cases(request)
    if request.method != "POST":
        return render(request, "placements/many.html", {"form": ManyForm(cases=offered), "has_cases": bool(offered)})
    form = ManyForm(request.POST, cases=offered)
    try:
        found = _together(request, form) if form.is_valid() else None
    except Refusal as refusal:
        form.add_error(None, refusal.reason)
        found = None
    context = {"form": form, "has_cases": bool(offered)}
    if found is None:
        return render(request, "placements/many.html", context, status=422)
    compared = _compared(found, request.POST) | plumbing(request)
    return render(request, "placements/assigned.html", context | compared)


@allowed("PLACE_FIND")
def send_many(request: Request) -> HttpResponse:
    """Ask the places of the assignment for the people whom a person left ticked."""
    viewer, offered = request.actor, _cases(request)
    asking = ManyForm(request.POST, cases=offered)
    if request.method != "POST" or not asking.is_valid():
        return HttpResponseRedirect(reverse("placements:many"))
    found = _together(request, asking)

    def act(form: Any) -> str:
        pairs = dict(pair.split(":", 1) for pair in form.cleaned_data["pairs"])
        chosen = {UUID(case): UUID(site) for case, site in pairs.items()}
        ids = [UUID(pk) for pk in form.cleaned_data["cases"]]
        actions.place_many(by=viewer, case_ids=ids, asked=form.asked(), chosen=chosen)
        return reverse("referrals:list") + "?box=out"

    pairs = [(f"{case.pk}:{place.site_id}", case.code) for case, place in found.pairs if place]
    work = Work(
        name="place.many",
        form=lambda **kwargs: ConfirmForm(cases=offered, pairs=pairs, **kwargs),
        act=act,
        template="placements/assigned.html",
        done=_("The places were asked. The answers will appear in your work queue."),
        context=_compared(found, request.POST),
        keeps_drafts=False,
    )
    return work_form(request, work)


def _cases(request: Request) -> list[tuple[str, str]]:
    """The people of the own cases who have no bed, by pseudonym, with what tells them apart."""
    on = timezone.localdate()
    rows = []
    for case in without_bed(viewer=request.actor):
        person = case.person
        group = age_group_of(person.birth_year, on, person.age_group_code)
        said = [label("sex", person.sex_code), label("age_group", group), state_label(case.state_code)]
        rows.append((str(case.pk), f"{case.code}: " + ", ".join(part for part in said if part)))
    return rows


def _together(request: Request, form: ManyForm) -> Together:
    ids = [UUID(pk) for pk in form.cleaned_data["cases"]]
    return together(viewer=request.actor, case_ids=ids, asked=form.asked(), at=timezone.now())


def _compared(found: Together, data: QueryDict) -> dict[str, Any]:
    """The assignment in words, and what was chosen, to be sent along with the confirmation."""
    rows = [
        {
            "case": case,
            "place": place,
            "site": found.names.get(place.site_id, "") if place else "",
            "agency": found.agency_names.get(place.agency_code, place.agency_code) if place else "",
        }
        for case, place in found.pairs
    ]
    kept = [(name, value) for name in ManyForm.base_fields for value in data.getlist(name)]
    return {
        "rows": rows,
        "placed": found.assignment.placed,
        "people": len(rows),
        "one_by_one": found.one_by_one,
        "more": found.assignment.placed - found.one_by_one,
        "kept": kept,
    }


def _headline(found: Counted, year: str) -> dict[str, Any]:
    return {
        "unit": _("Unmet needs, one for each case and service"),
        "value": found.total.value,
        "state": "suppressed" if found.total.is_suppressed else "value",
        "period": year or _("Open now"),
        "cut_off": timezone.localdate(),
    }


def _section(name: str, found: Counted) -> dict[str, Any]:
    """One breakdown: its picture (a map for states, bars for the rest) and its table, with the offer beside each state."""
    table = found.tables[name]
    lines = [
        {
            "label": _category(name, cell.key[0][1]),
            "text": cell_text(cell),
            "offered": found.offered.get(cell.key[0][1]) if name == "state" else None,
        }
        for cell in table.cells
        if name == "state" or cell.status not in ("zero", "missing")
    ]
    section: dict[str, Any] = {"name": name, "title": TITLES[name], "lines": lines, "has_offer": name == "state"}
    if name == "state":
        return section | {"map": _needs_map(table)}
    shown = [Bar(_category(name, c.key[0][1]), _value(c)) for c in table.cells if c.status not in ("zero", "missing")]
    return section | {"bars": bars(shown, title=str(TITLES[name]), id=f"bars-{name}") if shown else None}


def _needs_map(table: Table) -> MapChart:
    values = {cell.key[0][1]: _value(cell) for cell in table.cells if cell.key[0][1]}
    return _map(values, _("Unmet needs by state"))


def _plan_map(rows: Sequence[NewPlaces]) -> MapChart:
    values: dict[str, Any] = {state.code: 0 for state in current().states}
    for row in rows:
        values[row.state] += row.places
    return _map(values, _("New places by state"))


def _map(values: dict[str, Any], title: str) -> MapChart:
    pack = current()
    return state_map(
        pack.borders,
        values,
        labels={code: state_label(code) for code in values},
        tiles=pack.tiles,
        title=title,
        description=_("The table below says the same in figures."),
        id="map-state",
    )


def _value(cell: Cell) -> Any:
    if cell.status == "missing":
        return None
    return "suppressed" if cell.value is None else cell.value


def _category(dimension: str, code: str) -> str:
    if not code:
        return _("Not recorded")
    if dimension == "state":
        return state_label(code)
    if dimension == "reason":
        return barrier(code)
    if dimension == "form":
        return _("More than one form") if code == "several" else label("exploitation_form", code)
    return label(dimension, code)
