"""Forms of assisted return."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import ReturnStep
from enlace.assistance.forms.plans import long_text
from enlace.assistance.forms.service import SEARCHED
from enlace.assistance.labels import FOUND, RISK_DECISION
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices, label
from enlace.country.queries import current

RISK = "risk_"


class OpenReturnForm(forms.Form):
    kind = forms.ChoiceField(label=_("What kind of return it is"), widget=forms.RadioSelect)
    country = forms.ChoiceField(label=_("To which country"), widget=forms.Select(attrs=SEARCHED))
    on = DateField(label=_("Day on which the person asked for it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, kind=choices("return_kind"), country=choices("country", blank=""))


class ReturnForm(forms.Form):
    """A step of a return: the day, and a note."""

    on = DateField(label=_("Day"))
    note = long_text(3, label=_("Note"), required=False)

    def step(self, return_id: UUID, verb: str) -> ReturnStep:
        said = self.cleaned_data
        return ReturnStep(
            return_id=return_id,
            verb=verb,
            on=said["on"],
            note=said["note"],
            code=said.get("code", ""),
            risks={name.removeprefix(RISK): value for name, value in said.items() if name.startswith(RISK)},
            measures=said.get("measures", ""),
            sealed=said.get("sealed", ""),
        )


class RisksForm(ReturnForm):
    """Every risk of the pack's list is answered, then somebody decides."""

    code = forms.ChoiceField(label=_("Decision"), choices=list(RISK_DECISION.items()), widget=forms.RadioSelect)
    measures = long_text(3, label=_("Measures that make it safe"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [RISK + risk.code for risk in current().codes("return_risk")]
        for name in names:
            self.fields[name] = forms.ChoiceField(
                label=label("return_risk", name.removeprefix(RISK)),
                choices=list(FOUND.items()),
                widget=forms.RadioSelect,
            )
        self.order_fields(["on", *names, "code", "measures", "note"])


class ReceiverForm(ReturnForm):
    """Who receives the person."""

    field_order: tuple[str, ...] = ("on", "code")
    code = forms.ChoiceField(label=_("Who receives the person"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, code=choices("receiving_side", blank=""))


class ConfirmReceiverForm(ReceiverForm):
    """That they will, and how to reach them: sealed."""

    field_order: tuple[str, ...] = ("on", "code", "sealed")
    sealed = long_text(
        3,
        label=_("Who they are and how to reach them"),
        required=False,
        help_text=_("Sealed: it opens only for a purpose that is recorded."),
    )
