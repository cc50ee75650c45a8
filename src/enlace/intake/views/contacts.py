"""Pages of contacts: the desk, the list, one contact, and each step of it."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import agency_kinds, agency_names
from enlace.base.errors import Missing, Refusal
from enlace.base.slots import Panel, registered
from enlace.country.labels import choices, label, language, state_label
from enlace.country.queries import current
from enlace.intake import actions, queries
from enlace.intake.actions import Entry
from enlace.intake.forms.contacts import (
    ConfirmForm,
    ContactListForm,
    EditForm,
    FollowUpForm,
    PurposeForm,
    ReachForm,
    RecordForm,
    ToldForm,
)
from enlace.intake.labels import CONTACT_STATUS, CONTACT_STEPS, NOTICE_STATUS, OUTCOMES, TOLD
from enlace.intake.rules import CONTACT
from enlace.vault.flow import Work, work_form

TITLES = {  # in the order in which they are offered
    "reach": gettext_lazy("The call took place"),
    "schedule": gettext_lazy("Promise a call"),
    "close": gettext_lazy("Close the contact"),
    "reopen": gettext_lazy("Reopen the contact"),
}
TERMS = ("number", "when", "code_word", "caller")
COLUMNS = ("code", "channel_code", "opened_at", "seconds", "disposition_code", "risk_code", "status", "state_code")


@allowed("CONTACT_READ")
@require_safe
def contact_list(request: Request) -> HttpResponse:
    """The agency's contacts; filters stand in the address."""
    form = ContactListForm(request.GET)
    page = queries.contact_page(viewer=request.actor, wanted=_wanted(form), cursor=request.GET.get("cursor", ""))
    context = {
        "form": form,
        "page": page,
        "status_names": CONTACT_STATUS,
        "channels": own_channels(request) if request.actor.may("CONTACT_RECORD") else [],
        "query": request.GET.urlencode(),
    }
    return render(request, "intake/list.html", context)


@allowed("CONTACT_READ")
@require_safe
def export_contacts(request: Request) -> HttpResponse:
    """The list as a file: codes and times, never what was told."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, "people_at_risk"])
    for row, at_risk in queries.export_contacts(viewer=request.actor, wanted=_wanted(ContactListForm(request.GET))):
        cells = [getattr(row, name) for name in COLUMNS]
        cells[2] = timezone.localtime(row.opened_at).isoformat(timespec="seconds")
        writer.writerow([*cells, at_risk])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="contacts.csv"'
    return response


@allowed("CONTACT_RECORD")
@require_safe
def new_contact(request: Request) -> HttpResponse:
    """Straight to the form of the agency's first channel: a telephone that rings does not wait for a choice."""
    channels = own_channels(request)
    if not channels:
        raise Refusal(_("Your agency has no channel to record contacts of."))
    return redirect("intake:record", channels[0][0])


@allowed("CONTACT_RECORD")
def record_contact(request: Request, channel_code: str) -> HttpResponse:
    """A contact on one screen; what is typed is kept while it is typed."""
    channels = dict(own_channels(request))
    if channel_code not in channels:
        raise Missing(_("Your agency does not use this channel."))
    is_timed = current().codes("contact_channel").by_code[channel_code].extra["door"] == "hotline"

    def act(form: django_forms.Form) -> str:
        assert isinstance(form, RecordForm)
        row: Entry = form.entry(is_timed=is_timed)
        actions.record_contacts(by=request.actor, rows=[row])
        return reverse("intake:contact", args=[row.id])

    work = Work(
        name="contact.record",
        subject=channel_code,
        form=partial(RecordForm, channel=channel_code),
        act=act,
        template="intake/record.html",
        done=_("The contact is recorded. Say who the people are, and go on from here."),
        initial={"opened_at": timezone.now().isoformat(timespec="seconds"), "risk": "unknown", "precision": "none"},
        context={
            "channel_code": channel_code,
            "channels": channels.items(),
            "is_timed": is_timed,
            "countries": [name for _code, name in choices("country")],
            "cancel_url": reverse("intake:list"),
        },
    )
    return work_form(request, work)


@allowed("CONTACT_READ")
@require_safe
def contact(request: Request, contact_id: UUID) -> HttpResponse:
    """One contact: its people, what can be done from here, and what came of it."""
    return render(request, "intake/contact.html", _page(request, contact_id))


