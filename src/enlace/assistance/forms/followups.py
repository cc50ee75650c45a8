"""Forms of follow-up."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import Heard
from enlace.assistance.forms.plans import long_text
from enlace.assistance.labels import FOLLOW_UP
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices


class FollowUpForm(forms.Form):
    """How the person is."""

    done_on = DateField(label=_("Day"))
    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect)
    remark = long_text(4, label=_("What the person says and needs"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, outcome=choices("followup_outcome"))

    def heard(self, follow_up_id: UUID) -> Heard:
        said = self.cleaned_data
        return Heard(
            follow_up_id=follow_up_id, outcome_code=said["outcome"], done_on=said["done_on"], remark=said["remark"]
        )


class EndingForm(forms.Form):
    on = DateField(label=_("Day on which the help ended"))


class FollowUpListForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=list(FOLLOW_UP.items()), initial="planned")
