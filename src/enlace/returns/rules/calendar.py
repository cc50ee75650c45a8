"""Months, quarters, halves and years by name: 2020-03, 2020-Q1, 2020-H1, 2020."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from enlace.base.errors import Refusal

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_FORMS = {
    "year": re.compile(r"(\d{4})()"),
    "half": re.compile(r"(\d{4})-H([12])"),
    "quarter": re.compile(r"(\d{4})-Q([1-4])"),
    "month": re.compile(r"(\d{4})-(0[1-9]|1[0-2])"),
}
EARLIEST, LATEST = 1990, 2199


@dataclass(frozen=True, slots=True)
class Period:
    """``end`` is the last day."""

    name: str
    kind: str
    start: date
    end: date

    def due(self, days: int) -> date:
        """The last day on which an answer is in time."""
        return self.end + timedelta(days=days)


def period_of(name: str) -> Period:
    """The period of this name. Raises ``Refusal``."""
    for kind, form in _FORMS.items():
        found = form.fullmatch(name)
        if found and EARLIEST <= int(found[1]) <= LATEST:
            return _numbered(kind, int(found[1]), int(found[2] or 1))
    raise Refusal("“%(name)s” is no period: write 2020, 2020-H1, 2020-Q1 or 2020-03.", name=name[:20])


def period_at(kind: str, day: date) -> Period:
    """The period of this kind that holds the day."""
    return _numbered(kind, day.year, (day.month - 1) // MONTHS[kind] + 1)


def before(period: Period) -> Period:
    """The period of the same kind that ends the day before this one starts."""
    return period_at(period.kind, period.start - timedelta(days=1))


def periods(kind: str, start: date, end: date) -> Iterator[Period]:
    """The periods of this kind that lie whole in the span, both days included, from the first on."""
    one = period_at(kind, start)
    if one.start < start:
        one = period_at(kind, one.end + timedelta(days=1))
    while one.end <= end:
        yield one
        one = period_at(kind, one.end + timedelta(days=1))


def _numbered(kind: str, year: int, number: int) -> Period:
    months = MONTHS[kind]
    first = date(year, (number - 1) * months + 1, 1)
    after = number * months
    end = date(year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    names = {"year": f"{year}", "half": f"{year}-H{number}", "quarter": f"{year}-Q{number}"}
    return Period(names.get(kind, f"{year}-{number:02d}"), kind, first, end)
