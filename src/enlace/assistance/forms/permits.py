"""Forms of permits. None of them asks whether the person has testified: it does not matter."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import PermitStep
from enlace.assistance.forms.plans import long_text
from enlace.assistance.forms.service import SEARCHED
from enlace.assistance.labels import INTERPRETER, PERMIT
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices, label
from enlace.intake.files import ACCEPTED
from enlace.vault import flow


class OpenPermitForm(forms.Form):
    kind = forms.ChoiceField(label=_("What the person may ask for"), widget=forms.RadioSelect)
    on = DateField(label=_("Day"))

    def __init__(self, *args: Any, kinds: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, kind=[(code, label("permit_kind", code)) for code in kinds])


class PermitForm(forms.Form):
    """A step of a permit: the day, and a note."""

    on = DateField(label=_("Day"))
    note = long_text(3, label=_("Note"), required=False)

    def step(self, permit_id: UUID, verb: str) -> PermitStep:
        said = self.cleaned_data
        return PermitStep(
            permit_id=permit_id,
            verb=verb,
            on=said["on"],
            note=said["note"],
            code=said.get("code", ""),
            language_code=said.get("language", ""),
            interpreter_code=said.get("interpreter", ""),
            valid_to=said.get("valid_to"),
        )


class InformForm(PermitForm):
    """Who was told, and in which language."""

    field_order: tuple[str, ...] = ("on", "code", "language", "interpreter")
    code = forms.ChoiceField(label=_("Who was told"))
    language = forms.ChoiceField(label=_("In which language"), widget=forms.Select(attrs=SEARCHED))
    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            code=choices("consent_giver"),
            language=choices("language", blank=""),
            interpreter=[("", _("Not recorded")), *INTERPRETER.items()],
        )


class GrantForm(PermitForm):
    """From when to when; without a last day the usual span of this kind of permit counts."""

    field_order: tuple[str, ...] = ("on", "valid_to")
    valid_to = DateField(label=_("Valid until"), required=False, help_text=_("As it is written on the permit."))


class RefuseForm(PermitForm):
    field_order: tuple[str, ...] = ("on", "code")
    code = forms.ChoiceField(label=_("Reason that the authority gave"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, code=choices("permit_refusal"))


class ConvertForm(GrantForm):
    field_order: tuple[str, ...] = ("on", "code", "valid_to")
    code = forms.ChoiceField(label=_("Into which permit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, code=choices("permit_kind", blank=""))


class EndPermitForm(PermitForm):
    field_order: tuple[str, ...] = ("on", "code")
    code = forms.ChoiceField(label=_("Why it ends"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, code=choices("permit_end", blank=""))


class PaperForm(forms.Form):
    """A copy of a paper, or what stands on it; both are sealed."""

    text = long_text(2, label=_("Number, or what is on the paper"), required=False)
    file = forms.FileField(
        label=_("Copy"),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("A picture or a PDF. It is sealed, and opens only for a purpose that is recorded."),
    )


class PurposeForm(flow.PurposeForm):
    purpose = forms.ChoiceField(label=_("Why you need to open it"))


class PermitListForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *PERMIT.items()])
