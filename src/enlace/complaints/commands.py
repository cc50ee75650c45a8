"""``enlace reports sweep``: forgets files of reports and complaints that were begun and never sent; run it every hour."""

import argparse

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.complaints.actions import drop_unsent_complaints
from enlace.intake.actions import drop_unsent_reports

CLOCK = Actor.system("clock")


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    steps = verbs.add_parser("reports", help="reports from the public").add_subparsers(required=True, metavar="STEP")
    sweep = steps.add_parser("sweep", help="destroy files that were held for reports never sent")
    sweep.set_defaults(run=run_sweep)


def run_sweep(options: argparse.Namespace) -> int:
    now = timezone.now()
    count = drop_unsent_reports(by=CLOCK, at=now) + drop_unsent_complaints(by=CLOCK, at=now)
    print(_("Begun and never sent, destroyed: %d") % count)
    return 0
