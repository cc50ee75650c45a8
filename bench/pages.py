"""Server time of the pages of casework: a million cases beside ten thousand, in one run, in turns."""

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import caseload, load
from bench.measure import Row, Timed, compared, middle, timed
from enlace.accounts.actions import create_user
from enlace.assistance.models import ServiceGiven
from enlace.assistance.queries import ORDER as SERVICES
from enlace.base.pages import page
from enlace.cases.models import Case, CaseAgency
from enlace.cases.queries import ORDER as CASES
from enlace.referrals.models import Referral
from enlace.referrals.queries import ORDER as REFERRALS
from tests.accounts.entering import enter

SMALL, LARGE = int(os.environ.get("BENCH_SMALL", 10_000)), int(os.environ.get("BENCH_LARGE", 1_000_000))
BLOCKS, ROUNDS, WARM = 3, 10, 5
AT_MOST, FLOOR = 2.0, 0.1
SILENT = -1  # the place of a state in which the caseload has no case


@dataclass(frozen=True)
class Page:
    """A page as one account opens it; of several addresses each round takes the next."""

    client: Client
    addresses: Sequence[str]


def run() -> Iterator[Row]:
    """One row for each page."""
    with ExitStack() as stack:
        built = {}
        for count in (SMALL, LARGE):
            name = f"bench_{count}"
            stack.enter_context(load.database(name))
            print(f"  writing {count:,} cases")
            codes = caseload.write(count)
            load.tidy()
            built[name] = _pages(codes[0], codes[-1], count)
        for title in next(iter(built.values())):
            yield _row(title, {name: pages[title] for name, pages in built.items()})


def _row(title: str, pages: dict[str, Page]) -> Row:
    """Small and large in turns, so that what else the machine does weighs on both alike."""
    runs: dict[str, list[Timed]] = {name: [] for name in pages}
    queries = dict.fromkeys(pages, 0)
    for block in range(BLOCKS):
        for name, shown in pages.items():
            load.use(name)
            found = [_time(shown, block * ROUNDS + number) for number in range(-WARM, ROUNDS)]
            runs[name] += found[WARM:]
            with CaptureQueriesContext(connection) as captured:
                _get(shown, 0)
            queries[name] = len(captured)
    baseline, ours = (middle(found) for found in runs.values())
    few, many = queries.values()
    row = compared(title, ours, baseline, AT_MOST, by_wall=connection.vendor == "postgresql")
    asked = f"{many} queries" if few == many else f"{few} → {many} queries"
    target = f"≤ {AT_MOST:g}, ≤ {FLOOR * 1000:g} ms"
    return Row(title, f"{row.measured}, {asked}", row.baseline, row.ratio, target, _met(row, ours, few == many))


def _met(row: Row, ours: Timed, same_queries: bool) -> bool:
    return bool(row.met) and same_queries and ours.cpu <= FLOOR


def _time(shown: Page, number: int) -> Timed:
    return timed(lambda: _get(shown, number))


def _get(shown: Page, number: int) -> None:
    address = shown.addresses[number % len(shown.addresses)]
    answer = shown.client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"


def _pages(large: str, tiny: str, count: int) -> dict[str, Page]:
    """The pages by title, each with what the caller's database holds."""
    accounts = {"large": _client("large", large, "R06"), "tiny": _client("tiny", tiny, "R06")}
    found = {title: Page(accounts["large"], addresses) for title, addresses in _addresses(large, count).items()}
    for title in ("work queue", "cases", "referrals received", "services"):
        found[f"{title}, of a tiny agency"] = Page(accounts["tiny"], found[title].addresses)
    found["record, of a national auditor"] = Page(_client("auditor", large, "R18"), [reverse("accounts:log")])
    return found


def _client(username: str, agency: str, role: str) -> Client:
    user = create_user(
        by=load.SYSTEM, username=username, display_name=username, agency_code=agency, role_codes=[role], password=None
    )
    return enter(Client(SERVER_NAME="localhost"), user)


def _addresses(agency: str, count: int) -> dict[str, list[str]]:
    cases, referrals, services = (reverse(f"{module}:list") for module in ("cases", "referrals", "assistance"))
    rich = caseload.rich_cases(count)
    people = Case.objects.filter(pk__in=rich).values_list("person_id", flat=True)
    mine = CaseAgency.objects.filter(agency_code=agency)
    half = count // 7
    return {
        "work queue": [reverse("accounts:home")],
        "cases": [cases],
        "cases, closed": [f"{cases}?status=closed"],
        "cases, not confirmed": [f"{cases}?identification=not_confirmed"],
        "cases, of another state": [f"{cases}?state={caseload.states()[7]}"],
        "cases, of a state without any": [f"{cases}?state={caseload.states()[SILENT]}"],
        "cases, we join in": [f"{cases}?part=partner"],
        "cases, oldest first": [f"{cases}?order=oldest"],
        "cases, deep page": [f"{cases}?cursor={_deep(mine, CASES, half)}"],
        "case with 30 entries": [reverse("cases:case", args=[pk]) for pk in rich],
        "person": [reverse("vault:person", args=[pk]) for pk in people],
        "referrals received": [f"{referrals}?box=in"],
        "referrals received, waiting": [f"{referrals}?box=in&status=sent"],
        "referrals received, withdrawn": [f"{referrals}?box=in&status=withdrawn"],
        "referrals sent": [f"{referrals}?box=out"],
        "referrals received, deep page": [
            f"{referrals}?box=in&cursor={_deep(Referral.objects.filter(recipient_code=agency), REFERRALS, half // 4)}"
        ],
        "services": [services],
        "services, of one kind": [f"{services}?service=LEGAL"],
        "services, of a kind never given": [f"{services}?service=JOB"],
        "services, deep page": [
            f"{services}?cursor={_deep(ServiceGiven.objects.filter(agency_code=agency), SERVICES, half)}"
        ],
        "directory": [reverse("directory:list")],
    }


def _deep(rows: Any, order: Sequence[str], depth: int) -> str:
    """The cursor of the page that begins ``depth`` rows down."""
    return page(rows, order=order, size=depth).older
