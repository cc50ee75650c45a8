"""A form sent after the session had run out: its fields wait, sealed, for the same person to sign in again."""

import json
from typing import Any

from django.core import signing
from django.http import HttpRequest

from enlace.accounts import rules
from enlace.base import keyring
from enlace.base.keyring import KeyUnavailable

PURPOSE = "accounts.carried"
SALT = "form.owner"


def owner_token(username: str) -> str:
    """For the hidden field ``form_owner``: whose form it is, so that nobody else is ever shown what was typed."""
    return signing.dumps(username, salt=SALT)


def keep(request: HttpRequest, path: str) -> bool:
    """Seal what an unauthenticated form holds into the anonymous session. Only a form made for somebody is kept."""
    try:
        owner = signing.loads(request.POST.get("form_owner", ""), salt=SALT)
    except signing.BadSignature:
        return False
    kept = {"owner": owner, "path": path, "fields": rules.carried(request.POST.lists())}
    request.session[PURPOSE] = keyring.seal(PURPOSE, json.dumps(kept))
    return True


def hand_over(request: HttpRequest) -> dict[str, list[str]] | None:
    """The fields kept for this person and this address, once; another person's are dropped."""
    if PURPOSE not in request.session:
        return None
    kept = _open(request.session[PURPOSE])
    if kept.get("owner") != request.user.get_username():
        del request.session[PURPOSE]
        return None
    if kept["path"] != request.path or request.method != "GET":
        return None
    del request.session[PURPOSE]
    fields: dict[str, list[str]] = kept["fields"]
    return fields


def _open(sealed: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(keyring.unseal(PURPOSE, sealed))
    except KeyUnavailable:  # the master key was changed meanwhile
        return {}
    return found
