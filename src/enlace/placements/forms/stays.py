"""Forms of a stay."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import Choices, offer
from enlace.country.labels import choices
from enlace.placements.actions import Admission, Exit, Hold, Transfer
from enlace.placements.labels import STATUS

MOST_COMPANIONS = 12


class ListForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *STATUS.items()])


class HoldForm(forms.Form):
    """Keep a bed, or a place in the line where none is free."""

    unit = forms.ChoiceField(label=_("Where"))
    companions = forms.IntegerField(
        label=_("How many children or others come along"),
        required=False,
        min_value=0,
        max_value=MOST_COMPANIONS,
        help_text=_("Each gets a bed beside."),
    )
    referral = forms.ChoiceField(label=_("In answer to"), required=False)

    def __init__(self, *args: Any, units: Choices = (), referrals: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, unit=units, referral=[("", _("No referral")), *referrals])

    def hold(self, case_id: UUID, stay_id: UUID | None = None) -> Hold:
        said = self.cleaned_data
        return Hold(
            case_id=case_id,
            unit_id=UUID(said["unit"]),
            companions=said["companions"] or 0,
            referral_id=UUID(said["referral"]) if said["referral"] else None,
            stay_id=stay_id,
        )


class LineForm(forms.Form):
    """Wait for a bed in a site that has none free."""

    site = forms.ChoiceField(label=_("Where"))
    referral = forms.ChoiceField(label=_("In answer to"), required=False)

    def __init__(self, *args: Any, sites: Choices = (), referrals: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, site=sites, referral=[("", _("No referral")), *referrals])


class StepForm(forms.Form):
    """A step that needs no answer."""


class AgreeForm(forms.Form):
    """That the person agrees, and who said so."""

    is_voluntary = forms.BooleanField(
        label=_("The person was told what the place is like and agrees to stay"),
        required=False,
        help_text=_("She or he may leave on any day, without giving a reason. Say so."),
    )
    agreed_by = forms.ChoiceField(label=_("Who agreed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, agreed_by=choices("consent_giver"))


class AdmitForm(AgreeForm):
    may_go_out = forms.ChoiceField(
        label=_("May go out alone"),
        required=False,
        choices=[("", _("As the site says of itself")), ("yes", _("Yes")), ("no", _("No"))],
    )

    def admission(self, stay_id: UUID) -> Admission:
        said = self.cleaned_data
        return Admission(
            stay_id=stay_id,
            is_voluntary=said["is_voluntary"],
            agreed_by_code=said["agreed_by"],
            may_go_out=None if not said["may_go_out"] else said["may_go_out"] == "yes",
        )


class TransferForm(AgreeForm):
    unit = forms.ChoiceField(label=_("Where"))
    field_order = ("unit", "is_voluntary", "agreed_by")

    def __init__(self, *args: Any, units: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, unit=units)

    def transfer(self, stay_id: UUID) -> Transfer:
        said = self.cleaned_data
        unit_id = UUID(said["unit"])
        return Transfer(
            stay_id=stay_id, unit_id=unit_id, is_voluntary=said["is_voluntary"], agreed_by_code=said["agreed_by"]
        )


class ExitForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why the stay ends"))
    destination = forms.ChoiceField(
        label=_("To what kind of place"), help_text=_("Never which place: whoever reads this must not find the person.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, reason=choices("exit_reason", blank=""), destination=choices("exit_destination", blank=""))

    def exit(self, stay_id: UUID) -> Exit:
        said = self.cleaned_data
        return Exit(stay_id=stay_id, reason_code=said["reason"], destination_code=said["destination"])


class PlanForm(forms.Form):
    destination = forms.ChoiceField(label=_("To what kind of place"))
    plan = forms.CharField(
        label=_("How"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Steps, who helps with each, and by when. No addresses."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, destination=choices("exit_destination", blank=""))


class ConfirmForm(forms.Form):
    wants_to_stay = forms.ChoiceField(
        label=_("Asked alone and in private, the person says"),
        choices=[("yes", _("I want to stay")), ("no", _("I want to leave"))],
        widget=forms.RadioSelect,
    )
