"""What is asked before a place is sought, and which of the places found are asked."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.country.labels import choices, state_choices
from enlace.placements.actions import Sending
from enlace.placements.queries import Asked

NOT_ASKED, YES, NO = "", "yes", "no"
ANSWERS = [(NOT_ASKED, _("Not asked")), (YES, _("Yes")), (NO, _("No"))]
MOST_CHILDREN = 12
FACTS = ("family", "pregnant", "disability", "lgbti")
SEVERAL = forms.CheckboxSelectMultiple


def answer(label: Any, help_text: Any = "") -> forms.ChoiceField:
    """A question that may stay open: what nobody asked keeps nobody out, and is asked before the person is sent."""
    return forms.ChoiceField(label=label, help_text=help_text, choices=ANSWERS, required=False)


class AskForm(forms.Form):
    """What the case does not know. It is kept with the search, and nowhere else."""

    services = forms.MultipleChoiceField(label=_("Which help is needed, all of it from one place"), widget=SEVERAL)
    with_children = answer(_("Children come along"))
    girls = forms.CharField(label=_("Ages of the girls"), required=False, help_text=_("For example: 4, 9"))
    boys = forms.CharField(label=_("Ages of the boys"), required=False, help_text=_("For example: 4, 9"))
    family = answer(_("A family that wants to stay together"))
    pregnant = answer(_("Pregnant"))
    disability = answer(_("Lives with a disability"))
    lgbti = answer(_("LGBTIQ+"), _("Only if the person wants it to be taken into account."))
    accessibility = forms.MultipleChoiceField(label=_("Must be accessible"), required=False, widget=SEVERAL)
    exclusions = forms.MultipleChoiceField(label=_("Applies to the person"), required=False, widget=SEVERAL)
    no_exclusions = forms.BooleanField(label=_("None of these applies"), required=False)
    security = forms.ChoiceField(label=_("Level of security needed"), required=False)
    avoid_states = forms.MultipleChoiceField(
        label=_("States where the trafficker is or has people"), required=False, widget=SEVERAL
    )
    days = forms.IntegerField(label=_("For how many days"), required=False, min_value=1, max_value=3660)
    ground = forms.ChoiceField(label=_("Legal ground, if there is no consent"), required=False)
    tells_nothing = forms.BooleanField(
        label=_("Ask without a word about the person"),
        required=False,
        help_text=_("Without consent and without a legal ground: the place learns only that somebody will come."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            services=choices("service"),
            accessibility=choices("accessibility"),
            exclusions=choices("place_exclusion"),
            security=choices("security_level", blank=_("Not known")),
            avoid_states=state_choices(),
            ground=choices("consent_ground", blank=_("There is consent")),
        )

    def clean_girls(self) -> list[int]:
        return self._ages("girls")

    def clean_boys(self) -> list[int]:
        return self._ages("boys")

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("with_children") == YES and not (said.get("girls") or said.get("boys")):
            if not self.errors:
                self.add_error("girls", _("Write the age of each child who comes along."))
        elif said.get("girls") or said.get("boys"):
            said["with_children"] = YES
        return said

    def asked(self) -> Asked:
        """The answers, once the form is valid."""
        said = self.cleaned_data
        children = tuple([("female", age) for age in said["girls"]] + [("male", age) for age in said["boys"]])
        return Asked(
            service_codes=tuple(said["services"]),
            children=children if said["with_children"] == YES else () if said["with_children"] == NO else None,
            exclusion_codes=tuple(said["exclusions"]) if said["exclusions"] or said["no_exclusions"] else None,
            security_code=said["security"],
            accessibility_codes=tuple(said["accessibility"]),
            avoid_states=tuple(said["avoid_states"]),
            days=said["days"],
            ground_code=said["ground"],
            tells_nothing=said["tells_nothing"],
            family=_read(said["family"]),
            pregnant=_read(said["pregnant"]),
            disability=_read(said["disability"]),
            lgbti=_read(said["lgbti"]),
        )

    def _ages(self, name: str) -> list[int]:
        parts = self.cleaned_data[name].replace(",", " ").split()
        if len(parts) > MOST_CHILDREN or any(not part.isdecimal() or len(part) > 2 for part in parts):
            raise forms.ValidationError(_("Write ages in years, separated by commas."))
        return [int(part) for part in parts]


def initial_of(asked: Asked) -> dict[str, Any]:
    """What was asked at the last search, back into the form."""
    children = asked.children or ()
    return {
        "services": list(asked.service_codes),
        "with_children": _said(None if asked.children is None else bool(asked.children)),
        "girls": ", ".join(str(age) for sex, age in children if sex != "male" and age is not None),
        "boys": ", ".join(str(age) for sex, age in children if sex == "male" and age is not None),
        "accessibility": list(asked.accessibility_codes),
        "exclusions": list(asked.exclusion_codes or ()),
        "no_exclusions": asked.exclusion_codes == (),
        "security": asked.security_code,
        "avoid_states": list(asked.avoid_states),
        "days": asked.days,
        "ground": asked.ground_code,
        "tells_nothing": asked.tells_nothing,
        **{name: _said(getattr(asked, name)) for name in FACTS},
    }


class SendForm(AskForm):
    """Which of the places found are asked, the best three at once at most, and which the person does not want."""

    sites = forms.MultipleChoiceField(label=_("Ask this place"), widget=SEVERAL)
    refused = forms.MultipleChoiceField(label=_("The person does not want it"), required=False, widget=SEVERAL)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    message = forms.CharField(
        label=_("Message to the place"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they must know to receive the person well. Names and addresses travel sealed, not here."),
    )
    shares_identity = forms.BooleanField(
        label=_("With consent: open the sealed identity to the agency once it accepts"), required=False
    )

    def __init__(self, *args: Any, found: Sequence[UUID] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = [(str(pk), str(pk)) for pk in found]
        offer(self, sites=sites, refused=sites, reason=choices("referral_reason", blank=""))

    def sending(self, case_id: UUID) -> Sending:
        said = self.cleaned_data
        return Sending(
            case_id=case_id,
            asked=self.asked(),
            site_ids=tuple(UUID(pk) for pk in said["sites"]),
            refused_ids=tuple(UUID(pk) for pk in said["refused"]),
            message=said["message"],
            reason_code=said["reason"],
            shares_identity=said["shares_identity"],
        )


def _read(said: str) -> bool | None:
    return None if said == NOT_ASKED else said == YES


def _said(value: bool | None) -> str:
    return NOT_ASKED if value is None else YES if value else NO
