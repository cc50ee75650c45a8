"""Parsing of what is typed about a case; nothing is decided here."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.cases.actions import MULTIPLE_LISTS, Coded, Opening, Ruling, Stretch
from enlace.cases.labels import IDENTIFICATION, LISTS, STATUS, VERBS
from enlace.cases.rules import IDENTIFICATION as MACHINE
from enlace.country.labels import choices, state_choices

SHORT_LISTS = ("exploitation_form", "sexual_exploitation_type")


class FactsForm(forms.Form):
    """What is known about the exploitation: lists with several answers."""

    relationship = forms.ChoiceField(label=_("Relationship to the trafficker"), required=False)
    age_when_trafficked = forms.IntegerField(label=_("Age when it began"), required=False, min_value=0, max_value=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            relationship=choices("trafficker_relationship", blank=_("Not known")),
        )
        for name in MULTIPLE_LISTS:
            widget = forms.CheckboxSelectMultiple if name in SHORT_LISTS else forms.SelectMultiple
            attrs = {} if name in SHORT_LISTS else {"data-search": "", "size": 6}
            self.fields[name] = forms.MultipleChoiceField(
                label=LISTS[name], choices=choices(name), required=False, widget=widget(attrs=attrs)
            )

    def coded(self) -> tuple[Coded, ...]:
        said = self.cleaned_data
        return tuple(Coded(list_name=name, code=code) for name in MULTIPLE_LISTS for code in said[name])


class OpenForm(FactsForm):
    """Open a case for a person."""

    field_order = ("origin", "state")
    origin = forms.ChoiceField(label=_("How your agency met the person"))
    state = forms.ChoiceField(label=_("State where the case is attended"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            origin=choices("case_origin", blank=""),
            state=state_choices(blank=_("Abroad or not known")),
        )

    def opening(self, person_id: UUID) -> Opening:
        said = self.cleaned_data
        return Opening(
            person_id=person_id,
            origin_code=said["origin"],
            state_code=said["state"],
            codes=self.coded(),
            relationship_code=said["relationship"],
            age_when_trafficked=said["age_when_trafficked"],
        )


class EpisodeForm(forms.Form):
    """Where and when."""

    kind = forms.ChoiceField(label=_("What happened"))
    started_on = DateField(label=_("From"), required=False)
    ended_on = DateField(label=_("To"), required=False)
    country = forms.ChoiceField(label=_("Country"), required=False, widget=forms.Select(attrs={"data-search": ""}))
    state = forms.ChoiceField(label=_("State"), required=False)
    place = forms.CharField(
        label=_("Place"), required=False, max_length=200, help_text=_("Town or district. Never an address or a name.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            kind=choices("event_kind", blank=""),
            country=choices("country", blank=""),
            state=state_choices(blank=""),
        )

    def stretch(self) -> Stretch:
        said = self.cleaned_data
        return Stretch(
            kind_code=said["kind"],
            started_on=said["started_on"],
            ended_on=said["ended_on"],
            country_code=said["country"],
            state_code=said["state"],
            place=said["place"],
        )


class DecisionForm(forms.Form):
    """A decision about identification; only what the present state allows is offered."""

    verb = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    ground = forms.ChoiceField(label=_("Who recognises, and on what ground"))
    reason = forms.CharField(
        label=_("Reasons"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Act, purpose, and means where the law asks for them. Names do not belong here."),
    )

    def __init__(self, *args: Any, state: str = "presumed", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            verb=[(verb, VERBS[verb]) for verb in MACHINE.verbs(state)],
            ground=choices("identification_ground", blank=""),
        )

    def ruling(self, case_id: UUID) -> Ruling:
        said = self.cleaned_data
        return Ruling(case_id=case_id, verb=said["verb"], ground_code=said["ground"], reason=said["reason"])


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=10000, widget=forms.Textarea(attrs={"rows": 4}))
    is_shared = forms.BooleanField(label=_("Share with the other agencies on this case"), required=False)


class CloseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why the case is closed"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            reason=choices("closure_reason", blank=""),
        )


class ReopenForm(forms.Form):
    """Nothing to fill in: a confirmation."""


class ListForm(forms.Form):
    """What a list of cases may be narrowed by."""

    status = forms.ChoiceField(label=_("Status"), required=False)
    identification = forms.ChoiceField(label=_("Identification"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    part = forms.ChoiceField(
        label=_("Our part"),
        required=False,
        choices=[("", _("All")), ("lead", _("We lead")), ("partner", _("We join in"))],
    )
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("Newest first")), ("oldest", _("Oldest first"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            status=[("", _("All")), *STATUS.items()],
            identification=[("", _("All")), *IDENTIFICATION.items()],
            state=state_choices(blank=_("All")),
        )
