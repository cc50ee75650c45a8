"""What each state has: a map, and the table that says the same."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enlace.accounts.access import Request, allowed
from enlace.base.charts import MapChart, state_map
from enlace.country.labels import state_label
from enlace.country.queries import current
from enlace.directory import queries
from enlace.directory.forms.places import FilterForm
from enlace.directory.queries import Supply


@allowed("DIRECTORY_READ")
@require_safe
def supply_map(request: Request) -> HttpResponse:
    """Places and beds by state, for anybody or for a person of a sex and an age; filters stand in the address."""
    form = FilterForm(request.GET)
    del form.fields["state"]
    form.is_valid()
    said = form.cleaned_data  # a filter that cannot be read filters nothing
    sex, age, service = said.get("sex", ""), said.get("age"), said.get("service", "")
    found = queries.places_by_state(viewer=request.actor, sex_code=sex, age=age, service_code=service)
    rows = sorted(((state_label(code), code, supply) for code, supply in found.items()), key=lambda row: row[0])
    without = [name for name, _code, supply in rows if not supply.sites]
    context = {"form": form, "map": _map(found), "rows": rows, "without": without, "clear_url": request.path}
    return render(request, "directory/map.html", context)


def _map(found: dict[str, Supply]) -> MapChart:
    pack = current()
    return state_map(
        pack.borders,
        {code: supply.sites for code, supply in found.items()},
        labels={code: state_label(code) for code in found},
        tiles=pack.tiles,
        title=_("Places by state"),
        description=_("The table below says the same in figures."),
        id="map-supply",
    )
