"""Filters of the pages for who plans, and the choice of many people at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import Choices, offer
from enlace.country.labels import choices
from enlace.placements.queries import Asked


class NeedsForm(forms.Form):
    year = forms.ChoiceField(label=_("Needs"), required=False)

    def __init__(self, *args: Any, years: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, year=[("", _("Open now")), *years])


class PlanForm(forms.Form):
    months = forms.IntegerField(label=_("Needs of the last months"), min_value=1, max_value=60)
    places = forms.IntegerField(label=_("How many new places"), min_value=1, max_value=500)
    stay_days = forms.IntegerField(label=_("Days that a stay takes"), min_value=1, max_value=1000)


class ManyForm(forms.Form):
    """Who is found together, and what is asked for all of them."""

    cases = forms.MultipleChoiceField(label=_("Who needs a bed now"), widget=forms.CheckboxSelectMultiple)
    services = forms.MultipleChoiceField(
        label=_("Which help is needed, all of it from one place"), widget=forms.CheckboxSelectMultiple
    )
    ground = forms.ChoiceField(label=_("Legal ground, if there is no consent"), required=False)

    def __init__(self, *args: Any, cases: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            cases=cases,
            services=choices("service"),
            ground=choices("consent_ground", blank=_("There is consent")),
        )

    def asked(self) -> Asked:
        said = self.cleaned_data
        return Asked(service_codes=tuple(said["services"]), ground_code=said["ground"])


class ConfirmForm(ManyForm):
    """For whom the places of the assignment are asked."""

    pairs = forms.MultipleChoiceField(label=_("Ask for these people"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, pairs: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, pairs=pairs)
