"""Pages of cases: the list, one case with its timeline, and each step of its life."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.audit.queries import reads_of
from enlace.base.errors import Missing
from enlace.base.ids import read_code
from enlace.base.slots import Panel, TimelineEntry, TimelineSource, Waiting, registered
from enlace.cases import actions, queries, rules
from enlace.cases.forms import CloseForm, DecisionForm, EpisodeForm, FactsForm, ListForm, NoteForm, OpenForm, ReopenForm
from enlace.cases.labels import IDENTIFICATION, KINDS, LISTS, STATUS, VERBS
from enlace.country.labels import label, state_label
from enlace.country.queries import current
from enlace.people import queries as people
from enlace.vault.flow import Work, plumbing, work_form


@allowed("CASE_READ")
@require_safe
def case_list(request: Request) -> HttpResponse:
    """The agency's cases; filters stand in the address."""
    form = ListForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    wanted = queries.CaseFilter(
        status=said.get("status", ""),
        identification=said.get("identification", ""),
        state_code=said.get("state", ""),
        part=said.get("part", ""),
        oldest_first=said.get("order") == "oldest",
    )
    page = queries.case_page(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "status_names": STATUS, "identification_names": IDENTIFICATION}
    return render(request, "cases/list.html", context)


@allowed("CASE_READ")
@require_safe
def find_case(request: Request, code: str) -> HttpResponse:
    """From the code of a case, as somebody reads it out, to its page."""
    found = queries.case_by_code(viewer=request.actor, code=read_code(code) or "")
    if found is None:
        raise Missing(_("Your agency does not work on such a case."))
    return redirect("cases:case", found.pk)


@allowed("CASE_READ")
@require_safe
def case(request: Request, case_id: UUID) -> HttpResponse:
    """One case: who it is about, what runs, and everything that happened."""
    viewer = request.actor
    detail = queries.case_detail(viewer=viewer, case_id=case_id)
    found = detail.case
    names = agency_names()
    kinds = request.GET.getlist("kind")
    entries = [e for e in _timeline(viewer, detail, names) if not kinds or e.kind in kinds]
    panels = [p for p in registered(Panel, viewer) if p.page == "case"]
    context = {
        "case": found,
        "detail": detail,
        "glance": _glance(found, detail, names),
        "facts": _facts(detail),
        "entries": entries,
        "kinds": kinds,
        "kind_choices": KINDS.items(),
        "panels": [(panel.template, panel.context(viewer, found)) for panel in panels],
        "due": _due(found),
        "verbs": rules.IDENTIFICATION.verbs(found.identification),
        "status_name": STATUS[found.status],
        "identification_name": IDENTIFICATION[found.identification],
        "reads": list(reads_of(found.person_id, chain=viewer.agency_code)[:5]),
        "note_form": NoteForm(),
        **plumbing(request),
    }
    return render(request, "cases/case.html", context)


@allowed("CASE_OPEN")
def open_case(request: Request, person_id: UUID) -> HttpResponse:
    """Open a case for a registered person."""
    found = people.person(viewer=request.actor, person_id=person_id)

    def act(form: Any) -> str:
        opened = actions.open_cases(by=request.actor, rows=[form.opening(person_id)])[0]
        return reverse("cases:case", args=[opened.pk])

    work = Work(
        name="case.open",
        subject=str(person_id),
        form=OpenForm,
        act=act,
        template="cases/open.html",
        done=_("The case is open. Decide identification, or refer at once: help does not wait."),
        initial={
            "origin": request.GET.get("origin", ""),  # how a contact or a screening met the person
            "state": request.GET.get("state") or request.actor.state_code,
        },
        context={"person": found, "cancel_url": reverse("vault:person", args=[person_id])},
    )
    return work_form(request, work)


