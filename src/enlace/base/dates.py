"""Dates as people type them: 12/3/2020, 12-03-20, 2020-03-12, 12 mar 2020, hoy, ayer."""

import re
import unicodedata
from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep set", "oct", "nov", "dic dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
TODAY, YESTERDAY = {"hoy", "today"}, {"ayer", "yesterday"}


def read_date(text: str, today: date) -> date:
    """The day meant by ``text``: day before month, as in Spanish. Raises ``ValueError`` when it is no date."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().strip()
    if plain in TODAY:
        return today
    if plain in YESTERDAY:
        return today - timedelta(days=1)
    if found := re.fullmatch(r"(\d{4})\D(\d{1,2})\D(\d{1,2})", plain):
        year, month, day = (int(part) for part in found.groups())
        return date(year, month, day)
    if found := re.fullmatch(r"(\d{1,2})\D(\d{1,2})\D(\d{4}|\d{2})", plain):
        day, month, year = (int(part) for part in found.groups())
        return date(_century(year, today), month, day)
    if found := re.fullmatch(r"(\d{1,2})\W+(?:de\W+)?([a-z]{3})[a-z]*\W+(?:del?\W+)?(\d{4})", plain):
        return date(int(found[3]), MONTHS.get(found[2], 0), int(found[1]))
    raise ValueError("not a date")


def _century(year: int, today: date) -> int:
    """Two digits mean the latest such year that is not in the future."""
    if year > 99:
        return year
    this = today.year // 100 * 100 + year
    return this if this <= today.year else this - 100


class DateField(forms.Field):
    """A day in one text box that understands what people type."""

    widget = forms.TextInput
    default_error_messages = {"invalid": _("Write the date as day, month and year, for example 27/3/2025.")}

    def to_python(self, value: object) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None  # type: ignore[return-value]
        try:
            return read_date(str(value), timezone.localdate())
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error

    def prepare_value(self, value: object) -> object:
        return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else value
