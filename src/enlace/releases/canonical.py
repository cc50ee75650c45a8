"""Bytes that are the same for the same content, so that a digest names it: JSON after RFC 8785, CSV with one way to write it."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from typing import Any

from enlace.base.spreadsheets import defused

ENCODER = json.JSONEncoder(ensure_ascii=False)


def to_json(value: Any) -> bytes:
    """JSON as RFC 8785 writes it, of texts, whole numbers, truth values, nothing, lists and objects.

    Names are sorted by their UTF-16 code units. A number with a fraction is refused (``TypeError``): write it as a text,
    because its shortest form depends on who writes it. Text that is no Unicode raises ``UnicodeEncodeError``.
    """
    return "".join(_parts(value)).encode()


def to_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """CSV in UTF-8 without a mark, lines end with LF, quotes only where they must be; nothing a spreadsheet would run."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([defused(value) for value in row] for row in rows)
    return out.getvalue().encode()


def sha256(data: bytes) -> str:
    """The digest of a file, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _parts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        inner: list[str] = []
        for name in sorted(value, key=lambda name: name.encode("utf-16-be")):
            inner += [",", ENCODER.encode(name), ":", *_parts(value[name])]
        return ["{", *inner[1:], "}"]
    if isinstance(value, list | tuple):
        inner = []
        for item in value:
            inner += [",", *_parts(item)]
        return ["[", *inner[1:], "]"]
    if value is not None and not isinstance(value, str | bool | int):
        raise TypeError(f"a {type(value).__name__} has no one way to be written")
    return [ENCODER.encode(value)]
