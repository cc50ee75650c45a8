"""A valid row of each table of releases."""

from collections.abc import Callable
from typing import Any

from django.db.models import Max, Model

from enlace.releases.models import Release, ReleaseDecision, ReleaseFile, ReleaseInput
from tests.database.valid_people import LATER, NOON


def release() -> dict[str, Any]:
    last = Release.objects.aggregate(last=Max("number"))["last"] or 0
    digests = {"facts_digest": "f", "inputs_digest": "i"}
    return {"number": last + 1, "period": "2025", "document": {}, **digests, "prepared_by": "a", "prepared_at": NOON}


def a_release() -> Release:
    return Release.objects.create(**release())


def decision() -> dict[str, Any]:
    row = a_release()
    about = {"release": row, "period": row.period, "supersedes": row.supersedes, "prepared_by": row.prepared_by}
    return {
        **about,
        "outcome": "approved",
        "decided_by": "b",
        "decided_at": LATER,
        "signature": b"signed",
        "public_key": "key",
    }


VALID: dict[type[Model], Callable[[], dict[str, Any]]] = {
    Release: release,
    ReleaseFile: lambda: {"release": a_release(), "name": "tables.csv", "sha256": "0", "content": b"content"},
    ReleaseInput: lambda: {"release": a_release(), "sealed": b"sealed"},
    ReleaseDecision: decision,
}
