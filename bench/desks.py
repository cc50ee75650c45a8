"""What the load of intake needs beside the server, each in a process of its own: the operators before, the count after."""

import json
import os
import sys
from typing import Any

OPERATORS = 50


def main(words: list[str]) -> None:
    """``prepare`` prints a session of each operator; ``count`` reads receipts and contacts from standard input."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enlace.settings")
    import django

    django.setup()
    print(json.dumps(prepare() if words == ["prepare"] else count(json.load(sys.stdin))))


def prepare() -> list[str]:
    """A hotline with its operators, signed in; returns the session cookie of each."""
    from django.conf import settings
    from django.test import Client

    from bench.load import SYSTEM
    from enlace.accounts.actions import create_user, load_agencies
    from enlace.accounts.queries import agencies
    from enlace.base.install import Steps, install
    from enlace.base.rows import show_rows_of
    from enlace.country.queries import current
    from tests.accounts.entering import enter

    install(Steps())
    show_rows_of(SYSTEM)
    load_agencies(by=SYSTEM, seeds=current().agencies)
    hotline = agencies(kind="hotline")[0].pk
    cookies = []
    for number in range(OPERATORS):
        name = f"operator-{number}"
        user = create_user(by=SYSTEM, username=name, display_name=name, agency_code=hotline, role_codes=["R01"])
        show_rows_of(SYSTEM)
        cookies.append(enter(Client(), user).cookies[settings.SESSION_COOKIE_NAME].value)
        show_rows_of(SYSTEM)
    return cookies


def count(made: dict[str, list[str]]) -> dict[str, int]:
    """How many of the receipts open a report that can be read, and how many of the contacts are there."""
    from enlace.base.rows import show_rows_of
    from enlace.intake.models import Contact, Report
    from enlace.intake.permissions import PUBLIC
    from enlace.intake.queries import by_receipt, report_of_author

    show_rows_of(PUBLIC)
    opened: set[Any] = set()
    for number in made["receipts"]:
        subject = by_receipt(viewer=PUBLIC, kind="report", number=number)
        if subject and any(message.words for message in report_of_author(viewer=PUBLIC, report_id=subject)[1]):
            opened.add(subject)
    return {
        "receipts": len(opened),
        "contacts": Contact.objects.filter(pk__in=made["contacts"]).count(),
        "all_reports": Report.objects.exclude(status="begun").count(),
        "all_contacts": Contact.objects.count(),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
