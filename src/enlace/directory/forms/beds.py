"""Forms of units and beds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices
from enlace.directory.actions import MOST_BEDS


class NewUnitForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the unit"), max_length=60, help_text=_("A corridor, a room, a house: what is kept together.")
    )
    beds = forms.IntegerField(label=_("How many beds"), min_value=1, max_value=MOST_BEDS)


class UnitForm(forms.Form):
    name = forms.CharField(label=_("Name of the unit"), max_length=60)
    is_open = forms.BooleanField(
        label=_("The unit is open"), required=False, help_text=_("A closed unit takes nobody new.")
    )


class BedsForm(forms.Form):
    beds = forms.IntegerField(label=_("How many beds more"), min_value=1, max_value=MOST_BEDS)


class OutForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, reason=choices("out_of_service_reason", blank=""))
