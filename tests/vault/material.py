"""Invented people and ways to look behind the vault. Everything here is synthetic."""

from datetime import date
from typing import Any

from django.db import connection

from enlace.base.actor import Actor
from enlace.base.ids import new_id as new_id
from enlace.base.rows import seeing_as
from enlace.country.queries import current
from enlace.vault.rules import Identity

SYSTEM = Actor.system("tests")
PURPOSE = "plan_care"

ROSA = Identity(
    given_names="Rosa Ximena",
    family_names="Inventada de la Peña",
    aliases=("La Güera Ficticia",),
    birth_date=date(1996, 3, 9),
    phones=("+52 1 55 0001 1122",),
    emails=("rosa.inventada@ejemplo.test",),
    documents=(("passport", "G-0011223344"), ("national_id", "INVX960309MDFNNS07")),
    addresses=("Calle Imaginaria 77, Ciudad Supuesta",),
    places={"prs_MailingPostalCode": "CP-00777"},
    other={"prs_Salutation": "Licenciada Supuesta"},
)
PLANTED = [
    "Rosa",
    "Ximena",
    "Inventada",
    "Güera",
    "1996-03-09",
    "0001 1122",
    "00011122",
    "ejemplo.test",
    "0011223344",
    "INVX960309",
    "Imaginaria",
    "CP-00777",
    "Licenciada",
]


def actor(name: str, agency_code: str, role_code: str) -> Actor:
    role = current().role(role_code)
    return Actor(id=name, agency_code=agency_code, role_code=role_code, scope=role.scope, can=role.permissions)


def rows_of(model: Any, **conditions: Any) -> list[Any]:
    """Rows as the installation itself sees them."""
    with seeing_as(SYSTEM):
        return list(model.objects.filter(**conditions).order_by("pk"))


def change(row: Any, **values: Any) -> None:
    """Write behind the actions' back."""
    with seeing_as(SYSTEM):
        type(row).objects.filter(pk=row.pk).update(**values)


def everything_stored() -> bytes:
    """Every cell of every table of the vault and the access log, as bytes."""
    found = bytearray()
    with seeing_as(SYSTEM), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("vault_", "audit_", "base_")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for cell in row:
                    found += bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()
                    found += b"\n"
    return bytes(found)


def traces(stored: bytes, planted: list[str]) -> list[str]:
    """Which planted texts stand in these bytes, in any of the spellings a database might use."""
    lowered = stored.lower()
    return [text for text in planted if any(written.lower() in lowered for written in _spellings(text))]


def _spellings(text: str) -> list[bytes]:
    return [text.encode(), text.encode("utf-16-le"), text.encode().hex().encode(), ascii(text)[1:-1].encode()]
