"""A page under watch: everything it does that no page of the house may do, and what axe finds on it."""

import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response, WebError

from tests.browser.places import NAME

WIDTHS = (320, 768, 1280)
HEIGHT = 900
Scheme = Literal["light", "dark"]
PAGES = ("document", "fetch", "xhr")
FOR_EVERYBODY = "/cifras/"  # the public site, which any cache may keep
CODE = re.compile(r"\b[A-Z]-[0-9A-Z]{4}-[0-9A-Z]{4}")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
TITLE = "title: "
# Says each title aloud, so that the one listener hears titles, errors and broken policies alike.
SAY_TITLE = f"addEventListener('DOMContentLoaded', () => console.debug('{TITLE}' + document.title))"

AXE = """async (only) => {
  const options = { resultTypes: ['violations'], rules: { 'target-size': { enabled: !only } } };
  if (only) options.runOnly = { type: 'tag', values: [only] };
  const { violations } = await axe.run(document, options);
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
}"""
TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const over = Array.from(document.querySelectorAll('body *')).filter((e) => e.getBoundingClientRect().right > wide + 1);
  return [`wider than the screen: ${over.slice(0, 5).map((e) => e.outerHTML.slice(0, 80)).join(' | ')}`];
}"""


@lru_cache(maxsize=1)
def axe_source() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text()


class Watch:
    """Listens to one context. ``faults`` must be empty in the end; ``expected`` is what a test provokes on purpose."""

    def __init__(self, context: BrowserContext, url: str, expected: str = "") -> None:
        self.faults: list[str] = []
        self._host, self._expected = urlsplit(url).netloc, expected
        context.add_init_script(SAY_TITLE)
        context.on("request", lambda request: self._url(request.url))
        context.on("response", self._response)
        context.on("console", self._console)
        context.on("weberror", self._error)

    def _fault(self, text: str) -> None:
        self.faults.append(text)

    def _url(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and parts.netloc != self._host:
            self._fault(f"a request to another host: {url}")
        if NAME in url:
            self._fault(f"a name in an address: {parts.path}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and str(response.status) != self._expected:
            self._fault(f"{response.status} from {response.url}")
        kept = response.headers.get("cache-control", "")
        is_for_all = urlsplit(response.url).path.startswith(FOR_EVERYBODY) and kept.startswith("public")
        if response.request.resource_type in PAGES and kept != "no-store" and not is_for_all:
            self._fault(f"may be stored: {response.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(TITLE):
            self._title(message.text.removeprefix(TITLE))
        elif message.type in ("error", "warning") and not (self._expected and self._expected in message.text):
            self._fault(f"console: {message.text}")

    def _title(self, title: str) -> None:
        if not title.strip() or NAME in title or CODE.search(title) or UUID.search(title):
            self._fault(f"a title that says too much, or nothing: {title!r}")

    def _error(self, error: WebError) -> None:
        self._fault(f"script: {error.error.message}")


def look(page: Page, name: str, shots: Path | None = None, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with the page as it stands, at each width, light and dark. Only colours change in the dark."""
    faults: list[str] = []
    page.evaluate(axe_source())
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        found = [("light", text) for text in [*page.evaluate(TOO_WIDE), *_axe(page, "light")]]
        found += [("dark", text) for text in _axe(page, "dark", "cat.color")]
        faults += [f"{name} at {width} px, {scheme}: {text}" for scheme, text in found]
        if shots:
            _shoot(page, shots, f"{name}-{width}")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def _axe(page: Page, scheme: Scheme, only: str = "") -> list[str]:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found: list[str] = page.evaluate(AXE, only)
    return found


def _shoot(page: Page, folder: Path, name: str) -> None:
    for scheme in get_args(Scheme):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.screenshot(path=folder / f"{name}-{scheme}.png", full_page=True)
