"""``enlace audit verify`` and ``enlace audit anchor``."""

import argparse
import json
from pathlib import Path

from django.utils.translation import gettext as _

from enlace.audit import actions, queries
from enlace.audit.rules import KeptAnchor, read_anchor
from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.base.rows import show_rows_of


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("audit", help="prove that the record of who did and read what is whole")
    choices = parser.add_subparsers(required=True, metavar="ACTION")
    verify = choices.add_parser("verify", help="find changed, removed, reordered or inserted rows")
    verify.add_argument("--anchors", type=Path, help="file of anchor lines kept elsewhere")
    verify.set_defaults(run=run_verify)
    anchor = choices.add_parser("anchor", help="print one signed line with every chain's head, to be kept elsewhere")
    anchor.set_defaults(run=run_anchor)


def run_verify(options: argparse.Namespace) -> int:
    show_rows_of(Actor.system("audit"))
    found = queries.verify(_read_anchors(options.anchors) if options.anchors else [])
    for fault in found:
        print(f"{fault.chain} {fault.seq}: {fault.what}")
    print(_("The record is whole.") if not found else _("Faults found: %d") % len(found))
    return 1 if found else 0


def run_anchor(options: argparse.Namespace) -> int:
    row = actions.anchor(by=Actor.system("audit"))
    line = {"number": row.number, "at": row.at.isoformat(), "heads": row.heads, "digest": row.digest}
    print(json.dumps(line, sort_keys=True))
    return 0


def _read_anchors(path: Path) -> list[KeptAnchor]:
    try:
        return [read_anchor(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise Refusal(_("The anchors file could not be read: %s") % path.name) from error
