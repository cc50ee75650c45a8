"""What the annual report consists of, whatever it is rendered as: headings, paragraphs, lists, tables, a map, lines to type."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from enlace.releases.annual_cells import Piece, Pieces


@dataclass(frozen=True)
class Heading:
    level: int
    id: str
    pieces: Pieces
    kind: str = "heading"


@dataclass(frozen=True)
class Paragraph:
    """``kind`` is also *lede*, *law* or *note*."""

    pieces: Pieces
    kind: str = "paragraph"


@dataclass(frozen=True)
class Items:
    """A list. ``kind`` is also *steps*, for one that is numbered."""

    lead: Pieces
    entries: tuple[Pieces, ...]
    kind: str = "items"


@dataclass(frozen=True)
class Line:
    """A row: its head, what stands under each column, and how much of the width its bar fills ("" for none)."""

    head: Pieces
    cells: tuple[Pieces, ...]
    filled: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Grid:
    """A table. ``indicator`` and ``dimension`` say which of the release's, where it is one of them."""

    id: str
    caption: Pieces
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    indicator: str = ""
    dimension: str = ""
    is_text: bool = False
    kind: str = "grid"


@dataclass(frozen=True)
class Map:
    """The states, shaded: ``shades`` is a level from 0 to 5 or a status, by state. The table after it says it in figures."""

    alt: Pieces
    shades: Mapping[str, str]
    legend: tuple[tuple[str, Pieces], ...]
    kind: str = "map"


@dataclass(frozen=True)
class Code:
    """A line to type."""

    text: str
    kind: str = "code"


Block = Heading | Paragraph | Items | Grid | Map | Code


def pieces_of(block: Block) -> Iterator[Pieces]:
    """All that a block says, in the order in which it is read."""
    if isinstance(block, Heading | Paragraph):
        yield block.pieces
    elif isinstance(block, Items):
        yield from (block.lead, *block.entries)
    elif isinstance(block, Map):
        yield from (pieces for _shade, pieces in block.legend)
    elif isinstance(block, Grid):
        yield block.caption
        yield from ((Piece(name),) for name in block.columns)
        for line in block.lines:
            yield from (line.head, *line.cells)
    elif isinstance(block, Code):
        yield (Piece(block.text),)
