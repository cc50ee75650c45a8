"""Pages for what goes outside: the register of partners, and packages as their senders see them."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Refusal
from enlace.cases.queries import case as case_of
from enlace.cases.rules import OPEN
from enlace.country.labels import state_choices
from enlace.country.queries import current
from enlace.referrals import actions, codes, queries
from enlace.referrals.forms import PackageForm, PartnerForm
from enlace.referrals.views.referrals import asked_for, consented
from enlace.vault.flow import Work, work_form


@allowed("REFERRAL_SEND")
def send_package(request: Request, case_id: UUID) -> HttpResponse:
    """Refer to a partner outside; its link and code are shown once, on the page that answers."""
    viewer = request.actor
    found = case_of(viewer=viewer, case_id=case_id)
    if request.method != "POST" and found.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))
    made: list[actions.Made] = []

    def act(form: Any) -> str:
        made.append(actions.send_package(by=viewer, row=form.parcel(case_id)))
        return reverse("referrals:referral", args=[made[0].package.referral_id])

    work = Work(
        name="package.send",
        subject=str(case_id),
        form=lambda **kwargs: PackageForm(partners=queries.partner_names(viewer=viewer), **kwargs),
        act=act,
        template="referrals/package.html",
        initial=asked_for(request),
        context={
            "case": found,
            "consented": consented(viewer, found.person_id),
            "cancel_url": reverse("cases:case", args=[case_id]),
        },
    )
    response = work_form(request, work)
    return _made(request, made[0]) if made else response


@allowed("REFERRAL_SEND")
@require_safe
def partner_list(request: Request) -> HttpResponse:
    """The register, by name."""
    state = request.GET.get("state", "")
    state = state if state in current().states_by_code else ""
    page = queries.partner_page(viewer=request.actor, state_code=state, cursor=request.GET.get("cursor", ""))
    context = {"page": page, "state": state, "states": state_choices(blank=_("All states"))}
    return render(request, "referrals/partners.html", context)


@allowed("REFERRAL_SEND")
def add_partner(request: Request) -> HttpResponse:
    """Add an organisation to the register."""

    def act(form: Any) -> str:
        actions.add_partner(by=request.actor, row=form.outsider())
        return reverse("referrals:partners")

    work = Work(
        name="partner.add",
        form=PartnerForm,
        act=act,
        template="referrals/partner.html",
        done=_("The partner is in the register."),
        context={"title": _("Add a partner"), "cancel_url": reverse("referrals:partners")},
    )
    return work_form(request, work)


@allowed("REFERRAL_SEND")
def correct_partner(request: Request, partner_id: UUID) -> HttpResponse:
    """Correct what the own agency wrote down of a partner."""
    found = queries.own_partner(viewer=request.actor, partner_id=partner_id)

    def act(form: Any) -> str:
        actions.correct_partner(by=request.actor, partner_id=partner_id, row=form.outsider())
        return reverse("referrals:partners")

    work = Work(
        name="partner.correct",
        subject=str(partner_id),
        form=PartnerForm,
        act=act,
        template="referrals/partner.html",
        done=_("The partner was corrected."),
        initial={
            "name": found.name,
            "kind": found.kind_code,
            "state": found.state_code,
            "public_contact": found.public_contact,
            "agency_contact": found.agency_contact,
            "is_active": found.is_active,
        },
        context={"title": _("Correct a partner"), "cancel_url": reverse("referrals:partners")},
        keeps_drafts=False,
    )
    return work_form(request, work)


def _made(request: Request, made: actions.Made) -> HttpResponse:
    context = {
        "package": made.package,
        "partner": made.package.referral.partner,
        "link": request.build_absolute_uri(reverse("referrals:open", args=[made.link])),
        "code": codes.grouped(made.code),
    }
    return render(request, "referrals/package_made.html", context)
