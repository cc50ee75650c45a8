"""``enlace vault``: new keys, and erasing a person."""

import argparse
import sys
from pathlib import Path
from uuid import UUID

from django.utils.translation import gettext as _

from enlace.base.actor import Actor
from enlace.base.errors import Refusal
from enlace.vault import actions, envelope


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = verbs.add_parser("vault", help="change the keys of sealed identities, or erase a person's")
    choices = parser.add_subparsers(required=True, metavar="ACTION")
    agency = choices.add_parser("rotate-agency-key", help="give an agency a new key and destroy its old one")
    agency.add_argument("code", help="code of the agency")
    agency.set_defaults(run=run_rotate_agency_key)
    master = choices.add_parser("rotate-master-key", help="wrap every agency's key by a new master key")
    master.add_argument("--new-key-file", type=Path, required=True, help="file with 64 hexadecimal digits")
    master.set_defaults(run=run_rotate_master_key)
    erase = choices.add_parser("erase", help="destroy the key of a person: the identity can never be read again")
    erase.add_argument("person", type=UUID, help="id of the person")
    erase.add_argument("--yes", action="store_true", help="do it; without this nothing is changed")
    erase.set_defaults(run=run_erase)


def run_rotate_agency_key(options: argparse.Namespace) -> int:
    count = actions.rotate_agency_key(by=Actor.system("vault"), agency_code=options.code, progress=_show)
    print(_("Keys wrapped again: %d") % count)
    return 0


def run_rotate_master_key(options: argparse.Namespace) -> int:
    try:
        new_key = envelope.read_key(options.new_key_file.read_text())
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(_("The key file could not be read: %s") % options.new_key_file.name) from error
    count = actions.rotate_master_key(by=Actor.system("vault"), new_key=new_key, progress=_show)
    print(_("Agency keys wrapped again: %d") % count)
    if envelope.is_from_environment():
        print(_("Put the new key into %s before the next start.") % envelope.ENVIRONMENT)
    else:
        print(_("The new key is in use. Older copies of the database need the old one: keep it apart or destroy it."))
    return 0


def run_erase(options: argparse.Namespace) -> int:
    if not options.yes:
        raise Refusal(_("This cannot be undone. Add --yes to erase the identity."))
    actions.erase_person(by=Actor.system("vault"), person_id=options.person)
    print(_("Erased. Copies of the key table made before today still open it: destroy them as well."))
    return 0


def _show(done: int, total: int) -> None:
    print(f"{done} / {total}", file=sys.stderr, flush=True)
