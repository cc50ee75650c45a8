"""The master key: made once, kept private, and what is sealed under one purpose opens under that one only."""

import hashlib
import hmac
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enlace.base import keyring
from enlace.base.keyring import KeyUnavailable, derive, key_file, master_key, seal, unseal

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
purposes = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def forget() -> None:
    master_key.cache_clear()
    derive.cache_clear()


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.ENLACE_HOME = tmp_path
    forget()
    yield tmp_path
    forget()


@given(purposes, texts)
def test_what_was_sealed_opens_again(purpose: str, text: str) -> None:
    assert unseal(purpose, seal(purpose, text)) == text


@given(purposes, purposes, texts)
def test_another_purpose_opens_nothing(purpose: str, other: str, text: str) -> None:
    if purpose != other:
        with pytest.raises(KeyUnavailable):
            unseal(other, seal(purpose, text))


@given(texts, st.data())
def test_no_bit_can_be_changed(text: str, data: st.DataObject) -> None:
    blob = bytearray.fromhex(seal("test", text))
    blob[data.draw(st.integers(0, len(blob) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(KeyUnavailable):
        unseal("test", blob.hex())


@given(st.text())
def test_no_text_breaks_unsealing(text: str) -> None:
    with pytest.raises(KeyUnavailable):
        unseal("test", text)


def test_the_same_text_never_looks_the_same_and_never_shows() -> None:
    sealed = {seal("test", "una frase") for _ in range(100)}
    assert len(sealed) == 100
    assert not any(b"una frase" in bytes.fromhex(text) for text in sealed)


def test_another_master_key_opens_nothing_and_says_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = seal("test", "una frase")
    monkeypatch.setenv("ENLACE_MASTER_KEY", "ab" * 32)
    forget()
    with pytest.raises(KeyUnavailable) as refused:
        unseal("test", sealed)
    assert "abab" not in str(refused.value)
    assert "frase" not in str(refused.value)


def test_the_key_from_the_environment_comes_first_and_makes_no_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENLACE_MASTER_KEY", "cd" * 32 + "\n")
    assert master_key() == bytes.fromhex("cd" * 32)
    assert not key_file().exists()


@pytest.mark.parametrize("text", ["short", "ab" * 31, "ab" * 33, "zz" * 32, "ab" * 32 + "g"])
def test_a_key_that_is_none_is_refused_without_showing_it(
    text: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENLACE_MASTER_KEY", text)
    with pytest.raises(KeyUnavailable) as refused:
        master_key()
    assert "ENLACE_MASTER_KEY" in str(refused.value)
    assert text not in str(refused.value)


def test_the_file_is_for_its_owner_alone(home: Path) -> None:
    before = os.umask(0)
    try:
        master_key()
    finally:
        os.umask(before)
    assert stat.S_IMODE(key_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_file().parent.stat().st_mode) == 0o700
    assert [path.name for path in key_file().parent.iterdir()] == ["master.key"]


def test_the_file_is_read_again_and_never_replaced(home: Path) -> None:
    first = master_key()
    forget()
    assert master_key() == first
    key_file().write_text("")
    forget()
    with pytest.raises(KeyUnavailable, match=r"master\.key"):
        master_key()
    assert key_file().read_text() == "", "an empty file may be a broken disk: nothing is written over it"


def test_workers_that_start_at_once_share_one_key(home: Path) -> None:
    for attempt in range(30):
        key_file().unlink(missing_ok=True)
        forget()
        with ThreadPoolExecutor(16) as pool:
            keys = set(pool.map(lambda _: master_key.__wrapped__(), range(16)))
        assert len(keys) == 1, f"attempt {attempt}"


def test_processes_that_start_at_once_share_one_key(home: Path) -> None:
    code = "from enlace.base.keyring import master_key as k; import django; print(k().hex())"
    environment = os.environ | {"ENLACE_HOME": str(home)}
    started = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    printed = {process.communicate(timeout=60)[0] for process in started}
    assert printed == {f"{bytes.fromhex(key_file().read_text()).hex()}\n"}


@given(purposes)
def test_derived_keys_are_those_of_the_standard(purpose: str) -> None:
    """RFC 5869, with its extract and expand steps written out: no salt, one block."""
    root = hmac.digest(bytes(32), master_key(), hashlib.sha256)
    assert derive(purpose) == hmac.digest(root, purpose.encode() + b"\x01", hashlib.sha256)


def test_keys_of_different_purposes_differ() -> None:
    assert len({derive(purpose) for purpose in ("", "a", "b", "audit.chain", "vault")}) == 5
    assert len(derive("a")) == keyring.KEY_BYTES
