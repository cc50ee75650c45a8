"""All that anybody can fetch of the releases of an installation, read as an outsider reads it, and attacked.

A file that nothing here can read is told of: it could hold anything.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from html import unescape
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from enlace.base import slots
from enlace.country.queries import current
from enlace.releases import annual_files, canonical, files, queries, signature
from enlace.releases.checks import attacked
from reckon.indicators.define import POPULATION
from tests.demo.closing_site import API, Artefact
from tests.releases.reading import Tables

TOTAL = re.compile(r'data-total="([^"]+)".*?headline-value[^>]*>([^<]*)<', re.DOTALL)
CHART = re.compile(r'<section class="chart".*?</section>', re.DOTALL)
BELONGS = re.compile(r'data-indicator="([^"]+)" data-dimension="([^"]+)"')
LEADS_TO = re.compile(r'href="/cifras/\d+/(\w+)/')
AREA = re.compile("<title>([^<]*): ([^<:]*)</title>")
BAR = re.compile("<li><span>([^<]*)</span><span>(?:<b[^>]*>)?([^<]*)")
Document = Mapping[str, Any]
Place = tuple[str, tuple[str, ...], tuple[str, ...]]


@dataclass
class Report:
    """What was found. ``artefacts``: address -> digest; ``cells``: how many were read from each kind of artefact."""

    artefacts: dict[str, str] = field(default_factory=dict)
    releases: list[int] = field(default_factory=list)
    cells: dict[str, int] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)
    contradictions: list[str] = field(default_factory=list)
    withheld: int = 0
    recovered: list[str] = field(default_factory=list)


class Outsider:
    """Holds the documents of all releases, and what each artefact says beside them."""

    def __init__(self, artefacts: Sequence[Artefact]) -> None:
        self.artefacts = artefacts
        self.report = Report()
        found = [one for one in artefacts if one.release and one.name == files.JSON]
        self.documents: dict[int, Document] = {one.release: json.loads(one.content) for one in found}
        self.places = {number: _places(document) for number, document in self.documents.items()}
        self.files = {
            number: {one.name: one.content for one in artefacts if one.release == number and one.name}
            for number in self.documents
        }

    def read(self) -> Report:
        """Read every artefact, hold it against its release, and attack all releases together."""
        report, cells = self.report, defaultdict(int)
        report.releases = sorted(self.documents)
        for one in self.artefacts:
            report.artefacts[one.address] = canonical.sha256(one.content)
            found = self._read(one)
            if found is None:
                report.unread.append(one.address)
            else:
                cells[one.name or one.kind] += found
        report.cells = dict(cells)
        for document in self.documents.values():
            report.contradictions += not_deduced(document)
        self._attack()
        return report

    def _read(self, one: Artefact) -> int | None:
        """How many cells it shows; ``None`` when nobody here knows how to read it."""
        document = self.documents.get(one.release)
        if one.kind in ("text/html", "application/atom+xml") and not one.name.endswith(".html"):
            return self._page(one, document)
        if document is None:
            return 0 if one.address == API else None
        if one.kind == "application/zip":
            return 0  # its files are artefacts of their own
        if one.address.startswith(API):
            return self._tables(one, files.tables(json.loads(one.content)))
        readers = {
            files.JSON: lambda content: files.tables(json.loads(content)),
            files.CSV: files.tables_of_csv,
            files.XLSX: files.tables_of_workbook,
            files.PARQUET: files.tables_of_parquet,
        }
        if one.name in readers:
            return self._tables(one, readers[one.name](one.content))
        return 0 if self._follows(one, document) else None

    def _follows(self, one: Artefact, document: Document) -> bool:
        """Whether a file is exactly what the document, or the signature, makes of it: it then says nothing besides."""
        kept = self.files[one.release]
        for kind in slots.registered(slots.ReleaseFormat, queries.GATHERING):
            if one.name in kind.files:
                return one.content == kind.write(document, one.name)
        if one.name in files.REPORTS:
            return one.name not in annual_files.at_fault(kept, document)
        if one.name in (files.CODEBOOK, files.PACKAGE):
            return one.content == files.canonical_files(document)[one.name]
        if one.name == files.MANIFEST:
            listed = {item["name"]: item["sha256"] for item in json.loads(one.content)["files"]}
            return listed.items() <= {name: canonical.sha256(data) for name, data in kept.items()}.items()
        if one.name in (files.SIGNATURE, files.KEY):
            return signature.is_signed(kept[files.MANIFEST], kept[files.SIGNATURE], kept[files.KEY].decode())
        return False

    def _tables(self, one: Artefact, tables: Sequence[Any]) -> int:
        places, found = self.places[one.release], 0
        for table in tables:
            for cell in table.cells:
                key = tuple(code for _name, code in cell.key)
                said = (cell.value, cell.status)
                if places.get((table.indicator, table.dimensions, key)) != said:
                    self.report.contradictions.append(f"{one.address}: {table.indicator} {key}")
                found += 1
        return found

    def _page(self, one: Artefact, document: Document | None) -> int:
        if document is None:
            return 0
        text = one.content.decode()
        language = re.search(r'<html[^>]* lang="(\w+)', text)
        assert language is not None, one.address
        reader = PageReader(document, self.places[one.release], language[1])
        parser = Tables()
        parser.feed(text)
        for attributes, rows in parser.found:
            if attributes.get("data-indicator"):
                reader.table(str(attributes["data-indicator"]), str(attributes["data-dimension"]), rows)
        for indicator, said in TOTAL.findall(text):
            reader.total(indicator, said.strip())
        for section in CHART.findall(text):
            reader.picture(section)
        self.report.contradictions += [f"{one.address}: {place}" for place in reader.contradictions]
        return reader.cells

    def _attack(self) -> None:
        """From the tables of all releases, the newest first. Every other form was found to say the same."""
        numbers = sorted(self.documents, reverse=True)
        for place, number in enumerate(numbers):
            document = self.documents[number]
            before = [files.tables(self.documents[other]) for other in numbers[place + 1 :]]
            lowest = 0 if document["parameters"]["zeros_are_sensitive"] else 1
            found = attacked(files.tables(document), before, lowest=lowest)
            self.report.withheld = max(self.report.withheld, found.withheld)
            self.report.recovered += [f"{number}: {one.indicator} {one.key}" for one in found.recovered]


class PageReader:
    """Reads the tables of a page in its own language, and holds each cell against the document."""

    def __init__(self, document: Document, places: Mapping[Place, tuple[Any, str]], language: str) -> None:
        self.document, self.places, self.language = document, places, language
        self.items = {item["id"]: item for item in document["indicators"]}
        self.cells = 0
        self.contradictions: list[str] = []

    def table(self, indicator: str, dimension: str, rows: Sequence[Sequence[str]]) -> None:
        """The first column of numbers is the line's total; those behind it are the categories of the split."""
        codes, split = self._codes(indicator, dimension), self.items[indicator]["split"]
        across = [self._codes(indicator, split).get(said, said) for said in rows[0][2:]] if split else []
        for label, total, *others in rows[1:]:
            line = codes.get(label, label)
            self._cell((indicator, (dimension,), (line,)), total)
            for column, said in zip(across, others, strict=True):
                self._cell((indicator, (dimension, split), (line, column)), said)

    def picture(self, section: str) -> None:
        """The areas of a map and the bars: each says its number beside its name, and none where none is shown."""
        belongs, leads = BELONGS.search(section), LEADS_TO.search(section)
        indicator, dimension = belongs.groups() if belongs else (leads[1] if leads else "", "state")
        codes = self._codes(indicator, dimension)
        for label, said in [*AREA.findall(section), *BAR.findall(section)]:
            place = (indicator, (dimension,), (codes.get(unescape(label), label),))
            value, _status = self.places.get(place, (None, "unknown"))
            self.cells += 1
            if not _is_drawn(said, value):
                self.contradictions.append(f"{place} in the picture")

    def total(self, indicator: str, said: str) -> None:
        self._cell((indicator, (), ()), said, absent="not reported")

    def _cell(self, place: Place, said: str, absent: str = "no data") -> None:
        self.cells += 1
        value, status = self.places.get(place, (None, "unknown"))
        with translation.override(self.language):
            words = {"suppressed": _("withheld"), "missing": _(absent)}
        expected = words.get(status, status) if value is None else _digits(str(value))
        if (_digits(said) if value is not None else said) != expected:
            self.contradictions.append(f"{place}")

    def _codes(self, indicator: str, dimension: str) -> dict[str, str]:
        labels = self.document["labels"][self.language]["categories"]
        own = labels.get(f"{indicator}.{dimension}") or labels[dimension]
        return {said: code for code, said in own.items()}


