"""An answer as a page reads it and as files: CSV, JSON and a workbook with the same numbers."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook

from enlace.base import spreadsheets
from enlace.base.spreadsheets import defused
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.statistics import questions
from enlace.statistics.labels import REASONS, SAVED_STATUS
from enlace.statistics.models import SavedTable
from enlace.statistics.queries import category_label, dimension_label, unit_label
from enlace.statistics.questions import MOST_DIMENSIONS, Question

Cell = Mapping[str, Any]
Place = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Sheet:
    """One table of the page: a line for each category of one dimension, a column for each of another."""

    title: str
    heading: str
    columns: Sequence[str]
    lines: Sequence[tuple[str, Sequence[Cell]]]


def indicator_label(indicator: str) -> str:
    """The name of an indicator in the reader's language; its id when the pack no longer has it."""
    found = next((d for d in current().definitions if d.id == indicator), None)
    return indicator if found is None else found.label.get(language()) or next(iter(found.label.values()))


def suggested_name(question: Question) -> str:
    """What a table is called unless the analyst says otherwise."""
    names = ", ".join(dimension_label(name).lower() for name in question.dimensions)
    by = _("%(what)s by %(names)s") if names else "%(what)s"
    return (by % {"what": indicator_label(question.indicator), "names": names} + f", {question.period}")[:120]


def filters_of(question: Question) -> list[str]:
    """Each filter in words."""
    return [
        f"{dimension_label(name)}: {', '.join(category_label(name, code, question.indicator) for code in codes)}"
        for name, codes in question.only.items()
    ]


def facts_of(row: SavedTable) -> list[tuple[str, str]]:
    """What a reader has to know of a question and its answer."""
    question = Question.from_plain(row.query)
    found = [
        (_("Indicator"), indicator_label(question.indicator)),
        (_("Year"), question.period),
        (_("By"), ", ".join(dimension_label(name) for name in question.dimensions) or _("nothing: the total")),
        (_("Only"), "; ".join(filters_of(question)) or _("everything")),
        (_("Status"), str(SAVED_STATUS[row.status])),
    ]
    if row.result:
        states = {"some": len(row.result["reporting_states"]), "all": len(current().states)}
        found += [
            (_("Counted in"), unit_label(row.result["unit"])),
            (_("Cut-off"), row.result["cut_off"][:16].replace("T", " ")),
            (_("Reported"), _("%(some)d of %(all)d states") % states),
            (_("Digest"), row.digest),
        ]
    return found


def reason_of(row: SavedTable) -> str:
    """Why there is no answer, in a sentence."""
    return str(REASONS.get(row.reason, row.reason))


def instead(row: SavedTable) -> list[str]:
    """What to ask instead of a table that would show nothing."""
    question = Question.from_plain(row.query)
    if row.reason not in (questions.EMPTY, questions.EXPOSED, questions.TOO_MUCH):
        return []
    names = [_("the same without %s") % dimension_label(name).lower() for name in question.dimensions]
    names += [_("the same without the filter by %s") % dimension_label(name).lower() for name in question.only]
    return names or [_("the total of the national table, which says what may be said")]


def sheets(row: SavedTable) -> list[Sheet]:
    """The answer as tables of lines and columns. Lines in which nobody was counted are left out; the files have them."""
    question = Question.from_plain(row.query)
    cells = _by_place(row)
    if len(question.dimensions) < MOST_DIMENSIONS:
        return [_sheet(question, cells, "", frozenset(), question.dimensions)]
    first, *rest = question.dimensions
    found = [_sheet(question, cells, _("Total"), frozenset(), rest)]
    for code in _codes(row, first):
        title = f"{dimension_label(first)}: {category_label(first, code, question.indicator)}"
        sheet = _sheet(question, cells, title, frozenset({(first, code)}), rest)
        if len(sheet.lines) > 1:
            found.append(sheet)
    return found


