"""The parts every page is made of: fields, status tags, clocks, codes, timelines, notices, charts.

Pages use these tags and never write the markup of a component by hand; the look is in ``static/base/enlace.css``.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enlace.base.charts import BarChart, MapChart
from enlace.base.pages import Page

register = template.Library()

TONES = frozenset({"neutral", "info", "success", "warning", "danger"})

# State codes that mean the same everywhere; any other code is neutral until its page names a tone.
TONE_OF = {
    "draft": "neutral", "closed": "neutral", "withdrawn": "neutral", "cancelled": "neutral", "not_confirmed": "neutral",
    "no_indication": "neutral", "open": "info", "active": "info", "offered": "info", "sent": "info", "running": "info",
    "presumed": "warning", "insufficient": "warning", "waiting": "warning", "interrupted": "warning",
    "identified": "success", "accepted": "success", "done": "success", "completed": "success", "published": "success",
    "declined": "danger", "expired": "danger", "failed": "danger", "overdue": "danger", "suppressed": "neutral",
}  # fmt: skip

# One shape a tone, so that no meaning hangs on colour: ring, disc with i, tick, triangle, octagon; and clock faces.
_SHAPES = {
    "neutral": '<circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="2"/>',
    "info": '<path fill-rule="evenodd" d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM7 4h2v2H7zm0 3h2v5H7z"/>',
    "success": '<path fill="none" stroke="currentColor" stroke-width="2.5" d="m2.5 8.5 3.5 4 7.5-9"/>',
    "warning": '<path fill-rule="evenodd" d="M8 1 .5 14.5h15zM7 6h2v4H7zm0 5.2h2v2H7z"/>',
    "danger": '<path fill-rule="evenodd" d="M5 1h6l4 4v6l-4 4H5l-4-4V5zm2 3h2v5H7zm0 6.2h2v2H7z"/>',
    "soon": '<path fill-rule="evenodd" d="M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm-.8 3h1.7v3.6l2.4 1.7-1 1.4-3.1-2.2z"/>',
    "clock": '<circle cx="8" cy="8" r="6.2" fill="none" stroke="currentColor" stroke-width="1.6"/>'
    '<path fill="none" stroke="currentColor" stroke-width="1.6" d="M8 4.2V8l2.6 1.8"/>',
}


@register.simple_tag
def shape(name: str) -> SafeString:
    """The small sign of a tone, or ``clock``, ``soon``; decoration beside a word, so hidden from screen readers."""
    drawing = _SHAPES.get(name, _SHAPES["neutral"])
    return mark_safe(f'<svg class="shape" viewBox="0 0 16 16" fill="currentColor" aria-hidden="true">{drawing}</svg>')


@register.simple_block_tag
def wrap(content: str, tag: str, css: str = "", label: str = "") -> SafeString:
    """Put an element around the content, or nothing at all when the content is blank."""
    if not content.strip():
        return mark_safe("")
    named = format_html(' aria-label="{}"', label) if label else ""
    return format_html('<{} class="{}"{}>{}</{}>', tag, css, named, content, tag)


# Forms


@register.inclusion_tag("base/_field.html")
def field(
    bound: BoundField, width: str = "", hint: str = "", inline: bool = False, heading: bool = False
) -> dict[str, Any]:
    """Label, hint, error and control of one form field, tied together for assistive technology.

    ``width`` is the number of characters expected: 4, 10 or 20; ``inline`` puts short choices side by side;
    ``heading`` makes the label the heading of the page, for pages that ask one question.
    """
    base = bound.auto_id or bound.html_name
    hint = hint or str(bound.help_text)
    described = " ".join(
        part for part in (f"{base}_hint" if hint else "", f"{base}_error" if bound.errors else "") if part
    )
    kind = _kind(bound)
    attrs = _attrs(bound, described if kind in ("control", "checkbox") else "", width)
    return {
        "bound": bound,
        "base": base,
        "hint": hint,
        "errors": bound.errors,
        "described": described,
        "kind": kind,
        "inline": inline,
        "heading": heading,
        "options": list(bound.subwidgets) if kind == "choices" else (),
        "control": bound.as_widget(attrs=attrs) if kind != "choices" else "",
        "optional": not bound.field.required and kind not in ("checkbox", "hidden"),
    }


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    return "group" if bound.use_fieldset else "control"


def _attrs(bound: BoundField, described: str, width: str) -> dict[str, Any]:
    own = bound.field.widget.attrs
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = " ".join(part for part in (own.get("aria-describedby", ""), described) if part)
    if width:
        attrs["class"] = f"{own.get('class', '')} w{width}".strip()
    if own.get("placeholder"):
        attrs["placeholder"] = False  # the label says it, and stays when one types
    return attrs


@register.inclusion_tag("base/_error_summary.html")
def error_summary(*given: "forms.BaseForm | BaseFormSet[Any] | None") -> dict[str, Any]:
    """All errors of the forms and formsets given, each linked to its field. Renders nothing when there are none."""
    problems: list[tuple[str, str]] = []
    for item in given:
        if isinstance(item, BaseFormSet):
            if item.is_bound:
                problems += [("", str(error)) for error in item.non_form_errors()]
            for form in item.forms:
                problems += _problems(form)
        elif item is not None:
            problems += _problems(item)
    return {"problems": problems}


def _problems(form: forms.BaseForm) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, errors in form.errors.items():
        if name not in form.fields:
            found += [("", str(error)) for error in errors]
            continue
        bound = form[name]
        target = "" if bound.is_hidden else _first_control(bound)
        found += [(target, str(error) if not target else f"{bound.label}: {error}") for error in errors]
    return found


def _first_control(bound: BoundField) -> str:
    if _kind(bound) == "choices":
        first = next(iter(bound.subwidgets), None)
        return str(first.id_for_label) if first else ""
    return str(bound.id_for_label or bound.auto_id or "")


# Words with a shape


@register.simple_tag
def status(code: str, label: str = "") -> SafeString:
    """A state as a word with a colour and a shape. ``code`` is a state code, or one of ``TONES``."""
    tone = code if code in TONES else TONE_OF.get(code, "neutral")
    return format_html('<span class="tag {}">{}{}</span>', tone, shape(tone), label or code)


@register.simple_tag
def person_code(code: object) -> SafeString:
    """A pseudonym such as ``P-7K2X-9QRM-4``: monospace, never translated, selected whole by one click."""
    return format_html('<span class="code" translate="no">{}</span>', code)


@register.simple_tag
def clock(due_at: datetime | date | None, soon_hours: int = 24, now: datetime | None = None) -> SafeString:
    """How long is left or how long overdue, in words; the exact time on pointing. Nothing when nothing is due."""
    if due_at is None:
        return mark_safe("")
    due = _moment(due_at)
    tone, words = time_left(due - (now or timezone.now()), timedelta(hours=soon_hours))
    exact = timezone.localtime(due)
    return format_html(
        '<time class="clock {}" datetime="{}" title="{}">{}{}</time>',
        tone,
        exact.isoformat(timespec="minutes"),
        exact.strftime("%Y-%m-%d %H:%M"),
        shape({"neutral": "clock", "warning": "soon"}.get(tone, tone)),
        words,
    )


def time_left(left: timedelta, soon: timedelta) -> tuple[str, str]:
    """(tone, words) for a time still to run (positive) or overdue (negative)."""
    if left < timedelta(0):
        return "danger", _("overdue by %(span)s") % {"span": _span(-left)}
    return ("warning" if left <= soon else "neutral"), _("%(span)s left") % {"span": _span(left)}


def _span(length: timedelta) -> str:
    minutes = max(1, int(length.total_seconds() // 60))
    if minutes < 60:
        return _("%(n)d min") % {"n": minutes}
    if minutes < 48 * 60:
        return _("%(n)d h") % {"n": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _moment(due: datetime | date) -> datetime:
    if not isinstance(due, datetime):
        due = datetime.combine(due, time(23, 59))  # a day runs out when it ends
    return due if timezone.is_aware(due) else timezone.make_aware(due)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message set apart: info, success, warning or danger. The content is HTML of the calling template."""
    words = {"success": _("Done"), "warning": _("Please note"), "danger": _("Problem")}
    said = (
        format_html("<p><b>{}</b></p>", title)
        if title
        else format_html('<span class="sr">{}: </span>', words.get(tone, _("Information")))
    )
    return format_html('<div class="notice {}">{}<div>{}{}</div></div>', tone, shape(tone), said, content)


