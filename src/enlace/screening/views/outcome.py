"""What a finished screening shows: the class in plain words, why, what is open, what to do now; and the steps after it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enlace.accounts.access import Request, allowed
from enlace.accounts.queries import display_names
from enlace.base.errors import Missing
from enlace.country.labels import language
from enlace.country.protocols import Protocol
from enlace.country.queries import current
from enlace.screening import actions, queries, rules
from enlace.screening.forms import CorrectForm, DecideForm, EndAlertForm, PurposeForm, initial_of
from enlace.screening.labels import (
    ALERT_ENDS,
    CLASS_TONES,
    CLASSES,
    CONFIRMED,
    MEANINGS,
    STRENGTHS,
    answer_text,
    protocol_title,
)
from enlace.screening.models import Screening
from enlace.screening.queries import ScreeningDetail
from enlace.screening.views.parts import notes_of
from enlace.vault.flow import Work, work_form

Data = Mapping[str, Any]


def outcome_page(request: Request, screening_id: UUID, **extra: Any) -> HttpResponse:
    """The page of a finished screening."""
    viewer = request.actor
    detail = queries.screening_detail(viewer=viewer, screening_id=screening_id)
    found, protocol, outcome = detail.screening, detail.standing.protocol, detail.finding.outcome
    shown = found.decided_code or found.class_code
    context = {
        "screening": found,
        "detail": detail,
        "protocol_title": protocol.title(language()),
        "is_provisional": protocol.provisional,
        "class_name": CLASSES[found.class_code],
        "class_tone": CLASS_TONES[found.class_code],
        "meaning": MEANINGS[shown],
        "is_presumed": shown == rules.PRESUMED,
        "case_facts": _case_facts(found),
        "refers": outcome["refer"] or shown == rules.PRESUMED,
        "findings": [current_finding(code) for code in outcome["findings"]],
        "legal": legal(outcome["legal"]),
        "dimensions": dimensions(outcome, protocol),
        "signs": signs(outcome),
        "would_change": [protocol.question(code).text(language()) for code in outcome["would_change"]],
        "glance": _glance(detail),
        "rulings": _rulings(detail),
        "corrections": _corrections(detail),
        "alerts": [(alert, ALERT_ENDS.get(alert.end_code, "")) for alert in detail.alerts],
        "confirmations": [(row, CONFIRMED[row.outcome]) for row in detail.confirmations],
        "correctable": _correctable(detail) if found.status == rules.FINISHED else [],
        "has_texts": any(row.part_id for row in detail.standing.rows.values()),
        "purpose_form": PurposeForm(),
        **extra,
    }
    return render(request, "screening/screening.html", context)


@allowed("SCREENING_READ")
@require_POST
def texts(request: Request, screening_id: UUID) -> HttpResponse:
    """Open what was written freely, for a stated purpose."""
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return outcome_page(request, screening_id, purpose_form=form)
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    protocol = queries.protocol_of(found)
    purpose = form.cleaned_data["purpose"]
    told = queries.open_texts(viewer=request.actor, screening_id=screening_id, purpose=purpose)
    opened = [(protocol.question(code).text(language()), text) for code, text in told.items()]
    return outcome_page(request, screening_id, opened=opened, purpose_form=form)


@allowed("SCREENING_DECIDE")
def decide(request: Request, screening_id: UUID) -> HttpResponse:
    """Decide what the screening means."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    home = reverse("screening:screening", args=[screening_id])

    def act(form: Any) -> str:
        said = form.cleaned_data
        row = actions.Decision(screening_id=screening_id, class_code=said["class_code"], reason=said["reason"])
        actions.decide_screenings(by=request.actor, rows=[row])
        return home

    if found.status != rules.FINISHED and request.method != "POST":
        return _not_now(request, found)
    context = {
        "screening": found,
        "class_name": CLASSES.get(found.class_code, ""),
        "class_tone": CLASS_TONES.get(found.class_code, "neutral"),
        "cancel_url": home,
    }
    work = Work(
        name="screening.decide",
        subject=str(screening_id),
        form=DecideForm,
        act=act,
        template="screening/decide.html",
        done=_("The decision is recorded."),
        context=context,
    )
    return work_form(request, work)


