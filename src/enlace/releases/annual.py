"""The annual report of a release as plain blocks, in one language, made from the release's document and nothing else.

HTML and PDF render the same blocks. What the sections say is the pack's script, frozen in the document; what stands around
them (what this is, how complete, what is withheld, how it is made, what changed, how to check it) is the same everywhere.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from enlace.base.charts import classes
from enlace.releases import canonical
from enlace.releases.annual_blocks import Block, Code, Grid, Heading, Items, Line, Map, Paragraph
from enlace.releases.annual_cells import COUNT, Cell, Cells, Piece, Pieces, figures, joined
from reckon.indicators.slots import Slot

STATUSES = ("suppressed", "missing", "zero", "unrecorded", "not_asked")
VERIFY = "openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig"


@dataclass
class _Lacks:
    """What a section could not say, by why."""

    found: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, status: str, place: str) -> None:
        if status in STATUSES:
            self.found.setdefault(status, {})[place] = None


def blocks(document: Mapping[str, Any], language: str) -> list[Block]:
    """The whole report. The document must hold a script (``annual``)."""
    return list(_Report(document, language).all())


class _Report:
    def __init__(self, document: Mapping[str, Any], language: str) -> None:
        self.cells = Cells(document, language)
        self.document, self.words, self.say = document, self.cells.words, self.cells.say

    def all(self) -> Iterator[Block]:
        yield from self.opening()
        for section in self.document["annual"]["sections"]:
            yield from self.section(section)
        yield from self.beside()
        yield from self.withheld()
        yield from self.method()
        yield from self.changed()
        yield from self.law()
        yield from self.check()

    def opening(self) -> Iterator[Block]:
        document, period = self.document, (self.document["period"]["name"], "@period")
        yield Heading(1, "report", self.say("title", period=period))
        country = (self.cells.names["country"], "")
        yield Paragraph(
            self.say(
                "lede",
                country=country,
                number=(document["number"], "@number"),
                cut_off=(self.words["cut_off"], "@cut_off"),
            ),
            "lede",
        )
        if document["synthetic"]:
            yield Paragraph(self.say("synthetic"), "note")
        found = document["completeness"]
        yield Heading(2, "what", self.say("what"))
        yield Paragraph(self.say("what_text"))
        agencies = {"some": (found["agencies"], "@agencies"), "all": (found["agency_count"], "@agencies")}
        told = self.say("complete", **agencies)
        yield Paragraph((*self.cells.reported(""), Piece(" "), *told))
        silent = [self.cells.names["categories"]["state"][code] for code in found["silent"]]
        if silent:
            yield Paragraph((*self.say("silent"), Piece(f" {', '.join(silent)}.")))
        yield Items(self.say("read"), tuple(self.say(f"read_{status}") for status in ("suppressed", "missing", "zero")))

    def section(self, section: Mapping[str, Any]) -> Iterator[Block]:
        """One of the script's: sentences that follow one another are one paragraph; what they lack is said at the end."""
        lacks, sentences = _Lacks(), list[Pieces]()
        yield Heading(2, section["id"], self.cells.fill(section["title"]).pieces)
        if section["law"]:
            yield Paragraph((*self.say("answers"), Piece(f" {section['law']}.")), "law")
        for part in section["parts"]:
            if "say" in part:
                sentences += self.sentence(part["say"], lacks)
                continue
            yield from self.paragraph(sentences)
            sentences = []
            yield from self.part(section, part, lacks)
        yield from self.paragraph(sentences)
        for status in STATUSES:
            if status in lacks.found:
                yield Items(self.say(f"list_{status}"), tuple((Piece(place),) for place in lacks.found[status]))

    @staticmethod
    def paragraph(sentences: list[Pieces]) -> Iterator[Block]:
        if sentences:
            yield Paragraph(joined(sentences, " "))

    def sentence(self, texts: Mapping[str, str], lacks: _Lacks) -> list[Pieces]:
        """The sentence; or, when a number is lacking, the numbers that there are, each by itself."""
        told = self.cells.fill(texts)
        if not told.lacking:
            return [told.pieces]
        for slot, status in told.lacking:
            if not slot.dimension or self.cells.is_recorded(slot.indicator, slot.dimension):
                lacks.add(status, self.cells.place(slot))
            else:
                lacks.add("unrecorded", self.cells.broken_down(slot.indicator, slot.dimension))
        return [
            (Piece(f"{self.cells.place(slot)}: "), self.piece(slot, self.cells.number(slot)), Piece("."))
            for slot in told.held
        ]

    def part(self, section: Mapping[str, Any], part: Mapping[str, Any], lacks: _Lacks) -> Iterator[Block]:
        if "note" in part:
            told = self.cells.fill(part["note"])
            if not told.lacking:
                yield Paragraph(told.pieces, "note")
        elif "figures" in part:
            yield self.headlines(section, part["figures"])
        else:
            yield from self.breakdown(part["table"]["indicator"], part["table"]["dimension"], part["map"], lacks)

    def headlines(self, section: Mapping[str, Any], indicators: list[str]) -> Grid:
        """The totals, beside those of the year before where there are any."""
        before = [name for name in indicators if self.cells.before(name)["status"] != "not_asked"]
        year = self.document["year_before"].get("period", {}).get("name", "")
        beside = (year, self.words["change"]) if before else ()
        columns = (self.words["figure"], self.document["period"]["name"], *beside, self.words["reported"])
        lines = []
        for name in indicators:
            then = Slot(name, what="before"), self.cells.before(name)
            change = Slot(name, what="change")
            compared = (self.piece(*then),), (self.piece(change, self.cells.number(change)),)
            own = (self.piece(Slot(name), self.cells.total(name)),)
            lines.append(
                Line(
                    (Piece(self.cells.label(name)),),
                    (own, *(compared if before else ()), self.cells.reported(name)),
                )
            )
        title = self.cells.fill(section["title"]).pieces
        return Grid(f"{section['id']}-figures", title, columns, tuple(lines))

    def piece(self, slot: Slot, cell: Cell) -> Piece:
        """A number with its place, or the word for why there is none."""
        if cell["status"] == "published":
            return Piece(figures(cell["value"]), self.cells.address(slot))
        return Piece(self.words[f"cell_{cell['status']}"])

    def breakdown(self, indicator: str, dimension: str, with_map: bool, lacks: _Lacks) -> Iterator[Block]:
        """A table of the release, with its map; nothing but a line among the lacks where it holds no number."""
        found = self.cells.table(indicator, dimension)
        place = self.cells.broken_down(indicator, dimension)
        statuses = {cell["status"] for cell in found.values()}
        if not found:
            return lacks.add("not_asked", place)
        if len(statuses) == 1 and statuses <= {"missing", "zero"}:
            return lacks.add(statuses.pop(), place)
        if not self.cells.is_recorded(indicator, dimension):
            return lacks.add("unrecorded", place)
        grid = self.grid(indicator, dimension)
        if with_map and self.document["annual"]["outlines"]:
            yield self.map(grid)
        yield grid
        for status in ("missing", "zero"):
            codes = [code for code, cell in found.items() if code and cell["status"] == status]
            names = "; ".join(self.cells.category(indicator, dimension, code) for code in codes)
            if names:
                yield Paragraph((*self.say(f"rest_{status}"), Piece(f" {names}.")), "small")

    def map(self, grid: Grid) -> Map:
        """The states of a table in five classes; withheld and missing ones have shades of their own."""
        found = {code: cell for code, cell in self.cells.table(grid.indicator, grid.dimension).items() if code}
        steps = classes([float(cell["value"]) for cell in found.values() if cell["value"] is not None])
        shades, legend = {}, []
        for code, cell in found.items():
            value = None if cell["value"] is None else float(cell["value"])
            level = (str(step.level) for step in steps if value is not None and step.low <= value <= step.high)
            shades[code] = next(level, cell["status"])
        for step in steps:
            bounds = [Piece(_plain(f"{bound:.10g}"), "@legend") for bound in sorted({step.low, step.high})]
            legend.append((str(step.level), joined([(bound,) for bound in bounds], "–")))
        for status in ("suppressed", "missing"):
            if status in shades.values():
                legend.append((status, (Piece(self.words[f"cell_{status}"]),)))
        return Map((*grid.caption, Piece(". "), *self.say("map_alt")), shades, tuple(legend))

    def grid(self, indicator: str, dimension: str) -> Grid:
        cells, item = self.cells, self.cells.items[indicator]
        found, total = cells.table(indicator, dimension), cells.total(indicator)
        shares = item["measure"] == COUNT and bool(total["value"])
        top = max((float(cell["value"]) for cell in found.values() if cell["value"] is not None), default=0)
        lines = []
        for code, cell in found.items():
            if cell["status"] in ("zero", "missing"):
                continue
            slot = Slot(indicator, dimension, code)
            share = Slot(indicator, dimension, code, "share")
            beside = (Piece("–") if cell["value"] is None else self.piece(share, cells.share(indicator, cell)),)
            lines.append(
                Line(
                    (Piece(cells.category(indicator, dimension, code)),),
                    ((self.piece(slot, cell),), *((beside,) if shares else ())),
                    f"{100 * float(cell['value']) / top:.2f}%" if cell["value"] is not None and top else "",
                )
            )
        blank: tuple[Pieces, ...] = ((Piece(""),),) if shares else ()
        whole = Line(self.say("total"), ((self.piece(Slot(indicator), total),), *blank), is_total=True)
        unit = cells.names["units"][item["unit"]]
        columns = (cells.names["dimensions"][dimension], unit, *((self.words["share"],) if shares else ()))
        caption = (Piece(cells.broken_down(indicator, dimension)),)
        id = f"{indicator}-{dimension.replace('.', '-')}"
        return Grid(id, caption, columns, (*lines, whole), indicator, dimension)

    def beside(self) -> Iterator[Block]:
        """The figures that others published of the same, and what to know of them."""
        yield Heading(2, "beside", self.say("beside"))
        sources: dict[str, list[Line]] = {}
        for item in self.document["indicators"]:
            for row in item["figures"]:
                sources.setdefault(row["source"], []).append(self.compared(item, row))
        yield Paragraph(self.say("beside_text" if sources else "beside_none"))
        columns = tuple(self.words[name] for name in ("figure", "published", "ours", "difference"))
        for place, (source, lines) in enumerate(sources.items(), start=1):
            yield Grid(f"published-{place}", (Piece(source, "@source"),), columns, tuple(lines))
        if self.document["caveats"]:
            texts = tuple((Piece(row["text"][self.cells.language], "@caveat"),) for row in self.document["caveats"])
            yield Items(self.say("caveats"), texts)

    def compared(self, item: Mapping[str, Any], row: Mapping[str, Any]) -> Line:
        slot = Slot(item["id"], row["dimension"], row["category"])
        head: Pieces = (Piece(self.cells.place(slot)),)
        if not row["same_period"]:
            head = (*head, Piece(" ("), Piece(row["period"], "@figure"), Piece(")"))
        published = Piece(_plain(row["value"]), "@figure") if row["value"] else Piece(self.words["none_reported"])
        difference = Piece(_plain(row["difference"]), "@difference") if row["difference"] is not None else Piece("–")
        if not row["same_period"]:
            difference = Piece(self.words["other_period"])
        ours = self.piece(slot, row["ours"])
        return Line(head, ((published,), (ours,), (difference,)))

    def withheld(self) -> Iterator[Block]:
        counted = {}
        for item in self.document["indicators"]:
            cells = [cell for table in (*item["tables"], *item["deduced"]) for cell in table["cells"]]
            counted[item["id"]] = (sum(cell["status"] == "suppressed" for cell in cells), len(cells))
        hidden, every = (sum(column) for column in zip(*counted.values(), strict=True)) if counted else (0, 0)
        rule = self.document["parameters"]
        least, width = (rule["threshold"], "@rule"), (rule["minimum_interval"], "@rule")
        yield Heading(2, "withheld", self.say("withheld"))
        yield Paragraph(self.say("withheld_text", n=(hidden, "@withheld"), all=(every, "@withheld"), least=least))
        yield Paragraph(self.say("withheld_why", width=width))
        lines = tuple(
            Line(
                (Piece(self.cells.label(name)),),
                ((Piece(figures(n), "@withheld"),), (Piece(figures(of), "@withheld"),)),
            )
            for name, (n, of) in counted.items()
            if n
        )
        if lines:
            columns = tuple(self.words[name] for name in ("figure", "withheld_count", "numbers"))
            yield Grid("withheld-by-figure", self.say("withheld_table"), columns, lines)

    def method(self) -> Iterator[Block]:
        yield Heading(2, "method", self.say("method"))
        steps = ("counted", "once", "missing", "protected", "two")
        yield Items((), tuple(self.say(f"method_{step}") for step in steps), "steps")

    def changed(self) -> Iterator[Block]:
        """Each indicator that changed since the release before, with the reason; the single numbers stand in the files."""
        yield Heading(2, "changes", self.say("changes"))
        if not self.document["supersedes"]:
            yield Paragraph(self.say("changes_first"))
            return
        by_indicator: dict[str, list[Mapping[str, Any]]] = {}
        for change in self.document["changes"]:
            by_indicator.setdefault(change["indicator"], []).append(change)
        before = (self.document["supersedes"], "@supersedes")
        yield Paragraph(self.say("changes_text" if by_indicator else "changes_none", before=before))
        if by_indicator:
            columns = tuple(self.words[name] for name in ("figure", "before", "now", "changed", "reason"))
            lines = tuple(self.change(name, found) for name, found in by_indicator.items())
            yield Grid("changes-by-figure", self.say("changes"), columns, lines)

    def change(self, indicator: str, found: list[Mapping[str, Any]]) -> Line:
        whole = next((change for change in found if not change["dimensions"]), None)
        same = self.cells.total(indicator)
        before, after = (whole["before"], whole["after"]) if whole else (same, same)
        shown = [self.piece(Slot(indicator, what=when), cell or {"status": "not_asked"})
                 for when, cell in (("earlier", before), ("value", after))]  # fmt: skip
        cells = (*((piece,) for piece in shown), (Piece(figures(len(found)), "@changes"),))
        return Line((Piece(self.cells.label(indicator)),), (*cells, (Piece(found[0]["reason"], "@reason"),)))

    def law(self) -> Iterator[Block]:
        yield Heading(2, "law", self.say("law"))
        lines = tuple(
            Line(self.cells.fill(section["title"]).pieces, ((Piece(section["law"], "@law"),),))
            for section in self.document["annual"]["sections"]
            if section["law"]
        )
        columns = (self.words["section"], self.words["article"])
        yield Grid("law-by-section", self.say("law_table"), columns, lines, is_text=True)

    def check(self) -> Iterator[Block]:
        digest = canonical.sha256(canonical.to_json(self.document))
        yield Heading(2, "check", self.say("check"))
        yield Paragraph(self.say("check_text"))
        yield Code(VERIFY)
        yield Paragraph(self.say("check_numbers"))
        yield Code(digest)


def _plain(text: str) -> str:
    """A figure of others, or the difference to ours; a text in the document."""
    return figures(int(text)) if text.removeprefix("-").isdigit() else text
