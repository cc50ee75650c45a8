"""What every reader hands back besides its rows: why a cell was not read, or the whole file refused."""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

SEALED = "(sealed)"
SHOWN_CHARACTERS = 60

# Called now and then with (done, total); total is None when it is not known. Only their ratio has a meaning.
Progress = Callable[[int, int | None], None]

_LOOKS_LIKE_IDENTITY = re.compile(r"@|\d{6}")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _(msgid: str) -> str:
    """Marks a sentence for the translation catalogue; the application translates ``Reason.msgid``."""
    return msgid


# Sentences about a whole file.
_FILE_REASONS = {
    "unreadable": _("The file could not be opened. Send it again."),
    "empty": _("The file holds no records. Check that it is the right one."),
    "too-large": _("The file is larger than %(limit)s MB. Send it in parts."),
    "too-large-unpacked": _("The file unpacks to more than %(limit)s MB. Send it in parts."),
    "too-many-rows": _("The file has more than %(limit)s rows. Send it in parts."),
    "too-many-errors": _("More than %(limit)s rows cannot be read. Check that the file is the right one."),
    "truncated": _("The compressed file is cut short or damaged. Download it or ask for it again."),
    "not-a-workbook": _(
        "The workbook cannot be opened. Open it in a spreadsheet program, save it as .xlsx and send that."
    ),
    "old-workbook": _("The workbook is in the old .xls form or has a password. Save it as .xlsx without a password."),
    "workbook-not-csv": _("The file is a workbook or an archive. Save the table as CSV and send that."),
    "encoding": _("The file is not in UTF-8. Save it as CSV UTF-8 and send that."),
    "broken-table": _("The file is not a table that can be read. Save it as CSV UTF-8 and send that."),
    "unknown-layout": _(
        "The columns (%(columns)s) are not those of a known layout. Send the file as it was published."
    ),
    "no-htcds-columns": _("No columns of HTCDS were found. Labels are expected in row 2, or question names in row 1."),
    "toolkit-labels": _(
        "This looks like the Excel toolkit without its labels in row 2. Send the workbook (.xlsx) as it came."
    ),
    "duplicate-column": _("Two columns hold the same field: %(column)s. Leave one of them."),
    "no-directory-columns": _("The columns “record” and “site_id” were not found. Start from an exported file."),
    "no-standard-columns": _("These columns of the standard were not found: %(columns)s."),
    "not-json": _("The file is not JSON. Send the file as it was published."),
    "split-lists": _(
        "Rows have more or fewer cells than the heading, as when a list was split at its semicolons. "
        "Send the file as it was published."
    ),
}

# Sentences about one cell or one row.
_CELL_REASONS = {
    "cell-count": _("The row has %(found)s cells, and the heading has %(expected)s."),
    "unknown-value": _("The value is not in the list of this column."),
    "unknown-country": _("The country is not known. Use its English name or its ISO code."),
    "consent-unclear": _("It is not clear whether the person consented. Write TRUE or FALSE, or leave the cell empty."),
    "not-yes-no": _("TRUE or FALSE is expected."),
    "ambiguous-date": _("The day and the month could be either way round. Write the date as year-month-day."),
    "not-a-date": _("This is not a date. Write it as year-month-day."),
    "date-out-of-range": _("The date is outside the years that can be true."),
    "not-a-number": _("A number is expected."),
    "number-out-of-range": _("The number is outside what can be true."),
    "not-a-flag": _("0, 1 or an empty cell is expected."),
    "not-a-year": _("A year, or two years joined by a hyphen, is expected."),
    "not-a-month": _("A month from 1 to 12 is expected."),
    "not-a-state": _("A state's national code is expected."),
    "formula": _("The cell holds a formula. Paste its value instead."),
    "error-cell": _("The cell holds an error of the spreadsheet program."),
    "too-long": _("The text is longer than %(limit)s characters."),
    "contradiction": _("The column with the list and the columns with one option each do not agree."),
    "missing": _("A value is needed here."),
    "not-yes-or-no": _("“yes” or “no” is expected."),
    "must-or-cannot": _("“must” or “cannot” is expected."),
    "unknown-record": _("“site”, “service”, “unit”, “condition” or “contact” is expected."),
    "unknown-column": _("This column is not known. Remove it; addresses are never brought in by a file."),
    "unknown-place": _("No row of this file describes this place."),
    "unknown-unit": _("No row of this file describes this unit of the place."),
    "only-named": _("A secret place that is only named has no other rows."),
    "secret-contact": _("A secret place has no contacts in a file. Write them with its sealed address."),
    "nothing-to-extend": _("Without a longest stay there is nothing to extend."),
    "condition": _("The condition cannot be used (%(why)s)."),
    "other-agency": _("This place belongs to another agency. Leave its rows out."),
    "fewer-beds": _("The unit has more beds in service. Take beds out of service on its page first."),
    "beds-kept": _("Your role does not keep beds. Leave new units and other numbers of beds out."),
    "repeated": _("This stands twice in the file."),
    "not-hsds": _("This is not as HSDS asks (%(why)s)."),
    "not-one-year": _("One year of four digits is expected."),
    "not-iso3": _("A country's code of three letters is expected (ISO 3166-1)."),
    "not-m49": _("A country or region code of UN M49 is expected: one to three digits."),
    "not-a-count": _("A whole number is expected, because this line counts."),
    "not-a-status": _(
        "An observation status of SDMX is expected: A for a number, Q withheld, O missing, L not collected."
    ),
    "value-and-status": _("There is a number, and the status says that there is none."),
    "no-value": _("There is no number, and the status does not say why: Q withheld, O missing, L not collected."),
    "unknown-line": _("No line of this table has these words together."),
    "other-unit": _("This line counts another unit."),
    "more-than-total": _("The parts add up to %(sum)s, which is more than this total."),
    "repeated-figure": _("The same month, state, sex, age group and kind was given before."),
}

REASONS = _FILE_REASONS | _CELL_REASONS


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: a key of ``REASONS`` and what fills the sentence. Neither ever holds an identity."""

    code: str
    params: tuple[tuple[str, str | int], ...] = ()

    @property
    def msgid(self) -> str:
        """The English sentence with its gaps open, as the translation catalogue knows it."""
        return REASONS[self.code]

    def __str__(self) -> str:
        return self.msgid % dict(self.params)


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing that could not be read.

    ``row`` counts as a spreadsheet does, heading included; 0 is the whole file. ``column`` is the heading as
    found in the file, or "" for the whole row. ``value`` is safe to print: ``SEALED`` wherever it may tell
    who a person is.
    """

    row: int
    column: str
    value: str
    reason: Reason


class FileRefused(Exception):
    """Nothing of the file was read. ``reason`` says why and what to do."""

    def __init__(self, code: str, **params: str | int) -> None:
        self.reason = Reason(code, tuple(params.items()))
        super().__init__(str(self.reason))


def seal(text: str, sealed: bool = False) -> str:
    """The text as it may be shown: short, printable, and ``SEALED`` when it is or looks like an identity."""
    if text and (sealed or _LOOKS_LIKE_IDENTITY.search(text)):
        return SEALED
    return "".join(c if c.isprintable() else " " for c in text[:SHOWN_CHARACTERS])


def defused(text: str) -> str:
    """The text with an apostrophe before it when a spreadsheet program would run it as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_errors(path: Path, errors: Iterable[RowError]) -> None:
    """Write what could not be read as CSV (UTF-8 with a mark, so that spreadsheet programs show accents)."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "column", "value", "reason"))
        for error in errors:
            writer.writerow((error.row, defused(error.column), defused(error.value), str(error.reason)))
