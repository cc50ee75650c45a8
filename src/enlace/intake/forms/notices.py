"""Parsing of what is typed about notices; nothing is decided here."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices, state_choices
from enlace.intake.labels import EXTRACT, NOTICE_STATUS


class NotifyForm(forms.Form):
    """A notice about a contact: to whom it goes follows from its kind and the state."""

    person = forms.ChoiceField(label=_("About whom"), required=False)
    state = forms.ChoiceField(label=_("State where it has to be taken up"), required=False)
    note = forms.CharField(
        label=_("What they must know"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Sealed: only the agency that receives it, and yours, can open it."),
    )

    def __init__(
        self, *args: Any, people: Sequence[tuple[str, str]] = (), extract: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offer(self, person=[("", _("The contact as a whole")), *people], state=state_choices(blank=_("National")))
        if extract:
            offer(self, person=[("", ""), *people])
            self.fields["person"].required = True
            del self.fields["note"]
            for name, title in EXTRACT.items():
                self.fields[name] = forms.CharField(
                    label=title, required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
                )

    def extract(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in EXTRACT if self.cleaned_data.get(name)}


class CloseNoticeForm(forms.Form):
    outcome = forms.ChoiceField(label=_("What came of it"))
    ref = forms.CharField(
        label=_("Number of the file, if there is one"),
        required=False,
        max_length=80,
        help_text=_("So that several contacts that led to the same investigation count it once."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, outcome=choices("notice_outcome", blank=""))


class ReturnNoticeForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why it is returned"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, reason=choices("notice_return", blank=""))


class NoticeListForm(forms.Form):
    box = forms.ChoiceField(
        label=_("Box"), required=False, choices=[("in", _("Received")), ("out", _("Sent"))], initial="in"
    )
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, status=[("", _("All")), *NOTICE_STATUS.items()])
