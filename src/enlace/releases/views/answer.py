"""A file of a release as an answer: reports are read in the browser, data are saved."""

from base64 import b64encode
from hashlib import sha256

from django.http import HttpResponse

from enlace.releases import files
from enlace.releases.annual_html import style_of

POLICY = (
    "default-src 'self'; img-src data:; style-src 'sha256-{}'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "form-action 'none'"
)


def as_file(content: bytes, name: str, content_type: str) -> HttpResponse:
    """The bytes as they were frozen. A page brings its style with it; the policy allows that one and nothing else."""
    response = HttpResponse(content, content_type=content_type)
    kind = "inline" if name in files.REPORTS else "attachment"
    response["Content-Disposition"] = f'{kind}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    if name in files.REPORTS and name.endswith(".html"):
        digest = b64encode(sha256(style_of(content).encode()).digest()).decode()
        response["Content-Security-Policy"] = POLICY.format(digest)
    return response
