"""Pages of permits of stay and the like."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.assistance import actions, queries
from enlace.assistance.forms.permits import (
    ConvertForm,
    EndPermitForm,
    GrantForm,
    InformForm,
    OpenPermitForm,
    PaperForm,
    PermitForm,
    PermitListForm,
    PurposeForm,
    RefuseForm,
)
from enlace.assistance.labels import INTERPRETER, PERMIT, PERMIT_STEPS
from enlace.assistance.rules import PERMIT as MACHINE
from enlace.assistance.rules import permits as rules
from enlace.assistance.views.working import refuse_step, told_turns, work_page
from enlace.base.errors import Missing, Refusal
from enlace.cases.queries import case as case_of
from enlace.country.labels import label
from enlace.country.queries import current
from enlace.intake.files import TYPES

FORMS: dict[str, type[PermitForm]] = {
    "inform": InformForm,
    "grant": GrantForm,
    "renew": GrantForm,
    "refuse": RefuseForm,
    "convert": ConvertForm,
    "end": EndPermitForm,
}
TITLES = {
    "inform": gettext_lazy("The person was told about it"),
    "apply": gettext_lazy("It was applied for"),
    "withdraw": gettext_lazy("The application was withdrawn"),
    "grant": gettext_lazy("It was granted"),
    "refuse": gettext_lazy("It was refused"),
    "renew": gettext_lazy("It was renewed"),
    "convert": gettext_lazy("It was converted into another permit"),
    "end": gettext_lazy("It ends"),
}
REASONS = {"inform": "consent_giver", "refuse": "permit_refusal", "convert": "permit_kind", "end": "permit_end"}


@allowed("PERMIT_READ")
@require_safe
def permit_list(request: Request) -> HttpResponse:
    """The permits that the own agency follows; filters stand in the address."""
    form = PermitListForm(request.GET)
    status = form.cleaned_data["status"] if form.is_valid() else ""
    page = queries.permit_page(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "form": form, "status_names": PERMIT, "today": timezone.localdate()}
    return render(request, "assistance/permits.html", context)


@allowed("PERMIT_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def permit(request: Request, permit_id: UUID) -> HttpResponse:
    """One permit with its clock and its steps; its papers open after a purpose is chosen."""
    viewer = request.actor
    found, turns = queries.read_permit(viewer=viewer, permit_id=permit_id)
    form = PurposeForm(request.POST or None)
    papers, purpose = [], ""
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        papers = queries.open_papers(viewer=viewer, record_id=found.pk, purpose=purpose)
    names = agency_names()
    may_move = viewer.may("PERMIT_RECORD")
    context = {
        "permit": found,
        "case": found.case,
        "status_name": PERMIT[found.status],
        "facts": _facts(found, names),
        "has_lapsed": rules.has_lapsed(found.status, found.valid_to, timezone.localdate()),
        "turns": told_turns(turns, PERMIT_STEPS, REASONS),
        "verbs": [(verb, TITLES[verb]) for verb in MACHINE.verbs(found.status)] if may_move else [],
        "is_keeper": found.agency_code == viewer.agency_code,
        "form": form,
        "paper_form": PaperForm(),
        "papers": papers,
        "purpose": purpose,
    }
    return render(request, "assistance/permit.html", context, status=422 if form.errors else 200)


@allowed("PERMIT_RECORD")
def open_permit(request: Request, case_id: UUID) -> HttpResponse:
    """Write down which permit the person of a case may ask for."""
    viewer = request.actor
    found = case_of(viewer=viewer, case_id=case_id)
    kinds = queries.kinds_open_to(
        citizenship_codes=found.person.citizenship_codes,
        identification=found.identification,
        there=queries.permits_of_case(viewer=viewer, case_id=case_id),
    )
    if request.method != "POST" and not kinds:
        raise Refusal(_("There is no other permit that this person may ask for."))

    def act(form: Any) -> str:
        said = form.cleaned_data
        opened = actions.open_permit(by=viewer, case_id=case_id, kind_code=said["kind"], on=said["on"])
        return reverse("assistance:permit", args=[opened.pk])

    return work_page(
        request,
        name="permit.open",
        subject=case_id,
        form=lambda **kwargs: OpenPermitForm(kinds=tuple(kinds), **kwargs),
        act=act,
        title=_("A permit the person may ask for"),
        lede=_(
            "It depends on nothing but the person's situation: not on testimony, not on a complaint, not on a trial."
        ),
        submit=_("Record"),
        initial={"on": timezone.localdate(), "kind": kinds[0] if len(kinds) == 1 else ""},
        case=found,
        cancel_url=reverse("cases:case", args=[case_id]),
        keeps_drafts=False,
    )


@allowed("PERMIT_RECORD")
def move_permit(request: Request, permit_id: UUID, permit_verb: str) -> HttpResponse:
    """One step of a permit."""
    found = queries.permit(viewer=request.actor, permit_id=permit_id)
    if permit_verb not in TITLES:
        raise Missing(_("There is no such step."))
    refuse_step(request, permit_verb, MACHINE.verbs(found.status))
    back = reverse("assistance:permit", args=[permit_id])

    def act(form: Any) -> str:
        actions.move_permit(by=request.actor, row=form.step(permit_id, permit_verb))
        return back

    return work_page(
        request,
        name=f"permit.{permit_verb}",
        subject=permit_id,
        form=FORMS.get(permit_verb, PermitForm),
        act=act,
        title=str(TITLES[permit_verb]),
        lede=label("permit_kind", found.kind_code),
        submit=_("Record"),
        initial={"on": timezone.localdate(), "language": found.case.person.language_code},
        case=found.case,
        cancel_url=back,
    )


@allowed("PERMIT_RECORD")
@require_POST
def seal_paper(request: Request, permit_id: UUID) -> HttpResponse:
    """Keep a copy of a paper, sealed."""
    queries.permit(viewer=request.actor, permit_id=permit_id)
    form = PaperForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refusal(_("This file could not be read. Choose it again."))
    file = form.cleaned_data["file"]
    original = file.read() if file else b""
    actions.seal_paper(by=request.actor, permit_id=permit_id, text=form.cleaned_data["text"], original=original)
    return redirect("assistance:permit", permit_id)


@allowed("PERMIT_READ")
@require_POST
def paper(request: Request, permit_id: UUID, paper_id: UUID) -> HttpResponse:
    """One paper, to be saved: under a neutral name, never shown by the browser as a page of this site."""
    purpose = request.POST.get("purpose", "")
    kind, data = queries.open_paper(viewer=request.actor, permit_id=permit_id, part_id=paper_id, purpose=purpose)
    content_type, ending = TYPES[kind]
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="file.{ending}"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _facts(found: Any, names: dict[str, str]) -> list[tuple[str, Any]]:
    told = ", ".join(
        str(text)
        for text in (
            label("consent_giver", found.informed_code),
            label("language", found.informed_language_code),
            INTERPRETER.get(found.informed_interpreter_code, ""),
        )
        if text
    )
    kind = current().codes("permit_kind").get(found.kind_code)
    rows = [
        (_("Basis"), kind.extra["article"] if kind else ""),
        (_("Followed by"), names.get(found.agency_code, found.agency_code)),
        (_("Who was told, and how"), told),
        (_("Reason of the refusal"), label("permit_refusal", found.refusal_code)),
        (_("Converted into"), label("permit_kind", found.converted_code)),
        (_("Why it ended"), label("permit_end", found.end_code)),
    ]
    return [(name, value) for name, value in rows if value]
