"""Forms of places: what they are, what they give, how they are reached, where they are; and of agreements."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices, state_choices
from enlace.directory.actions import Agreed, Place, Reach
from enlace.directory.labels import CONFIDENTIALITY, CONTACT_KINDS, PLACE
from enlace.directory.models import Site, SiteContact
from enlace.vault import flow

BLANK_CONTACTS = 3


class FilterForm(forms.Form):
    """Filters of the list of places. What cannot be read filters nothing."""

    service = forms.ChoiceField(label=_("Service"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    sex = forms.ChoiceField(label=_("Takes"), required=False)
    age = forms.IntegerField(label=_("Of the age of"), required=False, min_value=0, max_value=120)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            service=choices("service", blank=_("All")),
            state=state_choices(blank=_("All")),
            sex=choices("sex", blank=_("Everybody")),
        )


class SiteForm(forms.Form):
    """A place, without its address."""

    agency = forms.ChoiceField(label=_("Agency"), widget=forms.Select(attrs={"data-search": ""}))
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("A neutral name that does not tell where the place is.")
    )
    kind = forms.ChoiceField(label=_("Kind of place"))
    state = forms.ChoiceField(label=_("State"))
    security = forms.ChoiceField(label=_("Level of security"))
    is_secret = forms.BooleanField(
        label=_("The place is secret"),
        required=False,
        help_text=_("Other agencies see its name, its state, what it gives and whom it takes, and nothing else."),
    )
    is_open = forms.BooleanField(
        label=_("The place is open"), required=False, help_text=_("A closed place is offered to nobody.")
    )
    accepts_trafficking = forms.BooleanField(label=_("Takes people affected by trafficking"), required=False)
    may_go_out_alone = forms.BooleanField(label=_("People may go out alone"), required=False)
    only_while_trial = forms.BooleanField(label=_("People may stay only while a trial lasts"), required=False)
    max_stay_days = forms.IntegerField(label=_("Longest stay, in days"), required=False, min_value=1)
    extension_days = forms.IntegerField(label=_("Extension, in days"), required=False, min_value=1)
    languages = forms.MultipleChoiceField(
        label=_("Languages spoken"), required=False, widget=forms.SelectMultiple(attrs={"data-search": "", "size": 6})
    )
    accessibility = forms.MultipleChoiceField(
        label=_("Accessibility"), required=False, widget=forms.CheckboxSelectMultiple
    )
    hours = forms.CharField(label=_("Hours"), required=False, max_length=200)
    funding = forms.ChoiceField(label=_("Paid by"), required=False)
    inspected_on = DateField(label=_("Last inspection"), required=False)

    def __init__(self, *args: Any, agencies: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            agency=agencies.items(),
            kind=choices("site_kind", blank=""),
            state=state_choices(blank=""),
            security=choices("security_level"),
            languages=choices("language"),
            accessibility=choices("accessibility"),
            funding=choices("funding_source", blank=_("Not known")),
        )
        if len(agencies) == 1:
            self.fields["agency"].widget = forms.HiddenInput()

    def place(self, site_id: UUID | None = None) -> Place:
        said = self.cleaned_data
        same = {"is_secret", "is_open", "accepts_trafficking", "may_go_out_alone", "only_while_trial", "max_stay_days"}
        same |= {"extension_days", "hours", "inspected_on", "name"}
        given = {name: said[name] for name in same} | ({"id": site_id} if site_id else {})
        return Place(
            agency_code=said["agency"],
            kind_code=said["kind"],
            state_code=said["state"],
            security_code=said["security"],
            language_codes=tuple(said["languages"]),
            accessibility_codes=tuple(said["accessibility"]),
            funding_code=said["funding"],
            **given,
        )


def of_site(site: Site) -> dict[str, Any]:
    """What the form of a place shows for one that is there."""
    same = (
        "name", "is_secret", "is_open", "accepts_trafficking", "may_go_out_alone", "only_while_trial", "max_stay_days",
        "extension_days", "hours", "inspected_on",
    )  # fmt: skip
    return {name: getattr(site, name) for name in same} | {
        "agency": site.agency_id,
        "kind": site.kind_code,
        "state": site.state_code,
        "security": site.security_code,
        "languages": site.language_codes,
        "accessibility": site.accessibility_codes,
        "funding": site.funding_code,
    }


class ProgrammesForm(forms.Form):
    services = forms.MultipleChoiceField(
        label=_("What the place gives"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, services=choices("service"))


class ContactsForm(forms.Form):
    """The contacts that are there and some empty rows. A row without a value is left out."""

    def __init__(self, *args: Any, known: Sequence[SiteContact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(known) + BLANK_CONTACTS
        for place in range(self.count):
            row = known[place] if place < len(known) else None
            self.fields[f"kind{place}"] = forms.ChoiceField(
                label=_("Kind"), choices=CONTACT_KINDS.items(), initial=row.kind if row else "phone"
            )
            self.fields[f"value{place}"] = forms.CharField(
                label=_("Contact"), required=False, max_length=200, initial=row.value if row else ""
            )
            self.fields[f"who{place}"] = forms.ChoiceField(
                label=_("Who may read it"),
                choices=CONFIDENTIALITY.items(),
                initial=row.confidentiality if row else "agencies",
            )

    def groups(self) -> list[tuple[forms.BoundField, ...]]:
        """The fields of each row, for the page."""
        return [tuple(self[f"{name}{place}"] for name in ("kind", "value", "who")) for place in range(self.count)]

    def rows(self) -> list[Reach]:
        said = self.cleaned_data
        found = [(said[f"kind{n}"], said[f"value{n}"].strip(), said[f"who{n}"]) for n in range(self.count)]
        return [Reach(kind, value, who) for kind, value, who in found if value]


class SealForm(forms.Form):
    """Where the place is. It always starts empty."""

    address = forms.CharField(label=PLACE["address"], max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    directions = forms.CharField(
        label=PLACE["directions"], required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.CharField(
        label=PLACE["contact"], required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class PurposeForm(flow.PurposeForm):
    purpose = forms.ChoiceField(label=_("Purpose"))


class AgreementForm(forms.Form):
    """That a state may send people to another one."""

    from_state = forms.ChoiceField(label=_("State that sends"))
    to_state = forms.ChoiceField(label=_("State that receives"))
    site = forms.ChoiceField(label=_("Only to one place"), required=False)
    service = forms.ChoiceField(label=_("Only for one service"), required=False)
    valid_from = DateField(label=_("In force from"))
    valid_to = DateField(label=_("Until"), required=False)
    basis = forms.CharField(
        label=_("What it rests on"), max_length=200, help_text=_("Its name, number or date, so that it can be found.")
    )

    def __init__(self, *args: Any, sites: dict[str, str], is_national: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every: list[tuple[str, object]] = [("", _("Any place of the state"))] if is_national else []
        offer(
            self,
            from_state=state_choices(blank=""),
            to_state=state_choices(blank=""),
            site=[*every, *sites.items()],
            service=choices("service", blank=_("Any service")),
        )
        self.fields["site"].required = not is_national

    def agreed(self) -> Agreed:
        said = self.cleaned_data
        return Agreed(
            from_state=said["from_state"],
            to_state=said["to_state"],
            site_id=UUID(said["site"]) if said["site"] else None,
            service_code=said["service"],
            valid_from=said["valid_from"],
            valid_to=said["valid_to"],
            basis=said["basis"],
        )


class EndForm(forms.Form):
    on = DateField(label=_("Last day"))
