"""Fifty people who report without an account and fifty hotline operators, all at the same time, at a real server.

Twice: as people work, with some seconds between two pages, and with no pause at all, which is the most that a hundred
browsers can ask. Reporters go the whole way to the receipt and come back with it; every other one solves the puzzle as
a script does, the rest answer the plain question and wait. Operators open the form, save the contact, and read it and
the list. At the end every receipt is opened and every contact looked for in the list. The hundred browsers run on the
same machine as the server.
"""

import hashlib
import http.client
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection

from bench import load
from bench.demo import answers, free_port
from bench.measure import Row, spoken
from enlace.country.queries import current

ROOT = Path(__file__).resolve().parents[1]
REPORTERS = OPERATORS = 50
REPORTS, CONTACTS = 1, 4  # of each
PAUSES = {"as people work": (4.0, 12.0), "without a pause": (0.0, 0.0)}
WARMING = 40  # pages asked before the load
LONGEST = 300  # seconds after which the load counts as failed
NUMBER = re.compile(r"data-number>([\d ]{19})<")
INFORM, RETURN, NEW, LIST = "/informe/", "/informe/seguimiento/", "/contacts/new/hotline_call/", "/contacts/"


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    location: str

    def hidden(self) -> dict[str, str]:
        found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', self.text)
        return {name: unescape(value) for name, value in found}


@dataclass
class Seen:
    """What all browsers saw: seconds by kind of request, what went wrong, what was made."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)


@dataclass
class Browser:
    """One person's browser: it keeps cookies and its connection, and waits between two pages."""

    port: int
    seen: Seen
    pause: tuple[float, float]
    cookies: dict[str, str] = field(default_factory=dict)
    kept: http.client.HTTPConnection | None = None

    def get(self, kind: str, path: str) -> Page:
        return self._ask(kind, "GET", path, None)

    def post(self, kind: str, path: str, fields: dict[str, str]) -> Page:
        return self._ask(kind, "POST", path, urlencode(fields))

    def wait(self, least: float = 0.0) -> None:
        time.sleep(max(least, random.uniform(*self.pause)))

    def _ask(self, kind: str, method: str, path: str, body: str | None) -> Page:
        headers = {"Accept-Language": "en", "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        started = time.perf_counter()
        answer, text = self._send(method, path, body, headers)
        self.seen.seconds[kind].append(time.perf_counter() - started)
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status not in (200, 302):
            raise RuntimeError(f"{kind}: {answer.status}")
        return Page(answer.status, text, answer.headers.get("Location") or "")

    def _send(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, str]:
        """A connection that the server has closed meanwhile is opened anew, as browsers do."""
        for is_fresh in (self.kept is None, True):
            if self.kept is None:
                self.kept = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST)
            try:
                self.kept.request(method, path, body, headers)
                answer = self.kept.getresponse()
                return answer, answer.read().decode()
            except (http.client.RemoteDisconnected, ConnectionError):
                self.kept = None
                if is_fresh:
                    raise
        raise AssertionError("unreachable")


def run() -> Iterator[Row]:
    """On this process's kind of database: the embedded one, or with ``DATABASE_URL`` a new one on that server."""
    kind = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite"
    for name, pause in PAUSES.items():
        with _served() as (port, environment, cookies):
            started = time.perf_counter()
            seen = _all_at_once(port, cookies, pause)
            took = time.perf_counter() - started
            listed = _listed(port, cookies[0])
            counted = json.loads(_child(environment, "count", json.dumps(vars(seen) | {"seconds": {}})))
        yield from _rows(f"{kind}, {name}", seen, took)
        yield _verdict(f"{kind}, {name}", seen, counted, listed)


def _all_at_once(port: int, cookies: list[str], pause: tuple[float, float]) -> Seen:
    seen, start = Seen(), threading.Barrier(REPORTERS + OPERATORS)

    def live(act: Callable[[Browser, int], None], number: int, kept: dict[str, str]) -> None:
        browser = Browser(port, seen, pause, kept)
        start.wait()
        try:
            browser.wait()
            act(browser, number)
        except Exception as error:  # whatever it was is an error of the run, counted and shown
            seen.errors.append(f"{type(error).__name__} {error}")

    people = [threading.Thread(target=live, args=(_report, n, {}), daemon=True) for n in range(REPORTERS)]
    session = settings.SESSION_COOKIE_NAME
    people += [
        threading.Thread(target=live, args=(_operate, n, {session: cookies[n]}), daemon=True) for n in range(OPERATORS)
    ]
    for person in people:
        person.start()
    last = time.monotonic() + LONGEST
    for person in people:
        person.join(max(0.0, last - time.monotonic()))
    seen.errors += ["not finished in time"] * sum(person.is_alive() for person in people)
    return seen


def _report(browser: Browser, number: int) -> None:
    """From the first question to the receipt, and back with it."""
    for _round in range(REPORTS):
        page = browser.get("report: first page", INFORM)
        words = f"Invented words of reporter {number}"
        for typed in ({"topic": "help"}, {"what": words}, {"state": "", "place": "a place"}, {"who": "somebody"}, {}):
            browser.wait()
            page = browser.post("report: a question", INFORM, page.hidden() | typed)
        sent = browser.post("report: send", INFORM, _paid(browser, page, number))
        receipt = NUMBER.search(sent.text)
        if receipt is None:
            raise RuntimeError("report: no receipt")
        browser.seen.receipts.append(receipt[1].replace(" ", ""))
        asked = browser.get("receipt: its page", RETURN)
        paid = _paid(browser, asked, number)
        opened = browser.post("receipt: open the report", RETURN, paid | {"number": receipt[1]})
        if words not in opened.text:
            raise RuntimeError("receipt: it opens another report")


