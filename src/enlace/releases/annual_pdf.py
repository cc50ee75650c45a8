"""The annual report as tagged PDF: the blocks of the page, set by Typst."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from pypdf import PdfReader

from enlace.base.pdf import typeset
from enlace.country.queries import current
from enlace.releases.annual_blocks import Block, Code, Grid, Heading, Items, Map, Paragraph, pieces_of
from enlace.releases.annual_cells import Pieces
from enlace.releases.annual_map import as_text, drawn, swatch


def render(blocks: Iterable[Block], document: Mapping[str, Any], language: str) -> bytes:
    """The same blocks give the same bytes under the same version of Typst: nothing in it tells when it was made."""
    shown = list(blocks)
    title = next(_text(block.pieces) for block in shown if isinstance(block, Heading))
    data = {"lang": language, "title": title, "foot": _foot(document, language), "blocks": [_plain(b) for b in shown]}
    return typeset("releases/annual.typ", data)


def says(content: bytes, blocks: Iterable[Block], document: Mapping[str, Any], language: str) -> bool:
    """Whether the text of a PDF is that of the blocks, in their order.

    What a page repeats is passed over: its foot, and the head of a table that goes on. Space is the typesetter's.
    """
    text, at = read(content, _foot(document, language)), 0
    for block in blocks:
        for place, said in enumerate(_squeezed(_text(pieces)) for pieces in pieces_of(block)):
            passed = _passed_over(block, place)
            if not text.startswith(said, at) and passed and text.startswith(passed, at):
                at += len(passed)
            if not text.startswith(said, at):
                return False
            at += len(said)
    return at == len(text)


def _passed_over(block: Block, place: int) -> str:
    """What may stand before the part of a block at this place: the head of a table once more, the mark of a list."""
    if isinstance(block, Grid):
        return _squeezed("".join(block.columns))
    if isinstance(block, Items) and place:
        return f"{place}." if block.kind == "steps" else "–"
    return ""


def read(content: bytes, foot: str) -> str:
    """The text of a PDF without any space, and without the foot of its pages."""
    pages = PdfReader(io.BytesIO(content)).pages
    found = []
    for number, page in enumerate(pages, start=1):
        below = _squeezed(f"{foot}{number}/{len(pages)}")
        text = _squeezed(page.extract_text())
        found.append(text.replace(below, "", 1))
    return "".join(found)


def _foot(document: Mapping[str, Any], language: str) -> str:
    names = document["labels"][language]
    return f"{names['country']} · {names['annual']['foot']}"


def _plain(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": block.kind, "level": block.level, "body": _text(block.pieces)}
    if isinstance(block, Paragraph):
        return {"kind": block.kind, "body": _text(block.pieces)}
    if isinstance(block, Items):
        return {"kind": block.kind, "lead": _text(block.lead), "entries": [_text(entry) for entry in block.entries]}
    if isinstance(block, Map):
        alt = _text(block.alt)
        legend = [(as_text(swatch(shade)), _text(pieces)) for shade, pieces in block.legend]
        picture = as_text(drawn(current().borders or {}, block.shades, alt))
        return {"kind": block.kind, "svg": picture, "alt": alt, "legend": legend}
    if isinstance(block, Code):
        return {"kind": block.kind, "body": block.text}
    return {
        "kind": block.kind,
        "caption": _text(block.caption),
        "columns": block.columns,
        "text": block.is_text,
        "bars": any(line.filled for line in block.lines),
        "lines": [
            {
                "head": _text(line.head),
                "cells": [_text(cell) for cell in line.cells],
                "filled": line.filled.rstrip("%"),
                "total": line.is_total,
            }
            for line in block.lines
        ],
    }


def _text(pieces: Pieces) -> str:
    return "".join(piece.text for piece in pieces)


def _squeezed(text: str) -> str:
    return "".join(text.split())
