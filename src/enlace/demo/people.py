"""The accounts of the demonstration, most roles once, with a second factor that the command line can compute."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.utils.translation import gettext as _

from enlace.accounts.actions import create_user, set_factor
from enlace.accounts.queries import actor_for, agencies, user_by_name
from enlace.base.actor import Actor
from enlace.base.errors import Missing, Refusal
from enlace.country.queries import current

# username, display name, role, kinds of agency that may hold it (the first found in the home state).
CAST = (
    ("policia", "Alma Ficticia", "R02", ("police",)),
    ("coordinacion", "Bruno Ficticio", "R06", ("prosecutor",)),
    ("organizacion", "Carla Ficticia", "R08", ("ngo",)),
    ("refugio", "Dora Ficticia", "R09", ("shelter",)),
    ("familia", "Elsa Ficticia", "R07", ("child_protection",)),
    ("linea", "Fabio Ficticio", "R01", ("hotline",)),
    ("consulado", "Gema Ficticia", "R04", ("consulate",)),
    ("migracion", "Karla Ficticia", "R03", ("migration",)),
    ("inspeccion", "Lázaro Ficticio", "R05", ("labour_inspection",)),
    ("finanzas", "Mirna Ficticia", "R14", ("financial_intelligence",)),
    ("visitaduria", "Néstor Ficticio", "R15", ("human_rights_commission", "ombudsman")),
    ("estadistica", "Hilda Ficticia", "R17", ("commission",)),
    ("direccion", "Óscar Ficticio", "R17", ("commission",)),
    ("auditoria", "Iván Ficticio", "R18", ("commission",)),
    ("cuentas", "Julia Ficticia", "R19", ("commission",)),
)

# A second screener beside some of them, so that people are screened twice. Nobody can sign in as these.
COLLEAGUES = (
    ("linea", "Olivia Ficticia"),
    ("policia", "Pablo Ficticio"),
    ("migracion", "Queta Ficticia"),
)


@dataclass(frozen=True)
class DemoAccount:
    username: str
    role_code: str
    role: str
    agency: str
    secret: str


def path() -> Path:
    return Path(settings.ENLACE_HOME) / "demo.json"


def create(by: Actor) -> tuple[str, list[DemoAccount]]:
    """Create the accounts; returns their password and what opens them. Synthetic installations only."""
    password = "-".join(secrets.choice(WORDS) for _n in range(4))
    accounts = []
    for username, display_name, role_code, kinds in CAST:
        agency = _agency(kinds)
        if agency is None or role_code not in {role.code for role in current().roles}:
            continue
        user = create_user(
            by=by,
            username=username,
            display_name=display_name,
            agency_code=agency.pk,
            role_codes=[role_code],
            password=password,
        )
        secret = generate_totp_secret()
        set_factor(by=by, user_id=user.pk, secret=secret)
        role = current().role(role_code).label(current().default_language)
        accounts.append(DemoAccount(username, role_code, role, agency.name, secret))
    for username, display_name in COLLEAGUES:
        if (found := actor(username)) is not None:
            create_user(
                by=by,
                username=f"{username}-2",
                display_name=display_name,
                agency_code=found.agency_code,
                role_codes=[found.role_code],
            )
    return password, accounts


def keep(password: str, accounts: Sequence[DemoAccount]) -> None:
    """Write what opens the accounts beside the data; from then on the demonstration is complete."""
    kept = {"password": password, "accounts": [account.__dict__ for account in accounts]}
    path().touch(mode=0o600)
    path().write_text(json.dumps(kept, ensure_ascii=False, indent=2))


def actor(username: str) -> Actor | None:
    """Who an account of the demonstration is when it acts; ``None`` where this country has no such account."""
    try:
        return actor_for(user_by_name(Actor.system("demo"), username))
    except Missing:
        return None


def screeners(username: str) -> list[Actor]:
    """An account and the colleague beside it."""
    return [found for name in (username, f"{username}-2") if (found := actor(name)) is not None]


def kept() -> tuple[str, list[DemoAccount]]:
    """The password and the accounts. Raises ``Refusal`` when this installation has no demonstration."""
    if not path().exists():
        raise Refusal(_("There is no demonstration here. Run “demo” first."))
    stored = json.loads(path().read_text())
    return stored["password"], [DemoAccount(**row) for row in stored["accounts"]]


def code_of(username: str) -> str:
    """The six digits that the second factor asks for now."""
    for account in kept()[1]:
        if account.username == username:
            counter = sorted(yield_hotp_counters_from_time())[app_settings.TOTP_TOLERANCE]
            return str(format_hotp_value(hotp_value(account.secret, counter)))
    names = ", ".join(account.username for account in kept()[1])
    raise Refusal(_("There is no such demonstration account. There are: %s") % names)


def agency_of(username: str) -> str:
    """The agency of one of the accounts, as it will be or is."""
    kinds = next(row[3] for row in CAST if row[0] == username)
    return str(_agency(kinds).pk)


def _agency(kinds: tuple[str, ...]) -> Any:
    found = [a for a in agencies() if a.kind_code in kinds]
    home = _home_state()
    return next((a for a in found if a.state_code == home), found[0] if found else None)


def _home_state() -> str:
    """A state where a person can be met, identified, referred and sheltered without leaving it."""
    kinds: dict[str, set[str]] = {}
    for agency in agencies():
        kinds.setdefault(agency.state_code, set()).add(agency.kind_code)
    wanted = {"police", "prosecutor", "ngo", "shelter", "child_protection"}
    return max((state for state in kinds if state), key=lambda state: (len(kinds[state] & wanted), state))


WORDS = [
    "abeto",
    "aguja",
    "alba",
    "arena",
    "barco",
    "bosque",
    "brisa",
    "cacao",
    "camino",
    "campo",
    "canto",
    "cedro",
    "cielo",
    "clave",
    "coral",
    "cumbre",
    "danza",
    "delta",
    "duna",
    "eco",
    "encina",
    "espiga",
    "faro",
    "fuente",
    "garza",
    "grano",
    "hoja",
    "isla",
    "jade",
    "lago",
    "lino",
    "luna",
    "madera",
    "mapa",
    "marea",
    "menta",
    "nido",
    "nube",
    "olivo",
    "pan",
    "perla",
    "piedra",
    "puente",
    "raiz",
    "rio",
    "roble",
    "sal",
    "selva",
    "sol",
    "tierra",
    "tinta",
    "trigo",
    "valle",
    "vela",
    "viento",
    "volcan",
    "zafiro",
]
