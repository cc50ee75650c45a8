from django.urls import path

from enlace.directory.views import agreements, beds, editing, places, supply

SITE, UNIT = "directory/places/<uuid:site_id>/", "directory/units/<uuid:unit_id>/"

app_name = "directory"
urlpatterns = [
    path("directory/", places.site_list, name="list"),
    path("directory/map/", supply.supply_map, name="map"),
    path("directory/ours/", places.own_list, name="own"),
    path("directory/places/new/", editing.add_site, name="add"),
    path(SITE, places.site, name="site"),
    path(f"{SITE}edit/", editing.edit_site, name="edit"),
    path(f"{SITE}services/", editing.edit_programmes, name="programmes"),
    path(f"{SITE}people/", editing.edit_criteria, name="criteria"),
    path(f"{SITE}contacts/", editing.edit_contacts, name="contacts"),
    path(f"{SITE}place/", places.open_place, name="open_place"),
    path(f"{SITE}place/write/", editing.seal_place, name="seal_place"),
    path(f"{SITE}beds/new/", beds.add_unit, name="add_unit"),
    path(UNIT, beds.unit, name="unit"),
    path(f"{UNIT}edit/", beds.edit_unit, name="edit_unit"),
    path(f"{UNIT}people/", editing.edit_unit_criteria, name="unit_criteria"),
    path(f"{UNIT}beds/", beds.add_beds, name="add_beds"),
    path(f"{UNIT}confirm/", beds.confirm_unit, name="confirm_unit"),
    path("directory/beds/<uuid:bed_id>/out/", beds.take_out, name="take_out"),
    path("directory/beds/<uuid:bed_id>/back/", beds.put_back, name="put_back"),
    path("directory/agreements/", agreements.agreement_list, name="agreements"),
    path("directory/agreements/new/", agreements.add_agreement, name="add_agreement"),
    path("directory/agreements/<uuid:agreement_id>/end/", agreements.end_agreement, name="end_agreement"),
]
