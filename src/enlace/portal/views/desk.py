"""The desk: giving the number of a person's own page, closing it, and answering what is asked there."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.audit.actions import AlreadyDone, once
from enlace.base.errors import Refusal
from enlace.base.pdf import typeset
from enlace.country.labels import language
from enlace.intake import receipts
from enlace.intake.public import sealed, unsealed
from enlace.people import queries as people
from enlace.portal import actions, queries, rules
from enlace.portal.actions import Giving
from enlace.portal.forms import AnswerForm, CloseForm, ListForm, OfferForm, PurposeForm
from enlace.portal.labels import MESSAGES, REQUEST_STATUS, VERBS
from enlace.vault.flow import Work, plumbing, token_of, work_form
from enlace.vault.queries import Part

SHEET = "own sheet"


@allowed("PORTAL_ISSUE")
@require_http_methods(["GET", "HEAD", "POST"])
def issue_page(request: Request, person_id: UUID) -> HttpResponse:
    """Offer the page: ask whether the number can be kept safely, and only then make one. It is shown this once."""
    person = people.person(viewer=request.actor, person_id=person_id)
    form = OfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _given(request, person, form)
        except AlreadyDone:
            raise  # leads to where the first sending led; the number was shown then
        except Refusal as refusal:
            form.add_error(None, _(str(refusal.reason)))
    context = {
        "person": person,
        "page": queries.last_page(viewer=request.actor, person_id=person_id),
        "may_be_child": queries.may_be_child(person),
        "form": form,
        "cancel_url": reverse("vault:person", args=[person_id]),
        **plumbing(request),
    }
    return render(request, "portal/issue.html", context, status=422 if form.errors else 200)


def _given(request: Request, person: Any, form: OfferForm) -> HttpResponse:
    """Give the number, or note that it was refused. A form sent twice gives one number, and shows it once."""
    said, number = form.cleaned_data, receipts.new_number()
    back = reverse("vault:person", args=[person.pk])

    def act() -> str:
        if said["kept_as"] == rules.NOTHING:
            actions.refuse_page(by=request.actor, person_id=person.pk, keeper_code=said["keeper"])
        else:
            row = Giving(person_id=person.pk, number=number, kept_as=said["kept_as"], keeper_code=said["keeper"])
            actions.issue_page(by=request.actor, row=row)
        return back

    once(by=request.actor, token=token_of(request), act=act)
    if said["kept_as"] == rules.NOTHING:
        return HttpResponseRedirect(back)
    context = {
        "person": person,
        "number": receipts.grouped(number),
        "page": queries.last_page(viewer=request.actor, person_id=person.pk),
        "on_paper": said["kept_as"] == rules.PAPER,
        "pass": sealed({"kind": SHEET, "id": str(person.pk), "number": number}),
        "address": request.build_absolute_uri(reverse("portal:own")),
    }
    return render(request, "portal/issued.html", context)


@allowed("PORTAL_ISSUE")
@require_POST
def sheet(request: Request, person_id: UUID) -> HttpResponse:
    """The sheet to print: plain words, nothing that says what it is."""
    people.person(viewer=request.actor, person_id=person_id)
    brought = unsealed(request.POST.get("pass", ""))
    if brought is None or brought.get("kind") != SHEET or brought["id"] != str(person_id):
        raise Refusal(_("This sheet cannot be printed any more. Give a new number."))
    found = actions.print_page(by=request.actor, person_id=person_id, number=brought["number"])
    data = {
        "lang": language(),
        "title": _("Information"),
        "number": receipts.grouped(brought["number"]).split(),
        "address": request.build_absolute_uri(reverse("portal:own")),
        "steps": [
            _("Open this address on a telephone or computer that only you use:"),
            _("Write these sixteen digits:"),
        ],
        "notes": [
            _(
                "Keep this sheet where nobody else finds it. If it is lost, ask for another: this one then stops working."
            ),
            _("It works until %(day)s.") % {"day": date_format(timezone.localtime(found.expires_at), "DATE_FORMAT")},
        ],
    }
    response = HttpResponse(typeset("portal/sheet.typ", data), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="informacion.pdf"'
    return response


@allowed("PORTAL_ISSUE")
def close_page(request: Request, person_id: UUID) -> HttpResponse:
    """The number stops opening the page: lost paper, or the person asks."""
    person = people.person(viewer=request.actor, person_id=person_id)
    found = queries.last_page(viewer=request.actor, person_id=person_id)
    if request.method != "POST" and (found is None or found.status != rules.OPEN):
        raise Refusal(_("There is no number to close."))
    back = reverse("vault:person", args=[person_id])

    def act(form: Any) -> str:
        actions.close_page(by=request.actor, person_id=person_id)
        return back

    context = {
        "title": _("Close the page of the person"),
        "person": person,
        "confirm_label": _("Close the page"),
        "cancel_url": back,
        "danger": True,
        "consequences": [
            _("The number stops working at once, also for whoever has the page open now."),
            _("Nothing that is recorded changes. Another number can be given at any time."),
        ],
    }
    work = Work(
        name="page.close",
        subject=str(person_id),
        form=CloseForm,
        act=act,
        template="portal/close.html",
        context=context,
        done=_("The number does not open the page any more."),
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("PORTAL_ANSWER")
@require_safe
def request_list(request: Request) -> HttpResponse:
    """What people asked of the agency on their own pages."""
    form = ListForm(request.GET)
    status = form.cleaned_data["status"] if form.is_valid() else ""
    page = queries.request_page(viewer=request.actor, status=status, cursor=request.GET.get("cursor", ""))
    context = {"form": form, "page": page, "status_names": REQUEST_STATUS, "owed": rules.OWED}
    return render(request, "portal/requests.html", context)


@allowed("PORTAL_ANSWER")
@require_http_methods(["GET", "HEAD", "POST"])
def person_request(request: Request, person_request_id: UUID) -> HttpResponse:
    """One request; what is sealed opens after a purpose is chosen."""
    viewer = request.actor
    found = queries.person_request(viewer=viewer, request_id=person_request_id)
    form = PurposeForm(request.POST or None)
    parts: list[Part] = []
    if request.method == "POST" and form.is_valid():
        purpose = form.cleaned_data["purpose"]
        parts = queries.request_messages(viewer=viewer, request_id=person_request_id, purpose=purpose)
    names = agency_names()
    lines = [
        (part.at, MESSAGES[said["kind"]], names.get(said.get("agency", ""), ""), said["text"])
        for part in parts
        for said in [part.content]
    ]
    context = {
        "asked": found,
        "form": form,
        "lines": lines,
        "status_name": REQUEST_STATUS[found.status],
        "is_owed": found.status in rules.OWED,
        "verbs": _verbs(found),
    }
    return render(request, "portal/request.html", context, status=422 if form.errors else 200)


@allowed("PORTAL_ANSWER")
def answer_request(request: Request, person_request_id: UUID) -> HttpResponse:
    """Write what the person will read on her page."""
    found = queries.person_request(viewer=request.actor, request_id=person_request_id)
    verbs = _verbs(found)
    if request.method != "POST" and not verbs:
        raise Refusal(_("This request is finished: nothing more can be written to it."))

    def act(form: Any) -> str:
        said = form.cleaned_data
        actions.answer_request(by=request.actor, request_id=found.pk, verb=said["verb"], text=said["text"])
        return reverse("portal:request", args=[found.pk])

    work = Work(
        name="request.answer",
        subject=str(found.pk),
        form=lambda **kwargs: AnswerForm(verbs=tuple(VERBS) if request.method == "POST" else verbs, **kwargs),
        act=act,
        template="portal/answer.html",
        context={
            "title": _("Answer the person"),
            "asked": found,
            "cancel_url": reverse("portal:request", args=[found.pk]),
        },
        initial={"verb": verbs[0] if len(verbs) == 1 else ""},
        done=_("It was sent. The person reads it on the own page."),
    )
    return work_form(request, work)


def _verbs(found: Any) -> tuple[str, ...]:
    return rules.desk_verbs(found.status, carried_out=queries.is_carried_out(found.kind_code))
