"""Files as people and attackers send them, made here."""

import struct
import zlib
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject, TextStringObject

CAMERA = "InventedCamera 3000"
SCRIPT = "this.print(1)"
AUTHOR = "Autora Inventada"
ATTACHED = b"attached and hidden"
TAIL = b"PK\x03\x04 another file after the end"


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A picture in which the camera wrote its name and that it was held sideways."""
    image = Image.new(mode, size, 90)
    exif = image.getexif()
    exif[0x010F], exif[0x0112] = CAMERA, 6
    out = BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def pdf(*, script: bool = True, photograph: bool = True) -> bytes:
    """A PDF with an author, an attachment, a script that runs on opening and a photograph that tells its camera."""
    return _written(_document(script, photograph))


def locked_pdf() -> bytes:
    writer = _document(False, False)
    writer.encrypt("secret", algorithm="AES-256")
    return _written(writer)


def bomb() -> bytes:
    """A PNG of a few kilobytes that claims to be 30,000 pixels wide and high."""
    side = 30_000
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\x00" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in ((b"IHDR", head), (b"IDAT", body), (b"IEND", b"")))


def packed_pdf(size: int, filters: tuple[str, ...] = ("/FlateDecode",)) -> bytes:
    """A PDF whose page unpacks to ``size`` bytes."""
    writer = PdfWriter()
    content = StreamObject()
    content._data = bytes(size)
    for _each in filters:
        content._data = zlib.compress(content._data, 9)
    content[NameObject("/Filter")] = ArrayObject(NameObject(name) for name in filters)
    writer.add_blank_page(200, 200)[NameObject("/Contents")] = writer._add_object(content)
    return _written(writer)


def packed_photograph() -> bytes:
    """A PDF whose photograph is packed around its JPEG, under filters that stand in an object of their own."""
    writer, photograph = PdfWriter(), _photograph()
    filters = ArrayObject([NameObject("/FlateDecode"), NameObject("/DCTDecode")])
    photograph._data, photograph[NameObject("/Filter")] = zlib.compress(photograph._data), writer._add_object(filters)
    found = DictionaryObject({NameObject("/Im0"): writer._add_object(photograph)})
    page = writer.add_blank_page(200, 200)
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): found})
    return _written(writer)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _document(script: bool, photograph: bool) -> PdfWriter:
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": AUTHOR})
    writer.add_attachment("notes.txt", ATTACHED)
    if script:
        names = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject(SCRIPT)}
        action = writer._add_object(DictionaryObject({NameObject(k): v for k, v in names.items()}))
        writer._root_object[NameObject("/OpenAction")] = action
        page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): action})
    if photograph:
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/Im0"): writer._add_object(_photograph())})}
        )
    return writer


def _photograph() -> StreamObject:
    found = StreamObject()
    found._data = picture()
    facts = {
        "/Type": NameObject("/XObject"),
        "/Subtype": NameObject("/Image"),
        "/Width": NumberObject(40),
        "/Height": NumberObject(30),
        "/ColorSpace": NameObject("/DeviceRGB"),
        "/BitsPerComponent": NumberObject(8),
        "/Filter": NameObject("/DCTDecode"),
    }
    found.update({NameObject(name): value for name, value in facts.items()})
    return found


def _written(writer: PdfWriter) -> bytes:
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
