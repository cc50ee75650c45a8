from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"


def led(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND c.lead_agency_code = {OWN_AGENCY})"


def joined(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = {table}.case_id AND a.{OWN})"


def of_stay(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM placements_stay s WHERE s.id = {table}.stay_id)"  # behind the wall of stays


OWN_SITE = (
    f"EXISTS (SELECT 1 FROM directory_site p WHERE p.id = placements_stay.site_id AND p.agency_id = {OWN_AGENCY})"
)


class Migration(migrations.Migration):
    dependencies = [("placements", "0001_stays"), ("cases", "0002_walls")]
    operations = [
        # The agency of the site writes; the one that leads the case reads.
        wall(
            "placements_stay",
            f"{OWN} OR {led('placements_stay')}",
            OWN,
            insert=f"{OWN_SITE} AND {joined('placements_stay')}",
            delete="false",
        ),
        wall("placements_staystep", of_stay("placements_staystep"), insert=OWN),
        append_only("placements_staystep"),
        # Alerts are the clock's, in the national scope.
        wall("placements_stayalert", of_stay("placements_stayalert"), "false", delete="false"),
        wall("placements_search", OWN, insert=joined("placements_search"), delete="false"),
        wall(
            "placements_unmetneed",
            f"{OWN} OR {led('placements_unmetneed')}",
            OWN,
            insert=joined("placements_unmetneed"),
            delete="false",
        ),
    ]
