"""Pages of notices: sending one from a contact, the boxes, and each answer."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_names
from enlace.base.errors import Missing, Refusal
from enlace.country.labels import label
from enlace.country.queries import current
from enlace.intake import actions, queries
from enlace.intake.forms.contacts import ConfirmForm, PurposeForm
from enlace.intake.forms.notices import CloseNoticeForm, NoticeListForm, NotifyForm, ReturnNoticeForm
from enlace.intake.labels import EXTRACT, NOTICE_STATUS, TOLD
from enlace.intake.rules import NOTICE
from enlace.intake.views.contacts import step_form
from enlace.people.queries import people_by_id
from enlace.vault.flow import Work, work_form

FORMS = {"take": ConfirmForm, "close": CloseNoticeForm, "return": ReturnNoticeForm, "settle": ConfirmForm}
TITLES = {
    "take": gettext_lazy("Take the notice up"),
    "close": gettext_lazy("Say what came of it"),
    "return": gettext_lazy("Return the notice"),
    "settle": gettext_lazy("Another way was found"),
}
CONSEQUENCES = {
    "take": gettext_lazy("Your agency is responsible from now on. The sender is told."),
    "close": gettext_lazy("The sender is told, and the desk that took the call with it."),
    "return": gettext_lazy("The sender is told why and looks for another way."),
    "settle": gettext_lazy("It leaves your work queue. Nothing is deleted."),
}


@allowed("CONTACT_RECORD")
def notify(request: Request, contact_id: UUID, kind_code: str) -> HttpResponse:
    """Send a notice about a contact."""
    viewer = request.actor
    kind = current().codes("notice_kind").get(kind_code)
    if kind is None:
        raise Missing(_("There is no such kind of notice."))
    detail = queries.contact_detail(viewer=viewer, contact_id=contact_id)
    people = [(str(row.person_id), row.person.code) for row in detail.people if row.person]
    has_extract = kind.extra["carries_extract"] == "yes"

    def act(form: Any) -> None:
        said = form.cleaned_data
        row = actions.Notification(
            kind=kind_code,
            contact_id=contact_id,
            person_id=UUID(said["person"]) if said["person"] else None,
            state_code=said["state"],
            note=said.get("note", ""),
            extract=form.extract(),
        )
        if not actions.notify(by=viewer, rows=[row]):
            raise Refusal(_("The same notice is waiting there already, or your agency takes up such notices itself."))

    return step_form(
        request,
        detail.contact,
        f"notify.{kind_code}",
        partial(NotifyForm, people=people, extract=has_extract),
        act,
        label("notice_kind", kind_code),
        initial={"state": detail.contact.state_code},
        template="intake/notify.html",
        done=_("The notice was sent. What comes of it will stand on this page."),
        context={
            "recipients": label("agency_kind", kind.extra["agency_kind"]),
            "has_extract": has_extract,
            "has_people": bool(people),
            "purpose": label("consent_purpose", kind.extra["consent_purpose"]),
        },
    )


@allowed("NOTICE_READ")
@require_safe
def notice_list(request: Request) -> HttpResponse:
    """Received and sent notices; filters stand in the address."""
    form = NoticeListForm(request.GET or {"box": "in"})
    said = form.cleaned_data if form.is_valid() else {}
    wanted = queries.NoticeFilter(box=said.get("box") or "in", status=said.get("status", ""))
    page = queries.notice_page(viewer=request.actor, wanted=wanted, cursor=request.GET.get("cursor", ""))
    names = agency_names()
    rows = [(row, NOTICE_STATUS[row.status], names.get(_other(row, wanted.box), "")) for row in page.rows]
    return render(request, "intake/notices.html", {"form": form, "page": page, "rows": rows, "box": wanted.box})


@allowed("NOTICE_READ")
@require_safe
def notice(request: Request, notice_id: UUID) -> HttpResponse:
    """One notice: about whom, its clock, and what came of it."""
    return render(request, "intake/notice.html", _page(request, notice_id))


@allowed("NOTICE_READ")
@require_POST
def open_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Open the words or the extract of a notice, for a stated purpose."""
    form = PurposeForm(request.POST)
    context = _page(request, notice_id) | {"purpose_form": form}
    if not form.is_valid():
        return render(request, "intake/notice.html", context, status=422)
    purpose = form.cleaned_data["purpose"]
    parts = queries.open_notice(viewer=request.actor, notice_id=notice_id, purpose=purpose)
    context |= {"parts": [(part.at, _told(part.content)) for part in parts], "is_open": True}
    return render(request, "intake/notice.html", context)


