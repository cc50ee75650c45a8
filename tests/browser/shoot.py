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
from tests.browser.places import send, write  # noqa: E402
from tests.browser.served import server  # noqa: E402
from tests.browser.watched import HEIGHT  # noqa: E402

CHROMIUM = "/usr/bin/chromium"
YEAR = 2020


def sign_in(page: Page, username: str) -> None:
    write(page, login=username, password=people.kept()[0])
    send(page)
    write(page, code=people.code_of(username))
    send(page)


def main(target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with server() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(locale="es-MX", base_url=url, viewport={"width": 1280, "height": HEIGHT})
        page.goto(f"/statistics/?year={YEAR}")
        sign_in(page, "estadistica")
        page.screenshot(path=target)
        if len(sys.argv) > 2:
            page.screenshot(path=sys.argv[2], full_page=True)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
