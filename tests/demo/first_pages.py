"""Opens the first page of every account of a demonstration and prints, as JSON, what stands in its work queue.

Run as ``python -m tests.demo.first_pages`` with ``ENLACE_HOME`` set: it looks at another database than the tests' own.
"""

import json
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enlace.settings")
    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    from enlace.accounts.queries import user_by_name
    from enlace.base.rows import show_rows_of
    from enlace.demo import caseload, people
    from tests.accounts.entering import enter

    setup_test_environment()  # so that a page tells what it was made of
    found = {}
    for account in people.kept()[1]:
        show_rows_of(caseload.SYSTEM)
        client = enter(Client(SERVER_NAME="localhost"), user_by_name(caseload.SYSTEM, account.username))
        page = client.get("/", headers={"Accept-Language": "en"})
        groups = page.context["groups"]
        found[account.username] = {
            "status": page.status_code,
            "has_queue": page.context["has_queue"],
            "waiting": {group.name: len(group.items) for group in groups},
        }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
