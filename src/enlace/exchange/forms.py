"""Forms of files: one of the directory, the same again once its changes have been seen, and a table of a standard."""

import base64
import binascii
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import language
from enlace.exchange.standards import standards

MAX_TABLE = 10 * 1024 * 1024
MAX_BYTES = 1024 * 1024  # it goes to the browser and back; larger files come in by the command


class FileForm(forms.Form):
    """A file of the directory."""

    file = forms.FileField(
        label=_("File of the directory"),
        help_text=_("CSV or HSDS 3 JSON, at most 1 MB. You see what it would change before anything is written."),
    )

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        if sent.size > MAX_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Send it in parts."))
        content: bytes = sent.read()
        return content


class SeenForm(forms.Form):
    """The content of a file whose changes were shown, to be written now."""

    content = forms.CharField(widget=forms.HiddenInput, max_length=2 * MAX_BYTES)
    rest = forms.BooleanField(widget=forms.HiddenInput, required=False)  # without the places that have a fault

    @classmethod
    def of(cls, content: bytes, *, rest: bool) -> "SeenForm":
        return cls(initial={"content": base64.b64encode(content).decode("ascii"), "rest": rest})

    def clean_content(self) -> bytes:
        try:
            return base64.b64decode(self.cleaned_data["content"], validate=True)
        except (binascii.Error, ValueError):
            raise forms.ValidationError(_("Send the file again.")) from None


class TableForm(forms.Form):
    """A table of a standard, to be judged; nothing of it is kept."""

    standard = forms.ChoiceField(label=_("Standard"))
    file = forms.FileField(
        label=_("Table"), help_text=_("CSV or XLSX, at most 10 MB, ours or another country's. Nothing of it is kept.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, standard.title(language())) for code, standard in standards().items()]
        self.fields["standard"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> bytes:
        sent = self.cleaned_data["file"]
        if sent.size > MAX_TABLE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Check it with the command instead."))
        content: bytes = sent.read()
        return content