@allowed("CASE_EDIT")
def edit_case(request: Request, case_id: UUID) -> HttpResponse:
    """Correct what is known about the exploitation."""
    detail = queries.case_detail(viewer=request.actor, case_id=case_id)
    initial: dict[str, Any] = {name: [c.code for c in codes] for name, codes in detail.codes.items()}
    initial |= {
        "relationship": detail.case.relationship_code,
        "age_when_trafficked": detail.case.age_when_trafficked,
    }

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.edit_case(
            by=request.actor,
            case_id=case_id,
            codes=form.coded(),
            relationship_code=said["relationship"],
            age_when_trafficked=said["age_when_trafficked"],
        )
        return reverse("cases:case", args=[case_id])

    return _case_form(request, detail.case, "edit", FactsForm, act, _("What is known was saved."), initial=initial)


@allowed("CASE_EDIT")
def add_episode(request: Request, case_id: UUID) -> HttpResponse:
    """Add a place and a time of recruitment, transit or exploitation."""
    found = queries.case(viewer=request.actor, case_id=case_id)

    def act(form: Any) -> str:
        actions.add_episode(by=request.actor, case_id=case_id, episode=form.stretch())
        return reverse("cases:case", args=[case_id])

    initial = {"country": current().country_iso2}
    return _case_form(request, found, "episode", EpisodeForm, act, _("Place and time were added."), initial=initial)


@allowed("CASE_DECIDE")
def decide_case(request: Request, case_id: UUID) -> HttpResponse:
    """Decide identification."""
    found = queries.case(viewer=request.actor, case_id=case_id)

    def form(**kwargs: Any) -> DecisionForm:
        return DecisionForm(state=found.identification, **kwargs)

    def act(filled: Any) -> str:
        actions.decide_cases(by=request.actor, rows=[filled.ruling(case_id)])
        return reverse("cases:case", args=[case_id])

    return _case_form(request, found, "decide", form, act, _("The decision is recorded."))


@allowed("CASE_NOTE")
def write_note(request: Request, case_id: UUID) -> HttpResponse:
    """Write a note."""
    found = queries.case(viewer=request.actor, case_id=case_id)

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.write_note(by=request.actor, case_id=case_id, text=said["text"], is_shared=said["is_shared"])
        return reverse("cases:case", args=[case_id])

    return _case_form(request, found, "note", NoteForm, act, _("The note was written."))


@allowed("CASE_CLOSE")
def close_case(request: Request, case_id: UUID) -> HttpResponse:
    """Close with a reason, after saying what closing means."""
    found = queries.case(viewer=request.actor, case_id=case_id)

    def pending() -> int:
        return sum(slot.count(request.actor, case_id) for slot in registered(Waiting, request.actor))

    def act(form: Any) -> str:
        reason = form.cleaned_data["reason"]
        actions.close_case(by=request.actor, case_id=case_id, reason_code=reason, pending_referrals=pending)
        return reverse("cases:case", args=[case_id])

    consequences = [
        _("Nothing more can be written while the case is closed."),
        _("It can be reopened at any time; nothing is deleted."),
    ]
    return _confirm(request, found, "close", CloseForm, act, _("Close the case"), consequences)


@allowed("CASE_REOPEN")
def reopen_case(request: Request, case_id: UUID) -> HttpResponse:
    """Open a closed case again."""
    found = queries.case(viewer=request.actor, case_id=case_id)

    def act(form: Any) -> str:
        actions.reopen_case(by=request.actor, case_id=case_id)
        return reverse("cases:case", args=[case_id])

    return _confirm(
        request, found, "reopen", ReopenForm, act, _("Reopen the case"), [_("Work on it can go on at once.")]
    )


def _case_form(
    request: Request,
    found: Any,
    name: str,
    form: Callable[..., django_forms.Form],
    act: Any,
    done: str,
    **extra: Any,
) -> HttpResponse:
    if refused := _refused(request, found, "close"):
        return refused
    work = Work(
        name=f"case.{name}",
        subject=str(found.pk),
        form=form,
        act=act,
        template=f"cases/{name}.html",
        done=done,
        context={"case": found, "cancel_url": reverse("cases:case", args=[found.pk])},
        **extra,
    )
    return work_form(request, work)


