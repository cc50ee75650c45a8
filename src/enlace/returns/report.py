"""A return as a page, and as a file to fill in, CSV or XLSX, which ``files`` reads back."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation

from enlace.base.actor import NATIONAL, Actor
from enlace.base.permissions import check
from enlace.base.spreadsheets import as_csv
from enlace.country.labels import language
from enlace.country.returns import ERROR, TOTAL, Key, Measure, ReturnTemplate
from enlace.returns import facts, queries, rules
from enlace.returns.facts import Expected
from enlace.returns.files import COLUMNS, About
from enlace.returns.labels import key_label, period_name, rule_text, state_name, unit, unread_reason
from enlace.returns.models import PeriodicReturn

READING = ("what", "of", "unit")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def about(row: PeriodicReturn) -> About:
    return About(row.template_code, row.period, row.state_code)


def shown(row: PeriodicReturn) -> dict[str, str]:
    """What stands in each cell by its name: the answer, or what was typed and could not be read."""
    answers = {rules.cell_name(cell): rules.written(answer) for cell, answer in queries.answers_of(row).items()}
    return answers | {one["cell"]: one["text"] for one in row.unread if one["cell"]}


def lines_of(template: ReturnTemplate, about: About, shown: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines of a file: one for each cell, with the answer that ``shown`` has for it by name, and words to read."""
    lang = language()
    return [
        {
            "template": about.template,
            "period": about.period,
            "state": about.state,
            "measure": measure.id,
            "breakdown": rules.key_text(key),
            "answer": shown.get(rules.cell_name((measure.id, key)), ""),
            "what": measure.label(lang),
            "of": key_label(template, key),
            "unit": unit(measure.unit),
        }
        for measure, key in rules.cells(template)
    ]


def write_csv(template: ReturnTemplate, about: About, shown: Mapping[str, str], *, synthetic: bool) -> bytes:
    """UTF-8 with the mark by which spreadsheet programs know it."""
    return as_csv(lines_of(template, about, shown), synthetic=synthetic).encode("utf-8-sig")


