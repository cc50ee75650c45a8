"""Takes the README's picture: the national table of the demonstration.

export ENLACE_COUNTRY=mx ENLACE_HOME=$(mktemp -d)
./run demo --no-serve
.venv/bin/python -m tests.browser.shoot docs/img/tabla-nacional.png
"""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "enlace.settings")
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver runs an event loop in this thread
django.setup()

from playwright.sync_api import Page, sync_playwright  # noqa: E402 - after Django is set up

from enlace.demo import people  # noqa: E402
from tests.browser.pictures import take  # noqa: E402
from tests.browser.places import send, write  # noqa: E402
from tests.browser.served import server  # noqa: E402
from tests.browser.watched import HEIGHT  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
YEAR = 2020  # a year with published figures to stand beside
WIDTH, MARGIN = 1280, 24
LAST_SHOWN = "section[aria-labelledby=published-title] table"


def sign_in(page: Page, username: str) -> None:
    write(page, login=username, password=people.kept()[0])
    send(page)
    write(page, code=people.code_of(username))
    send(page)


def main(target: Path) -> None:
    with server() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(locale="es-MX", base_url=url, viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(f"/statistics/?year={YEAR}")
        sign_in(page, "estadistica")
        page.reload()  # the greeting is said once
        shown = page.locator(LAST_SHOWN).bounding_box()
        assert shown
        height = shown["y"] + shown["height"] + MARGIN
        take(page, target, full_page=True, clip={"x": 0, "y": 0, "width": WIDTH, "height": height})
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
