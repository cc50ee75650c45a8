"""What the pages of statistics share: the year that is asked for, and a stored table as a file."""

from django.http import HttpResponse

from enlace.accounts.access import Request
from enlace.base.synthetic import is_synthetic


def year_of(request: Request) -> int:
    """The year of a form; 0, which no action takes, where none was given."""
    text = request.POST.get("year", "")
    return int(text) if text.isdecimal() and len(text) == 4 else 0


def as_file(text: str | bytes, content_type: str, name: str, kind: str) -> HttpResponse:
    """To be saved under ``name``, which says so when the data are synthetic."""
    response = HttpResponse(text, content_type=content_type)
    marked = "-synthetic" if is_synthetic() else ""
    response["Content-Disposition"] = f'attachment; filename="{name}{marked}.{kind}"'
    return response
