from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
PARTY = f"from_agency = {OWN_AGENCY} OR to_agency = {OWN_AGENCY}"


def of_own_contact(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM intake_contact c WHERE c.id = {table}.contact_id AND c.{OWN})"


def of_known_person(table: str) -> str:
    """Nobody is put into a contact or a notice by an agency that does not know them: it would be told what came of them."""
    return (
        f"({table}.person_id IS NULL OR EXISTS (SELECT 1 FROM people_personagency k "
        f"WHERE k.person_id = {table}.person_id AND k.{OWN}))"
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial"), ("people", "0002_walls")]
    operations = [
        wall("intake_contact", OWN, delete="false"),
        wall(
            "intake_contactperson",
            of_own_contact("intake_contactperson"),
            f"{of_own_contact('intake_contactperson')} AND {of_known_person('intake_contactperson')}",
            delete="false",
        ),
        # What came of a contact is told by other agencies: the action writes it, in the national scope.
        wall("intake_outcome", of_own_contact("intake_outcome"), "false", delete="false"),
        append_only("intake_outcome"),
        wall(
            "intake_notice",
            PARTY,
            insert=f"from_agency = {OWN_AGENCY} AND {of_known_person('intake_notice')} "
            f"AND (contact_id IS NULL OR {of_own_contact('intake_notice')})",
            delete="false",
        ),
    ]
