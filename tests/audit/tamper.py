"""What somebody does who owns the database: the triggers go first, then the rows. Undone with the test's transaction."""

from django.db import connection

from enlace.audit.actions import audited
from enlace.audit.models import AuditEvent
from enlace.audit.queries import verify
from enlace.base.actor import Actor

CHAIN = "police-north"
WRITER = Actor(id="writer", agency_code=CHAIN, role_code="R02")


def write(count: int, by: Actor = WRITER) -> None:
    for number in range(count):
        with audited(by=by, action="test.written", subject=("case", f"case {number}"), detail={"number": number}):
            pass


def open_the_record() -> None:
    with connection.cursor() as cursor:
        for table in ("audit_auditevent", "audit_anchor"):
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                cursor.execute(f"DROP TRIGGER {table}_no_update")
                cursor.execute(f"DROP TRIGGER {table}_no_delete")


def row(seq: int, chain: str = CHAIN) -> AuditEvent:
    return AuditEvent.objects.get(chain=chain, seq=seq)


def found() -> list[tuple[str, int, str]]:
    return [(fault.chain, fault.seq, fault.what) for fault in verify()]