def _refused(request: Request, found: Any, verb: str) -> HttpResponse | None:
    """Before anything is typed: the reason why the case does not take this now. A form sent is refused by its action."""
    if request.method == "POST" or verb in rules.CASE.verbs(found.status):
        return None
    reason = _("Something has changed since the page was opened.")
    if found.status != rules.OPEN:
        reason = _("This case is closed. Reopen it to go on working.")
    return render(request, "cases/refused.html", {"case": found, "reason": reason}, status=409)


def _confirm(
    request: Request, found: Any, name: str, form: Any, act: Any, title: str, consequences: list[str]
) -> HttpResponse:
    if refused := _refused(request, found, name):
        return refused
    context = {
        "case": found,
        "title": title,
        "consequences": consequences,
        "confirm_label": title,
        "cancel_url": reverse("cases:case", args=[found.pk]),
    }
    work = Work(
        name=f"case.{name}",
        subject=str(found.pk),
        form=form,
        act=act,
        template="cases/confirm.html",
        context=context,
        keeps_drafts=False,
    )
    return work_form(request, work)


def _due(found: Any) -> Any:
    if found.status == rules.OPEN and found.identification == rules.PRESUMED:
        return rules.decision_due(found.presumed_at, current().limits["identification_decision"])
    return None


def _glance(found: Any, detail: queries.CaseDetail, names: dict[str, str]) -> list[tuple[str, str]]:
    person = found.person
    on = found.opened_at.date()
    rows = [
        (_("Sex"), label("sex", person.sex_code)),
        (_("Age group"), label("age_group", people.age_group_of(person.birth_year, on, person.age_group_code))),
        (_("Nationality"), ", ".join(label("country", code) for code in person.citizenship_codes)),
        (_("Language"), label("language", person.language_code)),
        (_("Attended in"), state_label(found.state_code)),
        (_("Agencies on this case"), ", ".join(names.get(code, code) for code in detail.agency_codes)),
    ]
    return [(name, value) for name, value in rows if value]


def _facts(detail: queries.CaseDetail) -> list[tuple[str, str]]:
    rows = [
        (str(LISTS[name]), ", ".join(label(name, c.code) for c in codes))
        for name, codes in sorted(detail.codes.items(), key=lambda pair: list(LISTS).index(pair[0]))
    ]
    if detail.case.relationship_code:
        rows.append(
            (_("Relationship to the trafficker"), label("trafficker_relationship", detail.case.relationship_code))
        )
    if detail.case.age_when_trafficked is not None:
        rows.append((_("Age when it began"), str(detail.case.age_when_trafficked)))
    return rows


def _timeline(viewer: Any, detail: queries.CaseDetail, names: dict[str, str]) -> list[TimelineEntry]:
    found = detail.case
    entries = [
        TimelineEntry(found.opened_at, "case", _("Case opened"), who=names.get(found.opened_by, found.opened_by))
    ]
    entries += [
        TimelineEntry(
            d.decided_at,
            "identification",
            str(VERBS[d.verb]),
            body=f"{label('identification_ground', d.ground_code)}\n{d.reason}".strip(),
            who=names.get(d.agency_code, d.agency_code),
        )
        for d in detail.decisions
    ]
    entries += [
        TimelineEntry(n.written_at, "note", _("Note"), body=n.text, who=names.get(n.agency_code, n.agency_code))
        for n in detail.notes
    ]
    entries += [
        TimelineEntry(
            t.at, "case", str(VERBS[t.verb]), label("closure_reason", t.reason_code), names.get(t.agency_code, "")
        )
        for t in detail.turns
    ]
    for source in registered(TimelineSource, viewer):
        entries += source.entries(viewer, found)
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
