"""One of each thing that an address of statistics may name: a question of the commission that was answered."""

from django.utils import timezone

from enlace.statistics.models import SavedTable
from tests.statistics.nation import YEAR
from tests.world import World

TOTAL = {"dimensions": [], "cells": [{"codes": [], "value": 12, "status": "published"}]}


def examples(world: World) -> dict[str, object]:
    now = timezone.now()
    row = SavedTable.objects.create(
        name="Everybody",
        query={"indicator": "identified", "period": str(YEAR), "dimensions": [], "only": {}},
        status="answered",
        result={
            "unit": "person", "cut_off": now.isoformat(), "facts_digest": "a" * 64, "threshold": 5, "reporting_states": [],
            "tables": [TOTAL],
        },
        digest="b" * 64,
        agency_code=world.elena.agency_code,
        asked_by=world.elena.id,
        asked_at=now,
        answered_at=now,
    )  # fmt: skip
    return {"saved_table_id": row.pk}
