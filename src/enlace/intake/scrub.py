"""Pictures and PDFs made anew, so that nothing comes along but what can be seen. Run as a process of its own.

``python -m enlace.intake.scrub jpeg`` reads a file from standard input and writes the new one to standard output; it
ends with 1 when the file is damaged, 2 when it is locked with a password, 3 when it is too large to open. Decoders fed
with hostile bytes fail in every way there is, so they run without the keys, with little memory and little time.
"""

import resource
import sys
import zlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter
from pypdf.filters import decode_stream_data
from pypdf.generic import DictionaryObject, NameObject, StreamObject

DAMAGED, LOCKED, TOO_LARGE = 1, 2, 3
MAX_PIXELS = 50_000_000
MAX_PAGES = 200
MAX_UNPACKED = 200_000_000  # bytes of all packed streams of a PDF together
PACKED = ("/FlateDecode", "/Fl", "/LZWDecode", "/LZW")
CPU_SECONDS, MEMORY = 20, 1_200_000_000
FORMATS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
# What a page may act on, carry or tell about its author. Annotations go altogether: they can hold scripts and files.
BANNED = (
    "/AA", "/A", "/AF", "/Annots", "/Dests", "/EmbeddedFiles", "/JS", "/JavaScript", "/LastModified", "/Metadata",
    "/Names", "/OpenAction", "/OPI", "/PieceInfo", "/RichMedia", "/Thumb", "/URI", "/Launch", "/XFA", "/AcroForm",
)  # fmt: skip
ADOBE = 0xEE  # the one segment of a JPEG that says how its colours are meant


class Unfit(Exception):
    """The file cannot be taken; ``code`` says why."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def scrub(kind: str, data: bytes) -> bytes:
    """The picture or PDF made anew. Raises ``Unfit``."""
    try:
        return redrawn(kind, data) if kind in FORMATS else rewritten(data)
    except Unfit:
        raise
    except Image.DecompressionBombError as error:
        raise Unfit(TOO_LARGE) from error
    except MemoryError as error:
        raise Unfit(TOO_LARGE) from error
    except Exception as error:  # decoders of hostile bytes raise almost anything, warnings that are errors included
        raise Unfit(DAMAGED) from error


def redrawn(kind: str, data: bytes) -> bytes:
    """The first picture of the file, upright, its pixels drawn into an empty one: no metadata, nothing after the end."""
    with Image.open(BytesIO(data), formats=[FORMATS[kind]]) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Unfit(TOO_LARGE)
        upright = ImageOps.exif_transpose(image)
        mode = _mode(kind, upright)
        pixels = upright.convert(mode)
    fresh = Image.frombytes(mode, pixels.size, pixels.tobytes())
    out = BytesIO()
    fresh.save(out, FORMATS[kind], **({} if kind == "png" else {"quality": 88}))
    return out.getvalue()


def rewritten(data: bytes) -> bytes:
    """The pages of the PDF in a new one: no scripts, attachments, forms, links, metadata or earlier versions."""
    reader = PdfReader(BytesIO(data), strict=False)
    if reader.is_encrypted:
        raise Unfit(LOCKED)
    if len(reader.pages) > MAX_PAGES:
        raise Unfit(TOO_LARGE)
    if not reader.pages:
        raise Unfit(DAMAGED)
    writer = PdfWriter()
    for page in reader.pages:
        for name in BANNED:
            page.pop(name, None)  # before it is copied, so that what it leads to stays behind
        writer.add_page(page)
    room = MAX_UNPACKED
    for thing in writer._objects:
        _strip(thing)
        room -= _unpacked(thing, room)
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def without_segments(jpeg: bytes) -> bytes:
    """A JPEG without its application segments and comments, where cameras write place and time; pixels untouched."""
    kept, place = [jpeg[:2]], 2
    while place + 4 <= len(jpeg) and jpeg[place] == 0xFF and jpeg[place + 1] != 0xDA:
        marker, length = jpeg[place + 1], int.from_bytes(jpeg[place + 2 : place + 4])
        if not (0xE0 <= marker <= 0xEF or marker == 0xFE) or marker == ADOBE:
            kept.append(jpeg[place : place + 2 + length])
        place += 2 + length
    return b"".join([*kept, jpeg[place:]])


def _mode(kind: str, image: Image.Image) -> str:
    if kind != "jpeg" and (image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info):
        return "RGBA"
    return "L" if image.mode in ("1", "L") and kind != "webp" else "RGB"


def _strip(thing: Any) -> None:
    """Take what is banned out of one object; a photograph inside loses what its camera wrote."""
    if isinstance(thing, DictionaryObject):
        for name in BANNED:
            thing.pop(NameObject(name), None)
    if isinstance(thing, StreamObject) and "/DCTDecode" in (filters := _filters(thing)):
        photograph = thing._data if len(filters) == 1 else decode_stream_data(thing)
        thing._data = without_segments(photograph)
        thing[NameObject("/Filter")] = NameObject("/DCTDecode")
        thing.pop(NameObject("/DecodeParms"), None)


def _filters(thing: StreamObject) -> list[str]:
    """How a stream is packed, the outermost first."""
    if "/Filter" not in thing:
        return []
    named = thing["/Filter"]  # get() would not follow it into an object of its own
    return [str(name.get_object()) for name in named] if isinstance(named, list) else [str(named)]


def _unpacked(thing: Any, room: int) -> int:
    """How many bytes a stream holds once it is unpacked. Raises ``Unfit`` past ``room``: it would fill the reader's memory."""
    if not isinstance(thing, StreamObject):
        return 0
    filters = _filters(thing)
    width, height = (thing[name] if name in thing else 0 for name in ("/Width", "/Height"))  # noqa: SIM401 - as above
    if isinstance(width, int) and isinstance(height, int) and width * height > MAX_PIXELS:
        raise Unfit(TOO_LARGE)
    if sum(name in PACKED for name in filters) > 1:
        raise Unfit(TOO_LARGE)  # packed twice: only a bomb is
    if filters[:1] not in (["/FlateDecode"], ["/Fl"]):
        return len(thing._data)
    unpacking = zlib.decompressobj()
    try:
        size = len(unpacking.decompress(thing._data, room + 1))
    except zlib.error:  # readers repair what they can of it
        return len(thing._data)
    if size > room:
        raise Unfit(TOO_LARGE)
    return size


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        sys.stdout.buffer.write(scrub(sys.argv[1], sys.stdin.buffer.read()))
    except Unfit as unfit:
        return unfit.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
