"""``enlace release``: prepare, approve and refuse a year; check a release; try to work out what it withholds."""

import argparse
from collections.abc import Sequence

from django.utils.translation import gettext as _

from enlace.accounts.queries import actor_for_cli
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.releases import actions, checks, document, queries

READER = Actor.system("release")
EVERYTHING = "*"


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    release = verbs.add_parser("release", help="close a year: prepare, approve, verify and attack releases")
    kinds = release.add_subparsers(required=True, metavar="VERB")
    prepare = kinds.add_parser("prepare", help="freeze the newest count of a year")
    prepare.add_argument("--year", type=int, required=True)
    prepare.add_argument(
        "--reason",
        action="append",
        default=[],
        metavar="[INDICATOR=]TEXT",
        help="why numbers changed since the release before; without an indicator, for all of them",
    )
    prepare.set_defaults(run=run_prepare)
    approve = kinds.add_parser("approve", help="sign a release as the second person; it becomes public")
    refuse = kinds.add_parser("refuse", help="say why a release must not go out")
    refuse.add_argument("--reason", required=True)
    verify = kinds.add_parser("verify", help="make the files again from the sealed inputs and compare every byte")
    attack = kinds.add_parser("attack", help="try to work out what the release and all before it withhold")
    for parser, run in ((approve, run_approve), (refuse, run_refuse), (verify, run_verify), (attack, run_attack)):
        parser.add_argument("number", type=int)
        parser.set_defaults(run=run)
    for parser in (prepare, approve, refuse):
        parser.add_argument("--as", dest="username", required=True, metavar="USERNAME", help="who does it")
    kinds.add_parser("list", help="all releases").set_defaults(run=run_list)


def run_prepare(options: argparse.Namespace) -> int:
    by = actor_for_cli(options.username, "RELEASE_PREPARE")
    row = actions.prepare_release(by=by, year=options.year, reasons=_reasons(by, options))
    print(_("Release %(number)d is prepared. A second person has to approve it.") % {"number": row.number})
    return 0


def run_approve(options: argparse.Namespace) -> int:
    by = actor_for_cli(options.username, "RELEASE_APPROVE")
    actions.approve_release(by=by, number=options.number)
    print(_("Release %(number)d is signed and public.") % {"number": options.number})
    return 0


def run_refuse(options: argparse.Namespace) -> int:
    by = actor_for_cli(options.username, "RELEASE_APPROVE")
    actions.refuse_release(by=by, number=options.number, reason=options.reason)
    print(_("Release %(number)d is refused.") % {"number": options.number})
    return 0


def run_list(options: argparse.Namespace) -> int:
    for stand in queries.all_releases(viewer=READER):
        row = stand.release
        print(row.number, row.period, stand.status, f"{row.prepared_at:%Y-%m-%d}", sep="\t")
    return 0


def run_verify(options: argparse.Namespace) -> int:
    """The exit code is 1 when anything is not as it was."""
    row = queries.release(viewer=READER, number=options.number).release
    found = checks.verify(row)
    recorded, here = row.document["software"], document.software()
    for name in sorted(name for name in recorded if recorded[name] != here.get(name)):
        versions = {"name": name, "then": recorded[name], "now": here.get(name, "-")}
        print(_("made with %(name)s %(then)s, checked with %(now)s") % versions)
    for fault in found:
        print(f"{fault.kind}\t{fault.what}")
    if not found:
        print(_("Release %(number)d: files, signature and every number are as published.") % {"number": row.number})
    return int(bool(found))


def run_attack(options: argparse.Namespace) -> int:
    """The exit code is 1 when anything could be worked out. What, is said by its place, never by its value."""
    row = queries.release(viewer=READER, number=options.number).release
    found = checks.attacked_by_outsider(row)
    for interval in found.recovered:
        print(interval.indicator, interval.period, ", ".join(f"{name}={code}" for name, code in interval.key), sep="\t")
    told = _("%(withheld)d withheld numbers, this release and those before it: %(recovered)d can be worked out.")
    print(told % {"withheld": found.withheld, "recovered": len(found.recovered)})
    if found.narrowest is not None:
        print(_("The closest that an outsider comes: a range of %d.") % (found.narrowest + 1))
    return int(bool(found.recovered))


def _reasons(by: Actor, options: argparse.Namespace) -> dict[str, str]:
    """Reasons by indicator; one without an indicator is for all that have none of their own."""
    given = dict(_split(options.reason))
    general = given.pop(EVERYTHING, "")
    if not general:
        return given
    changed = document.draft(by=by, period=str(options.year)).changed_indicators
    return dict.fromkeys(changed, general) | given


def _split(texts: Sequence[str]) -> list[tuple[str, str]]:
    found = []
    for text in texts:
        name, sign, reason = text.partition("=")
        is_named = bool(sign) and name.replace("_", "").isalnum()
        if not text.strip():
            raise Refusal(_("A reason is empty."))
        found.append((name, reason) if is_named else (EVERYTHING, text))
    return found