def _is_drawn(said: str, value: Any) -> bool:
    """A picture says a whole number in full, a fraction with one decimal, and of what is not shown no digit."""
    if isinstance(value, str):
        return Decimal(said.replace(",", ".")) == Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return re.sub(r"\D", "", said) == ("" if value is None else str(value))


def _digits(text: str) -> str:
    """A number without the marks by which a language groups and splits its digits; trailing zeros aside."""
    whole, _dot, rest = re.sub(r"[\s,\u00a0\u202f]", "", text).partition(".")
    return f"{whole}.{rest.rstrip('0')}".rstrip(".")


def _places(document: Document) -> dict[Place, tuple[Any, str]]:
    return {
        (item["id"], tuple(table["dimensions"]), tuple(cell["key"])): (cell["value"], cell["status"])
        for item in document["indicators"]
        for table in (*item["tables"], *item["deduced"])
        for cell in table["cells"]
    }


def not_deduced(document: Document) -> list[str]:
    """What stands among the deduced numbers, the changes and beside the figures of others, and is not said by a shown cell."""
    places = _places(document)
    shown = {place for place, (value, _status) in places.items() if value is not None}
    return [*_new_groups(document, places), *_new_values(document, shown), *_new_beside(document, places)]


def _new_groups(document: Document, places: Mapping[Place, tuple[Any, str]]) -> Iterator[str]:
    """Groups of categories shown although several groups hold something withheld: one alone is the total less the others."""
    for item in document["indicators"]:
        for table in item["deduced"] if item["measure"] == "count" else ():
            for name in table["dimensions"]:
                groups = _groups(name)
                hidden = {
                    groups.get(key[0], "")
                    for (indicator, dimensions, key), (_value, status) in places.items()
                    if (indicator, dimensions, status) == (item["id"], (name.partition(".")[0],), "suppressed")
                }
                for cell in table["cells"]:
                    if len(hidden) > 1 and cell["key"][0] in hidden and cell["value"] is not None:
                        yield f"{item['id']} {name} {cell['key']}"


