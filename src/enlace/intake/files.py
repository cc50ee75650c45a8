"""Files that the public sends: which kinds are taken, told by their content, and what is kept of them.

JPEG, PNG, WebP, PDF and plain text: what telephones make, and what can be made anew without what hides inside. Other
kinds (office documents, sound, video, archives) carry macros or containers that we cannot rebuild whole: what is in
them can be written, photographed or printed to PDF.
"""

import hashlib
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from enlace.base.errors import Refusal
from enlace.intake.scrub import LOCKED, TOO_LARGE

MEGABYTE = 1024 * 1024
TYPES = {
    "jpeg": ("image/jpeg", "jpg"),
    "png": ("image/png", "png"),
    "webp": ("image/webp", "webp"),
    "pdf": ("application/pdf", "pdf"),
    "text": ("text/plain; charset=utf-8", "txt"),
}
ACCEPTED = ".jpg,.jpeg,.png,.webp,.pdf,.txt"
PATIENCE = 30  # seconds for one file, and to wait for those before it
TEXT = "utf-8-sig"  # editors put a mark before the text, which is no part of it
PLAIN_CONTROLS = "\t\n\r\f"
_one_at_a_time = threading.Lock()  # a large picture takes much memory while it is open


@dataclass(frozen=True, repr=False)
class Clean:
    """A file as it is kept: what it is, its new bytes, and the SHA-256 of what was sent, to prove later what it was."""

    kind: str
    data: bytes
    original_digest: str

    @property
    def about(self) -> dict[str, str | int]:
        """What is written down beside it."""
        return {"file": self.kind, "size": len(self.data), "sha256": self.original_digest}


def max_bytes() -> int:
    """The largest file taken."""
    return int(getattr(settings, "ENLACE_FILE_BYTES", 8 * MEGABYTE))


def max_count() -> int:
    """How many files one report may hold."""
    return int(getattr(settings, "ENLACE_FILE_COUNT", 5))


def clean(original: bytes) -> Clean:
    """The file made anew. Raises ``Refusal`` that says what is wrong with it and what to do."""
    if not original:
        raise Refusal(_("This file is empty."))
    if len(original) > max_bytes():
        raise too_large()
    kind = kind_of(original)
    data = original.decode(TEXT).encode() if kind == "text" else _scrubbed(kind, original)
    if len(data) > max_bytes():
        raise too_large()
    return Clean(kind, data, hashlib.sha256(original).hexdigest())


def kind_of(data: bytes) -> str:
    """What a file is by its first bytes, whatever its name says. Raises ``Refusal`` for what is not taken."""
    if data.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"%PDF-"):
        return "pdf"
    if is_plain_text(data):
        return "text"
    raise Refusal(_("This kind of file cannot be received. Send a JPEG, PNG or WebP picture, a PDF, or plain text."))


def is_plain_text(data: bytes) -> bool:
    """UTF-8 without control characters."""
    try:
        text = data.decode(TEXT)
    except UnicodeDecodeError:
        return False
    return all(c.isprintable() or c in PLAIN_CONTROLS or c == "\u00a0" or c.isspace() for c in text)


def too_large() -> Refusal:
    """What is said of a file over the limit."""
    return Refusal(_("This file is too large: %(most)d MB is the most.") % {"most": max_bytes() // MEGABYTE})


class InMemory(MemoryFileUploadHandler):
    """Takes uploads into memory alone, so that nothing unsealed touches a disk; what is over the limit is not kept.

    ``request.over_limit`` counts the files that were left out.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.taken = 0
        request.over_limit = 0  # type: ignore[attr-defined]

    def handle_raw_input(self, *args: object, **kwargs: object) -> None:
        self.activated = True

    def new_file(self, *args: object, **kwargs: object) -> None:
        self.room = max_bytes()
        self.taken += 1
        if self.taken > max_count():
            self._leave_out()
        super().new_file(*args, **kwargs)  # type: ignore[arg-type]

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.room -= len(raw_data)
        if self.room < 0:
            self._leave_out()
        return super().receive_data_chunk(raw_data, start)

    def _leave_out(self) -> None:
        self.request.over_limit += 1  # type: ignore[union-attr]
        raise SkipFile


def read_all(uploads: list[UploadedFile[Any]]) -> list[bytes]:
    """What was uploaded; a field in which no file was chosen gives none."""
    return [upload.read() for upload in uploads]


def _scrubbed(kind: str, original: bytes) -> bytes:
    """Make the file anew in another process, which is given neither keys nor settings."""
    environment = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "enlace.intake.scrub", kind]
    # Without an end to the waiting, a few slow files would hold every thread of the server.
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise Refusal(_("Many files are arriving at this moment. Nothing is lost: send it again in a minute."))
    try:
        done = subprocess.run(  # noqa: S603 - our own program, the kind is one of ours
            command, input=original, capture_output=True, timeout=PATIENCE, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise _unfit(TOO_LARGE) from None
    finally:
        _one_at_a_time.release()
    if done.returncode:
        raise _unfit(done.returncode)
    return done.stdout


def _unfit(code: int) -> Refusal:
    reasons = {
        LOCKED: _("This PDF is locked with a password. Save it without one and send it again."),
        TOO_LARGE: _("This file cannot be opened safely: it is too large inside. Send a smaller one."),
    }
    return Refusal(reasons.get(code, _("This file is damaged. Open it, save it again and send that.")))
