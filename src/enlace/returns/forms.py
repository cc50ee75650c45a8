"""Parsing of what the pages of returns send."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enlace.country.labels import language, state_choices
from enlace.country.queries import current
from enlace.country.returns import ReturnTemplate
from enlace.returns import rules
from enlace.returns.files import LARGEST
from enlace.returns.labels import FEDERATION, STATUS
from enlace.returns.queries import Filter
from enlace.returns.rules import Typed

FEDERAL = "federal"


@dataclass(frozen=True)
class Page:
    """What the form of a return sent. ``text`` is by the cell's name, to be shown again when it could not be kept."""

    typed: list[Typed]
    text: dict[str, str]
    note: str
    fills: dict[str, str]
    saves: int | None
    drop_strange: bool


def read_page(template: ReturnTemplate, sent: Mapping[str, Any]) -> Page:
    """The cells of the template that were sent, as they were typed; a cell that was not sent stays as it is."""
    cells = [(measure.id, key) for measure, key in rules.cells(template)]
    text = {rules.cell_name(cell): str(sent[rules.cell_name(cell)]) for cell in cells if rules.cell_name(cell) in sent}
    saves = str(sent.get("saves", ""))
    return Page(
        typed=[Typed(cell=cell, text=text[rules.cell_name(cell)]) for cell in cells if rules.cell_name(cell) in text],
        text=text,
        note=str(sent.get("note", "")),
        fills={measure.id: str(sent.get(f"fill-{measure.id}", "")) for measure in template.measures},
        saves=int(saves) if saves.isascii() and saves.isdigit() and len(saves) < 8 else None,
        drop_strange="drop_strange" in sent,
    )


class FileForm(forms.Form):
    """A filled-in file of a return."""

    file = forms.FileField(label=_("File, CSV or XLSX"), max_length=200)

    def clean_file(self) -> bytes:
        """One byte more than is taken is enough to refuse a larger file with its reason."""
        content: bytes = self.cleaned_data["file"].read(LARGEST + 1)
        return content


class BecauseForm(forms.Form):
    """The reason for giving back or correcting."""

    because = forms.CharField(label=_("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))

    def reason(self) -> str:
        """What was written, "" for nothing: the action says what is lacking."""
        return str(self.cleaned_data["because"]) if self.is_valid() else ""


class ListForm(forms.Form):
    """How a list of returns is narrowed."""

    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("Any")), *STATUS.items()])

    field_order = ["template", "state", "status"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {one.id: one.label(language()) for one in current().return_templates}
        self.fields["template"] = forms.ChoiceField(
            label=_("Periodic return"), required=False, choices=[("", _("Any")), *names.items()]
        )
        self.fields["state"] = forms.ChoiceField(
            label=_("State"), required=False, choices=[("", _("Any")), (FEDERAL, FEDERATION), *state_choices()]
        )

    def wanted(self) -> Filter:
        said = self.cleaned_data if self.is_valid() else {}
        state = said.get("state", "")
        return Filter(
            template=said.get("template", ""),
            state=None if not state else "" if state == FEDERAL else state,
            status=said.get("status", ""),
        )
