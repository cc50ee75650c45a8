"""Prints as JSON what an outsider finds (``closing_reading.Report``) on the public site of another installation.

Run as ``python -m tests.demo.closing_outside`` with ``ENLACE_HOME`` set: it looks at another database than the tests' own.
"""

import json
import os
from dataclasses import asdict

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enlace.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client

    from tests.demo.closing_reading import Outsider
    from tests.demo.closing_site import crawl, fetching

    found = crawl(fetching(Client(SERVER_NAME="localhost")), [code for code, _name in settings.LANGUAGES])
    print(json.dumps(asdict(Outsider(list(found)).read())))


if __name__ == "__main__":
    main()
