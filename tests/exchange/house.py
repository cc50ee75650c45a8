"""What the import and export tests look at in the database."""

from django.apps import apps

from enlace.accounts.actions import create_user
from enlace.accounts.queries import actor_for
from enlace.audit.models import AuditEvent
from enlace.base.actor import Actor
from enlace.exchange.htcds_rows import HtcdsRecord
from tests.world import SYSTEM


def everything() -> dict[str, int]:
    """How many rows every table of the application holds, the record of what was done included."""
    models = [model for model in apps.get_models() if model.__module__.startswith("enlace.")]
    return {model._meta.label: model.objects.count() for model in models}


def events(*actions: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action__in=actions).order_by("at", "seq"))


def someone_at(agency_code: str, role_code: str = "R06") -> Actor:
    """Somebody invented of another agency."""
    user = create_user(
        by=SYSTEM,
        username=f"someone.{agency_code}",
        display_name="Someone",
        agency_code=agency_code,
        role_codes=[role_code],
        password=None,
    )
    return actor_for(user)


def values(records: list[HtcdsRecord]) -> list[dict[str, object]]:
    """What records say, in an order that does not depend on when their cases were opened."""
    return sorted((dict(record.values) for record in records), key=lambda said: repr(sorted(said.items())))
