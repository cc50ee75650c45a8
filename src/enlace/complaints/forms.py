"""Parsing of what is typed about a complaint; nothing is decided here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.errors import Refusal
from enlace.complaints.labels import STATUS
from enlace.complaints.queries import accusable, route
from enlace.country.labels import choices, language, state_choices
from enlace.country.queries import current
from enlace.vault import flow

OTHER = "other"
LONG = {"rows": 8, "autocomplete": "off"}


class AgencyForm(forms.Form):
    """Which agency: a choice, before anything is written."""

    agency = forms.ChoiceField(label=_("Which agency does the official work for?"))
    level = forms.ChoiceField(label=_("Level of government"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = sorted(accusable().items(), key=lambda pair: pair[1])
        offer(
            self,
            agency=[("", ""), *listed, (OTHER, _("Another one, or I do not know"))],
            level=choices("official_level"),
        )

    def clean_agency(self) -> str:
        """An agency that would read the complaint itself is told at once, before anything is written."""
        code: str = self.cleaned_data["agency"]
        try:
            route("" if code == OTHER else code, "")
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal.reason)) from None
        return code


class WhatForm(forms.Form):
    what = forms.CharField(
        label=_("What happened?"),
        help_text=_("In your own words: what the official did or allowed, when, how you know."),
        max_length=8000,
        widget=forms.Textarea(attrs=LONG),
    )


class WhereForm(forms.Form):
    """Where, and the post: what a person knows without knowing a name."""

    heading = _("Where, and what post does the official hold?")
    state = forms.ChoiceField(label=_("State"), required=False)
    place = forms.CharField(
        label=_("Office, town or place"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    agency_name = forms.CharField(
        label=_("Name of the agency, if it was not in the list"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    posts = forms.MultipleChoiceField(
        label=_("What the official does, if you know"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, state=state_choices(blank=_("Abroad, or I do not know")), posts=_posts())


def _posts() -> list[tuple[str, str]]:
    """The posts of the pack that agencies of government fill."""
    kinds = {code.code for code in current().codes("agency_kind") if code.extra["government"] == "yes"}
    working = [role for role in current().roles if role.permissions]
    return [(r.code, r.label(language())) for r in working if not r.agency_kinds or kinds & set(r.agency_kinds)]


class ListForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, status=[("", _("All")), *STATUS.items()])


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


class CloseForm(forms.Form):
    text = forms.CharField(
        label=_("What the person will read about the outcome"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ExcludeForm(forms.Form):
    username = forms.CharField(
        label=_("Username"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
