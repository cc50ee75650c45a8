"""Pictures of a study as SVG text, each with the table that says the same.

For pages under a strict Content-Security-Policy: no script, no style element or attribute; shapes carry classes, and
`currentColor` is their colour, so that they are readable in light and dark and on paper. Nothing is said by colour alone.
Words come from outside (`wording.words`), so that a translated page can use its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import floor, inf, isfinite, log10

import numpy as np

from reckon.prevalence.panel import BIC_CLOSE
from reckon.prevalence.results import Adequacy, Bootstrap, Estimate, Headline, ModelPoint, TrajectoryPoint

Words = Mapping[str, str]

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 84, 16, 16, 48
NAMES = 280
"""Where the names of methods end."""
BARS = 30
TICKS = 5
SHOWN = 0.98
"""Share of the replicates that the histogram spans; the last bar holds what lies above."""


@dataclass(frozen=True)
class Figure:
    """A picture, how to read it, and its table: `columns` are headings, `rows` texts for reading."""

    code: str
    title: str
    description: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Scale:
    """Numbers from `low` to `high` onto coordinates from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[float]:
        """Round numbers inside, about five."""
        rough = (self.high - self.low) / TICKS
        power = 10.0 ** floor(log10(rough))
        step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
        first = int(np.ceil(self.low / step - 1e-9))
        last = int(np.floor(self.high / step + 1e-9))
        return [k * step for k in range(first, last + 1)]


def _scale(values: Sequence[float], start: float, end: float, from_zero: bool = False) -> _Scale:
    low = 0.0 if from_zero else min(values)
    high = max(values)
    room = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return _Scale(low if from_zero else low - room, high + room, start, end)


def models_plot(models: Sequence[ModelPoint], headline: Headline | None, words: Words) -> Figure:
    """Estimate against BIC of the best models; a band marks those close to the best, a line the headline."""
    best = min(point.bic for point in models)
    x = _scale([point.bic for point in models] + [best + BIC_CLOSE], LEFT, WIDTH - RIGHT)
    totals = [point.total for point in models] + ([headline.total] if headline else [])
    y = _scale(totals, HEIGHT - BOTTOM, TOP, from_zero=True)
    band = x(best + BIC_CLOSE)
    shapes = [
        f'<rect class="plot-band" x="{x(best - 0.01)}" y="{TOP}" width="{round(band - x(best - 0.01), 1)}" '
        f'height="{HEIGHT - TOP - BOTTOM}" fill="currentColor" fill-opacity="0.08"/>',
        *(_point(x(point.bic), y(point.total), point.bic <= best + BIC_CLOSE) for point in models),
    ]
    if headline:
        shapes.append(_line(LEFT, y(headline.total), WIDTH - RIGHT, y(headline.total), "4 3"))
    shapes += _axes(x, y, words["bic_axis"], words["total"])
    rows = tuple(
        (one.model, people(one.total, words), f"{one.bic:.2f}", words["yes" if one.bic <= best + BIC_CLOSE else "no"])
        for one in models
    )
    columns = (words["model"], words["total"], words["bic"], words["close"])
    return _figure("bic", words, shapes, columns, rows)


def _point(x: float, y: float, is_close: bool) -> str:
    fill = "currentColor" if is_close else "none"
    return f'<circle class="plot-point" cx="{x}" cy="{y}" r="5" fill="{fill}" stroke="currentColor"/>'


