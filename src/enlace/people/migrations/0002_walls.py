from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

KNOWN = "EXISTS (SELECT 1 FROM people_personagency k WHERE k.person_id = {id} AND k.agency_code = " + OWN_AGENCY + ")"


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        # No agency writes for itself whom it knows: the actions do, in the national scope.
        wall("people_personagency", f"agency_code = {OWN_AGENCY}", "false", delete="false"),
        wall(
            "people_person", f"registered_by = {OWN_AGENCY} OR " + KNOWN.format(id="people_person.id"), delete="false"
        ),
        wall(
            "people_consentgrant",
            KNOWN.format(id="people_consentgrant.person_id"),
            insert=f"agency_code = {OWN_AGENCY}",
            delete="false",
        ),
    ]
