"""The public site and its API as somebody without an account meets them: every address that a link leads to, each once."""

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin

from enlace.releases import files

SITE, API = "/cifras/", "/api/v1/releases"
LINK = re.compile(r'(?:href|src)="([^"#]*)')
RELEASE = re.compile(r"^(?:/cifras|/api/v1/releases)/(\d+)")
MOST = 5_000  # addresses: a site that leads on for ever is a fault


@dataclass(frozen=True)
class Artefact:
    """One answer of the public site: its address (of a packed file: with its name), kind, and bytes."""

    address: str
    kind: str
    content: bytes
    is_download: bool = False
    is_packed: bool = False

    @property
    def name(self) -> str:
        """Of a file: its name; of a page "" ."""
        last = self.address.partition("?")[0].rpartition("/")[2]
        return last if "." in last else ""

    @property
    def release(self) -> int:
        """The release that it belongs to, 0 for what belongs to all."""
        found = RELEASE.match(self.address)
        return int(found[1]) if found else 0


def crawl(get: Callable[[str], Artefact], languages: Sequence[str]) -> Iterator[Artefact]:
    """Every address that the public site and its API lead to, each once; what is packed is unpacked as well."""
    ahead = [f"{SITE}?lang={code}" for code in languages] + [API]
    seen = set(ahead)
    while ahead:
        address = ahead.pop()
        found = get(address)
        yield found
        if found.kind == "application/zip":
            yield from _unpacked(found)
        for link in _links(found):
            if link not in seen and link.startswith((SITE, API)):
                seen.add(link)
                ahead.append(link)
        assert len(seen) < MOST, "the public site leads on for ever"


def _links(one: Artefact) -> list[str]:
    if one.address == API:
        listed = json.loads(one.content)
        return [one["page"] for one in listed] + [f"{API}/{one['number']}" for one in listed]
    if one.kind not in ("text/html", "application/atom+xml"):
        return []
    found = [unescape(link) for link in LINK.findall(one.content.decode())]
    return [re.sub("^https?://[^/]+", "", urljoin(one.address, link)) for link in found]


def _unpacked(one: Artefact) -> Iterator[Artefact]:
    with zipfile.ZipFile(io.BytesIO(one.content)) as packed:
        for name in packed.namelist():
            kind = files.TYPES.get(name, "unknown").partition(";")[0]
            yield Artefact(f"{one.address}/{name}", kind, packed.read(name), is_packed=True)


def fetching(client: Any) -> Callable[[str], Artefact]:
    """What a client without an account is given; a dead link is an error."""

    def get(address: str) -> Artefact:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert not answer.cookies, f"a cookie from {address}"
        is_download = "attachment" in answer.get("Content-Disposition", "")
        return Artefact(address, answer["Content-Type"].partition(";")[0], answer.content, is_download)

    return get
