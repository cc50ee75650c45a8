"""Pages of stays: who lives in the own sites, one stay, and each step of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.cases.queries import case as case_of
from enlace.cases.queries import cases_by_id
from enlace.cases.rules import OPEN
from enlace.country.labels import label
from enlace.directory.permissions import kept_units
from enlace.placements import actions, queries
from enlace.placements.forms import stays as forms
from enlace.placements.labels import ALERTS, STATUS, STEPS, VERBS, WHY
from enlace.placements.models import Stay
from enlace.placements.rules.stays import ADMITTED, STAY
from enlace.referrals.queries import ongoing_in_case, ongoing_unnamed
from enlace.vault.flow import Work, work_form

# The steps of a stay that goes on: those of the machine, and what is written down about it meanwhile.
WHILE_STAYING = ("exit", "confirm", "plan", "transfer", "extend")


@allowed("STAY_RECORD")
@require_safe
def stay_list(request: Request) -> HttpResponse:
    """Who stays, waits or stayed in the own sites; the filter stands in the address."""
    form = forms.ListForm(request.GET or {"status": ADMITTED})
    status = form.cleaned_data["status"] if form.is_valid() else ""
    page = queries.stay_page(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    ids = [row.pk for row in page.rows]
    alerts = queries.alerts_of_stays(viewer=request.actor, stay_ids=ids)
    companions = queries.companions_of(viewer=request.actor, stay_ids=ids)
    rows = [
        (row, STATUS[row.status], [ALERTS[a.kind] for a in alerts.get(row.pk, ())], companions.get(row.pk, 0))
        for row in page.rows
    ]
    return render(request, "placements/stays.html", {"form": form, "page": page, "rows": rows})


@allowed("STAY_READ")
@require_safe
def stay(request: Request, stay_id: UUID) -> HttpResponse:
    """One stay: where it is, what runs, what stands out, and its steps."""
    viewer = request.actor
    found = queries.read_stay(viewer=viewer, stay_id=stay_id)
    names = agency_names()
    is_own = found.agency_code == viewer.agency_code
    alerts = queries.alerts_of_stays(viewer=viewer, stay_ids=[stay_id]).get(stay_id, [])
    cases = cases_by_id(viewer=viewer, ids=[found.case_id]) if viewer.may("CASE_READ") else {}
    verbs = _verbs(found) if is_own and viewer.may("STAY_RECORD") else []
    context = {
        "stay": found,
        "case": cases.get(found.case_id),
        "is_own": is_own,
        "agency": names.get(found.agency_code, found.agency_code),
        "status_name": STATUS[found.status],
        "companions": queries.companions_of(viewer=viewer, stay_ids=[stay_id]).get(stay_id, 0),
        "alerts": [(alert, ALERTS[alert.kind], [WHY[code] for code in alert.reason_codes]) for alert in alerts],
        "steps": [
            (step, STEPS[step.verb], names.get(step.agency_code, ""))
            for step in queries.steps(viewer=viewer, stay_id=stay_id)
        ],
        "verbs": [(verb, VERBS[verb]) for verb in verbs],
        "is_going_on": found.status == ADMITTED,
    }
    return render(request, "placements/stay.html", context)


@allowed("STAY_RECORD")
def hold_bed(request: Request, case_id: UUID) -> HttpResponse:
    """Keep a bed in an own site for the person of a case."""
    found = _open_case(request, case_id)
    here = Asking(case_id, _referral_choices(request.actor, case_id), reverse("cases:case", args=[case_id]))
    return _hold(request, here, {"case": found, "line_url": reverse("placements:request", args=[case_id])})


@allowed("STAY_RECORD")
def hold_unnamed(request: Request, unnamed_id: UUID) -> HttpResponse:
    """Keep a bed in an own site for somebody whom the agency accepted without being told who it is."""
    found = ongoing_unnamed(viewer=request.actor, referral_id=unnamed_id)
    line_url = reverse("placements:request_unnamed", args=[unnamed_id])
    return _hold(request, _asking_of(found), {"unnamed": found, "line_url": line_url})


@allowed("STAY_RECORD")
def request_bed(request: Request, case_id: UUID) -> HttpResponse:
    """Put the person of a case into the line of an own site that has no bed free."""
    found = _open_case(request, case_id)
    here = Asking(case_id, _referral_choices(request.actor, case_id), reverse("cases:case", args=[case_id]))
    return _request(request, here, {"case": found})


@allowed("STAY_RECORD")
def request_unnamed(request: Request, unnamed_id: UUID) -> HttpResponse:
    """The same for somebody whom the agency accepted without being told who it is."""
    found = ongoing_unnamed(viewer=request.actor, referral_id=unnamed_id)
    return _request(request, _asking_of(found), {"unnamed": found})


@dataclass(frozen=True)
class Asking:
    """For whom a bed is sought, the referrals that it may answer, and the page to go back to."""

    case_id: UUID
    referrals: Sequence[tuple[str, str]]
    back: str


def _hold(request: Request, here: Asking, context: dict[str, Any]) -> HttpResponse:
    viewer, units = request.actor, _unit_choices(request.actor)

    def act(form: Any) -> str:
        held = actions.hold_beds(by=viewer, rows=[form.hold(here.case_id)])[0]
        return reverse("placements:stay", args=[held.pk])

    work = Work(
        name="stay.hold",
        subject=str(here.case_id),
        form=lambda **kwargs: forms.HoldForm(units=units, referrals=here.referrals, **kwargs),
        act=act,
        template="placements/hold.html",
        done=_("The bed is held. Record the arrival when the person comes."),
        initial={"referral": _only(here.referrals), "unit": units[0][0] if units else ""},
        context={"has_units": bool(units), "cancel_url": here.back, **context},
        keeps_drafts=False,
    )
    return work_form(request, work)


def _request(request: Request, here: Asking, context: dict[str, Any]) -> HttpResponse:
    viewer = request.actor
    sites = sorted({(str(unit.site_id), unit.site.name) for unit in _units(viewer)}, key=lambda pair: pair[1])

    def act(form: Any) -> str:
        said = form.cleaned_data
        asked = actions.request_bed(
            by=viewer,
            case_id=here.case_id,
            site_id=UUID(said["site"]),
            referral_id=UUID(said["referral"]) if said["referral"] else None,
        )
        return reverse("placements:stay", args=[asked.pk])

    work = Work(
        name="stay.request",
        subject=str(here.case_id),
        form=lambda **kwargs: forms.LineForm(sites=sites, referrals=here.referrals, **kwargs),
        act=act,
        template="placements/line.html",
        done=_("The person waits for a bed here. Go on looking elsewhere: waiting is not a place."),
        initial={"referral": _only(here.referrals)},
        context={"cancel_url": here.back, **context},
        keeps_drafts=False,
    )
    return work_form(request, work)


@dataclass(frozen=True)
class Step:
    """How a step is asked for: its form, what it does, and what the page says before it is done."""

    form: Callable[..., django_forms.Form]
    act: Callable[[Actor, Stay, Any], object]
    consequence: object
    danger: bool = False


@allowed("STAY_RECORD")
def step(request: Request, stay_id: UUID, stay_verb: str) -> HttpResponse:
    """One step of a stay, after saying what it means."""
    viewer = request.actor
    found = queries.stay(viewer=viewer, stay_id=stay_id)
    if request.method != "POST" and (found.agency_code != viewer.agency_code or stay_verb not in _verbs(found)):
        raise Refusal(_("Something has changed since the page was opened."))
    taken = STEPS_TAKEN[stay_verb]
    address = reverse("placements:stay", args=[stay_id])

    def act(form: Any) -> str:
        after = taken.act(viewer, found, form)
        return reverse("placements:stay", args=[after.pk]) if isinstance(after, Stay) else address

    units = _unit_choices(viewer, found.site_id if stay_verb == "hold" else None)
    form = (lambda **kwargs: taken.form(units=units, **kwargs)) if stay_verb in ("hold", "transfer") else taken.form
    work = Work(
        name=f"stay.{stay_verb}",
        subject=str(stay_id),
        form=form,
        act=act,
        template="placements/step.html",
        context={
            "title": VERBS[stay_verb],
            "consequences": [str(taken.consequence)],
            "confirm_label": VERBS[stay_verb],
            "danger": taken.danger,
            "cancel_url": address,
            "stay": found,
        },
        keeps_drafts=False,
    )
    return work_form(request, work)


def _plan(by: Actor, stay: Stay, form: Any) -> object:
    said = form.cleaned_data
    return actions.plan_exit(by=by, stay_id=stay.pk, destination_code=said["destination"], plan=said["plan"])


def _confirm(by: Actor, stay: Stay, form: Any) -> object:
    return actions.confirm_stay(by=by, stay_id=stay.pk, wants_to_stay=form.cleaned_data["wants_to_stay"] == "yes")


STEPS_TAKEN = {
    "hold": Step(
        forms.HoldForm,
        lambda by, stay, form: actions.hold_beds(by=by, rows=[form.hold(stay.case_id, stay.pk)])[0],
        gettext_lazy("A bed is kept for the person until the hold runs out."),
    ),
    "refuse": Step(
        forms.StepForm,
        lambda by, stay, form: actions.refuse_stay(by=by, stay_id=stay.pk),
        gettext_lazy(
            "The person no longer waits here. Tell the sender by ending the referral, so that another place is found."
        ),
        danger=True,
    ),
    "release": Step(
        forms.StepForm,
        lambda by, stay, form: actions.release_stay(by=by, stay_id=stay.pk),
        gettext_lazy("Somebody else can be given the bed at once."),
        danger=True,
    ),
    "admit": Step(
        forms.AdmitForm,
        lambda by, stay, form: actions.admit_stays(by=by, rows=[form.admission(stay.pk)])[0],
        gettext_lazy("The stay begins. If the person stayed elsewhere until now, that stay ends."),
    ),
    "transfer": Step(
        forms.TransferForm,
        lambda by, stay, form: actions.transfer_stay(by=by, row=form.transfer(stay.pk)),
        gettext_lazy("The bed here becomes free. To another agency a person goes by a referral."),
    ),
    "exit": Step(
        forms.ExitForm,
        lambda by, stay, form: actions.exit_stays(by=by, rows=[form.exit(stay.pk)])[0],
        gettext_lazy(
            "Leaving needs nobody's approval. The bed becomes free, and the sender learns why the stay ended."
        ),
    ),
    "plan": Step(forms.PlanForm, _plan, gettext_lazy("Where the stay leads. It may be written anew at any time.")),
    "confirm": Step(
        forms.ConfirmForm,
        _confirm,
        gettext_lazy("Who wants to leave may leave now. The answer is shown to whoever leads the case."),
    ),
    "extend": Step(
        forms.StepForm,
        lambda by, stay, form: actions.extend_stay(by=by, stay_id=stay.pk),
        gettext_lazy("Once, by what the rules of the site allow."),
    ),
}


def _verbs(found: Stay) -> list[str]:
    """The steps that are possible now, in the order in which they are offered. A hold lapses by the clock alone."""
    if found.status == ADMITTED:
        return list(WHILE_STAYING)
    return [verb for verb in STAY.verbs(found.status) if verb != "lapse"]


def _open_case(request: Request, case_id: UUID) -> Any:
    found = case_of(viewer=request.actor, case_id=case_id)
    if request.method != "POST" and found.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))
    return found


def _asking_of(found: Any) -> Asking:
    return Asking(found.case_id, [_told(found)], reverse("referrals:referral", args=[found.pk]))


def _only(choices: Sequence[tuple[str, str]]) -> str:
    return choices[0][0] if len(choices) == 1 else ""


def _units(viewer: Actor) -> list[Any]:
    rows = kept_units(viewer).filter(is_open=True, site__is_open=True, site__agency=viewer.agency_code)
    return list(rows.select_related("site").order_by("site__name", "name"))


def _unit_choices(viewer: Actor, site_id: UUID | None = None) -> list[tuple[str, str]]:
    """The units of the own sites with their free beds, those that have some first."""
    rows = [unit for unit in _units(viewer) if site_id in (None, unit.site_id)]
    vacant = queries.free_beds([unit.pk for unit in rows])
    rows.sort(key=lambda unit: not vacant[unit.pk].free)
    return [(str(unit.pk), f"{unit.site.name}, {unit.name}: {_free(vacant[unit.pk])}") for unit in rows]


def _free(vacancy: queries.Vacancy) -> str:
    said = ngettext("%(n)d free bed of %(total)d", "%(n)d free beds of %(total)d", vacancy.free)
    return said % {"n": vacancy.free, "total": vacancy.total}


def _referral_choices(viewer: Actor, case_id: UUID) -> list[tuple[str, str]]:
    return [_told(row) for row in ongoing_in_case(viewer=viewer, case_id=case_id)]


def _told(referral: Any) -> tuple[str, str]:
    """A referral as a choice: its code and what it asks for."""
    return str(referral.pk), f"{referral.code}: " + ", ".join(label("service", code) for code in referral.service_codes)
