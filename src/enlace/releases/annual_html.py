"""The annual report as one HTML file that needs nothing beside it: no script, no font, no picture from elsewhere.

Every number stands in a ``<data>`` element that says which cell of the release it is.
"""

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from enlace.country.queries import current
from enlace.releases.annual_blocks import Block, Code, Grid, Heading, Items, Line, Map, Paragraph, pieces_of
from enlace.releases.annual_cells import Pieces
from enlace.releases.annual_map import drawn, swatch

STYLE = (Path(__file__).parent / "templates" / "releases" / "annual.css").read_text()
SPACE = re.compile(r"\s+")


def render(blocks: Iterable[Block], document: Mapping[str, Any], language: str, links: Mapping[str, str]) -> bytes:
    """The page. ``links`` are the files beside it: what each is called -> its name."""
    shown, words = list(blocks), document["labels"][language]["annual"]
    page = Element("html", {"lang": language})
    head = SubElement(page, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "link", {"rel": "icon", "href": "data:,"})  # else a browser asks the site for one
    headings = [block for block in shown if isinstance(block, Heading)]
    _add(head, "title", text_of(headings[0].pieces))
    _add(head, "style", STYLE)
    body = SubElement(page, "body")
    _links(body, links, words["files"])
    main = SubElement(body, "main")
    for place, block in enumerate(shown):
        _BLOCKS[block.kind](main, block)
        if place + 1 < len(shown) and headings[1:] and shown[place + 1] is headings[1]:
            _contents(main, headings[1:], words["contents"])
    return ("<!doctype html>\n" + tostring(page, encoding="unicode", method="html")).encode()


def text_of(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


def said(blocks: Iterable[Block]) -> str:
    """All that the blocks say, as ``read`` finds it."""
    return squeezed(" ".join(text_of(pieces) for block in blocks for pieces in pieces_of(block)))


def read(page: bytes) -> str:
    """What the report's text says, without the lists of links; pictures say nothing."""
    reader = _Reader()
    reader.feed(page.decode())
    return squeezed("".join(reader.found))


def squeezed(text: str) -> str:
    """Without any space: line ends and columns are the renderer's."""
    return SPACE.sub("", text)


def style_of(page: bytes) -> str:
    """The style that stands in a page, for the policy that allows it."""
    found = re.search(r"<style>(.*?)</style>", page.decode(), re.DOTALL)
    return found[1] if found else ""


class _Reader(HTMLParser):
    """Text of the main part."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_main, self.in_nav = False, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_main = self.is_main or tag == "main"
        self.in_nav = self.in_nav or tag == "nav"

    def handle_endtag(self, tag: str) -> None:
        self.is_main = self.is_main and tag != "main"
        self.in_nav = self.in_nav and tag != "nav"

    def handle_data(self, data: str) -> None:
        if self.is_main and not self.in_nav:
            self.found.append(data)


def _add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    made = SubElement(parent, tag, {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()})
    made.text = text
    return made


def _say(parent: Element, pieces: Pieces) -> Element:
    """Words as text, each number in an element of its own."""
    last: Element | None = None
    for piece in pieces:
        if piece.cell:
            last = _add(parent, "data", piece.text, value=piece.text.replace(",", ""), data_cell=piece.cell)
        elif last is None:
            parent.text = (parent.text or "") + piece.text
        else:
            last.tail = (last.tail or "") + piece.text
    return parent


def _links(body: Element, links: Mapping[str, str], label: str) -> None:
    row = SubElement(_add(body, "nav", class_="files", aria_label=label), "ul")
    for name, target in links.items():
        _add(SubElement(row, "li"), "a", name, href=target)


def _contents(main: Element, headings: Iterable[Heading], label: str) -> None:
    row = SubElement(_add(main, "nav", class_="contents", aria_label=label), "ol")
    for heading in headings:
        _add(SubElement(row, "li"), "a", text_of(heading.pieces), href=f"#{heading.id}")


def _heading(main: Element, block: Heading) -> None:
    _say(_add(main, f"h{block.level}", id=block.id), block.pieces)


def _paragraph(main: Element, block: Paragraph) -> None:
    _say(_add(main, "p", class_=block.kind) if block.kind != "paragraph" else SubElement(main, "p"), block.pieces)


def _items(main: Element, block: Items) -> None:
    if block.lead:
        _say(_add(main, "p", class_="lead"), block.lead)
    row = SubElement(main, "ol" if block.kind == "steps" else "ul")
    for entry in block.entries:
        _say(SubElement(row, "li"), entry)


def _grid(main: Element, block: Grid) -> None:
    kind = "text" if block.is_text else "wide" if len(block.columns) > 3 else "narrow"
    table = _add(main, "table", id=block.id, class_=kind)
    if block.indicator:
        table.set("data-indicator", block.indicator)
        table.set("data-dimension", block.dimension)
    _say(SubElement(table, "caption"), block.caption)
    row = SubElement(SubElement(table, "thead"), "tr")
    for column in block.columns:
        _add(row, "th", column, scope="col")
    body = SubElement(table, "tbody")
    for line in block.lines:
        _line(body, block, line)


def _line(body: Element, block: Grid, line: Line) -> None:
    row = _add(body, "tr", class_="total") if line.is_total else SubElement(body, "tr")
    _say(head := _add(row, "th", scope="row"), line.head)
    if line.filled:
        bar = _add(head, "svg", class_="bar", width="100%", height="7", aria_hidden="true")
        _add(bar, "rect", class_="track", width="100%", height="7")
        _add(bar, "rect", class_="fill", width=line.filled, height="7")
    for column, pieces in zip(block.columns[1:], line.cells, strict=True):
        is_number = any(piece.cell and piece.text[:1] in "+-0123456789" for piece in pieces[:1])
        _say(_add(row, "td", class_="number" if is_number else "word", data_label=column), pieces)


def _map(main: Element, block: Map) -> None:
    figure = SubElement(main, "figure")
    figure.append(drawn(current().borders or {}, block.shades, text_of(block.alt)))
    row = _add(figure, "ul", class_="legend")
    for shade, pieces in block.legend:
        item = SubElement(row, "li")
        item.append(swatch(shade))
        _say(SubElement(item, "span"), pieces)


def _code(main: Element, block: Code) -> None:
    _add(main, "pre", block.text, tabindex="0")


_BLOCKS: dict[str, Any] = {
    "heading": _heading,
    **dict.fromkeys(("paragraph", "lede", "law", "note", "small"), _paragraph),
    **dict.fromkeys(("items", "steps"), _items),
    "grid": _grid,
    "map": _map,
    "code": _code,
}