@allowed("NOTICE_ANSWER")
def answer_notice(request: Request, notice_id: UUID, step: str) -> HttpResponse:
    """Take up, close or return, after saying what it means."""

    def act(form: Any) -> str:
        said = form.cleaned_data
        if step == "take":
            actions.take_notices(by=request.actor, ids=[notice_id])
        elif step == "close":
            row = actions.Answer(notice_id=notice_id, code=said["outcome"], ref=said["ref"])
            actions.close_notice(by=request.actor, row=row)
        else:
            actions.return_notice(by=request.actor, row=actions.Answer(notice_id=notice_id, code=said["reason"]))
        return reverse("intake:notice", args=[notice_id])

    return _step(request, notice_id, step, act)


@allowed("NOTICE_READ")
def settle_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """The sender has found another way for what was returned."""

    def act(form: Any) -> str:
        actions.settle_notice(by=request.actor, notice_id=notice_id)
        return reverse("intake:notice", args=[notice_id])

    return _step(request, notice_id, "settle", act)


def _step(request: Request, notice_id: UUID, verb: str, act: Any) -> HttpResponse:
    found = queries.notice(viewer=request.actor, notice_id=notice_id)
    if request.method != "POST" and verb not in _verbs(request, found):
        raise Refusal(_("Something has changed since the page was opened."))
    context = {
        "title": TITLES[verb],
        "consequences": [str(CONSEQUENCES[verb])],
        "confirm_label": TITLES[verb],
        "cancel_url": reverse("intake:notice", args=[notice_id]),
    }
    work = Work(
        name=f"notice.{verb}",
        subject=str(notice_id),
        form=FORMS[verb],
        act=act,
        template="base/confirm.html",
        context=context,
        keeps_drafts=False,
    )
    return work_form(request, work)


def _verbs(request: Request, found: Any) -> list[str]:
    """The steps this viewer may take now."""
    viewer = request.actor
    is_recipient = found.to_agency == viewer.agency_code
    may = {"settle": not is_recipient}
    return [verb for verb in NOTICE.verbs(found.status) if may.get(verb, is_recipient and viewer.may("NOTICE_ANSWER"))]


def _page(request: Request, notice_id: UUID) -> dict[str, Any]:
    viewer = request.actor
    found = queries.notice(viewer=viewer, notice_id=notice_id)
    names = agency_names()
    known = bool(found.person_id and people_by_id(viewer=viewer, ids=[found.person_id]))
    links = {
        verb: reverse("intake:settle", args=[notice_id])
        if verb == "settle"
        else reverse("intake:answer", args=[notice_id, verb])
        for verb in _verbs(request, found)
    }
    return {
        "notice": found,
        "status_name": NOTICE_STATUS[found.status],
        "sender": names.get(found.from_agency, found.from_agency),
        "recipient": names.get(found.to_agency, found.to_agency),
        "is_recipient": found.to_agency == viewer.agency_code,
        "facts": _facts(found.slice),
        "knows_person": known,
        "verbs": [(url, TITLES[verb]) for verb, url in links.items()],
        "purpose_form": PurposeForm(),
    }


def _facts(facts: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [
        (_("Age group"), label("age_group", facts.get("age_group_code", ""))),
        (_("Sex"), label("sex", facts.get("sex_code", ""))),
        (_("Nationality"), ", ".join(label("country", code) for code in facts.get("citizenship_codes", []))),
        (_("Language"), label("language", facts.get("language_code", ""))),
        (_("Interpreter"), _("Needed") if facts.get("needs_interpreter") else ""),
    ]
    return [(name, value) for name, value in rows if value]


def _told(content: dict[str, Any]) -> list[tuple[str, str]]:
    rows = [(str(TOLD["note"]), content["note"])] if "note" in content else []
    return rows + [(str(EXTRACT[name]), text) for name, text in content.get("extract", {}).items()]


def _other(row: Any, box: str) -> str:
    return str(row.to_agency if box == "out" else row.from_agency)
