"""The national table as text, CSV and JSON: the same numbers, the same words for what is withheld."""

import csv
import io
import json
from typing import Any

from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Missing
from enlace.base.spreadsheets import defused
from enlace.statistics import queries
from enlace.statistics.names import GROUP_NAMES
from enlace.statistics.queries import National, cell_text

READER = Actor.system("report")


def as_text(year: int) -> str:
    """For a terminal; empty when the year was never counted."""
    try:
        found = queries.national(viewer=READER, period=str(year))
    except Missing:
        return ""
    return render_text(found)


def render_text(found: National) -> str:
    """One table for each group of indicators, with its own title, one under the other."""
    parts = [heading_text(found)]
    for group in found.groups:
        parts += ["", f"{GROUP_NAMES[group]}", "", _table(queries.within(found, group))]
    return "\n".join([*parts, "", *figure_lines(found), *notes(found)])


def _table(found: National) -> str:
    headings = [column.label for column in found.columns]
    rows: list[list[str]] = [[_("Total"), *(cell_text(column.total) for column in found.columns)]]
    for breakdown in found.breakdowns:
        rows.append([f"— {breakdown.label} —", *[""] * len(headings)])
        rows += [[line.label, *(cell_text(cell) for cell in line.cells)] for line in breakdown.lines]
    first = max(len(row[0]) for row in rows)
    widths = [max(len(heading), *(len(row[n + 1]) for row in rows)) for n, heading in enumerate(headings)]
    return "\n".join(_line(row[0], row[1:], first, widths) for row in [["", *headings], *rows])


def heading_text(found: National) -> str:
    table = found.table
    return _(
        "National table %(period)s · cut-off %(cut)s · %(agencies)d agencies and %(states)d of %(all)d states reported"
    ) % {
        "period": table.period,
        "cut": f"{table.cut_off:%Y-%m-%d %H:%M}",
        "agencies": table.reporting_agencies,
        "states": len(table.reporting_states),
        "all": found.state_count,
    }


def figure_lines(found: National) -> list[str]:
    """Each published figure of others beside ours, with the difference where ours is shown."""
    lines = []
    for column in found.columns:
        for compared in column.compared:
            figure, ours = compared.figure, compared.ours or column.total
            value = _("none reported") if figure.value is None else f"{figure.value:,}"
            difference = "–" if compared.difference is None else f"{compared.difference:+,}"
            lines.append(
                _(
                    "%(name)s: ours %(ours)s, published %(published)s (%(period)s, %(source)s), difference %(difference)s"
                )
                % {
                    "name": queries.compared_label(column, compared),
                    "ours": cell_text(ours),
                    "published": value,
                    "period": figure.period,
                    "source": figure.source_title,
                    "difference": difference,
                }
            )
    return lines


def notes(found: National) -> list[str]:
    return [
        _("Counts from 1 to %d are withheld, and as many others as it takes that they cannot be worked out.")
        % (found.table.threshold - 1)
    ]


def as_csv(found: National, *, synthetic: bool) -> str:
    """Long form: one row for each indicator and category. An empty value has its reason in ``status``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        [
            "indicator",
            "unit",
            "period",
            "dimension",
            "category",
            "label",
            "value",
            "status",
            "cut_off",
            "digest",
            "synthetic",
        ]
    )
    for row in as_rows(found):
        tail = [found.table.cut_off.isoformat(), found.table.digest, "yes" if synthetic else "no"]
        writer.writerow([defused(value) for value in row.values()] + tail)
    return out.getvalue()


def as_json(found: National, *, synthetic: bool) -> str:
    return json.dumps(as_dict(found, synthetic=synthetic), ensure_ascii=False, indent=2)


def as_dict(found: National, *, synthetic: bool) -> dict[str, Any]:
    table = found.table
    return {
        "period": table.period,
        "cut_off": table.cut_off.isoformat(),
        "digest": table.digest,
        "synthetic": synthetic,
        "threshold": table.threshold,
        "completeness": {
            "reporting_states": table.reporting_states,
            "state_count": found.state_count,
            "reporting_agencies": table.reporting_agencies,
            "agency_count": table.agency_count,
        },
        "rows": as_rows(found),
        "published": [
            {
                "indicator": column.id,
                "dimension": compared.dimension,
                "category": compared.category,
                "value": None if compared.figure.value is None else float(compared.figure.value),
                "period": compared.figure.period,
                "source": compared.figure.source_title,
                "difference": None if compared.difference is None else float(compared.difference),
            }
            for column in found.columns
            for compared in column.compared
        ],
    }


def as_rows(found: National) -> list[dict[str, Any]]:
    rows = [_row(found, n, "total", "", _("Total"), column.total) for n, column in enumerate(found.columns)]
    for breakdown in found.breakdowns:
        for line in breakdown.lines:
            for n, cell in enumerate(line.cells):
                if cell is not None:
                    dimension = breakdown.dimension.rpartition(":")[2]
                    rows.append(_row(found, n, dimension, line.category, line.label, cell))
    return rows


def _row(found: National, n: int, dimension: str, category: str, label: str, cell: Any) -> dict[str, Any]:
    column = found.columns[n]
    return {
        "indicator": column.id,
        "unit": column.unit,
        "period": found.table.period,
        "dimension": dimension,
        "category": category,
        "label": label,
        "value": cell["value"],
        "status": cell["status"],
    }


def _line(first: str, cells: list[str], width: int, widths: list[int]) -> str:
    return "  ".join([first.ljust(width), *(cell.rjust(w) for cell, w in zip(cells, widths, strict=True))]).rstrip()
