"""Parsing of what the public and the recipients of reports type; nothing is decided here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices, state_choices
from enlace.intake.labels import REPORT_STATUS
from enlace.vault import flow

LONG = {"rows": 8, "autocomplete": "off"}


class TopicForm(forms.Form):
    topic = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, topic=choices("report_topic"))


class WhatForm(forms.Form):
    what = forms.CharField(
        label=_("What happened, or what did you see?"),
        help_text=_(
            "In your own words. When, how often, who takes part, how you know. Leave out what could betray you."
        ),
        max_length=8000,
        widget=forms.Textarea(attrs=LONG),
    )


class WhereForm(forms.Form):
    """Where: as coarse as the person likes."""

    heading = _("Where is it happening?")
    state = forms.ChoiceField(label=_("State"), required=False)
    place = forms.CharField(
        label=_("Town, street, business or page on the internet"),
        help_text=_("As exactly as you want to say it."),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, state=state_choices(blank=_("Abroad, or I do not know")))


class WhoForm(forms.Form):
    who = forms.CharField(
        label=_("Who is at risk?"),
        help_text=_("How many people, whether there are children, how they could be recognised or reached safely."),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={**LONG, "rows": 5}),
    )


class ReportListForm(forms.Form):
    """Filters of the inbox."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, status=[("", _("All")), *REPORT_STATUS.items()], topic=choices("report_topic", blank=_("All")))


class PurposeForm(flow.PurposeForm):
    """Why what is sealed is opened: on record."""

    purpose = forms.ChoiceField(label=_("For which purpose you open it"))


class AnswerForm(forms.Form):
    """What the author will read when coming back with the number."""

    verb = forms.ChoiceField(
        label=_("What you write is"),
        choices=[("answer", _("An answer")), ("ask", _("A question, and you wait for what the person says"))],
        initial="answer",
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What the person will read"),
        help_text=_("Plain words. Ask nothing that would make the person take a risk, and promise nothing."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class PassOnForm(forms.Form):
    to_agency = forms.ChoiceField(label=_("Which agency"), widget=forms.Select(attrs={"data-search": ""}))
    note = forms.CharField(
        label=_("Note to the other agency"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, recipients: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, to_agency=[("", ""), *(recipients or {}).items()])


class CloseReportForm(forms.Form):
    text = forms.CharField(
        label=_("What the person will read about the outcome"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportContactForm(forms.Form):
    """What is noted of a report when it is taken up as a contact."""

    disposition = forms.ChoiceField(label=_("Disposition"))
    risk = forms.ChoiceField(label=_("Risk now"))
    told = forms.CharField(
        label=_("What was told"),
        help_text=_("It is sealed. The report itself stays where it is."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, disposition=choices("contact_disposition", blank=""), risk=choices("risk_level"))
