"""Writing back many rows at once."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Model

from enlace.base.actor import Actor
from enlace.base.rows import seeing_as

# The wall takes an upsert for an insert, which a partner may not make; what is written back was read behind the wall.
WRITING_BACK = Actor.system("bulk")


def store(rows: Collection[Model], fields: Sequence[str]) -> None:
    """Write the named fields of rows that were read and locked in this transaction.

    One upsert a batch: ``bulk_update`` spends most of its time building one CASE for every row and field.
    """
    found = list(rows)
    if len(found) == 1:
        found[0].save(update_fields=fields)
    elif found:
        manager: Any = type(found[0])._default_manager
        key = [found[0]._meta.pk.name]
        with seeing_as(WRITING_BACK):
            manager.bulk_create(found, update_conflicts=True, unique_fields=key, update_fields=fields, batch_size=500)
