"""The public site: what two people let go, for everybody. No account, no script, no cookie; may be kept by any cache."""

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, public
from enlace.base import slots
from enlace.base.errors import Missing
from enlace.country.labels import language
from enlace.releases import files, queries
from enlace.releases.queries import Stand
from enlace.releases.report import Reader
from enlace.releases.views.answer import as_file

KEPT = "public, max-age=300"
FOREVER = "public, max-age=31536000, immutable"  # a file of a release never changes


def for_everybody(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of this kind. Whoever is signed in gets one that no cache keeps, because their session is renewed with it."""

    @wraps(view)
    def door(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        wanted = request.GET.get("lang", "")
        if wanted in dict(settings.LANGUAGES):
            translation.activate(wanted)
        try:
            response = view(request, *args, **kwargs)
        except Missing as error:
            return page(request, "problem", {"title": _("Not found"), "reason": error.reason}, status=404)
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            response.headers.setdefault("Cache-Control", KEPT)
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response) or response

    return public(require_safe(door))


def page(request: HttpRequest, name: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """Render one of the pages, without anything that belongs to whoever may be signed in."""
    here = translation.get_language()
    shown = {
        "actor": None,
        "nav": [],
        "lang": here,
        "other_languages": [
            (code, translation.get_language_info(code)["name_local"].capitalize())
            for code, _name in settings.LANGUAGES
            if code != here
        ],
        "path": request.path,
        **context,
    }
    return render(request, f"releases/site/{name}.html", shown, status=status)


def standing() -> Stand | None:
    """The release that the site opens with: of the latest period, the one that stands."""
    stands = [stand for stand in queries.public_releases() if not stand.followed_by]
    newest = max(stands, key=lambda stand: (stand.release.period, stand.release.number), default=None)
    return queries.public_release(newest.release.number) if newest else None


@for_everybody
def start(request: Request) -> HttpResponse:
    """The newest release: what is known and what is not."""
    stand = standing()
    if stand is None:
        return page(request, "nothing", {"title": _("Figures")})
    return _start(request, stand)


@for_everybody
def release(request: Request, number: int) -> HttpResponse:
    """The same of one release; it keeps its address when a later one takes its place."""
    return _start(request, queries.public_release(number))


@for_everybody
def indicator(request: Request, number: int, indicator: str) -> HttpResponse:
    """One indicator: tables, pictures, what it means, figures of others beside."""
    context = _frame(queries.public_release(number))
    item = context["read"].item(indicator)
    if item is None:
        raise Missing(_("This release has no such figure."))
    shown = context["read"].indicator(item)
    headline = context["read"].headline(item) | {"caveat": ""}
    return page(request, "indicator", context | {"found": shown, "figure": headline, "title": shown.label})


@for_everybody
def method(request: Request, number: int) -> HttpResponse:
    """How the numbers are made, what the marks mean, and every column and code of the files."""
    context = _frame(queries.public_release(number))
    read = context["read"]
    shown = {
        "parameters": read.document["parameters"],
        "software": sorted(read.document["software"].items()),
        "definitions": [(read.label(item), read.text(item["population"]), item["legal_basis"]) for item in read.items],
        "dictionary": read.dictionary(),
        "title": _("Method and data dictionary"),
    }
    return page(request, "method", context | shown)


@for_everybody
def data(request: Request, number: int) -> HttpResponse:
    """The files, their digests, the signature, and how to cite."""
    stand = queries.public_release(number)
    kept = queries.contents(stand.release)
    listed = [
        {"name": name, "size": len(kept[name]), "sha256": hashlib.sha256(kept[name]).hexdigest()}
        for name in files.TYPES
        if name in kept
    ]
    address = request.build_absolute_uri(reverse("releases:public", args=[number]))
    shown = {
        "files": listed,
        "whole": _whole(number),
        "formats": [_named(kind) for kind in _formats()],
        "address": address,
        "key": stand.release.decision.public_key,
        "title": _("Data"),
    }
    return page(request, "data", _frame(stand) | shown)


@for_everybody
def changes(request: Request) -> HttpResponse:
    """Every release, newest first, with what it changed and why."""
    listed = []
    for stand in queries.public_releases():
        read = Reader(stand.document, language())
        listed.append({"stand": stand, "read": read, "changes": read.changes()})
    return page(request, "changes", {"listed": listed, "title": _("Releases and changes")})


@for_everybody
def feed(request: Request) -> HttpResponse:
    """The releases as an Atom feed (RFC 4287)."""
    stands = queries.public_releases()
    context = {
        "stands": stands,
        "root": request.build_absolute_uri("/").rstrip("/"),
        "lang": translation.get_language(),
    }
    response = render(request, "releases/site/feed.xml", context)
    response["Content-Type"] = "application/atom+xml; charset=utf-8"
    return response


@for_everybody
def download(request: Request, number: int, name: str) -> HttpResponse:
    """A file as it was signed, all of them in one zip, or the release in the columns of a standard."""
    row = queries.public_release(number).release
    for kind in _formats():
        if name in kind.files:
            return _file(kind.write(row.document, name), name, kind.files[name], request, kept=KEPT)
    if name == _whole(number):
        return _file(files.archive(queries.contents(row)), name, "application/zip", request)
    return _file(queries.named_file(row, name), name, files.TYPES[name], request)


def _whole(number: int) -> str:
    return f"release-{number}.zip"


def _formats() -> list[slots.ReleaseFormat]:
    return slots.registered(slots.ReleaseFormat, queries.GATHERING)


def _named(kind: slots.ReleaseFormat) -> tuple[str, str, list[tuple[str, str]]]:
    """Title, version, and each file by its kind."""
    named = [(name.rpartition(".")[2].upper(), name) for name in kind.files]
    return kind.title(language()), kind.version(language()), named


def _file(content: bytes, name: str, content_type: str, request: Request, kept: str = FOREVER) -> HttpResponse:
    response = as_file(content, name, content_type)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        response["Cache-Control"] = kept
    return response


def _start(request: Request, stand: Stand) -> HttpResponse:
    context = _frame(stand)
    read: Reader = context["read"]
    first = read.first
    sections = read.sections(first[0]) if first else []
    other = {row.release.period for row in queries.public_releases() if not row.followed_by} - {stand.release.period}
    listed = {
        "figures": [read.headline(one) for one in first],
        "shown": first[0]["id"] if first else "",
        "map": next((section for section in sections if section.map), None),
        "map_label": read.label(first[0]) if first else "",
        "groups": [(heading, [(one["id"], read.label(one)) for one in items]) for heading, items in read.groups],
        "caveats": read.caveats(),
        "others": [row for row in queries.public_releases() if row.release.period in other and not row.followed_by],
        "report": queries.report_of(stand.release, language()),
        "title": _("Trafficking in persons in figures: %s") % read.period,
    }
    return page(request, "start", context | listed)


def _frame(stand: Stand) -> dict[str, Any]:
    read = Reader(stand.document, language())
    return {"stand": stand, "number": stand.release.number, "read": read, "unknown": read.unknown()}
