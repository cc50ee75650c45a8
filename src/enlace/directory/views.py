"""The page of the directory."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.country.labels import choices, state_choices
from enlace.country.queries import current
from enlace.directory import queries


@allowed("DIRECTORY_READ")
@require_safe
def directory(request: Request) -> HttpResponse:
    """Who offers what, by service and state."""
    pack = current()
    service, state = request.GET.get("service", ""), request.GET.get("state", "")
    service = service if service in pack.codes("service") else ""
    state = state if state in pack.states_by_code else ""
    agencies: dict[str, dict[str, object]] = {}
    for offer in queries.offers(viewer=request.actor, service_code=service, state_code=state):
        entry = agencies.setdefault(
            offer.agency_id, {"agency": offer.agency, "services": [], "confirmed": offer.confirmed_at}
        )
        entry["services"].append(offer.service_code)  # type: ignore[attr-defined]
    context = {
        "agencies": agencies.values(),
        "service": service,
        "state": state,
        "services": choices("service"),
        "states": state_choices(),
    }
    return render(request, "directory/list.html", context)
