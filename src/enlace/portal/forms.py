"""Parsing of what is typed at the desk and on the own page; nothing is decided here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices
from enlace.intake.public import NumberForm
from enlace.portal import rules
from enlace.portal.labels import REQUEST_STATUS, VERBS
from enlace.vault import flow

KEEPING = [
    (rules.PAPER, _("Yes, on paper: there is a place where nobody who could do harm will find it")),
    (rules.MEMORY, _("Not on paper: the person learns the number by heart, and nothing is printed")),
    (rules.NOTHING, _("The person does not want a number, or cannot keep it safely now")),
]


class OfferForm(forms.Form):
    """What the person answered when the page was offered."""

    kept_as = forms.ChoiceField(
        label=_("Can you keep this number safely?"),
        help_text=_(
            "Ask it alone with the person, before anything is printed. Whoever has the number can read the page."
        ),
        choices=KEEPING,
        widget=forms.RadioSelect,
    )
    keeper = forms.ChoiceField(
        label=_("Who keeps the number"),
        help_text=_(
            "For a child: the parent or guardian, or the child-protection authority. Never somebody who may be part of it."
        ),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, keeper=choices("consent_giver"))


class CloseForm(forms.Form):
    """Nothing to type: the number stops opening the page."""


class ListForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, status=[("", _("All")), *REQUEST_STATUS.items()])


class PurposeForm(flow.PurposeForm):
    """Why what is sealed is opened: on record, and the person sees it."""

    purpose = forms.ChoiceField(label=_("For which purpose you open it"))


class AnswerForm(forms.Form):
    """What the person will read. ``verbs`` are the steps possible now."""

    verb = forms.ChoiceField(label=_("What you write is"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What the person will read"),
        help_text=_(
            "Plain words, no names of places. If it is not granted, say why and before whom it can be challenged."
        ),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, verbs: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, verb=[(verb, VERBS[verb]) for verb in verbs])


class CodeForm(NumberForm):
    """The number on the paper."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].label = _("Your number")


class WriteForm(forms.Form):
    """What she asks. The kinds are the pack's."""

    kind = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Write it in your own words"),
        help_text=_("Do not write where you are or where you live: nobody needs it to answer you."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        offer(self, kind=choices("person_request"))