def write_xlsx(template: ReturnTemplate, about: About, shown: Mapping[str, str], *, synthetic: bool) -> bytes:
    """A sheet to fill in, whose column of answers takes nothing but answers, and a sheet that explains it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet("return")
    names = (*COLUMNS, *READING)
    sheet.append([*names, "synthetic"])
    for row in lines_of(template, about, shown):
        sheet.append([*(_number_or_text(row[name]) for name in names), "yes" if synthetic else "no"])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula
    _dress(sheet, template)
    _explain(book.create_sheet("help"), template, about)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _number_or_text(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else text


def _dress(sheet: Any, template: ReturnTemplate) -> None:
    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHIJ", (18, 10, 10, 26, 34, 12, 46, 40, 20, 10), strict=True):
        sheet.column_dimensions[letter].width = width
    whole = 'OR(AND(ISNUMBER(F2),F2>=0,F2=INT(F2)),F2="ND",F2="NP")'
    amount = 'OR(AND(ISNUMBER(F2),F2>=0),F2="ND",F2="NP")'
    checks = {is_amount: _check(amount if is_amount else whole) for is_amount in (False, True)}
    for number, (measure, _key) in enumerate(rules.cells(template), start=2):
        checks[measure.is_amount].add(f"F{number}")
    for is_amount, validation in checks.items():
        if validation.sqref:
            first = str(validation.sqref).split(":")[0].split()[0]
            validation.formula1 = (amount if is_amount else whole).replace("F2", first)
            sheet.add_data_validation(validation)


def _check(formula: str) -> DataValidation:
    validation = DataValidation(
        type="custom", formula1=formula, allow_blank=True, showErrorMessage=True, showInputMessage=True
    )
    validation.error = _("Write a number, 0, ND (no data) or NP (not asked).")
    validation.prompt = validation.error
    return validation


def _explain(sheet: Any, template: ReturnTemplate, about: About) -> None:
    lang = language()
    sheet.column_dimensions["A"].width = 100
    for text in (
        f"{template.label(lang)} · {state_name(about.state)} · {period_name(about.period)}",
        template.description(lang),
        _("Fill in the column “answer” of the first sheet and leave the others as they are. Then upload the file."),
        _("A number: what was counted. 0: it was counted and there is none."),
        _("ND: no data. It happens, and nobody counted it. NP: not asked. It is not registered here."),
        _("A cell without an answer is none of them, and the return cannot be submitted with it."),
        *(f"{measure.label(lang)}: {measure.hint(lang)}" for measure in template.measures if measure.hints),
    ):
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")


def completeness(*, viewer: Actor, start: date, end: date) -> list[Expected]:
    """Who should have answered inside the span and what came; who does not see the nation sees the own state."""
    check(viewer, "PERIODIC_RETURN_READ")
    found = facts.completeness(start, end)
    return found if viewer.scope == NATIONAL else [one for one in found if one.state == viewer.state_code]


@dataclass(frozen=True)
class Field:
    """One cell on a page: what stands in it, what is wrong with it, and the numbers beside it."""

    id: str
    name: str
    label: str
    text: str
    kind: str
    problem: str
    notes: tuple[str, ...]
    before: Decimal | None


@dataclass(frozen=True)
class Grid:
    """A breakdown: rows of fields under its columns; one column without a heading for a single dimension."""

    id: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Field, ...]], ...]


@dataclass(frozen=True)
class Section:
    """One measure on the page of a return."""

    measure: str
    label: str
    unit: str
    hint: str
    total: Field
    grids: tuple[Grid, ...]
    casework: tuple[str, ...]

    @property
    def is_wrong(self) -> bool:
        fields = [self.total, *(one for grid in self.grids for _label, row in grid.rows for one in row)]
        return any(one.problem for one in fields)


@dataclass(frozen=True)
class Sheet:
    """A return as its page shows it. ``problems`` link to the cells; ``strange`` are lines of a file that belong to no cell."""

    template: ReturnTemplate
    sections: tuple[Section, ...]
    problems: tuple[tuple[str, str], ...]
    warnings: tuple[tuple[str, str], ...]
    strange: tuple[tuple[str, str, str], ...]


def sheet(row: PeriodicReturn, *, typed: Mapping[str, str] | None = None, judges: bool = False) -> Sheet:
    """The page of a return; ``typed`` stands in the cells instead of what is kept. Judges see casework's numbers too."""
    template, answers = queries.template_of(row), queries.answers_of(row)
    earlier = queries.before(row)
    found = rules.findings(template, answers, queries.beside(row, earlier=earlier))
    if not judges:
        casework = {rule.id for rule in template.rules if rule.kind == "casework"}
        found = [one for one in found if one.rule not in casework]
    maker = _Maker(row, template, answers, earlier, found, dict(typed or {}))
    return Sheet(
        template,
        tuple(maker.section(measure, judges) for measure in template.measures),
        tuple(maker.listed(errors=True)),
        tuple(maker.listed(errors=False)),
        tuple(
            (_place(one["place"]), one["text"], unread_reason(one["reason"])) for one in row.unread if not one["cell"]
        ),
    )