@allowed("CONTACT_READ")
@require_POST
def open_told(request: Request, contact_id: UUID) -> HttpResponse:
    """Open what was told, for a stated purpose; the reading leaves a record."""
    form = PurposeForm(request.POST)
    context = _page(request, contact_id) | {"purpose_form": form}
    if not form.is_valid():
        return render(request, "intake/contact.html", context, status=422)
    purpose = form.cleaned_data["purpose"]
    parts = queries.open_told(viewer=request.actor, contact_id=contact_id, purpose=purpose)
    own = {field.code: field for field in current().fields_of(context["contact"].channel_code)}
    context |= {
        "parts": [(part.at, _told(part.content, own)) for part in parts],
        "terms": _terms([part.content for part in parts]),
        "is_open": True,
    }
    return render(request, "intake/contact.html", context)


@allowed("CONTACT_RECORD")
def edit_contact(request: Request, contact_id: UUID) -> HttpResponse:
    """Correct what is known of a contact."""
    found = queries.contact(viewer=request.actor, contact_id=contact_id)
    initial = {
        "disposition": found.disposition_code,
        "risk": found.risk_code,
        "language": found.language_code,
        "needs_interpreter": found.needs_interpreter,
        "interpreter_given": _yes_or_no(found.interpreter_given),
        "precision": found.precision_code,
        "state": found.state_code,
        "municipality": found.municipality,
    }

    def act(form: Any) -> None:
        actions.edit_contact(by=request.actor, contact_id=contact_id, changes=form.known())

    return step_form(request, found, "edit", EditForm, act, _("Correct the contact"), initial=initial)


@allowed("CONTACT_RECORD")
def add_told(request: Request, contact_id: UUID) -> HttpResponse:
    """Add to what was told."""
    found = queries.contact(viewer=request.actor, contact_id=contact_id)

    def act(form: Any) -> None:
        actions.add_told(by=request.actor, contact_id=contact_id, told=form.cleaned_data)

    return step_form(request, found, "add_told", ToldForm, act, _("Add to what was told"))


@allowed("CONTACT_RECORD")
def schedule_follow_up(request: Request, contact_id: UUID) -> HttpResponse:
    """Promise another call."""

    def act(form: Any) -> None:
        actions.schedule_follow_up(by=request.actor, contact_id=contact_id, due=form.due())

    return _move_form(request, contact_id, "schedule", FollowUpForm, act)


@allowed("CONTACT_RECORD")
def reach_contact(request: Request, contact_id: UUID) -> HttpResponse:
    """The call that was promised took place."""

    def act(form: Any) -> None:
        actions.reach_contact(by=request.actor, contact_id=contact_id, told=form.cleaned_data)

    return _move_form(request, contact_id, "reach", ReachForm, act)


@allowed("CONTACT_RECORD")
def close_contact(request: Request, contact_id: UUID) -> HttpResponse:
    """Nothing more to do at this desk."""

    def act(form: Any) -> None:
        actions.close_contact(by=request.actor, contact_id=contact_id)

    return _move_form(request, contact_id, "close", ConfirmForm, act)


@allowed("CONTACT_RECORD")
def reopen_contact(request: Request, contact_id: UUID) -> HttpResponse:
    """Take a contact up again."""

    def act(form: Any) -> None:
        actions.reopen_contact(by=request.actor, contact_id=contact_id)

    return _move_form(request, contact_id, "reopen", ConfirmForm, act)


def own_channels(request: Request) -> list[tuple[str, str]]:
    """The channels of the viewer's agency, in the order of the pack."""
    kind = agency_kinds().get(request.actor.agency_code, "")
    codes = [c for c in current().codes("contact_channel") if c.extra["door"] != "report"]
    codes = [c for c in codes if kind in (c.extra["agency_kinds"].split() or [kind])]
    return [(code.code, code.label(language())) for code in codes]


def step_form(
    request: Request,
    found: Any,
    name: str,
    form: Callable[..., django_forms.Form],
    act: Callable[[Any], None],
    title: str,
    **extra: Any,
) -> HttpResponse:
    """A small form about one contact that leads back to it."""
    back = reverse("intake:contact", args=[found.pk])

    def acted(filled: django_forms.Form) -> str:
        act(filled)
        return back

    context = {"contact": found, "title": title, "cancel_url": back, **extra.pop("context", {})}
    template = extra.pop("template", "intake/step.html")
    work = Work(
        name=f"contact.{name}",
        subject=str(found.pk),
        form=form,
        act=acted,
        template=template,
        context=context,
        **extra,
    )
    return work_form(request, work)


