"""Parsing of what an analyst asks for: where the lists come from, and how to estimate."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from enlace.base.dates import DateField
from enlace.prevalence.captures import BY_AGENCY, BY_KIND
from enlace.prevalence.labels import ANSWERS, LEADING, METHODS, REPLICATES, question, said_of
from reckon.prevalence import BadCaptures, Captures, captures_from_people, read_captures
from reckon.prevalence.panel import ASSUMPTIONS
from reckon.prevalence.results import Options

LARGEST_FILE = 200 * 1024 * 1024


class StudyForm(forms.Form):
    """What every estimate asks: about whom, by which methods, and what the analyst knows of the lists."""

    title = forms.CharField(
        label=_("Which people the estimate is about"),
        max_length=200,
        help_text=_("For example: people trafficked for forced labour in the country."),
    )
    period = forms.CharField(label=_("In which period"), max_length=60, help_text=_("For example: 2020."))
    methods = forms.MultipleChoiceField(
        label=_("Methods"), choices=METHODS.items(), widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The first one chosen gives the headline, and the others stand beside it. Thresholding and independent lists "
            "never give it: their interval leaves the choice of the model out."
        ),
    )  # fmt: skip
    boot = forms.TypedChoiceField(label=_("Bootstrap replicates"), coerce=int, choices=REPLICATES.items())
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=2**31 - 1,
        help_text=_("The same seed and data give the same numbers again."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ASSUMPTIONS:
            self.fields[name] = forms.ChoiceField(
                label=question(name), choices=ANSWERS.items(), initial="unknown", widget=forms.RadioSelect
            )
        self.fields[ASSUMPTIONS[0]].help_text = _(
            "Is this so? Your answers to this and the next are printed with the number."
        )

    def clean_methods(self) -> list[str]:
        """The methods chosen, those that can give the headline first."""
        chosen: list[str] = self.cleaned_data["methods"]
        if not set(chosen) & set(LEADING):
            raise forms.ValidationError(_("Choose at least one method that can give the headline."))
        return sorted(chosen, key=lambda method: method not in LEADING)

    def options(self) -> Options:
        said = self.cleaned_data
        return Options(
            methods=tuple(said["methods"]),
            boot=said["boot"],
            seed=said["seed"],
            assumptions={name: said[name] for name in ASSUMPTIONS},
        )


class CasesForm(StudyForm):
    """Lists from the cases that agencies recorded."""

    start = DateField(label=_("From"))
    end = DateField(label=_("To"))
    lists = forms.ChoiceField(
        label=_("What makes a list"),
        choices=[
            (BY_KIND, _("Each kind of agency (police, prosecutors, shelters ...)")),
            (BY_AGENCY, _("Each agency")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ["title", "period", "start", "end", "lists"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if isinstance(said.get("start"), date) and isinstance(said.get("end"), date) and said["end"] < said["start"]:
            self.add_error("end", _("The end is before the start."))
        return said


class TableForm(StudyForm):
    """Lists from a table of capture histories."""

    file = forms.FileField(
        label=_("File of capture histories"),
        help_text=_("CSV: a column of 0 and 1 for each list, and a column “count”: how many people have that history."),
    )
    field_order = ["title", "period", "file"]

    def clean(self) -> dict[str, Any]:
        return _with_captures(self, super().clean(), read_captures)


class PeopleForm(StudyForm):
    """Lists from a file of linked people."""

    file = forms.FileField(
        label=_("File of linked people"),
        help_text=_(
            "CSV or Parquet: a row for each person and list. People are counted and the file is forgotten: "
            "no row of it is kept."
        ),
    )
    person_column = forms.CharField(label=_("Column with the person"), max_length=60, initial="person")
    list_column = forms.CharField(label=_("Column with the list"), max_length=60, initial="list")
    field_order = ["title", "period", "file", "person_column", "list_column"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        person, met = said.get("person_column", ""), said.get("list_column", "")
        return _with_captures(self, said, lambda path: captures_from_people(path, person, met))


def _with_captures(form: forms.Form, said: dict[str, Any] | None, read: Callable[[Path], Captures]) -> dict[str, Any]:
    """The cleaned values with the captures of the file, or the reader's sentence at the file's field."""
    said = said or {}
    if isinstance(file := said.get("file"), UploadedFile):
        try:
            said["captures"] = _read(file, read)
        except BadCaptures as error:
            form.add_error("file", said_of(str(error)))
    return said


def _read(file: "UploadedFile[bytes]", read: Callable[[Path], Captures]) -> Captures:
    if (file.size or 0) > LARGEST_FILE:
        raise BadCaptures("The file is larger than 200 MB. Count it first, and give the table of capture histories.")
    with tempfile.TemporaryDirectory() as folder:  # gone when read, whatever happens
        path = Path(folder) / f"lists{'.parquet' if str(file.name).endswith('.parquet') else '.csv'}"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        return read(path)
