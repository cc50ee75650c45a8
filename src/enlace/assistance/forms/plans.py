"""Forms of care plans."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.assistance.actions import NewGoal, NewStep, PlanStep
from enlace.assistance.labels import AGREEMENT
from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices


def long_text(rows: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class DrawForm(forms.Form):
    words = long_text(
        5,
        label=_("What the person wants, in her or his own words"),
        required=False,
        help_text=_("Written as it is said. It can be added later."),
    )


class GoalForm(forms.Form):
    """One thing the person wants to reach."""

    area = forms.ChoiceField(label=_("Area of support"))
    objective = long_text(3, label=_("What is to be reached"))
    planned_end_on = DateField(label=_("By when"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, area=choices("support_plan_type", blank=""))

    def goal(self) -> NewGoal:
        said = self.cleaned_data
        return NewGoal(area_code=said["area"], objective=said["objective"], planned_end_on=said["planned_end_on"])


class StepForm(forms.Form):
    """One step towards a goal."""

    what = long_text(2, label=_("What is to be done"))
    who = forms.ChoiceField(label=_("Who does it"), required=False)
    due_on = DateField(label=_("By when"), required=False)

    def __init__(self, *args: Any, agencies: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, who=[("", _("The person")), *agencies])

    def step(self) -> NewStep:
        said = self.cleaned_data
        return NewStep(what=said["what"], agency_code=said["who"], due_on=said["due_on"])


class MoveForm(forms.Form):
    """A step of the plan's life: the day, and a note."""

    on = DateField(label=_("Day"))
    note = long_text(3, label=_("Note"), required=False)

    def move(self, plan_id: UUID, verb: str) -> PlanStep:
        said = self.cleaned_data
        return PlanStep(plan_id=plan_id, verb=verb, on=said["on"], note=said["note"], words=said.get("words", ""))


class ReviewForm(MoveForm):
    """What has changed, in the person's own words."""

    field_order: tuple[str, ...] = ("on", "words")
    words = long_text(5, label=_("What the person wants, in her or his own words"), required=False)


class AgreeForm(ReviewForm):
    """What the person says about the plan, and who may read it."""

    field_order: tuple[str, ...] = ("on", "words", "agreement", "given_by", "is_shared")
    agreement = forms.ChoiceField(
        label=_("What the person says about the plan"), choices=list(AGREEMENT.items()), widget=forms.RadioSelect
    )
    given_by = forms.ChoiceField(label=_("Who says so"))
    is_shared = forms.BooleanField(
        label=_("The person agrees that the other agencies on this case read the plan"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, given_by=choices("consent_giver"))

    def move(self, plan_id: UUID, verb: str) -> PlanStep:
        said = self.cleaned_data
        return PlanStep(
            plan_id=plan_id,
            verb=verb,
            on=said["on"],
            words=said["words"],
            agreement_code=said["agreement"],
            given_by_code=said["given_by"],
            is_shared=said["is_shared"],
            note=said["note"],
        )


class ConfirmForm(forms.Form):
    """Nothing to fill in: a confirmation."""
