"""What every page's frame needs: who acts, where one can go, and whether the data are invented."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from enlace.base.actor import Actor
from enlace.base.slots import NavItem, registered
from enlace.base.synthetic import is_synthetic


@dataclass(frozen=True)
class NavLink:
    url: str
    label: object
    current: bool


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor of all pages; a page that failed before anybody was known gets nobody."""
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "nav": nav(actor, request.path) if actor else [],
        "synthetic": is_synthetic(),
        "languages": settings.LANGUAGES,
    }


def nav(actor: Actor, path: str) -> list[NavLink]:
    """The links the role may use; the current one is the longest address that the page's own begins with."""
    items = [(reverse(item.url_name), item.label) for item in registered(NavItem, actor)]
    under = [url for url, _ in items if path == url or (url != "/" and path.startswith(url))]
    current = max(under, key=len, default="")
    return [NavLink(url, label, url == current) for url, label in items]
