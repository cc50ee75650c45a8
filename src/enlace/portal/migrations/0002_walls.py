from django.db import migrations

from enlace.base.rows import OWN_AGENCY, OWN_PERSON, wall, wall_own

KNOWN = f"EXISTS (SELECT 1 FROM people_personagency k WHERE k.person_id = portal_ownpage.person_id AND k.agency_code = {OWN_AGENCY})"
HERS = f"person_id = {OWN_PERSON}"


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial"), ("people", "0004_emergency_walls")]
    operations = [
        wall("portal_ownpage", KNOWN, insert=f"agency_code = {OWN_AGENCY}", delete="false"),
        wall_own("portal_ownpage", select=HERS, update=HERS),
        # Nobody asks in a person's name.
        wall("portal_personrequest", f"to_agency = {OWN_AGENCY}", insert=HERS, delete="false"),
        wall_own("portal_personrequest", select=HERS, insert=HERS, update=HERS),
        # What a person on her own page reads of what lies below.
        wall_own("people_person", select=f"id = {OWN_PERSON}"),
        wall_own("people_personagency", select=HERS),
        wall_own("people_consentgrant", select=HERS, update=HERS),
        wall_own("people_disclosure", select=HERS),
        wall_own("people_legalground", select=HERS),  # what still allows a disclosure when she revokes
    ]
