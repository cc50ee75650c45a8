"""What the forms of assistance have in common: one page, one way back, and a closed case said before anything is typed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext as _

from enlace.accounts.access import Request
from enlace.accounts.queries import agency_names
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.cases.queries import cases_by_id
from enlace.cases.rules import OPEN
from enlace.country.labels import label
from enlace.vault.flow import Work, work_form


def work_page(
    request: Request,
    *,
    name: str,
    subject: UUID | str,
    form: Callable[..., forms.Form],
    act: Callable[[Any], str],
    title: str,
    submit: str,
    cancel_url: str,
    case: Any = None,
    done: str = "",
    lede: str = "",
    initial: Mapping[str, Any] | None = None,
    consequences: Sequence[str] = (),
    keeps_drafts: bool = True,
) -> HttpResponse:
    """Show or send one form; ``case`` is whose it is, ``consequences`` say what sending it means."""
    work = Work(
        name=name,
        subject=str(subject),
        form=form,
        act=act,
        template="assistance/form.html",
        done=done,
        initial=initial or {},
        context={
            "title": title,
            "submit": submit,
            "case": case,
            "lede": lede,
            "consequences": consequences,
            "cancel_url": cancel_url,
        },
        keeps_drafts=keeps_drafts,
    )
    return work_form(request, work)


def told_turns(turns: Sequence[Any], titles: Mapping[str, object], reasons: Mapping[str, str]) -> list[dict[str, Any]]:
    """The steps of a plan, permit or return in words; ``reasons`` names the list of each verb whose code is a reason."""
    names = agency_names()
    return [
        {
            "day": turn.on,
            "title": titles[turn.verb],
            "reason": label(reasons[turn.verb], turn.code) if turn.verb in reasons else "",
            "who": names.get(turn.agency_code, ""),
            "note": turn.note,
        }
        for turn in turns
    ]


def known_case(viewer: Actor, case_id: UUID) -> Any:
    """The case for the head of a page; ``None`` of whoever came to the agency unnamed."""
    return cases_by_id(viewer=viewer, ids=[case_id]).get(case_id)


def refuse_closed(request: Request, case: Any) -> None:
    """A form sent is refused by its action; its page says so before anything is typed."""
    if request.method != "POST" and case is not None and case.status != OPEN:
        raise Refusal(_("This case is closed. Reopen it to go on working."))


def refuse_step(request: Request, verb: str, possible: Sequence[str]) -> None:
    """A form sent twice has to find the way its first sending led, so only the page asks whether the step is possible."""
    if request.method != "POST" and verb not in possible:
        raise Refusal(_("Something has changed since the page was opened."))
