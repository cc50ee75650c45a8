"""The own page, without account and without cookie: what the number opens travels sealed from page to page.

Whoever holds the sealed pass holds the page for ``IDLE`` after the last page that was looked at, and only as long as the
number is good: it is asked again with every request, so that closing it closes what is already open.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enlace.accounts.access import Request
from enlace.audit.actions import AlreadyDone, once
from enlace.base.actor import Actor
from enlace.base.errors import EnlaceError, Missing, Refusal
from enlace.base.ids import new_id
from enlace.base.rows import seeing_as
from enlace.base.slots import Panel, registered
from enlace.country.labels import label
from enlace.intake import effort
from enlace.intake.public import EffortForm, Frame, discreet, forget, page, sealed, unsealed
from enlace.intake.queries import wrong_tries_lately
from enlace.people import queries as people
from enlace.portal import actions, queries, rules
from enlace.portal.forms import CodeForm, WriteForm
from enlace.portal.labels import MESSAGES, OWN_STATUS
from enlace.portal.permissions import PAGE, own_id
from enlace.vault.actions import stop_sharing
from enlace.vault.flow import token_of

NEUTRAL = gettext_lazy("Information")
IDLE = timedelta(minutes=20)


@discreet
def own_page(request: Request) -> HttpResponse:
    """Ask for the number, show what it opens, and do there what she presses."""
    if request.method != "POST":
        return _ask_number(request)
    if request.POST.get("do") == "leave":
        return _leave(request, gone=False)
    visit = Visit.of(request)
    if visit is None:
        return _open(request)
    act = DO.get(request.POST.get("do", ""), Visit.show) if "to_lang" not in request.POST else Visit.show
    with seeing_as(visit.viewer):
        try:
            return act(visit)
        except EnlaceError as error:  # told on her page, whose panels show how things stand
            return visit.show(problem=str(error.reason), status=error.status)


class Visit:
    """One request of a person whose number is good. ``viewer`` is she; ``before`` is when the page was opened before."""

    def __init__(self, request: Request, page_id: UUID, viewer: Actor, before: str) -> None:
        self.request, self.page_id, self.viewer, self.before = request, page_id, viewer, before

    @classmethod
    def of(cls, request: Request) -> "Visit | None":
        """``None`` when there is no pass, it was changed or has run out, or the number opens nothing any more."""
        brought = unsealed(request.POST.get("pass", ""))
        if brought is None or brought.get("kind") != queries.KIND:
            return None
        if timezone.now().timestamp() - brought["seen"] > IDLE.total_seconds():
            return None
        page_id = UUID(brought["id"])
        viewer = queries.person_of_page(page_id)
        return cls(request, page_id, viewer, brought["before"]) if viewer else None

    def show(self, done: str = "", problem: str = "", status: int = 200) -> HttpResponse:
        """Everything on one page: each module's panel, in order."""
        person = people.person(viewer=self.viewer, person_id=own_id(self.viewer))
        panels = [panel for panel in registered(Panel, self.viewer) if panel.page == "own"]
        shown = [(panel.template, panel.context(self.viewer, person)) for panel in panels]
        found = queries.own_page(viewer=self.viewer)
        before = datetime.fromisoformat(self.before) if self.before else None
        context = {"panels": shown, "done": done, "problem": problem, "before": before, "own": found}
        return self._page("portal/own.html", context, status)

    def write(self, form: forms.Form | None = None) -> HttpResponse:
        return self._page(
            "portal/write.html", {"form": form or WriteForm(), "form_token": new_id()}, 422 if form else 200
        )

    def ask(self) -> HttpResponse:
        """Send what was written, once."""
        form = WriteForm(self.request.POST)
        if not form.is_valid():
            return self.write(form)
        said = form.cleaned_data

        def act() -> str:
            actions.ask(by=self.viewer, kind_code=said["kind"], text=said["text"])
            return ""

        try:
            once(by=PAGE, token=token_of(self.request), act=act)
        except AlreadyDone:
            pass  # what the first sending did is what this page shows
        except Refusal as refusal:
            form.add_error(None, str(refusal.reason))
            return self.write(form)
        return self.show(_("It was sent. The answer will be here: come back with the same number."))

    def read(self, done: str = "") -> HttpResponse:
        """One request of hers, there and back."""
        found, parts = queries.request_of_own(viewer=self.viewer, request_id=self._chosen())
        names = queries.names_on_own_page()
        lines = [
            (part.at, names.get(said.get("agency", ""), _("You")), MESSAGES[said["kind"]], said["text"])
            for part in parts
            for said in [part.content]
        ]
        context = {
            "asked": found,
            "kind": label("person_request", found.kind_code),
            "status": OWN_STATUS[found.status],
            "is_owed": found.status in rules.OWED,
            "may_withdraw": "withdraw" in rules.PERSON_REQUEST.verbs(found.status),
            "lines": lines,
            "done": done,
        }
        return self._page("portal/asked.html", context)

    def withdraw(self) -> HttpResponse:
        actions.withdraw_request(by=self.viewer, request_id=self._chosen())
        return self.read(_("You withdrew it. Nobody will work on it any more."))

    def revoke(self) -> HttpResponse:
        """Nothing more leaves under this consent, from this moment."""
        stop_sharing(by=self.viewer, person_id=own_id(self.viewer), consent_id=self._chosen(), on=timezone.localdate())
        return self.show(_("Done. From now on nothing more is shared under that permission. Help does not stop."))

    def ask_end(self) -> HttpResponse:
        return self._page("portal/end.html", {})

    def end(self) -> HttpResponse:
        """The number opens nothing any more: she wants it so."""
        actions.close_page(by=self.viewer, person_id=own_id(self.viewer))
        return _leave(self.request, gone=True)

    def _chosen(self) -> UUID:
        try:
            return UUID(self.request.POST.get("chosen", ""))
        except ValueError:
            raise Missing(_("There is nothing here with this address.")) from None

    def _page(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        carried = {"kind": queries.KIND, "id": str(self.page_id), "before": self.before}
        seal = sealed({**carried, "seen": timezone.now().timestamp()})
        shown = {"title": NEUTRAL, "pass": seal, "minutes": int(IDLE.total_seconds() // 60), **context}
        return page(self.request, template, _frame(), shown, status)


DO: dict[str, Callable[[Visit], HttpResponse]] = {
    "write": Visit.write,
    "ask": Visit.ask,
    "read": Visit.read,
    "withdraw": Visit.withdraw,
    "revoke": Visit.revoke,
    "ask_end": Visit.ask_end,
    "end": Visit.end,
}


def _frame() -> Frame:
    address = reverse("portal:own")
    return Frame(queries.KIND, address, address, NEUTRAL)


def _ask_number(request: Request, form: forms.Form | None = None, paying: EffortForm | None = None) -> HttpResponse:
    context = {
        "title": NEUTRAL,
        "form": form or CodeForm(),
        "paying": paying or EffortForm(asked=effort.demand(wrong_tries_lately())),
    }
    return page(request, "portal/number.html", _frame(), context, 422 if form else 200)


def _open(request: Request) -> HttpResponse:
    """From the number to the page. Wrong, ended and run out get the same answer, at the same price."""
    form, paying = CodeForm(request.POST), EffortForm(request.POST, asked=effort.demand(wrong_tries_lately()))
    if "to_lang" in request.POST:
        return _ask_number(request)
    if "pass" in request.POST:
        return _ask_again(request)
    if not form.is_valid() or not paying.is_paid():
        return _ask_number(request, form, paying)
    try:
        once(by=PAGE, token=paying.puzzle.token, act=lambda: "")
        page_id, before = actions.open_page(by=PAGE, number=form.cleaned_data["number"])
    except AlreadyDone:
        form.add_error(None, _("The page was open too long. Write your number again."))
        return _ask_number(request, form)
    except Missing as missing:
        form.add_error("number", str(missing.reason))
        return _ask_number(request, form)
    viewer = queries.person_of_page(page_id)
    if viewer is None:  # closed in this very moment
        return _ask_again(request)
    with seeing_as(viewer):
        return Visit(request, page_id, viewer, before.isoformat() if before else "").show()


def _ask_again(request: Request) -> HttpResponse:
    form = CodeForm(data={})
    form.errors.clear()
    form.add_error(None, _("The page was closed because nobody used it for a while. Write your number again."))
    return _ask_number(request, form)


def _leave(request: Request, *, gone: bool) -> HttpResponse:
    context = {"title": NEUTRAL, "gone": gone}
    return forget(request, page(request, "portal/left.html", _frame(), context))
