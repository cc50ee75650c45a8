"""What an outsider reads off the annual report in English: its tables and its numbers, by what it says alone."""

import io
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from pypdf import PdfReader

from reckon.tables import Cell, Table
from tests.releases.reading import names

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
WITHHELD = "withheld"


class Page(HTMLParser):
    """Each number with the place that the page gives for it, the words around them, and the rows of its tables."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.numbers: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.tables: list[tuple[dict[str, str | None], list[list[str]]]] = []
        self._open: list[str] = []
        self._place = ""
        self.feed(content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open += [tag] if tag not in ("meta", "link") else []
        if tag == "data":
            self._place = dict(attrs)["data-cell"] or ""
        elif tag == "table":
            self.tables.append((dict(attrs), []))
        elif tag == "tr":
            self.tables[-1][1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][1][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "main" not in self._open or "nav" in self._open:
            return
        if "tr" in self._open:
            self.tables[-1][1][-1][-1] += data
        if "data" in self._open:
            self.numbers.append((self._place, data))
        elif "pre" not in self._open:
            self.words.append(data)

    @property
    def all_numbers(self) -> list[str]:
        return NUMBER.findall(" ".join([*self.words, *(text for _place, text in self.numbers)]))


def tables_of_page(content: bytes, document: Mapping[str, Any]) -> list[Table]:
    """The tables of counts that the page shows."""
    found = []
    for attributes, rows in Page(content).tables:
        item = _item(document, attributes.get("data-indicator"))
        if item:
            dimension = attributes["data-dimension"] or ""
            found += _tables(document, item, dimension, [(row[0], row[1]) for row in rows[1:]])
    return _once(found)


def tables_of_pdf(content: bytes, document: Mapping[str, Any]) -> list[Table]:
    """The same, line by line, from the text of the PDF."""
    lines = pdf_text(content).splitlines()
    labels = document["labels"]["en"]
    found = []
    for item in document["indicators"]:
        for table in (*item["tables"], *item["deduced"]):
            dimension = (*table["dimensions"], "")[0]
            by = labels["dimensions"].get(dimension, "")
            caption = f"{labels['indicators'][item['id']]}: {by[:1].lower()}{by[1:]}"
            if _item(document, item["id"]) and caption in lines:
                rows = list(_rows(lines[lines.index(caption) + 1 :], [*names(document, item, dimension), "Total"]))
                found += _tables(document, item, dimension, rows)
    return _once(found)


def _once(tables: list[Table]) -> list[Table]:
    """The total of an indicator stands under each of its tables."""
    return list({(table.indicator, table.dimensions): table for table in tables}.values())


def pdf_text(content: bytes) -> str:
    """The text without the foot of each page."""
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return "\n".join(re.sub(r"\n?[^\n]*\d+ / \d+\s*$", "", page) for page in pages)


def _rows(lines: list[str], known: list[str]) -> Iterator[tuple[str, str]]:
    """The lines of a table, up to its total."""
    row = re.compile(f"({'|'.join(map(re.escape, sorted(known, key=len, reverse=True)))}) ({WITHHELD}|[\\d,]+)(?: .*)?")
    for line in lines:
        if found := row.fullmatch(line):
            yield found[1], found[2]
            if found[1] == "Total":
                return


def _item(document: Mapping[str, Any], indicator: str | None) -> Mapping[str, Any] | None:
    return next((one for one in document["indicators"] if one["id"] == indicator and one["tables"]), None)


def _tables(
    document: Mapping[str, Any], item: Mapping[str, Any], dimension: str, rows: list[tuple[str, str]]
) -> list[Table]:
    codes, described = names(document, item, dimension), (item["id"], item["unit"], document["period"]["name"])
    *lines, (_total, whole) = rows
    cells = tuple(_cell(((dimension, codes[name]),), said) for name, said in lines)
    inner = Table(*described, (dimension,), (tuple(codes[name] for name, _said in lines),), cells)
    return [inner, Table(*described, (), (), (_cell((), whole),))]


def _cell(key: tuple[tuple[str, str], ...], said: str) -> Cell:
    value = None if said == WITHHELD else int(said.replace(",", ""))
    return Cell(key, value, "suppressed" if value is None else "published" if value else "zero")
