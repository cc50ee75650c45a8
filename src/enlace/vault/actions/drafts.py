"""Forms that were begun: each sealed under a key of its own, readable by its owner alone."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from enlace.audit.actions import audited
from enlace.base.actor import Actor
from enlace.vault import envelope, sealing
from enlace.vault.models import SealedDraft


def save_draft(*, by: Actor, form: str, subject: str = "", values: Mapping[str, Any]) -> None:
    """Keep a form that was begun; saving again replaces it. ``values`` must be JSON."""
    agency_code = sealing.agency_of(by)
    key = envelope.new_key()
    place = envelope.draft_place(by.id, agency_code, form, subject)
    with audited(by=by, action="draft.saved", detail={"form": form}):
        under = sealing.key_to_write(agency_code)
        SealedDraft.objects.update_or_create(
            owner_id=by.id,
            agency_code=agency_code,
            form=form,
            subject=subject,
            defaults={
                "agency_key_version": under.version,
                "wrapped": envelope.wrap(key, under.key),
                "ciphertext": envelope.encrypt(key, json.dumps(dict(values)), place=place),
                "saved_at": timezone.now(),
            },
        )


def drop_draft(*, by: Actor, form: str, subject: str = "") -> None:
    """Forget a draft: its form was sent, or its owner does not want it."""
    with audited(by=by, action="draft.dropped", detail={"form": form}):
        own = SealedDraft.objects.filter(owner_id=by.id, agency_code=by.agency_code)
        sealing.overwrite_deleted()
        own.filter(form=form, subject=subject).delete()