def _groups(name: str) -> Mapping[str, str]:
    """The group of each category as the country's lists, which are public, have it."""

    pack = current()
    if name == "age_group.majority":
        return {code.code: code.extra.get("majority", "") for code in pack.codes("age_group")}
    if name == "form.glotip":
        return {code.code: code.maps.get("glotip", "") for code in pack.forms} | {"several": "several"}
    assert name == "state.jurisdiction", f"a grouping that nothing here knows: {name}"
    return {state.code: "state" for state in pack.states} | {"federal": "federal"}


def _new_values(document: Document, shown: set[Place]) -> Iterator[str]:
    """Ratios and amounts of which something that they rest on is not shown."""

    for item in document["indicators"]:
        needed = [item["definition"].get(name) for name in ("numerator", "denominator", "rests_on")]
        below = [name for name in needed if name and name != POPULATION]
        for table in item["deduced"] if item["measure"] != "count" else ():
            for cell in table["cells"]:
                here = tuple(table["dimensions"]), tuple(cell["key"])
                if cell["value"] and any(
                    (name, *here) not in shown for name in below if _is_told_apart(name, here[0], shown)
                ):
                    yield f"{item['id']} {here}"


def _is_told_apart(indicator: str, dimensions: tuple[str, ...], shown: set[Place]) -> bool:
    """Whether the release has a table of it with these dimensions at all."""
    return any(place[:2] == (indicator, dimensions) for place in shown)


def _new_beside(document: Document, places: Mapping[Place, tuple[Any, str]]) -> Iterator[str]:
    """Ours beside the figures of others, and the changes: each says what the cell of its place says."""
    for item in document["indicators"]:
        for row in item["figures"]:
            dimensions = (row["dimension"],) if row["dimension"] else ()
            key = (row["category"],) if row["dimension"] else ()
            value, status = places[item["id"], dimensions, key]
            if (row["ours"]["value"], row["ours"]["status"]) != (value, status) or (
                value is None and row["difference"] is not None
            ):
                yield f"{item['id']} beside {row['source']}"
    for change in document["changes"]:
        place = (change["indicator"], tuple(change["dimensions"]), tuple(change["key"]))
        after = change["after"] or {"value": None, "status": None}
        if place in places and (after["value"], after["status"]) != places[place]:
            yield f"{place} changed"
