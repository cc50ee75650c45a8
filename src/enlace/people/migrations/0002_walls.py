from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

KNOWN = "EXISTS (SELECT 1 FROM people_personagency k WHERE k.person_id = {id} AND k.agency_code = " + OWN_AGENCY + ")"
REGISTERED = (
    "EXISTS (SELECT 1 FROM people_person p WHERE p.id = people_personagency.person_id "
    f"AND p.registered_by = {OWN_AGENCY})"
)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        # An agency comes to know people that others registered through the national scope only (make_known).
        wall("people_personagency", f"agency_code = {OWN_AGENCY}", f"agency_code = {OWN_AGENCY} AND {REGISTERED}"),
        wall("people_person", f"registered_by = {OWN_AGENCY} OR " + KNOWN.format(id="people_person.id")),
        wall(
            "people_consentgrant",
            KNOWN.format(id="people_consentgrant.person_id"),
            insert=f"agency_code = {OWN_AGENCY}",
        ),
    ]
