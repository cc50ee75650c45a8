"""Files from the public: made anew, or refused with a reason. Nothing that an attacker sends gets through as it came."""

import hashlib
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader
from pypdf.filters import decode_stream_data

from enlace.base.errors import Refusal
from enlace.intake import files, scrub
from enlace.intake.files import clean, kind_of
from tests.intake.samples import (
    ATTACHED,
    AUTHOR,
    CAMERA,
    SCRIPT,
    TAIL,
    bomb,
    locked_pdf,
    packed_pdf,
    packed_photograph,
    pdf,
    picture,
)

KINDS = {"jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_loses_its_metadata_and_what_follows_it_and_stands_upright(kind: str) -> None:
    original = picture(KINDS[kind]) + TAIL
    assert CAMERA.encode() in original
    kept = clean(original)
    assert kept.kind == kind
    assert kept.original_digest == hashlib.sha256(original).hexdigest()
    assert CAMERA.encode() not in kept.data
    assert TAIL not in kept.data
    with Image.open(BytesIO(kept.data)) as image:
        assert image.format == KINDS[kind]
        assert image.size == (30, 40)  # it was held sideways
        assert not image.getexif()


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "L"), ("PNG", "1"), ("WEBP", "RGBA"), ("JPEG", "CMYK")]
)
def test_every_way_to_store_colours_is_taken(kind: str, mode: str) -> None:
    assert kind_of(clean(picture(kind, mode=mode)).data) == kind.lower()


def test_a_pdf_loses_scripts_attachments_author_and_what_its_photographs_tell() -> None:
    original = pdf() + TAIL
    assert all(trace in original for trace in (ATTACHED, AUTHOR.encode(), CAMERA.encode(), b"/JavaScript"))
    kept = clean(original)
    hidden = (ATTACHED, AUTHOR.encode(), CAMERA.encode(), SCRIPT.encode(), TAIL, b"/JS", b"/JavaScript", b"/OpenAction")
    assert [trace for trace in hidden if trace in kept.data] == []
    reader = PdfReader(BytesIO(kept.data))
    assert len(reader.pages) == 1
    assert reader.metadata is None or not reader.metadata.author
    assert len(reader.pages[0].images) == 1


def test_a_photograph_packed_once_more_inside_a_pdf_loses_what_its_camera_wrote() -> None:
    sent = packed_photograph()
    assert CAMERA.encode() in jpeg_of(sent)
    kept = jpeg_of(clean(sent).data)
    assert CAMERA.encode() not in kept
    assert Image.open(BytesIO(kept)).size == (40, 30)


def jpeg_of(document: bytes) -> bytes:
    """The photograph on the first page, unpacked as far as its JPEG."""
    photograph = PdfReader(BytesIO(document)).pages[0]["/Resources"]["/XObject"]["/Im0"]
    return decode_stream_data(photograph)


def test_plain_text_stays_as_it_is() -> None:
    text = "Línea uno\r\nlínea dos\tñandú “inventado”\n".encode()
    assert clean(text).data == text
    assert clean(text).kind == "text"
    assert clean(b"\xef\xbb\xbf" + text).data == text
    assert clean(packed_pdf(1_000_000)).kind == "pdf"


