"""``enlace referrals expire``: the clock of referrals, to be run every quarter of an hour."""

import argparse

from django.utils import timezone
from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.referrals.actions import expire_referrals

CLOCK = Actor.system("clock")


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    steps = verbs.add_parser("referrals", help="the clock of referrals").add_subparsers(required=True, metavar="STEP")
    expire = steps.add_parser("expire", help="mark as expired what nobody answered in time")
    expire.set_defaults(run=run_expire)


def run_expire(options: argparse.Namespace) -> int:
    count = expire_referrals(by=CLOCK, at=timezone.now())
    print(_("Referrals that expired: %d") % count)
    return 0