@allowed("SCREENING_RECORD")
def correct(request: Request, screening_id: UUID, question: str) -> HttpResponse:
    """Correct one answer of a finished screening; the first one stays."""
    found = queries.screening(viewer=request.actor, screening_id=screening_id)
    home = reverse("screening:screening", args=[screening_id])
    if found.status != rules.FINISHED and request.method != "POST":
        return _not_now(request, found)
    standing = queries.standing_of(found)
    if question not in standing.protocol:
        raise Missing(_("There is nothing at this address."))
    asked = standing.protocol.question(question)

    def act(form: Any) -> str:
        page = actions.AnswerPage(
            screening_id=screening_id,
            protocol_version=found.protocol_version,
            values=form.values(),
            reason=form.cleaned_data["reason"],
        )
        actions.correct_screenings(by=request.actor, rows=[page])
        return home

    work = Work(
        name="screening.correct",
        subject=f"{screening_id}:{question}"[:64],
        form=lambda **kwargs: CorrectForm(
            questions=[asked], answered=[question], notes=notes_of(request.actor, standing), **kwargs
        ),
        act=act,
        template="screening/correct.html",
        done=_("The answer was corrected, and the screening was weighed again."),
        initial=initial_of(asked, standing.values[question]) if question in standing.values else {},
        context={"screening": found, "cancel_url": home},
        keeps_drafts=False,
    )
    return work_form(request, work)


@allowed("SCREENING_RECORD")
def end_alert(request: Request, alert_id: UUID) -> HttpResponse:
    """Record that a detained person is free."""
    alert = queries.alert(viewer=request.actor, alert_id=alert_id)
    home = reverse("screening:screening", args=[alert.screening_id])

    def act(form: Any) -> str:
        row = actions.Ended(alert_id=alert_id, end_code=form.cleaned_data["end"])
        actions.end_alerts(by=request.actor, rows=[row])
        return home

    context = {
        "title": _("End the alert"),
        "text": _("The alert stands until somebody who knows of the release says so."),
        "confirm_label": _("End the alert"),
        "cancel_url": home,
        "alert": alert,
    }
    work = Work(
        name="screening.end_alert",
        subject=str(alert_id),
        form=EndAlertForm,
        act=act,
        template="screening/end_alert.html",
        done=_("The alert has ended."),
        context=context,
        keeps_drafts=False,
    )
    return work_form(request, work)


def _not_now(request: Request, found: Any) -> HttpResponse:
    reason = _("Finish the screening first; the decision rests on what was found.")
    if found.status == rules.DECIDED:
        reason = _("This screening was already decided. New facts belong to a second screening.")
    return render(request, "screening/refused.html", {"screening": found, "reason": reason}, status=409)


def current_finding(code: str) -> str:
    """What was found, as the country's rule calls it."""
    rule = current().screening_rule
    try:
        return rule.finding(code).title(language()) if rule else code
    except KeyError:
        return code


def legal(flag: Data) -> dict[str, Any]:
    """The elements of the offence, each with what is known of it; consent is not one of them."""
    known = {True: _("shown"), False: _("not shown"), None: _("not known yet")}
    rows = [(_("Act"), known[flag["act"]]), (_("Purpose"), known[flag["purpose"]])]
    if flag["means_needed"]:
        rows.append((_("Means"), known[flag["means"]]))
    elif flag["means_needed"] is None:
        rows.append((_("Means"), _("asked for only if the person is an adult")))
    state = {
        "shown": _("The elements of the offence are shown."),
        "open": _("What is still open could show the elements of the offence."),
        "not_shown": _("The answers do not show the elements of the offence so far."),
    }
    return {"rows": rows, "state": state[flag["state"]], "tone": "warning" if flag["state"] == "shown" else "info"}