def _operate(browser: Browser, number: int) -> None:
    """Contacts as they come: the form, saving, the contact's page, the list."""
    for turn in range(CONTACTS):
        form = browser.get("contact: the form", NEW)
        browser.wait()
        said = {"disposition": "possible_trafficking", "risk": "high", "precision": "none", "p0_role": "caller"}
        told = {"told": f"Invented words {number} {turn}"}
        saved = browser.post("contact: save", NEW, form.hidden() | said | told)
        if saved.status != 302:
            raise RuntimeError("contact: not saved")
        browser.seen.contacts.append(saved.location.strip("/").rpartition("/")[2])
        browser.get("contact: its page", saved.location)
        browser.wait()
        browser.get("contact: the list", LIST)


def _paid(browser: Browser, page: Page, number: int) -> dict[str, str]:
    """The hidden fields with the effort made: by the puzzle, or by the plain question and the wait."""
    fields, bits = page.hidden(), int(re.search(r'data-bits="(\d+)"', page.text)[1])  # type: ignore[index]
    if number % 2:
        browser.wait()
        return fields | {"solution": _solved(fields["challenge"], bits)}
    browser.wait(least=4.5)
    return fields | {"plain": _plain_answer(page)}


def _solved(challenge: str, bits: int) -> str:
    number = 0
    while int.from_bytes(hashlib.sha256(f"{challenge}:{number}".encode()).digest()[:4]) >> (32 - bits):
        number += 1
    return str(number)


def _plain_answer(page: Page) -> str:
    shown = unescape(page.text)
    asked = next(code for code in current().codes("plain_question") if code.label("en") in shown)
    return asked.extra["answer"].split(";")[0]


def _listed(port: int, cookie: str) -> int:
    """How many contacts an operator finds who reads the list to its end."""
    browser, found, path = Browser(port, Seen(), (0.0, 0.0), {settings.SESSION_COOKIE_NAME: cookie}), set(), LIST
    while path:
        page = browser.get("list", path)
        found |= set(re.findall(r'href="/contacts/([0-9a-f-]{36})/"', page.text))
        older = re.search(r'rel="next" href="(\?[^"]+)"', page.text)
        path = LIST + unescape(older[1]) if older else ""
    return len(found)


@contextmanager
def _served() -> Iterator[tuple[int, dict[str, str], list[str]]]:
    """``enlace serve`` with a home, a database and a port of its own, and operators signed in; all gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="enlace-load-") as home, _database() as url:
        port = free_port()
        hidden = ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
        environment = {name: value for name, value in os.environ.items() if name not in hidden} | {"ENLACE_HOME": home}
        environment |= {"DATABASE_URL": url} if url else {}
        cookies: list[str] = json.loads(_child(environment, "prepare"))
        command = [sys.executable, "-m", "enlace", "serve", "--port", str(port)]
        with subprocess.Popen(command, env=environment, cwd=ROOT, stderr=subprocess.DEVNULL) as server:
            try:
                while not answers(f"http://127.0.0.1:{port}{INFORM}"):
                    assert server.poll() is None, "the server did not start"
                    time.sleep(0.1)
                _warm(port, cookies[0])
                yield port, environment, cookies
            finally:
                server.terminate()


def _warm(port: int, cookie: str) -> None:
    """Let every worker load the pack and its templates first: that is part of starting, not of the load."""
    for number in range(WARMING):
        browser = Browser(port, Seen(), (0.0, 0.0), {settings.SESSION_COOKIE_NAME: cookie})
        browser.get("warming", (NEW, LIST, INFORM, RETURN)[number % 4])


@contextmanager
def _database() -> Iterator[str]:
    """The address of a new database on the server of ``DATABASE_URL``; "" for the file in the home."""
    if connection.vendor != "postgresql":
        yield ""
        return
    with load.database("bench_intake"):
        connection.close()
        yield re.sub(r"/[^/?]*(\?.*)?$", r"/bench_intake\1", os.environ["DATABASE_URL"])


def _child(environment: dict[str, str], word: str, given: str = "") -> str:
    """What a process beside the server prints."""
    command = [sys.executable, "-m", "bench.desks", word]
    done = subprocess.run(
        command, env=environment, cwd=ROOT, input=given, text=True, stdout=subprocess.PIPE, check=True
    )
    return done.stdout.splitlines()[-1]


def _rows(where: str, seen: Seen, took: float) -> Iterator[Row]:
    total = sum(len(times) for times in seen.seconds.values())
    yield Row(f"{where}: all requests", f"{total} in {spoken(took)}: {total / took:.0f} a second")
    for kind, times in sorted(seen.seconds.items()):
        p50, p95, p99 = (spoken(_quantile(times, share)) for share in (0.50, 0.95, 0.99))
        yield Row(f"{where}: {kind}", f"p50 {p50}, p95 {p95}, p99 {p99} ({len(times)})")


def _quantile(times: list[float], share: float) -> float:
    """The nearest rank."""
    ranked = sorted(times)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def _verdict(where: str, seen: Seen, counted: dict[str, int], listed: int) -> Row:
    made = REPORTERS * REPORTS, OPERATORS * CONTACTS
    lost = 2 * made[0] - counted["receipts"] - counted["all_reports"], 2 * made[1] - counted["contacts"] - listed
    for error in sorted(set(seen.errors)):
        print(f"  {where}: {error}", file=sys.stderr)
    said = f"{len(seen.errors)} errors; {counted['receipts']} of {made[0]} receipts open their report, "
    said += f"{counted['contacts']} of {made[1]} contacts are there and {listed} in the list"
    return Row(f"{where}: nothing lost", said, target="0 errors, 0 lost", met=not seen.errors and lost == (0, 0))