class _Maker:
    """Gathers what belongs to each cell once, so that a page of two thousand cells is made in one pass."""

    def __init__(
        self,
        row: PeriodicReturn,
        template: ReturnTemplate,
        answers: rules.Answers,
        earlier: Mapping[rules.Cell, Decimal],
        found: Sequence[rules.Finding],
        typed: Mapping[str, str],
    ) -> None:
        self.template, self.answers, self.earlier = template, answers, earlier
        self.text = {**shown(row), **typed}
        self.unread = {one["cell"]: unread_reason(one["reason"]) for one in row.unread if one["cell"]}
        self.found = [
            one for one in found if one.rule != rules.UNANSWERED or rules.cell_name(one.cell) not in self.unread
        ]
        self.casework = row.casework
        cells = [rules.cell_name((measure.id, key)) for measure, key in rules.cells(template)]
        self.ids = {name: f"cell-{number}" for number, name in enumerate(cells)}
        self.at: dict[str, list[rules.Finding]] = {}
        for one in self.found:
            self.at.setdefault(rules.cell_name(one.cell), []).append(one)

    def section(self, measure: Measure, judges: bool) -> Section:
        lang = language()
        wanted = [
            rule for rule in self.template.rules if rule.measure == measure.id and rule.indicator in self.casework
        ]
        counted = [f"{self.casework[rule.indicator]:,}" for rule in wanted] if judges else []
        total = self.field(measure, TOTAL, measure.label(lang))
        grids = tuple(self.grid(measure, names) for names in measure.by)
        return Section(
            measure.id, measure.label(lang), unit(measure.unit), measure.hint(lang), total, grids, tuple(counted)
        )

    def grid(self, measure: Measure, names: tuple[str, ...]) -> Grid:
        """The last dimension of several stands in the columns; those before it in the rows."""
        lang = language()
        caption = " · ".join(self.template.dimension(name).label(lang) for name in names)
        across = names[-1:] if len(names) > 1 else ()
        down = names[: len(names) - len(across)]
        columns = list(self.template.breakdown(across)) if across else [TOTAL]
        rows = []
        for key in self.template.breakdown(down):
            label = key_label(self.template, key)
            fields = tuple(
                self.field(
                    measure, (*key, *column), f"{measure.label(lang)}: {key_label(self.template, (*key, *column))}"
                )
                for column in columns
            )
            rows.append((label, fields))
        headings = tuple(key_label(self.template, column) for column in columns) if across else ()
        return Grid(f"{measure.id}-{'-'.join(names)}", caption, headings, tuple(rows))

    def field(self, measure: Measure, key: Key, label: str) -> Field:
        cell = (measure.id, key)
        name = rules.cell_name(cell)
        found = self.at.get(name, [])
        problems = [self.unread[name]] if name in self.unread else []
        problems += [self.said(one) for one in found if one.level == ERROR and one.rule != rules.UNANSWERED]
        notes = tuple(self.said(one) for one in found if one.level != ERROR)
        kind = self.answers[cell].kind if cell in self.answers else ""
        text = self.text.get(name, "")
        return Field(self.ids[name], name, label, text, kind, " ".join(problems), notes, self.earlier.get(cell))

    def listed(self, *, errors: bool) -> Iterator[tuple[str, str]]:
        """(id of the cell, sentence) in the order of the page; all empty cells of a measure are one sentence."""
        for measure in self.template.measures:
            yield from self._listed(measure, errors)

    def _listed(self, measure: Measure, errors: bool) -> Iterator[tuple[str, str]]:
        label, empty = measure.label(language()), []
        for key in self.template.keys(measure):
            name = rules.cell_name((measure.id, key))
            place = f"{label}, {key_label(self.template, key)}" if key else label
            if errors and name in self.unread:
                yield self.ids[name], f"{place}: {self.unread[name]}"
            for one in self.at.get(name, []):
                if one.rule == rules.UNANSWERED:
                    empty.append(self.ids[name])
                elif (one.level == ERROR) is errors:
                    yield self.ids[name], f"{place}: {self.said(one)}"
        if errors and empty:
            said = ngettext("%(n)d number has no answer yet.", "%(n)d numbers have no answer yet.", len(empty))
            yield empty[0], f"{label}: {said % {'n': len(empty)}}"

    def said(self, one: rules.Finding) -> str:
        """The rule's sentence with the two numbers that broke it."""
        text = rule_text(self.template, one.rule)
        if one.found is None or one.other is None:
            return text
        return f"{text} ({number(one.found)} / {number(one.other)})"


def number(value: Decimal) -> str:
    """A number as the reader's language writes it."""
    whole = value == int(value)
    return str(localize(int(value) if whole else value, use_l10n=True))


def _place(place: str) -> str:
    return _("line %s") % place if place.isdigit() else place
