"""Search before create, registration, the page of a person, and opening what is sealed."""

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.audit.queries import reads_of
from enlace.base.errors import Refusal
from enlace.base.ids import read_code
from enlace.base.slots import Panel, registered
from enlace.country.labels import label, state_label
from enlace.people import queries as people
from enlace.people.actions import record_consents, register_people
from enlace.people.labels import DISCLOSED
from enlace.vault import actions, queries
from enlace.vault.flow import Work, work_form
from enlace.vault.forms import CorrectForm, ElsewhereForm, PurposeForm, RegisterForm, SearchForm

CASE_CODE = "C-"


@allowed("PERSON_SEARCH")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: Request) -> HttpResponse:
    """Who is already known to the own agency. A code alone opens its page at once."""
    form = SearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form, "elsewhere": ElsewhereForm(), "searched": False}
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if said["q"] and (person := people.person_by_code(viewer=request.actor, text=said["q"])):
            return HttpResponseRedirect(reverse("vault:person", args=[person.pk]))
        if (code := read_code(said["q"])) and code.startswith(CASE_CODE):
            return HttpResponseRedirect(reverse("cases:find", args=[code]))
        try:
            context |= {"found": _candidates(request, said), "searched": True}
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
    return render(request, "vault/search.html", context)


@allowed("PERSON_MATCH")
@require_POST
def elsewhere(request: Request) -> HttpResponse:
    """Ask whether another agency knows somebody with exactly these two strong identifiers."""
    form = ElsewhereForm(request.POST)
    context: dict[str, Any] = {"form": SearchForm(), "elsewhere": form, "searched": False}
    if form.is_valid():
        said = form.cleaned_data
        identifiers = [
            (said["document_type"], said["document_number"]),
            ("birth_date", said["birth_date"].isoformat()),
        ]
        try:
            person_id = queries.found_elsewhere(viewer=request.actor, identifiers=identifiers, purpose=said["purpose"])
            context |= {"known": person_id is not None, "asked": True}
            if person_id and request.actor.may("EMERGENCY_OPEN"):
                context["found_token"] = people.found_token(viewer=request.actor, person_id=person_id)
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
    return render(request, "vault/search.html", context)


@allowed("PERSON_REGISTER")
def register(request: Request) -> HttpResponse:
    """Register a person whom the search did not find."""

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, RegisterForm)
        registration = form.registration()
        register_people(by=request.actor, rows=[registration])
        protected = [registration.id] if registration.is_protected else []
        actions.seal_identities(by=request.actor, identities={registration.id: form.identity()}, protected=protected)
        if consents := form.consents(registration.id):
            record_consents(by=request.actor, rows=consents)
        return reverse("vault:person", args=[registration.id])

    work = Work(
        name="register",
        form=RegisterForm,
        act=act,
        template="vault/register.html",
        done=_("The person is registered. Open a case to go on."),
        context={"cancel_url": reverse("vault:search")},
    )
    return work_form(request, work)


@allowed("CASE_READ")
@require_safe
def person(request: Request, person_id: UUID) -> HttpResponse:
    """The page of a person: coarse facts, consents, what other modules add, and who has read what is sealed."""
    return render(request, "vault/person.html", _person_context(request, person_id))


@allowed("IDENTITY_READ")
@require_POST
def identity(request: Request, person_id: UUID) -> HttpResponse:
    """Open the sealed identity in place, for a stated purpose."""
    form = PurposeForm(request.POST)
    context = _person_context(request, person_id) | {"purpose_form": form}
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        context["identity"] = queries.open_identity(viewer=request.actor, person_id=person_id, purpose=purpose)
    template = "vault/_identity.html" if request.htmx else "vault/person.html"
    return render(request, template, context, status=200 if form.is_valid() else 422)


@allowed("IDENTITY_WRITE")
def correct(request: Request, person_id: UUID) -> HttpResponse:
    """Write again what is sealed: the form starts empty, and what is left empty stays as it is."""
    found = people.person(viewer=request.actor, person_id=person_id)

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, CorrectForm)
        actions.reseal_identity(by=request.actor, person_id=person_id, identity=form.identity())
        return reverse("vault:person", args=[person_id])

    work = Work(
        name="correct",
        subject=str(person_id),
        form=CorrectForm,
        act=act,
        template="vault/correct.html",
        done=_("The sealed record was corrected."),
        context={"person": found, "cancel_url": reverse("vault:person", args=[person_id])},
    )
    return work_form(request, work)


def _candidates(request: Request, said: dict[str, Any]) -> list[dict[str, Any]]:
    found = queries.search_own(
        viewer=request.actor,
        name=said["name"] or said["q"],
        phone=said["phone"],
        document=said["document"],
        birth_year=said["birth_year"],
    )
    known = people.people_by_id(viewer=request.actor, ids=[c.person_id for c in found])
    return [{"person": known[c.person_id], "matched": c.matched} for c in found if c.person_id in known]


def _person_context(request: Request, person_id: UUID) -> dict[str, Any]:
    viewer = request.actor
    found = people.person(viewer=viewer, person_id=person_id)
    panels = [p for p in registered(Panel, viewer) if p.page == "person"]
    answers = people.answers(viewer=viewer, person_id=person_id, on=timezone.localdate())
    return {
        "person": found,
        "facts": facts_of(found),
        "answers": answers,
        "unasked": [a.purpose_code for a in answers if a.row is None and not a.recipient_code],
        "disclosures": list(people.disclosures(viewer=viewer, person_id=person_id)[:3]),
        "disclosed_names": DISCLOSED,
        "today": timezone.localdate(),
        "panels": [(panel.template, panel.context(viewer, found)) for panel in panels],
        "reads": list(reads_of(person_id, chain=viewer.agency_code)[:10]),
        "purpose_form": PurposeForm(),
        "agency_names": agency_names(),
    }


def facts_of(found: Any) -> list[tuple[str, str]]:
    """What is known of the person without naming anybody: rows for the rail."""
    on = timezone.localdate()
    nations = ", ".join(label("country", code) for code in found.citizenship_codes)
    rows = [
        (_("Sex"), label("sex", found.sex_code)),
        (_("Gender"), label("gender", found.gender_code)),
        (_("Age group"), label("age_group", people.age_group_of(found.birth_year, on, found.age_group_code))),
        (_("Nationality"), nations),
        (_("Language"), label("language", found.language_code)),
        (_("Interpreter"), _("Needed") if found.needs_interpreter else ""),
        (_("Marital status"), label("marital_status", found.marital_status_code)),
        (_("Schooling"), label("education", found.education_code)),
        (_("Migration status"), label("migration_status", found.migration_status_code)),
        (_("State of origin"), state_label(found.origin_state_code)),
        (_("Protection"), _("Never shown as known to other agencies") if found.is_protected else ""),
    ]
    return [(name, value) for name, value in rows if value]
