"""Pictures for the documents, small enough for a repository: the 256 commonest colours, the others as their nearest."""

import base64
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

COLOURS = 256
# The browser decodes its own picture: the values of all pixels, row by row, as red, green, blue and opacity.
PIXELS = """async (png) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const data = new Blob([context.getImageData(0, 0, image.width, image.height).data]);
  const text = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(data);
  });
  return [image.width, text.split(',')[1]];
}"""


def take(page: Page, target: Path, **options: Any) -> None:
    """Take a picture of the page as it stands; ``options`` are those of Playwright's screenshot."""
    shot = page.screenshot(**options)
    blank = page.context.browser.new_page()  # a page of the house may not read data: addresses
    width, pixels = blank.evaluate(PIXELS, base64.b64encode(shot).decode())
    blank.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(small_png(np.frombuffer(base64.b64decode(pixels), np.uint8).reshape(-1, width, 4)))


def small_png(pixels: np.ndarray) -> bytes:
    """A PNG with a palette from (height, width, 4) values of 0-255; opacity is left out."""
    rgb = pixels[..., :3].astype(np.int32)
    colours, where, counts = np.unique(rgb.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    palette = colours[np.argsort(-counts)[:COLOURS]]
    nearest = np.array([((palette - colour) ** 2).sum(axis=1).argmin() for colour in colours], np.uint8)
    rows = nearest[where.reshape(-1)].reshape(rgb.shape[:2])
    height, width = rows.shape
    unfiltered = np.insert(rows, 0, 0, axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", header), (b"PLTE", palette.astype(np.uint8).tobytes()), (b"IDAT", zlib.compress(unfiltered, 9))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in (*parts, (b"IEND", b"")))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
