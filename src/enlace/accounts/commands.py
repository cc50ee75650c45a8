"""``enlace user`` and ``enlace agency``: what is needed before anybody can sign in, and when nobody can any more."""

import argparse

from django.urls import reverse
from django.utils.translation import gettext as _

from enlace.accounts import actions, queries
from enlace.base.actor import Actor
from enlace.country.queries import current

BY = Actor.system("command")


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    people = verbs.add_parser("user", help="accounts: add, list, invite again, disable")
    choices = people.add_subparsers(required=True, metavar="ACTION")
    add = choices.add_parser("add", help="add an account and print its invitation")
    add.add_argument("username")
    add.add_argument("--agency", required=True, metavar="CODE")
    add.add_argument("--role", required=True, action="append", metavar="CODE", help="may be given several times")
    add.add_argument("--name", default="", help="how colleagues know the person")
    add.set_defaults(run=run_add)
    listing = choices.add_parser("list", help="print the accounts")
    listing.add_argument("--agency", default="", metavar="CODE")
    listing.set_defaults(run=run_list)
    for name, run, text in (
        ("invite", run_invite, "print a new invitation for somebody who has not joined"),
        ("disable", run_disable, "close an account at once"),
    ):
        parser = choices.add_parser(name, help=text)
        parser.add_argument("username")
        parser.set_defaults(run=run)
    agencies = verbs.add_parser("agency", help="agencies: load those of the country pack, list")
    choices = agencies.add_subparsers(required=True, metavar="ACTION")
    choices.add_parser("load", help="add the pack's agencies that are not there yet").set_defaults(run=run_load)
    choices.add_parser("list", help="print the agencies").set_defaults(run=run_agencies)


def run_add(options: argparse.Namespace) -> int:
    user = actions.create_user(
        by=BY,
        username=options.username,
        display_name=options.name,
        agency_code=options.agency,
        role_codes=options.role,
    )
    return _print_invitation(user.username)


def run_invite(options: argparse.Namespace) -> int:
    return _print_invitation(options.username)


def run_list(options: argparse.Namespace) -> int:
    found = list(queries.users(BY, agency_code=options.agency))
    roles = queries.role_codes_of(user.pk for user in found)
    for user in found:
        state = "active" if user.is_active else "disabled"
        print(user.username, user.agency_id, " ".join(roles.get(user.pk, ["-"])), state, sep="\t")
    return 0


def run_disable(options: argparse.Namespace) -> int:
    actions.disable_user(by=BY, user_id=queries.user_by_name(BY, options.username).pk)
    print(_("The account is disabled and its sessions have ended."))
    return 0


def run_load(options: argparse.Namespace) -> int:
    print(_("Agencies added: %d") % actions.load_agencies(by=BY, seeds=current().agencies))
    return 0


def run_agencies(options: argparse.Namespace) -> int:
    for agency in queries.agencies(active=None):
        print(agency.pk, agency.kind_code, agency.state_code or "-", agency.name, sep="\t")
    return 0


def _print_invitation(username: str) -> int:
    code = actions.invite_user(by=BY, user_id=queries.user_by_name(BY, username).pk)
    print(_("Invitation, valid for 72 hours and shown only now:"))
    print(reverse("accounts:join", args=[code]))
    return 0
