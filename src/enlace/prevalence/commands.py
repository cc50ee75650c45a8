"""``enlace prevalence``: the estimates, one of them, and the same computed again.

No number is printed without its interval, its range across methods and its warnings.
"""

import argparse
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.worker import work
from enlace.prevalence import queries
from enlace.prevalence.actions import repeat_estimation
from enlace.prevalence.labels import STATUS, language, reason_of
from enlace.prevalence.models import Estimation
from enlace.prevalence.report import as_json, cautions
from enlace.prevalence.rules import DONE
from reckon.prevalence import wording
from reckon.prevalence.report import headline_lines, headline_warnings
from reckon.prevalence.results import NoEstimate

BY = Actor.system("command")


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    estimates = verbs.add_parser("prevalence", help="estimates of how many are never seen: list, show, compute again")
    choices = estimates.add_subparsers(required=True, metavar="ACTION")
    listing = choices.add_parser("list", help="print the newest estimates, without numbers")
    listing.add_argument("--limit", type=int, default=25, metavar="N")
    listing.set_defaults(run=run_list)
    show = choices.add_parser("show", help="print one estimate with everything that belongs to its number")
    show.add_argument("id", type=UUID)
    show.add_argument("--format", choices=("text", "json"), default="text", help="JSON is not rounded")
    show.set_defaults(run=run_show)
    rerun = choices.add_parser("rerun", help="compute one again and say whether every number is the same")
    rerun.add_argument("id", type=UUID)
    rerun.set_defaults(run=run_rerun)


def run_list(options: argparse.Namespace) -> int:
    for row in queries.estimation_page(viewer=BY, size=max(1, options.limit)).rows:
        print(row.pk, f"{row.asked_at:%Y-%m-%d}", STATUS[row.status], row.period, row.title, sep="\t")
    return 0


def run_show(options: argparse.Namespace) -> int:
    row = queries.estimation(viewer=BY, estimation_id=options.id)
    if options.format == "json" and row.status == DONE:
        print(as_json(row))
        return 0
    return _print(row)


def run_rerun(options: argparse.Namespace) -> int:
    """Does what waits for the worker, the repetition with it. Exit status 1 when a number differs."""
    row = repeat_estimation(by=BY, estimation_id=options.id)
    work(batch=True)
    row = queries.estimation(viewer=BY, estimation_id=row.pk)
    _print(row)
    same = queries.is_the_same(row)
    if same is None:
        print(_("Another worker has taken it up: look again later."), row.pk)
        return 1
    if same:
        print(_("Computed again from the same lists: every number is the same."))
        return 0
    print(_("Computed again, and the numbers differ"))
    return 1


def _print(row: Estimation) -> int:
    """The headline with all that belongs to it, or why there is none; the exit status is 1 without one."""
    lang = language()
    print(f"{row.title} ({row.period})")
    if row.status != DONE:
        print(STATUS[row.status], reason_of(row.reason))
        return 1
    found = queries.study_of(row).headline
    if isinstance(found, NoEstimate):
        print(f"{wording.label('refuse', lang)}: {wording.refusal(found, lang)}")
        return 1
    print(wording.people(found.total, lang), *headline_lines(found, lang), sep="\n")
    for text in (*cautions(row), *headline_warnings(found, lang)):
        print(f"- {text}")
    return 0