def _move_form(
    request: Request, contact_id: UUID, verb: str, form: Callable[..., django_forms.Form], act: Callable[[Any], None]
) -> HttpResponse:
    found = queries.contact(viewer=request.actor, contact_id=contact_id)
    # A form sent twice has to find the way its first sending led, so only the page asks whether the step is possible.
    if request.method != "POST" and verb not in CONTACT.verbs(found.status):
        raise Refusal(_("Something has changed since the page was opened."))
    return step_form(request, found, verb, form, act, str(TITLES[verb]), keeps_drafts=verb == "reach")


def _yes_or_no(said: bool | None) -> str:
    return "" if said is None else ("yes" if said else "no")


def _wanted(form: ContactListForm) -> queries.ContactFilter:
    said = form.cleaned_data if form.is_valid() else {}
    return queries.ContactFilter(
        channel_code=said.get("channel", ""),
        disposition_code=said.get("disposition", ""),
        risk_code=said.get("risk", ""),
        status=said.get("status", ""),
        since=said.get("since"),
        until=said.get("until"),
    )


def _page(request: Request, contact_id: UUID) -> dict[str, Any]:
    viewer = request.actor
    detail = queries.contact_detail(viewer=viewer, contact_id=contact_id)
    found, names = detail.contact, agency_names()
    verbs = CONTACT.verbs(found.status) if viewer.may("CONTACT_RECORD") else ()
    panels = [panel for panel in registered(Panel, viewer) if panel.page == "contact"]
    return {
        "contact": found,
        "people": detail.people,
        "facts": _facts(found),
        "status_name": CONTACT_STATUS[found.status],
        "outcomes": [(each, OUTCOMES[each.kind], names.get(each.agency_code, "")) for each in detail.outcomes],
        "notices": [
            (each, NOTICE_STATUS[each.status], names.get(each.to_agency, each.to_agency))
            for each in queries.notices_of_contact(viewer=viewer, contact_id=contact_id)
        ],
        "verbs": [(f"intake:{verb}", title) for verb, title in TITLES.items() if verb in verbs],
        "steps": [(each, CONTACT_STEPS[each.verb]) for each in detail.steps],
        "kinds": choices("notice_kind"),
        "origin": current().codes("contact_channel").by_code[found.channel_code].extra["origin"],
        "purpose_form": PurposeForm(),
        "panels": [(panel.template, panel.context(viewer, found)) for panel in panels],
    }


def _facts(found: Any) -> list[tuple[str, str]]:
    pack, lang = current(), language()
    minutes, seconds = divmod(found.seconds, 60)
    given = {"yes": _("given"), "no": _("not given"), "": ""}[_yes_or_no(found.interpreter_given)]
    rows = [
        (_("Channel"), label("contact_channel", found.channel_code)),
        (_("Began"), timezone.localtime(found.opened_at).strftime("%Y-%m-%d %H:%M")),
        (_("Lasted"), f"{minutes}:{seconds:02} min" if found.seconds else ""),
        (_("Risk"), label("risk_level", found.risk_code)),
        (_("Language"), label("language", found.language_code)),
        (_("Interpreter"), " · ".join(filter(None, (_("Needed") if found.needs_interpreter else "", given)))),
        (_("Place"), ", ".join(filter(None, (found.municipality, state_label(found.state_code))))),
        (_("How precise"), label("place_precision", found.precision_code)),
    ]
    own = {field.code: field for field in pack.fields_of(found.channel_code)}
    rows += [(own[code].text(lang), own_text(own[code], value)) for code, value in found.fields.items() if code in own]
    return [(name, value) for name, value in rows if value]


def own_text(field: Any, value: Any) -> str:
    """The answer to one of a channel's own fields in words."""
    lang = language()
    texts = {option.code: option.text(lang) for option in field.options}
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(texts.get(code, code)) for code in value)
    if field.type == "code":
        return label(field.list_name, value)
    return state_label(value) if field.type == "place" else texts.get(value, str(value))


def _terms(contents: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """How to reach the person safely: of each term what was said last."""
    last = {key: content[key] for content in contents for key in TERMS if key in content}
    return [(str(TOLD[key]), last[key]) for key in TERMS if key in last]


def _told(content: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = [(str(name), content[key]) for key, name in TOLD.items() if key in content]
    fields: Mapping[str, Any] = content.get("fields", {})
    return rows + [
        (own[code].text(language()), own_text(own[code], value)) for code, value in fields.items() if code in own
    ]
