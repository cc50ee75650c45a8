"""Dates as people type them: 12/3/2020, 12-03-20, 2020-03-12, 12 mar 2020, hoy, ayer."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from pydantic import AwareDatetime, Field

MONTHS = (
    "enero january", "febrero february", "marzo march", "abril april", "mayo may", "junio june", "julio july",
    "agosto august", "septiembre setiembre september", "octubre october", "noviembre november", "diciembre december",
)  # fmt: skip
BETWEEN = r"(?:\s*[/.,-]\s*|\s+)"
EARLIEST = 1900
# For the API: a time that every zone can tell. At the calendar's edges a conversion overflows.
Moment = Annotated[AwareDatetime, Field(ge=datetime(EARLIEST, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC))]
TODAY, YESTERDAY = {"hoy", "today"}, {"ayer", "yesterday"}


def read_date(text: str, today: date) -> date:
    """The day meant by ``text``: day before month, as in Spanish. Raises ``ValueError`` when it is no date."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower().strip()
    if plain in TODAY:
        return today
    if plain in YESTERDAY:
        return today - timedelta(days=1)
    if found := re.fullmatch(rf"(\d{{4}}){BETWEEN}(\d{{1,2}}){BETWEEN}(\d{{1,2}})", plain):
        return _day(found[1], int(found[2]), found[3], today)
    if found := re.fullmatch(rf"(\d{{1,2}}){BETWEEN}(\d{{1,2}}){BETWEEN}(\d{{4}}|\d{{2}})", plain):
        return _day(found[3], int(found[2]), found[1], today)
    if found := re.fullmatch(r"(\d{1,2})(?:o\b)?\W+(?:de\W+)?([a-z]{3,})\W+(?:del?\W+)?(\d{4}|\d{2})", plain):
        return _day(found[3], _month(found[2]), found[1], today)
    raise ValueError("not a date")


def _day(year: str, month: int, day: str, today: date) -> date:
    full = _century(int(year), today) if len(year) == 2 else int(year)
    if full < EARLIEST:
        raise ValueError("a slip of the hand, not a date of anybody alive")
    return date(full, month, int(day))


def _month(word: str) -> int:
    """1 to 12 from a name or its beginning (at least three letters), in Spanish or English."""
    for number, names in enumerate(MONTHS, start=1):
        if any(name.startswith(word) for name in names.split()):
            return number
    raise ValueError("not a month")


def _century(year: int, today: date) -> int:
    """Two digits mean the latest such year that is not in the future."""
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
