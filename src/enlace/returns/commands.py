"""``enlace returns``: take in a file of returns, and say who has answered for a period."""

import argparse
from pathlib import Path

from django.utils.translation import gettext as _

from enlace.accounts.queries import actor_for_cli
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.country.labels import language
from enlace.country.queries import current
from enlace.returns import facts, report, rules
from enlace.returns.actions import import_returns, submit_return
from enlace.returns.labels import state_name
from enlace.returns.models import PeriodicReturn

READER = Actor.system("command")


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("returns", help="periodic returns: take in a file, say who has answered")
    choices = parser.add_subparsers(required=True, metavar="ACTION")
    taken = choices.add_parser(
        "import", help="keep the returns of a CSV or XLSX file as drafts; fails if any is not whole"
    )
    taken.add_argument("file", type=Path)
    taken.add_argument(
        "--as", dest="username", required=True, metavar="USERNAME", help="who answers; must hold the role"
    )
    taken.add_argument("--submit", action="store_true", help="submit those in which nothing is wrong")
    taken.set_defaults(run=run_import)
    status = choices.add_parser("status", help="how many states reported each number for a period")
    status.add_argument("--period", required=True, help="2020, 2020-H1, 2020-Q1 or 2020-03")
    status.set_defaults(run=run_status)


def run_import(options: argparse.Namespace) -> int:
    """Exit status 0 when nothing is wrong in any return, 1 when something is: what could be read is kept all the same."""
    content = options.file.read_bytes()
    by = actor_for_cli(options.username, "PERIODIC_RETURN_SUBMIT")
    return max(_tell(by, row, options.submit) for row in import_returns(by=by, content=content))


def _tell(by: Actor, row: PeriodicReturn, submit: bool) -> int:
    shown = report.sheet(row)
    print(row.template_code, row.state_code or "-", row.period, sep="\t")
    for place, text, reason in shown.strange:
        print(f"  {place}: {text!r}: {reason}")
    for _cell, text in (*shown.problems, *shown.warnings):
        print(f"  {text}")
    if shown.problems or shown.strange:
        print(" ", _("Kept as a draft: not whole yet."))
        return 1
    if submit:
        try:
            submit_return(by=by, return_id=row.pk)
        except Refusal as refusal:
            print(f"  {refusal.reason}")
            return 1
        print(" ", _("Submitted."))
    return 0


def run_status(options: argparse.Namespace) -> int:
    """A line for each number asked for a period inside the one given: how many states, and who is missing."""
    span = rules.period_of(options.period)
    found = report.completeness(viewer=READER, start=span.start, end=span.end)
    if not found:
        print(_("Nothing is asked for a period inside this one."))
        return 0
    names = {(one.id, measure.id): (one, measure) for one in current().return_templates for measure in one.measures}
    lang = language()
    for template, measure in dict.fromkeys((one.template, one.measure) for one in found):
        lines = facts.of_measure(found, template, measure)
        some, of = facts.reported(lines)
        asked, number = names[template, measure]
        missing = sorted({state_name(one.state) for one in lines if one.kind not in rules.NUMBERS})
        share = _("%(some)d of %(all)d states") % {"some": some, "all": of} if of else _("Federation")
        print(asked.label(lang), number.label(lang), share, ", ".join(missing) or "-", sep="\t")
    return 0