def dimensions(outcome: Data, protocol: Protocol) -> list[dict[str, Any]]:
    """Each dimension in words: positive for whom, with the indicators that were there and where they came from."""
    rule, by_id = current().screening_rule, {row["id"]: row for row in outcome["indicators"]}
    texts = {sign.id: sign.text(language()) for sign in current().screening_indicators}
    if rule is None:
        return []
    found = []
    for dimension in rule.dimensions:
        rows = [row for row in outcome["dimensions"] if row["code"] == dimension.code]
        states = {row["state"] for row in rows}
        state = next((name for name in (rules.POSITIVE, rules.OPEN, rules.NEGATIVE) if name in states), "")
        names = dict.fromkeys(name for row in rows for name in row["indicators"])
        present = [_indicator(by_id[name], texts, protocol) for name in names if name in by_id]
        if rows:
            found.append({"title": dimension.title(language()), "state": state, "present": present})
    return found


def signs(outcome: Data) -> list[str]:
    """Indicators that were there and are scored in no dimension."""
    scored = {name for row in outcome["dimensions"] for name in row["indicators"]}
    texts = {sign.id: sign.text(language()) for sign in current().screening_indicators}
    present = [row["id"] for row in outcome["indicators"] if row["state"] == rules.PRESENT and row["id"] not in scored]
    return [texts.get(name, name) for name in present]


def _indicator(row: Data, texts: Mapping[str, str], protocol: Protocol) -> dict[str, Any]:
    strengths = dict.fromkeys(str(STRENGTHS[value]) for value in row["strengths"].values() if value)
    return {
        "text": texts.get(row["id"], row["id"]),
        "strength": " / ".join(strengths),
        "questions": [protocol.question(code).text(language()) for code in row["questions"] if code in protocol],
    }


def _glance(detail: ScreeningDetail) -> list[tuple[str, object]]:
    found = detail.screening
    people = display_names({found.screener, found.finished_by})
    minor = {True: _("Yes, or in doubt: treated as one"), False: _("No"), None: _("Not known")}
    rows: list[tuple[str, object]] = [
        (_("Protocol"), f"{protocol_title(found.protocol_code, found.protocol_version)} · {found.protocol_version}"),
        (_("Screener"), people.get(found.screener, "")),
        (
            _("Finished"),
            date_format(timezone.localtime(found.finished_at), "DATETIME_FORMAT") if found.finished_at else "",
        ),
        (_("Minor"), minor[found.is_minor]),
        (_("Detained"), {True: _("Yes"), False: _("No"), None: _("Not known")}[found.is_detained]),
    ]
    return [(name, value) for name, value in rows if value]


def _case_facts(found: Screening) -> str:
    """What opening a case begins with: how the person was met, and where."""
    channel = current().codes("contact_channel").get(found.channel_code)
    origin = channel.extra.get("origin", "") if channel else ""
    return urlencode({"origin": origin, "state": found.state_code})


def _rulings(detail: ScreeningDetail) -> list[dict[str, Any]]:
    people = display_names({row.by for row in detail.rulings})
    return [
        {
            "ruling": row,
            "name": CLASSES[row.class_code],
            "tone": CLASS_TONES[row.class_code],
            "who": people.get(row.by, ""),
            "differs": row.class_code != detail.finding.class_code,
        }
        for row in detail.rulings
    ]


def _corrections(detail: ScreeningDetail) -> list[dict[str, Any]]:
    protocol, people = detail.standing.protocol, display_names({row.by for row in detail.corrections})
    return [
        {
            "question": protocol.question(row.question_code).text(language()),
            "before": answer_text(protocol.question(row.question_code), row.supersedes) if row.supersedes else "",
            "after": answer_text(protocol.question(row.question_code), row),
            "reason": row.reason,
            "who": people.get(row.by, ""),
            "at": row.at,
        }
        for row in detail.corrections
        if row.question_code in protocol
    ]


def _correctable(detail: ScreeningDetail) -> list[tuple[str, str, str]]:
    """Every question that is asked: its code, its text and its answer."""
    standing = detail.standing
    return [
        (
            question.code,
            question.text(language()),
            answer_text(question, standing.rows[question.code]) if question.code in standing.rows else _("no answer"),
        )
        for question in rules.visible(standing.protocol, standing.values)
    ]
