"""The application behind a real socket, and the accounts of the cast with everything they need to sign in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler

from enlace.accounts.actions import load_agencies, set_factor
from enlace.base.rows import seeing_as
from enlace.base.synthetic import is_synthetic, mark, marker
from enlace.cases.actions import Coded, Opening, Ruling, decide_cases, open_cases
from enlace.country.queries import current
from enlace.directory.actions import Offer, publish_offers
from enlace.people.actions import Registration, register_people
from tests.accounts.entering import enter
from tests.world import CAST, OFFERS, SYSTEM, World, make_world

# Enough people already identified that one more is a number that may be shown.
ALREADY_IDENTIFIED = 12
# The coordination can be referred to like anybody else.
COORDINATION = Offer("prosecutor-north", "LEGAL", "XX-N")
# The pictures are for readers of Spanish.
NAMES = {
    "commission": "Comisión Xandoriana contra la Trata",
    "police-north": "Policía de la Marca del Norte",
    "prosecutor-north": "Fiscalía de la Marca del Norte",
    "health-south": "Servicio de Salud de la Marca del Sur",
    "ngo-harbour": "Puerto Seguro (organización civil)",
    "shelter-isles": "Casa de las Islas (refugio)",
}


@dataclass(frozen=True)
class House:
    """A running installation: its address, its cast, and the secret of each one's authenticator app."""

    url: str
    world: World
    secrets: dict[str, str]

    def session(self, name: str) -> str:
        """A session of one of the cast, for the tests that are not about signing in."""
        with seeing_as(SYSTEM):
            client = enter(Client(), get_user_model().objects.get(username=name))
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


@contextmanager
def server() -> Iterator[str]:
    """Serve on a free port; the database is the one of the moment, over a connection of each thread's own."""
    serving = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    serving.set_app(WSGIHandler())
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{serving.server_port}"
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


@contextmanager
def invented() -> Iterator[None]:
    """Inside the block every page says that nobody is real, as in a demonstration."""
    mark()
    try:
        yield
    finally:
        marker().unlink()
        is_synthetic.cache_clear()


def furnish() -> tuple[World, dict[str, str]]:
    """The cast with passwords and second factors, and people whom the coordination identified before today's story."""
    cache.clear()
    seeds = [replace(seed, name=NAMES.get(seed.code, seed.name)) for seed in current().agencies]
    load_agencies(by=SYSTEM, seeds=seeds)
    world = make_world(passwords=True)
    publish_offers(by=SYSTEM, rows=[*OFFERS, COORDINATION])
    secrets = {name: generate_totp_secret() for name in CAST}
    for name, secret in secrets.items():
        set_factor(by=SYSTEM, user_id=getattr(world, name).id, secret=secret)
    _identify_some(world)
    return world, secrets


def _identify_some(world: World) -> None:
    people = [
        Registration(sex_code="female" if n % 2 else "male", birth_year=1985 + n) for n in range(ALREADY_IDENTIFIED)
    ]
    register_people(by=world.bruno, rows=people)
    form = Coded(list_name="exploitation_form", code=next(iter(current().forms)).code)
    cases = [Opening(person_id=row.id, origin_code="police", state_code="XX-N", codes=(form,)) for row in people]
    open_cases(by=world.bruno, rows=cases)
    decide_cases(
        by=world.bruno, rows=[Ruling(case_id=row.id, verb="identify", ground_code="prosecutor") for row in cases]
    )
