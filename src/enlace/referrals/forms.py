"""Parsing of what is typed about a referral; nothing is decided here."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices
from enlace.referrals.actions import Request
from enlace.referrals.labels import STATUS


class SendForm(forms.Form):
    """Ask another agency for services."""

    services = forms.MultipleChoiceField(label=_("Which help is needed"), widget=forms.CheckboxSelectMultiple)
    recipient = forms.ChoiceField(label=_("Which agency"), widget=forms.Select(attrs={"data-search": ""}))
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    message = forms.CharField(
        label=_("Message to the agency"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they must know to receive the person well. Names and addresses travel sealed, not here."),
    )
    ground = forms.ChoiceField(
        label=_("Legal ground, if there is no consent"),
        required=False,
        help_text=_("Without consent only that someone of this age and sex needs help is disclosed."),
    )
    shares_identity = forms.BooleanField(
        label=_("With consent: open the sealed identity to the agency once it accepts"), required=False
    )

    def __init__(self, *args: Any, recipients: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            services=choices("service"),
            recipient=[("", ""), *(recipients or {}).items()],
            reason=choices("referral_reason", blank=""),
            ground=choices("consent_ground", blank=_("There is consent")),
        )

    def request(self, case_id: UUID) -> Request:
        said = self.cleaned_data
        return Request(
            case_id=case_id,
            recipient_code=said["recipient"],
            service_codes=tuple(said["services"]),
            reason_code=said["reason"],
            message=said["message"],
            ground_code=said["ground"],
            shares_identity=said["shares_identity"],
        )


class StepForm(forms.Form):
    """A step that needs no reason."""

    note = forms.CharField(
        label=_("Note to the other agency"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineForm(StepForm):
    reason = forms.ChoiceField(label=_("Why it is declined"))
    field_order = ("reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            reason=choices("decline_reason", blank=""),
        )


class InterruptForm(StepForm):
    reason = forms.ChoiceField(label=_("Why the help was interrupted"))
    field_order = ("reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            reason=choices("interruption_reason", blank=""),
        )


class ListForm(forms.Form):
    box = forms.ChoiceField(
        label=_("Box"), required=False, choices=[("in", _("Received")), ("out", _("Sent"))], initial="in"
    )
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            status=[("", _("All")), *STATUS.items()],
        )
