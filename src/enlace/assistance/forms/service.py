"""Forms of services, things given, costs, and of what people think of the help."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import Given, Spending, Things
from enlace.assistance.labels import INTERPRETER, SCORE, UNITS
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices

SEARCHED = {"data-search": ""}


class LanguageForm(forms.Form):
    """In which language, and whether an interpreter was needed and there."""

    language = forms.ChoiceField(label=_("Language spoken"), required=False, widget=forms.Select(attrs=SEARCHED))
    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            language=choices("language", blank=_("Not recorded")),
            interpreter=[("", _("Not recorded")), *INTERPRETER.items()],
        )


class ServiceForm(LanguageForm):
    """One service given."""

    field_order: tuple[str, ...] = ("service", "started_on", "ended_on", "quantity", "unit", "referral", "completes")
    service = forms.ChoiceField(label=_("Which help was given"), widget=forms.Select(attrs=SEARCHED))
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
            language_code=said["language"],
            interpreter_code=said["interpreter"],
            remark=said["remark"],
            referral_id=UUID(said["referral"]) if said["referral"] else None,
            completes=said["completes"],
        )


class EndForm(forms.Form):
    on = DateField(label=_("Last day"))


class FeedbackForm(forms.Form):
    """What the person thinks of the help, on a short scale and in words."""

    score = forms.TypedChoiceField(
        label=_("What the person says of the help"),
        choices=list(SCORE.items()),
        coerce=int,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=_("In the person's words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing that tells who says it. The agency reads it only among the answers of others."),
    )


class ThingsForm(forms.Form):
    """Things given to the person."""

    item = forms.ChoiceField(label=_("What was given"))
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)
    given_on = DateField(label=_("Day"))
    funding = forms.ChoiceField(label=_("Source of the money"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            item=choices("in_kind_item", blank=""),
            funding=choices("funding_source", blank=_("Not recorded")),
        )

    def things(self, case_id: UUID) -> Things:
        said = self.cleaned_data
        return Things(
            case_id=case_id,
            item_code=said["item"],
            quantity=said["quantity"],
            given_on=said["given_on"],
            funding_code=said["funding"],
        )


class CostForm(forms.Form):
    """What one kind of help cost, and which source paid."""

    service = forms.ChoiceField(label=_("For which help"), widget=forms.Select(attrs=SEARCHED))
    funding = forms.ChoiceField(label=_("Source of the money"))
    amount = forms.DecimalField(label=_("Amount"), max_digits=12, decimal_places=2)
    spent_on = DateField(label=_("Day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, service=choices("service", blank=""), funding=choices("funding_source", blank=""))

    def spending(self) -> Spending:
        said = self.cleaned_data
        return Spending(
            service_code=said["service"],
            funding_code=said["funding"],
            amount=said["amount"],
            spent_on=said["spent_on"],
        )


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=2200)

    def wanted(self) -> int:
        """The year asked for, this one when none or a senseless one is."""
        said = self.cleaned_data if self.is_valid() else {}
        return int(said.get("year") or timezone.localdate().year)
