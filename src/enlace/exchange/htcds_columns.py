"""Which column of an HTCDS table holds which field: by the toolkit's labels or a survey's question names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from enlace.exchange.rows import FileRefused
from enlace.exchange.sources import Cell
from enlace.exchange.standard_htcds import Field, code_of, field_labels, field_names, fields
from enlace.exchange.tables import fold

# Fewer columns than this that belong to the standard are a coincidence.
MIN_COLUMNS = 3
# Where tools keep a record's own id, the best first.
SOURCE_ID = "_uuid"
SOURCE_IDS = (SOURCE_ID, "instanceid", "key", "_id")
# Kobo puts groups and options after a slash, ODK Central groups after a hyphen; older exports use a colon or
# a full stop.
_PARTS = re.compile(r"[/:.\-]")


@dataclass(frozen=True)
class Column:
    """A column of a field. ``is_option``: it holds 0 or 1 for one code (``None``: one not in the list)."""

    index: int
    heading: str
    field: Field
    is_option: bool = False
    option: str | None = None


@dataclass(frozen=True)
class Heading:
    """The columns that are read, where a record's own id stands, and the headings that are not read."""

    columns: tuple[Column, ...]
    source_id: int | None
    ignored: tuple[str, ...]

    @cached_property
    def by_field(self) -> dict[str, list[Column]]:
        """The columns of each field, in the order of the table."""
        found: dict[str, list[Column]] = {}
        for column in self.columns:
            found.setdefault(column.field.name, []).append(column)
        return found


def toolkit_heading(names: Sequence[Cell], labels: Sequence[Cell]) -> Heading | None:
    """The heading of a toolkit sheet from hidden names (row 1) and labels (row 2); ``None`` when not one.

    Labels are trusted: the hidden names are shifted against them in places. A name only decides between
    fields that share a label. Column A holds row numbers.
    """
    columns: list[Column] = []
    ignored: list[str] = []
    source_id = None
    for index, label in enumerate(labels):
        if not isinstance(label, str) or not label.strip():
            continue
        name = names[index] if index < len(names) else ""
        field = _labelled(label, name if isinstance(name, str) else "")
        if field is not None:
            columns.append(Column(index, label.strip(), field))
        elif fold(label) in SOURCE_IDS:
            source_id = index
        else:
            ignored.append(label.strip())
    return _heading(columns, source_id, ignored)


def _labelled(label: str, name: str) -> Field | None:
    found = field_labels().get(fold(label), ())
    if len(found) == 1:
        return fields()[found[0]]
    named = field_names().get(fold(name))
    return fields()[named] if named in found else None


def survey_heading(headings: Sequence[Cell]) -> Heading | None:
    """The heading of a survey export from its question names; ``None`` when it is not one.

    Names may stand behind groups (``group/question``) and before an option (``question/code``: 0 or 1).
    """
    columns: list[Column] = []
    ignored: list[str] = []
    ids: dict[str, int] = {}
    for index, heading in enumerate(headings):
        if not isinstance(heading, str) or not heading.strip():
            continue
        column = _surveyed(index, heading.strip())
        if column is not None:
            columns.append(column)
        elif (last := fold(_PARTS.split(heading)[-1])) in SOURCE_IDS:
            ids.setdefault(last, index)
        else:
            ignored.append(heading.strip())
    source_id = next((ids[name] for name in SOURCE_IDS if name in ids), None)
    return _heading(columns, source_id, ignored)


def _surveyed(index: int, heading: str) -> Column | None:
    parts = [fold(part) for part in _PARTS.split(heading)]
    place = next((place for place, part in enumerate(parts) if part in field_names()), None)
    if place is None:
        return None
    field = fields()[field_names()[parts[place]]]
    if place == len(parts) - 1:
        return Column(index, heading, field)
    if not field.multiple:
        return None
    return Column(index, heading, field, is_option=True, option=code_of(field, "/".join(parts[place + 1 :])))


def _heading(columns: list[Column], source_id: int | None, ignored: list[str]) -> Heading | None:
    if len({column.field.name for column in columns}) < MIN_COLUMNS:
        return None
    seen: set[tuple[str, str | None]] = set()
    for column in columns:
        key = (column.field.name, column.option or column.heading if column.is_option else None)
        if key in seen:
            raise FileRefused("duplicate-column", column=column.heading)
        seen.add(key)
    return Heading(tuple(columns), source_id, tuple(ignored))