def test_who_waits_too_long_behind_other_files_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.05)
    with files._one_at_a_time, pytest.raises(Refusal, match="send it again in a minute"):
        clean(picture())
    monkeypatch.undo()
    assert clean(picture()).kind == "jpeg"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (locked_pdf(), "locked with a password"),
        (b"%PDF-1.7\nnot really", "damaged"),
        (picture()[:200], "damaged"),
        (picture("PNG")[:60], "damaged"),
        (bomb(), "too large inside"),
        (packed_pdf(250_000_000), "too large inside"),
        (packed_pdf(1_000_000, ("/FlateDecode", "/FlateDecode")), "too large inside"),
        (b"GIF89a" + bytes(20), "kind of file cannot be received"),
        (b"PK\x03\x04" + bytes(40), "kind of file cannot be received"),
        (b"MZ\x90\x00", "kind of file cannot be received"),
        (b"text with a \x00 in it", "kind of file cannot be received"),
        (b"escape \x1b[2J", "kind of file cannot be received"),
        ("turned \u202e around".encode(), "kind of file cannot be received"),
        (b"junk before %PDF-1.4", None),
    ],
    # Names, because an encrypted PDF is another one each time.
    ids=[
        "empty",
        "locked",
        "no PDF",
        "cut JPEG",
        "cut PNG",
        "pixel bomb",
        "packed",
        "twice packed",
        "GIF",
        "ZIP",
        "program",
        "zero",
        "escape",
        "turned",
        "PDF inside",
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(data: bytes, reason: str | None) -> None:
    if reason is None:  # a PDF that begins elsewhere is no PDF: it is kept as the text it is, and opens as text
        assert clean(data).kind == "text"
        return
    with pytest.raises(Refusal) as refused:
        clean(data)
    assert reason in refused.value.reason


def test_a_file_over_the_limit_is_refused_before_it_is_opened(settings: object) -> None:
    settings.ENLACE_FILE_BYTES = 1000
    with pytest.raises(Refusal, match="too large"):
        clean(b"a" * 1001)
    assert clean(b"a" * 1000).data == b"a" * 1000


def test_a_polyglot_is_only_what_it_shows() -> None:
    """A JPEG that is a web page and a ZIP as well comes out as a picture alone."""
    page = b"<script>alert(1)</script>"
    head, rest = picture()[:2], picture()[2:]
    comment = b"\xff\xfe" + (len(page) + 2).to_bytes(2) + page
    kept = clean(head + comment + rest + TAIL)
    assert page not in kept.data
    assert b"PK" not in kept.data


@given(st.binary(max_size=300), st.sampled_from(["jpeg", "png", "webp", "pdf"]))
@example(b"", "pdf")
@settings(max_examples=150)
def test_no_bytes_break_a_decoder_in_a_way_that_is_not_told(data: bytes, kind: str) -> None:
    heads = {
        "jpeg": b"\xff\xd8\xff",
        "png": b"\x89PNG\r\n\x1a\n",
        "webp": b"RIFF\x00\x00\x00\x00WEBP",
        "pdf": b"%PDF-1.7\n",
    }
    outcome = outcome_of(kind, heads[kind] + data)
    assert outcome in (scrub.DAMAGED, scrub.LOCKED, scrub.TOO_LARGE, kind)


def outcome_of(kind: str, data: bytes) -> int | str:
    """The kind of what was made of it, or the code of the refusal."""
    try:
        return kind_of(scrub.scrub(kind, data))
    except scrub.Unfit as unfit:
        return unfit.code


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=8), st.sampled_from(["jpeg", "png", "webp", "pdf"]))
@settings(max_examples=150)
def test_a_good_file_with_some_bytes_changed_is_made_anew_or_refused(place: int, change: bytes, kind: str) -> None:
    original = pdf() if kind == "pdf" else picture(KINDS[kind])
    at = place % len(original)
    spoilt = original[:at] + change + original[at + len(change) :]
    try:
        made = scrub.scrub(kind, spoilt)
    except scrub.Unfit:
        return
    assert kind_of(made) == kind
    if kind != "pdf":
        assert CAMERA.encode() not in made


@given(st.binary(max_size=400))
def test_stripping_a_jpeg_always_ends_and_keeps_no_segment_of_the_camera(data: bytes) -> None:
    stripped = scrub.without_segments(b"\xff\xd8" + data)
    assert len(stripped) <= len(data) + 2
    assert CAMERA.encode() not in scrub.without_segments(picture())


@given(st.binary(max_size=200))
def test_the_kind_is_told_by_content_alone(data: bytes) -> None:
    try:
        kind = kind_of(data)
    except Refusal:
        assert not files.is_plain_text(data)
    else:
        assert kind in files.TYPES


def test_the_process_that_opens_files_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a hostile picture could take over knows neither keys nor settings: its environment is one line."""
    seen: dict[str, str] = {}

    def run(command: list[str], *, env: dict[str, str], **_options: object) -> object:
        seen.update(env)
        raise files.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setenv("ENLACE_MASTER_KEY", "ab" * 32)
    monkeypatch.setattr(files.subprocess, "run", run)
    with pytest.raises(Refusal, match="too large inside"):
        clean(picture())
    assert set(seen) == {"PYTHONPATH"}
