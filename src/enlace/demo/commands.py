"""``enlace demo``: a whole country to try, with nobody real in it."""

import argparse

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.accounts.actions import load_agencies
from enlace.base.install import Steps, install, serve
from enlace.base.synthetic import mark
from enlace.country.queries import current
from enlace.demo import (
    aftercare,
    caring,
    cascade,
    caseload,
    closing,
    desks,
    hotline,
    houses,
    living,
    people,
    rules,
    screened,
)
from enlace.directory.actions import publish_offers
from enlace.referrals.actions import expire_referrals
from enlace.statistics.actions import compute_mechanism, compute_national
from enlace.statistics.report import as_text


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("demo", help="create the synthetic national caseload and serve it on this machine")
    parser.add_argument("what", nargs="?", choices=["code"], help="code NAME: the sign-in code of an account now")
    parser.add_argument("name", nargs="?")
    parser.add_argument("--no-serve", action="store_true", help="stop when everything is created")
    parser.add_argument("--people", type=int, help="0: nobody; N: N more people outside the calibrated years")
    parser.add_argument("--port", type=int, default=8000)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    if options.what == "code":
        print(people.code_of(options.name or ""))
        return 0
    if options.people is not None and options.people < 0:
        print(_("--people must be zero or more."))
        return 2
    steps = Steps()
    if people.path().exists():
        install(steps)  # a newer version may have come since it was made
    else:
        _create(options.people, steps)
    _tell(steps)
    if options.no_serve:
        return 0
    return serve(options.port, steps)


def _create(extra: int | None, steps: Steps) -> None:
    """Everything the demonstration consists of. The marker comes first: from then on every page says synthetic."""
    mark()
    install(steps)
    by = caseload.SYSTEM
    steps(_("Loading the country pack: %s") % current().name(current().default_language))
    load_agencies(by=by, seeds=current().agencies)
    publish_offers(by=by, rows=caseload.offers())
    steps(_("Creating the accounts"))
    password, accounts = people.create(by)
    steps(_("Writing the invented directory"))
    places = houses.write()
    if extra != 0:
        _write_caseload(extra or 0, places, steps)
        expire_referrals(by=by, at=timezone.now())
        steps(_("Writing the work of these weeks"))
        living.write()
        screened.write()
        desks.write()
        caring.write(places)
        steps(_("Receiving the returns of the states"))
        closing.receive()
        for year in _years():
            steps(_("Counting %d") % year)
            compute_national(by=by, year=year)
            compute_mechanism(by=by, year=year)
        if years := _years():
            steps(_("Publishing %d") % years[-1])
            closing.release(years[-1])
    people.keep(password, accounts)


def _write_caseload(extra: int, places: list[houses.House], steps: Steps) -> None:
    pack = current()
    today = timezone.localdate()
    blocks = rules.calibrated(pack) + rules.uncalibrated(pack, extra, today) + rules.recent(today)
    invented = rules.invent(pack, blocks, caseload.reporting_states())
    steps(_("Writing %d invented people") % len(invented))
    caseload.write(invented, lambda text: steps(f"  {text}"))
    steps(_("Writing referrals, stays and needs"))
    residents = cascade.write(invented, places)
    aftercare.write(invented, residents)
    caseload.close(invented)
    steps(_("Writing the hotline's years"))
    hotline.write(invented, people.screeners("linea"))


def _years() -> list[int]:
    return sorted({block.start.year for block in rules.calibrated(current())})


def _tell(steps: Steps) -> None:
    password, accounts = people.kept()
    years = _years()
    if years and (text := as_text(years[-1])):
        print(text)
    print()
    print(_("Synthetic data: nobody here is real. Accounts to sign in with (password: %s)") % password)
    for account in accounts:
        print(f"  {account.username:14} {account.role_code}  {account.role} · {account.agency}  TOTP {account.secret}")
    print(_("The current code of an account: ./run demo code NAME"))
    if number := caring.page_to_open():
        print(_("A person's own page, with the number that opens it: %s") % number)
    if receipt := desks.receipt_to_try():
        print(_("A report from the public to come back to, with its receipt number: %s") % receipt)
