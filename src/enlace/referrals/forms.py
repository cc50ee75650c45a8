"""Parsing of what is typed about a referral; nothing is decided here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.ids import new_id
from enlace.country.labels import choices, state_choices
from enlace.referrals.actions import Feedback, Outsider, Parcel, Request
from enlace.referrals.labels import FIELDS, STATUS
from enlace.referrals.rules import IDENTITY, SLICE

ANONYMOUS = "anonymous"
ALSO = ("also_1", "also_2")


class GroundForm(forms.Form):
    """What every referral says: which help, why, and on what it rests."""

    services = forms.MultipleChoiceField(label=_("Which help is needed"), widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(label=_("Reason"), required=False)
    message = forms.CharField(
        label=_("Message to the agency"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What they must know to receive the person well. Names and addresses travel sealed, not here."),
    )
    ground = forms.ChoiceField(
        label=_("Legal ground, if there is no consent"),
        required=False,
        help_text=_("Without consent only that someone of this age and sex needs help is disclosed."),
    )
    previous = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        anonymous = (ANONYMOUS, _("Neither consent nor ground: tell only that somebody with these needs will come"))
        offer(
            self,
            services=choices("service"),
            reason=choices("referral_reason", blank=""),
            ground=[*choices("consent_ground", blank=_("There is consent")), anonymous],
        )

    def said(self) -> dict[str, Any]:
        """What both kinds of referral are made of."""
        values = self.cleaned_data
        is_anonymous = values["ground"] == ANONYMOUS
        return {
            "service_codes": tuple(values["services"]),
            "reason_code": values["reason"],
            "message": values["message"],
            "ground_code": "" if is_anonymous else values["ground"],
            "is_anonymous": is_anonymous,
            "previous_id": values["previous"],
        }


class SendForm(GroundForm):
    """Ask one agency for services, or up to three at the same time."""

    recipient = forms.ChoiceField(label=_("Which agency"), widget=forms.Select(attrs={"data-search": ""}))
    also_1 = forms.ChoiceField(
        label=_("Ask at the same time"),
        required=False,
        widget=forms.Select(attrs={"data-search": ""}),
        help_text=_("The first to accept receives the person; for the others it is withdrawn by itself."),
    )
    also_2 = forms.ChoiceField(
        label=_("Ask a third one"), required=False, widget=forms.Select(attrs={"data-search": ""})
    )
    shares_identity = forms.BooleanField(
        label=_("With consent: open the sealed identity to the agency once it accepts"), required=False
    )
    field_order = ("services", "recipient", *ALSO, "reason", "message", "ground", "shares_identity")

    def __init__(self, *args: Any, recipients: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", ""), *(recipients or {}).items()]
        offer(self, recipient=known, **dict.fromkeys(ALSO, known))

    def requests(self, case_id: UUID) -> list[Request]:
        """One request for each agency that is asked."""
        said = self.cleaned_data
        asked = [said["recipient"], *(said[name] for name in ALSO if said[name])]
        group_id = new_id() if len(asked) > 1 else None
        shared = {**self.said(), "shares_identity": said["shares_identity"], "group_id": group_id}
        return [Request(case_id=case_id, recipient_code=code, **shared) for code in asked]


class PackageForm(GroundForm):
    """Refer to a partner outside, and choose field by field what it will be told."""

    partner = forms.ChoiceField(label=_("Which partner"), widget=forms.Select(attrs={"data-search": ""}))
    fields_told = forms.MultipleChoiceField(
        label=_("What the partner will read"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Choose what is needed to receive the person well and nothing more. Where the person is never goes along."
        ),
    )
    field_order = ("services", "partner", "fields_told", "reason", "message", "ground")

    def __init__(self, *args: Any, partners: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            partner=[("", ""), *(partners or {}).items()],
            fields_told=[(name, FIELDS[name]) for name in (*SLICE, *IDENTITY)],
        )

    def parcel(self, case_id: UUID) -> Parcel:
        said = self.cleaned_data
        partner_id = UUID(said["partner"])
        return Parcel(case_id=case_id, partner_id=partner_id, field_names=tuple(said["fields_told"]), **self.said())


class PartnerForm(forms.Form):
    """An organisation outside the system."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=160)
    kind = forms.ChoiceField(label=_("Kind of organisation"))
    state = forms.ChoiceField(label=_("State"), required=False)
    public_contact = forms.CharField(label=_("Contact that may be told to anybody"), required=False, max_length=300)
    agency_contact = forms.CharField(
        label=_("Contact for agencies only"),
        required=False,
        max_length=300,
        help_text=_("Of the organisation, not of one of its people. No address of a place where people live."),
    )
    is_active = forms.BooleanField(label=_("It can be asked"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, kind=choices("agency_kind", blank=""), state=state_choices(blank=_("Whole country")))

    def outsider(self) -> Outsider:
        said = self.cleaned_data
        return Outsider(
            name=said["name"],
            kind_code=said["kind"],
            state_code=said["state"],
            public_contact=said["public_contact"],
            agency_contact=said["agency_contact"],
            is_active=said["is_active"],
        )


class FeedbackForm(forms.Form):
    """What came of a referral."""

    result = forms.ChoiceField(label=_("What came of it"))
    text = forms.CharField(
        label=_("What the sender should know"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, result=choices("referral_result", blank=""))

    def feedback(self, referral_id: UUID) -> Feedback:
        said = self.cleaned_data
        return Feedback(referral_id=referral_id, result_code=said["result"], text=said["text"])


class StepForm(forms.Form):
    """A step that needs no reason."""

    note = forms.CharField(
        label=_("Note to the other agency"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class DeclineForm(StepForm):
    reason = forms.ChoiceField(label=_("Why it is declined"))
    field_order = ("reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            reason=choices("decline_reason", blank=""),
        )


class InterruptForm(StepForm):
    reason = forms.ChoiceField(label=_("Why the help was interrupted"))
    field_order = ("reason", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            reason=choices("interruption_reason", blank=""),
        )


class OpenForm(forms.Form):
    """For whoever has the link of a package: the code that came another way, and who opens it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Eight digits; spaces do not matter."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    opened_by = forms.CharField(
        label=_("Your name and post"),
        max_length=120,
        help_text=_("Whoever sent it sees who opened it and when. Nothing else is kept about you."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PartnerAnswerForm(forms.Form):
    """The partner's answer, on the page of the package."""

    reason = forms.ChoiceField(label=_("If you cannot receive the person: why"), required=False)
    note = forms.CharField(
        label=_("Words to whoever sent it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, reason=choices("decline_reason", blank=""))


class ListForm(forms.Form):
    box = forms.ChoiceField(
        label=_("Box"), required=False, choices=[("in", _("Received")), ("out", _("Sent"))], initial="in"
    )
    status = forms.ChoiceField(label=_("Status"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            status=[("", _("All")), *STATUS.items()],
        )