def bootstrap_plot(found: Bootstrap, headline: Headline | None, words: Words) -> Figure:
    """The replicates as a histogram; what lies above the picture is in the last bar, and told in the table."""
    finite = np.array([total for total in found.totals if isfinite(total)])
    marks = [headline.total, headline.interval.lower, headline.interval.upper] if headline else []
    top = max(float(np.quantile(finite, SHOWN)), *(mark for mark in marks if isfinite(mark)), float(finite.min()) + 1)
    edges = np.linspace(float(finite.min()), top, BARS + 1)
    counts, _ = np.histogram(np.minimum(finite, top), edges)
    x = _scale([float(edges[0]), top], LEFT, WIDTH - RIGHT)
    y = _scale([0.0, float(counts.max())], HEIGHT - BOTTOM, TOP, from_zero=True)
    shapes = [
        f'<rect class="plot-bar" x="{x(a)}" y="{y(count)}" width="{round(x(b) - x(a) - 1, 1)}" '
        f'height="{round(y(0) - y(count), 1)}" fill="currentColor" fill-opacity="0.45"/>'
        for a, b, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    for mark, dashes in zip(marks, ("", "4 3", "4 3"), strict=False):
        if isfinite(mark):
            shapes.append(_line(x(mark), TOP, x(mark), HEIGHT - BOTTOM, dashes))
    shapes += _axes(x, y, words["total"], words["resamples"])
    above = [*edges[1:-1], inf if finite.max() > top else top]
    rows = [
        (people(float(a), words), people(float(b), words), f"{count:,}")
        for a, b, count in zip(edges[:-1], above, counts, strict=True)
    ]
    lost = len(found.totals) - len(finite)
    rows.append((words["not_estimable"], "", f"{lost:,}"))
    return _figure("bootstrap", words, shapes, (words["from"], words["to"], words["resamples"]), tuple(rows))


def overlap_plot(found: Adequacy, words: Words) -> Figure:
    """A matrix of people shared; darker is more, the number stands in each cell, pairs without anybody are dashed."""
    m = len(found.lists)
    side = min(64.0, round((WIDTH - 160) / m, 1))
    largest = max(count for place, row in enumerate(found.overlaps) for count in row[:place]) if m > 1 else 0
    shapes = []
    for i, row in enumerate(found.overlaps):
        middle = round(40 + (i + 0.5) * side, 1)
        shapes += [
            _text(132, middle + 4, f"{i + 1} {found.lists[i]}", "end"),
            _text(140 + (i + 0.5) * side, 28, f"{i + 1}"),
        ]
        for j, count in enumerate(row):
            strength = round(0.35 * count / largest, 2) if largest and i != j else 0.0
            dashes = ' stroke-dasharray="3 2"' if not count else ""
            shapes.append(
                f'<rect class="plot-cell" x="{round(140 + j * side, 1)}" y="{round(40 + i * side, 1)}" width="{side - 2}" '
                f'height="{side - 2}" fill="currentColor" fill-opacity="{strength}" stroke="currentColor"{dashes}/>'
            )
            shapes.append(_text(140 + (j + 0.5) * side - 1, middle + 4, f"{count:,}"))
    rows = tuple(
        (name, *(f"{count:,}" for count in row)) for name, row in zip(found.lists, found.overlaps, strict=True)
    )
    height = round(48 + m * side)
    return _figure("overlap", words, shapes, (words["list"], *found.lists), rows, height)


def trajectory_plot(found: Sequence[TrajectoryPoint], n: int, words: Words) -> Figure:
    """The estimate over the size of the data; a dashed line stands where the data end and begin again."""
    known = [(point.size, point.total) for point in found if point.total is not None]
    x = _scale([float(point.size) for point in found], LEFT, WIDTH - RIGHT)
    y = _scale([total for _, total in known] or [1.0], HEIGHT - BOTTOM, TOP, from_zero=True)
    path = " ".join(f"{x(size)},{y(total)}" for size, total in known)
    shapes = [f'<polyline class="plot-line" points="{path}" fill="none" stroke="currentColor" stroke-width="2"/>']
    shapes += [_point(x(size), y(total), True) for size, total in known]
    shapes.append(_line(x(n), TOP, x(n), HEIGHT - BOTTOM, "4 3"))
    shapes += _axes(x, y, words["size"], words["total"])
    rows = tuple((f"{point.size:,}", people(point.total, words)) for point in found)
    return _figure("trajectory", words, shapes, (words["size"], words["total"]), rows)


def methods_plot(found: Sequence[Estimate], names: Mapping[str, str], words: Words) -> Figure:
    """All estimates with their intervals, one under the other. `names` are those of the methods for the reader."""
    ends = [one.total for one in found]
    ends += [limit for one in found if one.interval for limit in (one.interval.lower, one.interval.upper)]
    x = _scale([end for end in ends if isfinite(end)], NAMES, WIDTH - RIGHT - 8, from_zero=True)
    shapes = []
    height = 40 + 32 * len(found) + BOTTOM
    for place, one in enumerate(found):
        middle = 40 + 32 * place
        shapes.append(_text(NAMES - 8, middle + 4, names[one.method], "end"))
        if one.interval:
            upper = min(one.interval.upper, x.high)
            shapes.append(_line(x(one.interval.lower), middle, x(upper), middle))
            if not isfinite(one.interval.upper):
                shapes.append(_text(x(x.high), middle + 4, "▸", "end"))
        shapes.append(_point(x(one.total), middle, True))
    shapes += [_text(x(tick), height - 24, f"{tick:,.0f}") for tick in x.ticks]
    shapes.append(_text((NAMES + WIDTH) / 2, height - 6, words["total"]))
    rows = tuple(
        (
            names[one.method],
            people(one.total, words),
            people(one.interval.lower, words) if one.interval else words["none"],
            people(one.interval.upper, words) if one.interval else words["none"],
        )
        for one in found
    )
    columns = (words["method"], words["estimate"], words["lower"], words["upper"])
    return _figure("methods", words, shapes, columns, rows, height)


def people(number: float | None, words: Words) -> str:
    """Whole people with thousands apart; words for none and for no limit."""
    if number is None:
        return words["none"]
    return f"{number:,.0f}" if isfinite(number) else words["no_limit"]


def _axes(x: _Scale, y: _Scale, across: str, up: str) -> list[str]:
    base, middle = HEIGHT - BOTTOM, (TOP + HEIGHT - BOTTOM) / 2
    shapes = [_line(LEFT, base, WIDTH - RIGHT, base), _line(LEFT, TOP, LEFT, base)]
    for tick in x.ticks:
        shapes += [_line(x(tick), base, x(tick), base + 4), _text(x(tick), base + 18, _tick(tick))]
    for tick in y.ticks:
        shapes += [_line(LEFT - 4, y(tick), LEFT, y(tick)), _text(LEFT - 8, y(tick) + 4, _tick(tick), "end")]
    shapes.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, across))
    turned = f'transform="rotate(-90 14 {middle})"'
    shapes.append(_text(14, middle, up, attributes=turned))
    return shapes


def _tick(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _line(x1: float, y1: float, x2: float, y2: float, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<line class="plot-rule" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="currentColor"{dashed}/>'


def _text(x: float, y: float, text: str, anchor: str = "middle", attributes: str = "") -> str:
    place = f'x="{round(x, 1)}" y="{round(y, 1)}" text-anchor="{anchor}"'
    return f'<text class="plot-text" {place} font-size="12" fill="currentColor" {attributes}>{escape(text)}</text>'


def _figure(
    code: str,
    words: Words,
    shapes: Sequence[str],
    columns: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    height: float = HEIGHT,
) -> Figure:
    title, description = words[f"{code}_title"], words[f"{code}_desc"]
    svg = (
        f'<svg class="plot plot-{code}" xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
        f'viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="{code}-title {code}-desc"><title id="{code}-title">{escape(title)}</title>'
        f'<desc id="{code}-desc">{escape(description)}</desc>{"".join(shapes)}</svg>'
    )
    return Figure(code, title, description, svg, columns, rows)
