"""Parsing of what is typed about contacts; nothing is decided here."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enlace.base.choices import offer
from enlace.base.dates import DateField
from enlace.country.channels import ChannelField
from enlace.country.labels import choices, language, state_choices
from enlace.country.queries import current
from enlace.intake.actions import Entry
from enlace.intake.forms.people import PeopleForm
from enlace.intake.labels import CONTACT_STATUS
from enlace.intake.rules import EXACT
from enlace.vault import flow

OWN = "own_"
HOUR_FORMATS = ["%H:%M", "%H.%M", "%H"]


class TermsForm(forms.Form):
    """How to reach the person safely; what is said last counts."""

    number = forms.CharField(label=_("Number or account"), required=False, max_length=80)
    when = forms.CharField(label=_("When it is safe"), required=False, max_length=200)
    code_word = forms.CharField(label=_("Code word"), required=False, max_length=60)


class ToldForm(TermsForm):
    """What is added to what was told."""

    field_order = ("told",)
    told = forms.CharField(
        label=_("What was told"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )


class EditForm(forms.Form):
    """Where, as precisely as the person allows, and what the desk makes of it."""

    disposition = forms.ChoiceField(label=_("What it was"))
    risk = forms.ChoiceField(label=_("Risk now"))
    language = forms.ChoiceField(label=_("Language"), required=False, widget=forms.Select(attrs={"data-search": ""}))
    needs_interpreter = forms.BooleanField(label=_("Needs an interpreter"), required=False)
    interpreter_given = forms.ChoiceField(
        label=_("Interpreter given"), required=False, choices=[("", ""), ("yes", _("Yes")), ("no", _("No"))]
    )
    precision = forms.ChoiceField(label=_("How precise"))
    state = forms.ChoiceField(label=_("State"), required=False)
    municipality = forms.CharField(label=_("Municipality or town"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            disposition=choices("contact_disposition", blank=""),
            risk=choices("risk_level"),
            language=choices("language", blank=""),
            precision=choices("place_precision"),
            state=state_choices(blank=""),
        )

    def known(self) -> dict[str, Any]:
        """What an entry and a correction have in common, under the names of the action."""
        said = self.cleaned_data
        return {
            "disposition_code": said["disposition"],
            "risk_code": said["risk"],
            "language_code": said["language"],
            "needs_interpreter": said["needs_interpreter"],
            "interpreter_given": {"yes": True, "no": False}.get(said["interpreter_given"]),
            "precision_code": said["precision"],
            "state_code": said["state"],
            "municipality": said["municipality"],
        }


class RecordForm(EditForm, PeopleForm, TermsForm):
    """A contact on one screen. ``channel`` adds its own fields; the time it began travels in the form."""

    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    begun_on = DateField(label=_("Day"), required=False)
    begun_at = forms.TimeField(label=_("Hour"), required=False, input_formats=HOUR_FORMATS)
    told = forms.CharField(
        label=_("What was told"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 8})
    )
    place = forms.CharField(label=_("Exact place"), required=False, max_length=300)
    caller = forms.CharField(label=_("Name"), required=False, max_length=120)
    follow_up_on = DateField(label=_("Call again on"), required=False)
    follow_up_at = forms.TimeField(label=_("At"), required=False, input_formats=HOUR_FORMATS)

    def __init__(self, *args: Any, channel: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel = channel
        self.own = current().fields_of(channel)
        for field in self.own:
            self.fields[f"{OWN}{field.code}"] = _own_field(field)

    def clean_opened_at(self) -> datetime:
        """When the form was opened, as the server wrote it; anything else, or another day's, is now."""
        now = timezone.now()
        try:
            begun = datetime.fromisoformat(self.cleaned_data["opened_at"])
        except ValueError:
            return now
        return begun if timezone.is_aware(begun) and 0 <= (now - begun).total_seconds() < 86_400 else now

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("follow_up_at") and not cleaned.get("follow_up_on"):
            self.add_error("follow_up_on", _("Say on which day."))
        due = self.follow_up_due()
        if due and due <= timezone.now():
            self.add_error("follow_up_on", _("The next call must lie in the future."))
        if cleaned.get("place") and cleaned.get("precision") != EXACT:
            self.add_error("precision", _("An exact place is kept only when the person allows it."))
        return cleaned

    def follow_up_due(self) -> datetime | None:
        return _moment(self.cleaned_data.get("follow_up_on"), self.cleaned_data.get("follow_up_at"))

    def own_fields(self) -> list[Any]:
        return [self[f"{OWN}{field.code}"] for field in self.own]

    def entry(self, *, is_timed: bool) -> Entry:
        """The contact; ``is_timed``: it began when the form was opened and ends now."""
        said, now = self.cleaned_data, timezone.now()
        typed = _moment(said["begun_on"], said["begun_at"])
        return Entry(
            channel_code=self.channel,
            opened_at=said["opened_at"] if is_timed else (typed or now),
            ended_at=now if is_timed else None,
            follow_up_due=self.follow_up_due(),
            told={name: said[name] for name in ("told", "caller", "number", "when", "code_word", "place")},
            fields={field.code: _own_value(field, said[f"{OWN}{field.code}"]) for field in self.own},
            people=self.people(),
            **self.known(),
        )


