"""The page on which a partner outside opens a package and answers. No account, no cookie, nothing kept of the reader.

Opening the address does nothing yet, so that a program that looks at links in messages opens no package; only the code
does. Whether the link leads anywhere shows only with the right code.
"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enlace.accounts.access import Request
from enlace.base.errors import Missing, Refusal
from enlace.country.labels import label
from enlace.intake.public import Frame, discreet, page, sealed, unsealed
from enlace.referrals import actions, queries
from enlace.referrals.forms import OpenForm, PartnerAnswerForm
from enlace.referrals.labels import FIELDS, STATUS
from enlace.referrals.permissions import PARTNER
from enlace.referrals.rules import SENT
from enlace.referrals.views.slices import shown

NEUTRAL = gettext_lazy("Information")
ANSWERS = ("accept", "decline", actions.ACKNOWLEDGE)


@discreet
def open_package(request: Request, link: str) -> HttpResponse:
    """Ask for the code; show what the package holds, once; take the answer."""
    address = reverse("referrals:open", args=[link])
    frame = Frame("package", address, address, NEUTRAL)
    if request.method != "POST" or "to_lang" in request.POST:
        return _ask(request, frame, OpenForm())
    opened = unsealed(request.POST.get("pass", ""))
    if opened is not None and "package" in opened:
        return _answer(request, frame, opened)
    form = OpenForm(request.POST)
    if not form.is_valid():
        return _ask(request, frame, form)
    try:
        said = form.cleaned_data
        found = actions.open_package(by=PARTNER, link=link, code=said["code"], opened_by=said["opened_by"])
    except (Missing, Refusal) as refused:
        form.add_error(None, str(refused.reason))
        return _ask(request, frame, form)
    about = _about(found.package)
    return _show(request, frame, about if found.content is None else {**about, "told": dict(found.content)})


def _ask(request: Request, frame: Frame, form: OpenForm) -> HttpResponse:
    context = {"title": NEUTRAL, "form": form}
    return page(request, "referrals/public/code.html", frame, context, 422 if form.errors else 200)


def _about(package: Any) -> dict[str, Any]:
    """What the pages after the opening need, sealed into their form: who asks, for what, by when, and what was told."""
    referral = package.referral
    return {
        "package": str(package.pk),
        "code": referral.code,
        "sender": queries.party_names().get(referral.sender_code, ""),
        "services": list(referral.service_codes),
        "due": referral.due_at.isoformat(),
        "opened": package.opened_at.isoformat(),
        "status": referral.status,
    }


def _show(
    request: Request,
    frame: Frame,
    about: dict[str, Any],
    *,
    form: PartnerAnswerForm | None = None,
    done: str = "",
) -> HttpResponse:
    told = about.get("told", {})
    facts = shown(told.get("slice", {}))
    facts += [(str(FIELDS[name]), _text(told[name])) for name in ("names", "phones") if told.get(name)]
    context = {
        "title": NEUTRAL,
        "about": about,
        "services": [label("service", code) for code in about["services"]],
        "is_shown": "told" in about,
        "facts": facts,
        "message": told.get("message", ""),
        "is_waiting": about["status"] == SENT,
        "status_name": STATUS[about["status"]],
        "form": form or PartnerAnswerForm(),
        "pass": sealed(about),
        "done": done,
    }
    return page(request, "referrals/public/opened.html", frame, context, 422 if form else 200)


def _answer(request: Request, frame: Frame, about: dict[str, Any]) -> HttpResponse:
    form, verb = PartnerAnswerForm(request.POST), request.POST.get("do", "")
    if verb not in ANSWERS or not form.is_valid():
        return _show(request, frame, about)
    said = form.cleaned_data
    try:
        referral = actions.answer_package(
            by=PARTNER, package_id=UUID(about["package"]), verb=verb, reason_code=said["reason"], note=said["note"]
        )
    except (Missing, Refusal) as refused:
        form.add_error(None, str(refused.reason))
        return _show(request, frame, about, form=form)
    words = {
        "accept": _("Thank you. Whoever asked knows that you receive the person."),
        "decline": _("Thank you. Whoever asked looks for another place."),
        actions.ACKNOWLEDGE: _("Thank you. Come back with the same link and code to answer."),
    }
    return _show(request, frame, {**about, "status": referral.status}, done=words[verb])


def _text(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)
