from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall
from enlace.people.permissions import OPENED, sight_in_emergency

KNOWN = "EXISTS (SELECT 1 FROM people_personagency k WHERE k.person_id = {id} AND k.agency_code = " + OWN_AGENCY + ")"


class Migration(migrations.Migration):
    dependencies = [("people", "0003_consent_and_emergencies")]
    operations = [
        wall(
            "people_legalground",
            KNOWN.format(id="people_legalground.person_id"),
            insert=f"agency_code = {OWN_AGENCY}",
            delete="false",
        ),
        # No agency writes for itself what left, nor what an emergency opens: the actions do, in the national scope.
        wall("people_disclosure", KNOWN.format(id="people_disclosure.person_id"), "false", delete="false"),
        append_only("people_disclosure"),
        wall(
            "people_emergency",
            f"agency_code = {OWN_AGENCY} OR " + KNOWN.format(id="people_emergency.person_id"),
            "false",
            delete="false",
        ),
        sight_in_emergency("people_person", OPENED.format(person="people_person.id")),
        sight_in_emergency("people_consentgrant", OPENED.format(person="people_consentgrant.person_id")),
    ]