class FollowUpForm(forms.Form):
    on = DateField(label=_("Call again on"))
    at = forms.TimeField(label=_("At"), required=False, input_formats=HOUR_FORMATS)

    def due(self) -> datetime:
        due = _moment(self.cleaned_data["on"], self.cleaned_data["at"])
        assert due
        return due


class ReachForm(TermsForm):
    """What was said in the call that had been promised, and how to call again."""

    field_order = ("told",)
    told = forms.CharField(
        label=_("What was said"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 6})
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in: a confirmation."""


class PurposeForm(flow.PurposeForm):
    """Why sealed words are opened."""

    purpose = forms.ChoiceField(label=_("Why do you need to read this?"))


class LinkForm(forms.Form):
    """Who somebody in a contact is: search first, by what the person says of themselves."""

    given_names = forms.CharField(label=_("Given names"), required=False, max_length=120)
    family_names = forms.CharField(label=_("Family names"), required=False, max_length=120)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=40)
    document = forms.CharField(label=_("Document number"), required=False, max_length=60)
    code = forms.CharField(label=_("Code of a person"), required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.values()):
            raise forms.ValidationError(_("Write a name, a telephone, a document or a code to search for."))
        return cleaned


class ContactListForm(forms.Form):
    """What a list of contacts may be narrowed by."""

    channel = forms.ChoiceField(label=_("Channel"), required=False)
    disposition = forms.ChoiceField(label=_("What it was"), required=False)
    risk = forms.ChoiceField(label=_("Risk"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(
            self,
            channel=choices("contact_channel", blank=_("All")),
            disposition=choices("contact_disposition", blank=_("All")),
            risk=choices("risk_level", blank=_("All")),
            status=[("", _("All")), *CONTACT_STATUS.items()],
        )


def _moment(day: Any, hour: Any) -> datetime | None:
    """A day and an hour of the country's time as a moment; nine in the morning when no hour is said."""
    if day is None:
        return None
    return timezone.make_aware(
        datetime(day.year, day.month, day.day, hour.hour if hour else 9, hour.minute if hour else 0)
    )


def _own_field(field: ChannelField) -> forms.Field:
    """The form field of one of a channel's own fields."""
    lang = language()
    said: dict[str, Any] = {"label": field.text(lang), "help_text": field.hint(lang), "required": False}
    options = [(option.code, option.text(lang)) for option in field.options]
    if field.type == "yes_no":
        return forms.ChoiceField(choices=[("", ""), ("yes", _("Yes")), ("no", _("No"))], **said)
    if field.type == "number":
        return forms.IntegerField(min_value=field.low, max_value=field.high, **said)
    if field.type == "date":
        return DateField(**said)
    if field.type == "several":
        return forms.MultipleChoiceField(choices=options, widget=forms.CheckboxSelectMultiple, **said)
    if field.type == "text":
        return forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **said)
    if field.type == "choice":
        return forms.ChoiceField(choices=[("", ""), *options], **said)
    if field.type == "place":
        return forms.ChoiceField(choices=state_choices(blank=""), **said)
    return forms.ChoiceField(choices=choices(field.list_name, blank=""), **said)


def _own_value(field: ChannelField, said: Any) -> Any:
    """What was typed, as the action takes it: plain JSON."""
    if field.type == "yes_no":
        return {"yes": True, "no": False}.get(said)
    return said.isoformat() if field.type == "date" and said else said
