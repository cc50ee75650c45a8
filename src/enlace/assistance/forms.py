"""Parsing of what is typed about help given; nothing is decided here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import Given
from enlace.assistance.labels import UNITS
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices


class ServiceForm(forms.Form):
    """One service given."""

    service = forms.ChoiceField(label=_("Which help was given"), widget=forms.Select(attrs={"data-search": ""}))
    started_on = DateField(label=_("From"))
    ended_on = DateField(label=_("To"), required=False, help_text=_("Leave empty while it goes on."))
    quantity = forms.DecimalField(label=_("How much"), required=False, max_digits=12, decimal_places=2)
    unit = forms.ChoiceField(label=_("Of what"), required=False, choices=[("", ""), *UNITS.items()])
    referral = forms.ChoiceField(label=_("In answer to the referral"), required=False)
    completes = forms.BooleanField(label=_("With this, the help the referral asked for is complete"), required=False)
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, referrals: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            service=choices("service", blank=""),
            referral=[("", _("None")), *referrals],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("completes") and not cleaned.get("referral"):
            self.add_error("completes", _("Choose the referral that is complete."))
        return cleaned

    def given(self, case_id: UUID) -> Given:
        said = self.cleaned_data
        return Given(
            case_id=case_id,
            service_code=said["service"],
            started_on=said["started_on"],
            ended_on=said["ended_on"],
            quantity=said["quantity"],
            unit_code=said["unit"],
            remark=said["remark"],
            referral_id=UUID(said["referral"]) if said["referral"] else None,
            completes=said["completes"],
        )


class EndForm(forms.Form):
    on = DateField(label=_("Last day"))
