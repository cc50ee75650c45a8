"""One cell of an HTCDS table to one value, and back. What could be read two ways is refused."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from openpyxl.utils.datetime import from_excel

from enlace.exchange import countries
from enlace.exchange.rows import Reason, seal
from enlace.exchange.sources import Cell, Unreadable
from enlace.exchange.standard_htcds import Field, code_of, label_of
from enlace.exchange.tables import fold

WrittenValue = str | bool | int | float | date
Value = WrittenValue | tuple[str, ...]

# What one spreadsheet cell can hold.
MAX_TEXT = 32_767
# All labels of the longest list together are shorter than this.
MAX_LIST = 8_000
# The dates between which the toolkit's own validation accepts a date.
FIRST_DATE, LAST_DATE = date(1900, 1, 1), date(2100, 1, 1)
# Serial dates start two months later, because day 60 of the serial count never was.
FIRST_SERIAL_DATE = date(1900, 3, 1)
# Serial counts that can be dates, and those among them that are more likely years.
SERIALS, YEARS = range(61, 80_001), range(1900, 2101)
MONTHS = 12
MAX_COUNT = 130
# A tenth of a millimetre; a workbook keeps no more than sixteen digits of a number.
DEGREE_DIGITS = 9

# No label has more words than this.
_LONGEST_RUN = 20

YES, NO = ("true", "yes", "sí"), ("false", "no")
CONSENT_FIELDS = ("con_Consent", "vic_AgreementToManagePersonalData")

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\d{1,2}:\d{2}\S*)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})")
_LANGUAGE = re.compile(r"[a-z]{3}")
_COUNT = re.compile(r"-?[0-9]{1,9}")
_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,20})?(e-[0-9]{1,3})?")


@dataclass(frozen=True)
class Manner:
    """How a table writes: what separates the values of a list (``None``: spaces), and day 0 of its dates."""

    separator: str | None
    epoch: datetime


class BadCell(Exception):
    """A cell that cannot be read: why, and the part of it that is at fault."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(reason.code)
        self.reason, self.text = reason, text

    def shown(self, field: Field) -> str:
        return seal(self.text, field.sealed)


def _bad(code: str, text: str, **params: int) -> BadCell:
    return BadCell(Reason(code, tuple(params.items())), text)


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not clean(cell))


