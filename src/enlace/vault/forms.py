"""Parsing of what is typed about a person; nothing is decided here."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.labels import choices, state_choices
from enlace.people.actions import Breaking, Consent, Grounded, Registration
from enlace.people.labels import CHILD_VIEWS
from enlace.people.rules import ACCEPTED, RAISED
from enlace.vault.actions import Signed
from enlace.vault.rules import Identity

NOT_ASKED = _("Not asked")
NOT_SAID = _("Does not apply")


class SearchForm(forms.Form):
    """By code, or by what the person says of themselves. Sent by POST: a name never stands in an address."""

    q = forms.CharField(label=_("Code of a person or case"), required=False, max_length=80)
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    document = forms.CharField(label=_("Document number"), required=False, max_length=60)
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, min_value=1900, max_value=2100)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.get(name) for name in ("q", "name", "phone", "document")):
            raise forms.ValidationError(_("Write a code, a name, a telephone or a document number to search for."))
        return cleaned


class ElsewhereForm(forms.Form):
    """The narrow door: two strong identifiers and a purpose."""

    document_type = forms.ChoiceField(label=_("Document"))
    document_number = forms.CharField(label=_("Document number"), max_length=60)
    birth_date = DateField(label=_("Date of birth"))
    purpose = forms.ChoiceField(label=_("Why you ask"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            document_type=choices("document_type", blank=""),
            purpose=choices("access_purpose", blank=""),
        )


class IdentityForm(forms.Form):
    """What is sealed."""

    given_names = forms.CharField(label=_("Given names"), required=False, max_length=120)
    family_names = forms.CharField(label=_("Family names"), required=False, max_length=120)
    aliases = forms.CharField(label=_("Other names used"), required=False, max_length=200)
    birth_date = DateField(label=_("Date of birth"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=120)
    document_type = forms.ChoiceField(label=_("Document"), required=False)
    document_number = forms.CharField(label=_("Document number"), required=False, max_length=60)
    address = forms.CharField(
        label=_("Where the person is"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed apart: only roles that protect the person can read it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            document_type=choices("document_type", blank=""),
        )

    def clean_birth_date(self) -> date | None:
        value: date | None = self.cleaned_data["birth_date"]
        if value and not date(1900, 1, 1) <= value <= timezone.localdate():
            raise forms.ValidationError(_("The date of birth must lie in the past."))
        return value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("document_type")) != bool(cleaned.get("document_number")):
            self.add_error("document_number", _("Write the kind of document and its number, or neither."))
        return cleaned

    def identity(self) -> Identity:
        said = self.cleaned_data
        birth: date | None = said["birth_date"]
        document = ((said["document_type"], said["document_number"]),) if said["document_number"] else ()
        return Identity(
            given_names=said["given_names"],
            family_names=said["family_names"],
            aliases=_one(said["aliases"]),
            birth_date=birth,
            birth_year=birth.year if birth else said.get("birth_year"),
            phones=_one(said["phone"]),
            emails=_one(said["email"]),
            documents=document,
            addresses=_one(said["address"]),
        )


class RegisterForm(IdentityForm):
    """A person met: the coarse facts, what is sealed, and consent."""

    sex = forms.ChoiceField(label=_("Sex"))
    gender = forms.ChoiceField(label=_("Gender"), required=False)
    age_group = forms.ChoiceField(
        label=_("Age group"),
        required=False,
        help_text=_("As it looks, when the date of birth is not known. In doubt, choose the younger."),
    )
    birth_year = forms.IntegerField(label=_("Year of birth, if only that is known"), required=False, min_value=1900)
    citizenship = forms.MultipleChoiceField(
        label=_("Nationality"), required=False, widget=forms.SelectMultiple(attrs={"data-search": "", "size": 5})
    )
    language = forms.ChoiceField(label=_("Language"), required=False, widget=forms.Select(attrs={"data-search": ""}))
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    marital_status = forms.ChoiceField(label=_("Marital status"), required=False)
    education = forms.ChoiceField(label=_("Schooling"), required=False)
    migration_status = forms.ChoiceField(label=_("Migration status"), required=False)
    origin_state = forms.ChoiceField(label=_("State of origin"), required=False)
    is_protected = forms.BooleanField(
        label=_("Under protection: never shown as known to other agencies"), required=False
    )
    consent = forms.ChoiceField(
        label=_("May we share what is needed with the agencies that will help?"),
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not asked yet"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Refusing never takes help away, and the person still counts in the statistics without a name."),
    )
    consent_giver = forms.ChoiceField(label=_("Who answered"), required=False)
    child_view = forms.ChoiceField(
        label=_("What the child says"), required=False, help_text=_("Where somebody else answers for a child.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("gender", "age_group", "marital_status", "education", "migration_status", "language"):
            offer(self, **{name: choices(name, blank=NOT_ASKED)})
        offer(
            self,
            sex=choices("sex", blank=""),
            citizenship=choices("country"),
            origin_state=state_choices(blank=NOT_ASKED),
            consent_giver=choices("consent_giver", blank=""),
            child_view=[("", NOT_SAID), *CHILD_VIEWS.items()],
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("consent") and not cleaned.get("consent_giver"):
            self.add_error("consent_giver", _("Say who answered: the person, or who may answer for them."))
        return cleaned

    def registration(self) -> Registration:
        said = self.cleaned_data
        birth = said["birth_date"]
        return Registration(
            sex_code=said["sex"],
            gender_code=said["gender"],
            age_group_code=said["age_group"],
            birth_year=birth.year if birth else said["birth_year"],
            citizenship_codes=tuple(said["citizenship"]),
            language_code=said["language"],
            needs_interpreter=said["needs_interpreter"],
            marital_status_code=said["marital_status"],
            education_code=said["education"],
            migration_status_code=said["migration_status"],
            origin_state_code=said["origin_state"],
            is_protected=said["is_protected"],
        )

    def consents(self, person_id: Any) -> list[Consent]:
        """The answer about sharing for help covers referral and the services that follow."""
        said = self.cleaned_data
        if not said["consent"]:
            return []
        return [
            Consent(
                person_id=person_id,
                purpose_code=purpose,
                given_by_code=said["consent_giver"],
                child_view_code=said["child_view"],
                given_on=timezone.localdate(),
                is_refusal=said["consent"] == "no",
            )
            for purpose in ("referral", "services")
        ]


class PurposeForm(forms.Form):
    """Why what is sealed is opened: on record. Other modules give the question their own words."""

    purpose = forms.ChoiceField(label=_("Why do you need to see who this is?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, purpose=choices("access_purpose", blank=""))


class ConsentForm(forms.Form):
    """One answer about one purpose."""

    purpose = forms.ChoiceField(label=_("For what"))
    answer = forms.ChoiceField(
        label=_("Answer"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    recipient = forms.ChoiceField(label=_("For which agency"), required=False)
    given_by = forms.ChoiceField(label=_("Who answered"))
    relation = forms.ChoiceField(label=_("What that person is to her or him"), required=False)
    signer = forms.CharField(
        label=_("Name of who signed"),
        required=False,
        max_length=160,
        help_text=_("Sealed: your agency alone can open it."),
    )
    child_view = forms.ChoiceField(
        label=_("What the child says"), required=False, help_text=_("Where somebody else answers for a child.")
    )
    child_words = forms.CharField(
        label=_("In the child's own words"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Sealed: your agency alone can open it."),
    )
    given_on = DateField(label=_("On which day"))
    expires_on = DateField(label=_("Valid until"), required=False)

    def __init__(self, *args: Any, recipients: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            purpose=choices("consent_purpose", blank=""),
            given_by=choices("consent_giver", blank=""),
            relation=choices("contact_relation", blank=NOT_SAID),
            child_view=[("", NOT_SAID), *CHILD_VIEWS.items()],
            recipient=[("", _("Any agency that helps")), *(recipients or {}).items()],
        )

    def consent(self, person_id: Any) -> Consent:
        said = self.cleaned_data
        return Consent(
            person_id=person_id,
            purpose_code=said["purpose"],
            given_by_code=said["given_by"],
            given_on=said["given_on"],
            recipient_code=said["recipient"],
            is_refusal=said["answer"] == "no",
            expires_on=said["expires_on"],
            relation_code=said["relation"],
            child_view_code=said["child_view"],
        )

    def signed(self) -> Signed:
        return Signed(signer=self.cleaned_data["signer"], child_words=self.cleaned_data["child_words"])


class RevokeForm(forms.Form):
    """Nothing to fill in: what stops stands on the page."""


class GroundForm(forms.Form):
    """A decision under the law that something may be disclosed without consent."""

    purpose = forms.ChoiceField(label=_("For what"))
    recipient = forms.ChoiceField(label=_("For which agency"), required=False)
    ground = forms.ChoiceField(label=_("Legal ground"))
    article = forms.CharField(
        label=_("Article"), max_length=120, help_text=_("The law and its article, or the number of the order.")
    )
    decided_by = forms.CharField(
        label=_("Which office decided"), max_length=120, help_text=_("The office, not the name of a person.")
    )
    decided_on = DateField(label=_("On which day"))
    expires_on = DateField(label=_("Valid until"), required=False)

    def __init__(self, *args: Any, recipients: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            purpose=choices("consent_purpose", blank=""),
            ground=choices("consent_ground", blank=""),
            recipient=[("", _("Any agency")), *(recipients or {}).items()],
        )

    def grounded(self, person_id: Any) -> Grounded:
        said = self.cleaned_data
        return Grounded(
            person_id=person_id,
            purpose_code=said["purpose"],
            recipient_code=said["recipient"],
            ground_code=said["ground"],
            article=said["article"],
            decided_by=said["decided_by"],
            decided_on=said["decided_on"],
            expires_on=said["expires_on"],
        )


class StrangerForm(forms.Form):
    """The code of a person whom the agency does not know."""

    code = forms.CharField(label=_("Code of the person"), max_length=40)


class EmergencyForm(forms.Form):
    """Why a record is opened in an emergency."""

    found = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.ChoiceField(label=_("What kind of emergency is it?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("Why it cannot wait"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Write no names. The data-protection officer and the agency in charge read this."),
    )
    asks_second = forms.BooleanField(
        label=_("I need to know where the person is"),
        required=False,
        help_text=_("A second person has to agree first."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, reason=choices("emergency_reason"))

    def breaking(self, person_id: Any) -> Breaking:
        said = self.cleaned_data
        return Breaking(
            person_id=person_id, reason_code=said["reason"], words=said["words"], asks_second=said["asks_second"]
        )


class SecondForm(forms.Form):
    """The second person's answer."""

    answer = forms.ChoiceField(
        label=_("May this account see where the person is?"),
        choices=[("yes", _("Yes, I agree")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )


class ReviewForm(forms.Form):
    """The judgement of the data-protection officer."""

    verdict = forms.ChoiceField(
        label=_("Your judgement"),
        choices=[(ACCEPTED, _("Accept: it was needed")), (RAISED, _("Raise: it has to be looked into"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(label=_("What you found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class CorrectForm(IdentityForm):
    """Correct what is sealed."""


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()