@register.inclusion_tag("base/_summary_list.html")
def summary_list(rows: Iterable[Iterable[object]]) -> dict[str, Any]:
    """Facts as label and value: rows of (label, value) or (label, value, url, what the link does)."""
    filled = [(*row, "", "")[:4] for row in map(tuple, rows)]
    return {"rows": [{"label": label, "value": value, "url": url, "verb": verb} for label, value, url, verb in filled]}


@register.inclusion_tag("base/_timeline.html", takes_context=True)
def timeline(context: template.Context, entries: Iterable[object]) -> dict[str, Any]:
    """Entries, newest first as given: ``at``, ``kind``, ``title``, ``who``, ``body``, ``url``; and where wanted
    ``kind_label``, ``tone``, ``id`` (the anchor) and ``template`` (a fragment rendered with ``entry``)."""
    return {**cast(dict[str, Any], context.flatten()), "entries": entries}


@register.inclusion_tag("base/_pager.html", takes_context=True)
def pager(context: template.Context, page: Page, about: int | None = None) -> dict[str, Any]:
    """Links to the next rows and back to the first, keeping the filters of the address. ``about``: a rounded count."""
    return {"request": context.get("request"), "page": page, "about": about}


@register.inclusion_tag("base/_bars.html")
def bars(chart: BarChart) -> dict[str, Any]:
    """A bar chart from ``charts.bars``. Its table is the caller's."""
    return {"chart": chart}


@register.filter
def drawn(svg: str) -> SafeString:
    """A picture that ``reckon`` drew as SVG; it escapes what stands in it."""
    return mark_safe(svg)


@register.inclusion_tag("base/_map.html")
def state_map(chart: MapChart) -> dict[str, Any]:
    """A map or tile grid from ``charts.state_map``, with its legend in words. Its table is the caller's."""
    return {"chart": chart}