def _sheet(question: Question, cells: Mapping[Place, Cell], title: str, at: Place, names: Sequence[str]) -> Sheet:
    """Lines by the first of the ``names``, columns by the second, each with its total; ``at`` holds for all."""
    lines_by, columns_by = (*names, "", "")[:2]

    def label(name: str) -> Callable[[str], str]:
        return lambda code: category_label(name, code, question.indicator)

    across = [(label(columns_by)(code), {(columns_by, code)}) for code in _known(cells, columns_by)]
    down = [(label(lines_by)(code), {(lines_by, code)}) for code in _known(cells, lines_by)]
    columns = [(_("Total"), set[tuple[str, str]]()), *across]
    lines = []
    for said, place in [(_("Total"), set[tuple[str, str]]()), *down]:
        found = [cells[at | place | beside] for _name, beside in columns]
        if not place or any(cell["status"] != "zero" for cell in found):
            lines.append((said, found))
    return Sheet(title, dimension_label(lines_by) if lines_by else "", [name for name, _place in columns], lines)


def _known(cells: Mapping[Place, Cell], name: str) -> list[str]:
    """The categories of a dimension in their order."""
    return [code for place in cells if len(place) == 1 for of, code in place if of == name]


def _codes(row: SavedTable, name: str) -> list[str]:
    return _known(_by_place(row), name)


def _by_place(row: SavedTable) -> dict[Place, Cell]:
    return {
        frozenset(zip(table["dimensions"], cell["codes"], strict=True)): cell
        for table in row.result["tables"]
        for cell in table["cells"]
    }


def as_rows(row: SavedTable) -> list[dict[str, Any]]:
    """Long form: every cell of every table; an empty value has its reason in ``status``."""
    question = Question.from_plain(row.query)
    rows = []
    for table in row.result["tables"]:
        for cell in table["cells"]:
            line: dict[str, Any] = {
                "indicator": question.indicator, "period": question.period, "unit": row.result["unit"],
                "only": "; ".join(f"{name}={'+'.join(codes)}" for name, codes in question.only.items()),
            }  # fmt: skip
            pairs = [*zip(table["dimensions"], cell["codes"], strict=True)]
            for n in range(MOST_DIMENSIONS):
                name, code = pairs[n] if n < len(pairs) else ("", "")
                said = category_label(name, code, question.indicator) if name else ""
                line |= {f"dimension_{n + 1}": name, f"category_{n + 1}": code, f"label_{n + 1}": said}
            rows.append(line | {"value": cell["value"], "status": cell["status"]})
    return rows


def as_csv(row: SavedTable, *, synthetic: bool) -> bytes:
    rows = [line | {"cut_off": row.result["cut_off"], "digest": row.digest} for line in as_rows(row)]
    return spreadsheets.as_csv(rows, synthetic=synthetic).encode()


def as_json(row: SavedTable, *, synthetic: bool) -> bytes:
    return json.dumps(as_dict(row, synthetic=synthetic), ensure_ascii=False, indent=2).encode()


def as_xlsx(row: SavedTable, *, synthetic: bool) -> bytes:
    """A workbook: the cells in long form, and what to know of them."""
    book = Workbook(write_only=True)
    rows = as_rows(row)
    sheet = book.create_sheet(_("Table"))
    for line in [list(rows[0]), *([defused(value) for value in line.values()] for line in rows)]:
        sheet.append([None if value == "" else value for value in line])
    about = book.create_sheet(_("About"))
    said = [(_("Name"), row.name), *facts_of(row), (_("Synthetic data"), _("yes") if synthetic else _("no"))]
    for pair in said:
        about.append([defused(value) for value in pair])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_line(row: SavedTable) -> dict[str, Any]:
    """One question of a list, without its answer."""
    return {
        "id": str(row.pk),
        "name": row.name,
        "status": row.status,
        "question": row.query,
        "asked_at": row.asked_at.isoformat(),
    }


def as_dict(row: SavedTable, *, synthetic: bool) -> dict[str, Any]:
    """The question, where it stands, and the answer as it is stored."""
    said = {"reason": reason_of(row), "ask_instead": instead(row)} if row.reason else {}
    return {
        **as_line(row),
        "answered_at": row.answered_at and row.answered_at.isoformat(),
        "digest": row.digest,
        "synthetic": synthetic,
        **said,
        **row.result,
    }


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: Mapping[str, tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "json": ("application/json", as_json),
    "xlsx": (XLSX, as_xlsx),
}
