"""Releases as JSON, for everybody: what is published and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from ninja import Path, Router

from enlace.releases import canonical, files, queries

router = Router(tags=["releases"])
KEPT = "public, max-age=300"


@router.get("", summary="Published releases, newest first. No account is needed")
def releases(request: HttpRequest) -> HttpResponse:
    listed = [
        {
            "number": stand.release.number,
            "period": stand.release.period,
            "status": stand.status,
            "supersedes": stand.release.supersedes,
            "superseded_by": stand.followed_by,
            "published_at": stand.release.decision.decided_at.isoformat(),
            "page": reverse("releases:public", args=[stand.release.number]),
        }
        for stand in queries.public_releases()
    ]
    return _answer(request, canonical.to_json(listed))


@router.get("/{number}", summary="One release whole: the bytes of its release.json. No account is needed")
def release(request: HttpRequest, number: Path[int]) -> HttpResponse:
    return _answer(request, queries.file_of(queries.public_release(number).release, files.JSON))


def _answer(request: HttpRequest, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    if not request.COOKIES:
        response["Cache-Control"] = KEPT
    etag = f'"{canonical.sha256(content)[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