def clean(text: str) -> str:
    """The text trimmed, with one kind of line end, without characters that no workbook can hold."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read_cell(field: Field, cell: Cell, manner: Manner) -> Value | None:
    """The value of one cell, ``None`` when it is empty. Raises ``BadCell``."""
    if isinstance(cell, Unreadable):
        raise _bad(cell.reason, "")
    if is_empty(cell):
        return None
    if field.kind == "date":
        return _date(cell, manner)
    if field.kind == "boolean":
        return _boolean(field, cell)
    if field.multiple:
        return read_list(field, as_text(cell), manner.separator)
    return _READERS[field.kind](field, as_text(cell))


def as_text(cell: Cell) -> str:
    """A cell as the text a reader would see: 72000.0 is 72000, a date is year-month-day."""
    if isinstance(cell, str):
        return clean(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    return clean(str(cell))


def read_list(field: Field, text: str, separator: str | None) -> tuple[str, ...]:
    """The codes of a multi-select cell in their order, each once.

    Labels may hold the separator themselves ("Water supply; sewerage ..."), so at each place the longest run
    of parts that is a known label is taken first.
    """
    if len(text) > MAX_LIST:
        raise _bad("too-long", text, limit=MAX_LIST)
    parts = [part.strip() for part in text.split(separator) if part.strip()]
    joint = " " if separator is None else f"{separator} "
    codes: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(parts):
        code, taken = _longest(field, parts[at : at + _LONGEST_RUN], joint)
        if code is None:
            unknown.append(parts[at])
        elif code not in codes:
            codes.append(code)
        at += taken
    if unknown:
        raise _bad("unknown-country" if field.kind == "country" else "unknown-value", "; ".join(unknown))
    return tuple(codes)


def _longest(field: Field, parts: list[str], joint: str) -> tuple[str | None, int]:
    for taken in range(len(parts), 0, -1):
        code = code_of(field, joint.join(parts[:taken]))
        if code is not None:
            return code, taken
    return None, 1


def _text(field: Field, text: str) -> str:
    if len(text) > MAX_TEXT:
        raise _bad("too-long", text, limit=MAX_TEXT)
    return text


def _code(field: Field, text: str) -> str:
    code = code_of(field, text)
    if code is None:
        raise _bad("unknown-value", text)
    return code


def _country_or_text(field: Field, text: str) -> str:
    return countries.alpha2_of(text) or _text(field, text)


def _language(field: Field, text: str) -> str:
    code = fold(text)
    if not _LANGUAGE.fullmatch(code):
        raise _bad("unknown-value", text)
    return code


def _number(field: Field, text: str) -> int:
    if not _COUNT.fullmatch(text):
        raise _bad("not-a-number", text)
    if not 0 <= int(text) <= MAX_COUNT:
        raise _bad("number-out-of-range", text)
    return int(text)


def _degrees(field: Field, text: str) -> float:
    if not _DEGREES.fullmatch(text):
        raise _bad("not-a-number", text)
    if abs(float(text)) > (90 if field.label == "Latitude" else 180):
        raise _bad("number-out-of-range", text)
    return round(float(text), DEGREE_DIGITS)


_READERS: dict[str, Callable[[Field, str], Value]] = {
    "text": _text,
    "code": _code,
    "country_or_text": _country_or_text,
    "language": _language,
    "number": _number,
    "degrees": _degrees,
}


def _boolean(field: Field, cell: Cell) -> bool:
    """Consent is read only from words that mean nothing else: "Si" without accent, "1", "ok" are refused."""
    if isinstance(cell, bool):
        return cell
    is_consent = field.name in CONSENT_FIELDS
    word = fold(as_text(cell))
    if word in YES or (word == "1" and not is_consent):
        return True
    if word in NO or (word == "0" and not is_consent):
        return False
    raise _bad("consent-unclear" if is_consent else "not-yes-no", as_text(cell))


def _date(cell: Cell, manner: Manner) -> date:
    if isinstance(cell, datetime):
        return _in_range(cell.date(), as_text(cell))
    if isinstance(cell, date):
        return _in_range(cell, as_text(cell))
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _serial_date(cell, manner.epoch)
    if isinstance(cell, (bool, time, timedelta)):
        raise _bad("not-a-date", as_text(cell))
    return _written_date(as_text(cell))


def _serial_date(number: int | float, epoch: datetime) -> date:
    """A date kept as a count of days. A count such as 1990 is more likely a year, and is refused."""
    text = as_text(number)
    if not SERIALS.start <= number < SERIALS.stop or number in YEARS:
        raise _bad("not-a-date", text)
    found = from_excel(number, epoch)
    if not isinstance(found, datetime):
        raise _bad("not-a-date", text)
    return _in_range(found.date(), text)


def _written_date(text: str) -> date:
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]), text)
    if not (found := _YEAR_LAST.fullmatch(text)):
        raise _bad("not-a-date", text)
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if first <= MONTHS and second <= MONTHS and first != second:
        raise _bad("ambiguous-date", text)
    return _day(year, first, second, text) if second > MONTHS else _day(year, second, first, text)


def _day(year: int, month: int, day: int, text: str) -> date:
    try:
        return _in_range(date(year, month, day), text)
    except ValueError:
        raise _bad("not-a-date", text) from None


def _in_range(found: date, text: str) -> date:
    if not FIRST_DATE <= found <= LAST_DATE:
        raise _bad("date-out-of-range", text)
    return found


def write_cell(field: Field, value: Value) -> WrittenValue:
    """What a toolkit cell holds: labels, lists joined by "; ", real dates.

    Raises ``ValueError`` for a code outside the field's list and for a text that no cell can hold.
    """
    if isinstance(value, tuple):
        return "; ".join(label_of(field, code) for code in value)
    if isinstance(value, date):
        return value if value >= FIRST_SERIAL_DATE else value.isoformat()
    if not isinstance(value, str):
        return value
    if field.kind == "code":
        return label_of(field, value)
    if field.kind == "country_or_text":
        value = countries.names().get(value, value)
    return written_text(value)


def written_text(text: str) -> str:
    """A text as a cell can hold it. Raises ``ValueError`` when it is too long: it is never cut."""
    if len(text := clean(text)) > MAX_TEXT:
        raise ValueError(f"a text has more than {MAX_TEXT} characters")
    return text
