"""Parsing of what is typed on the pages about accounts; every decision is the actions'."""

from collections.abc import Iterable
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.accounts.labels import DATA_CLASSES, USER_STATES
from enlace.base.dates import DateField

Choices = list[tuple[str, str]]
Labelled = Iterable[tuple[str, object]]


class SignInForm(LoginForm):  # type: ignore[misc]
    """The library's form without its hint, which leads to a way back that needs e-mail; ours needs two people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class InviteForm(forms.Form):
    """A new account."""

    display_name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As colleagues know the person."))
    username = forms.CharField(
        label=_("Username"),
        max_length=40,
        help_text=_("3 to 40 letters without accents, digits, dots, dashes or underscores."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    agency = forms.ChoiceField(label=_("Agency"), widget=forms.Select(attrs={"data-search": ""}))
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, agencies: Choices, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "agency", agencies)
        _offer(self, "roles", roles)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "role", roles)


class RecoveryForm(forms.Form):
    resets_factor = forms.BooleanField(
        label=_("The person has lost the second factor too"),
        required=False,
        help_text=_("A new one is set up at the next sign-in."),
    )


class PasswordForm(forms.Form):
    """A new password, typed twice; how good it must be is decided by the action."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 12 characters. A sentence of four or five words is easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("password") and said.get("again") and said["password"] != said["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return said


class RecoverForm(PasswordForm):
    approval_code = forms.CharField(
        label=_("Second half of the code"),
        max_length=40,
        help_text=_("The person who approved the recovery has it."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    field_order = ["approval_code", "password", "again"]


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("Pages are shown in"))

    def __init__(self, *args: Any, languages: Labelled, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "language", languages)


class UserFilter(forms.Form):
    q = forms.CharField(label=_("Name or username"), required=False, max_length=60)
    agency = forms.ChoiceField(label=_("Agency"), required=False)
    role = forms.ChoiceField(label=_("Role"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("Any")), *USER_STATES.items()])

    def __init__(self, *args: Any, agencies: Choices, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "agency", [("", _("Any")), *agencies])
        _offer(self, "role", [("", _("Any")), *roles])


class LogFilter(forms.Form):
    action = forms.CharField(
        label=_("Event begins with"), required=False, max_length=60, help_text=_("Such as case or access.denied.")
    )
    who = forms.CharField(label=_("Username"), required=False, max_length=40)
    data_class = forms.ChoiceField(
        label=_("Class of data read"),
        required=False,
        choices=[("", _("Any")), *((code, f"{code}: {name}") for code, name in DATA_CLASSES.items())],
    )
    since = DateField(label=_("From"), required=False)
    until = DateField(label=_("To"), required=False)


def _offer(form: forms.Form, name: str, choices: Labelled) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(code, str(name)) for code, name in choices]
