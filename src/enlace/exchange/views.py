"""The directory as a file: taken out, and brought in after a look at what it would change. Tables of standards, judged."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.errors import Refusal
from enlace.base.synthetic import is_synthetic
from enlace.country.labels import language, state_label
from enlace.exchange.actions import Compared, import_directory, take_directory
from enlace.exchange.forms import FileForm, SeenForm, TableForm
from enlace.exchange.labels import CHANGES, PARTS
from enlace.exchange.rows import FileRefused, RowError
from enlace.exchange.standard_reader import StandardFile, read_standard
from enlace.exchange.standards import standards, statuses

SHOWN = 200
FILES = {"csv": ("text/csv; charset=utf-8", "csv"), "hsds": ("application/json", "json")}


@allowed("EXCHANGE_EXPORT", "DIRECTORY_EDIT")
@require_safe
def directory(request: Request) -> HttpResponse:
    """What can be taken out and brought in."""
    return render(request, "exchange/directory.html", {"edits": request.actor.may("DIRECTORY_EDIT")})


@allowed("EXCHANGE_EXPORT", "DIRECTORY_EDIT")
@require_safe
def take(request: Request) -> HttpResponse:
    """The directory as a file; ``format`` and ``public`` stand in the address."""
    layout, is_public = request.GET.get("format", "csv"), "public" in request.GET
    text = take_directory(by=request.actor, layout=layout, is_public=is_public)
    content_type, ending = FILES[layout]
    name = "directory" + ("-public" if is_public else "") + ("-synthetic" if is_synthetic() else "")
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


@allowed("DIRECTORY_EDIT")
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: Request) -> HttpResponse:
    """Send a file, see what it would change, and only then have it written."""
    if "content" in request.POST:
        return _write(request)
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_bound and form.is_valid():
        content: bytes = form.cleaned_data["file"]
        try:
            with _file(content) as path:
                result = import_directory(by=request.actor, path=path, dry_run=True, rest=True)
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return render(request, "exchange/changes.html", _changes(result, content))
    context = {"form": form, "title": _("Bring in places"), "cancel_url": reverse("exchange:directory")}
    return render(request, "exchange/bring.html", context, status=422 if form.errors else 200)


@allowed("RELEASE_READ")
@require_http_methods(["GET", "HEAD", "POST"])
def judge(request: Request) -> HttpResponse:
    """Send a table of a standard and read what is wrong in it, by row and column. Nothing of it is kept."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    found = None
    if form.is_bound and form.is_valid():
        try:
            with _file(form.cleaned_data["file"]) as path:
                found = read_standard(path, standards()[form.cleaned_data["standard"]])
        except FileRefused as refused:
            form.add_error("file", _(refused.reason.msgid) % dict(refused.reason.params))
    context = {"form": form, "title": _("Tables of standards"), "found": _judged(found) if found else None}
    return render(request, "exchange/judge.html", context, status=422 if form.errors else 200)


def _judged(found: StandardFile) -> dict[str, Any]:
    years = sorted({row.year for row in found.rows})
    told = Counter(row.status for row in found.rows)
    return {
        "title": found.standard.title(language()),
        "rows": len(found.rows),
        "areas": len({row.area for row in found.rows}),
        "years": "–".join(dict.fromkeys(str(year) for year in (*years[:1], *years[-1:]))),
        "statuses": [(code, said[language()], told[code]) for code, said in statuses().items() if told[code]],
        "others": sum(count for code, count in told.items() if code not in statuses()),
        "errors": _told(found.errors),
        "more_errors": max(0, len(found.errors) - SHOWN),
    }


def _told(errors: Sequence[RowError]) -> list[tuple[int, str, str, str]]:
    return [(e.row, e.column, e.value, _(e.reason.msgid) % dict(e.reason.params)) for e in errors[:SHOWN]]


def _write(request: Request) -> HttpResponse:
    """What the directory refuses now, because it changed in between, is told like any refusal."""
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("Send the file again."))
    with _file(form.cleaned_data["content"]) as path:
        result = import_directory(by=request.actor, path=path, rest=form.cleaned_data["rest"])
    if result.errors and not form.cleaned_data["rest"]:
        return render(request, "exchange/changes.html", _changes(result, b""), status=409)
    counts = {"new": result.count("new"), "changed": result.count("changed")}
    messages.success(request, _("Places brought in: %(new)d new, %(changed)d changed.") % counts)
    return HttpResponseRedirect(reverse("exchange:directory"))


def _changes(result: Compared, content: bytes) -> dict[str, Any]:
    touched = [change for change in result.changes if change.kind in ("new", "changed")]
    return {
        "title": _("What this file would change")
        if touched or not result.errors
        else _("This file cannot be brought in"),
        "unknown": [(column, word, count) for (column, word), count in result.unknown.items()][:SHOWN],
        "errors": _told(result.errors),
        "more_errors": max(0, len(result.errors) - SHOWN),
        "changes": [
            (change.name, state_label(change.state_code), CHANGES[change.kind], [PARTS[part] for part in change.parts])
            for change in touched[:SHOWN]
        ],
        "more_changes": max(0, len(touched) - SHOWN),
        "counts": [(CHANGES[kind], result.count(kind)) for kind in CHANGES],
        "addresses": result.addresses,
        "form": SeenForm.of(content, rest=bool(result.errors)) if touched and content else None,
    }


@contextmanager
def _file(content: bytes) -> Iterator[Path]:
    """The content as a file of its own for as long as it is read."""
    with TemporaryDirectory(prefix="enlace-") as folder:
        path = Path(folder) / "directory"
        path.write_bytes(content)
        yield path
