from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
KNOWS = "EXISTS (SELECT 1 FROM people_personagency k WHERE k.person_id = {table}.person_id AND k." + OWN + ")"
OF_OWN = "(EXISTS (SELECT 1 FROM screening_screening s WHERE s.id = {table}.screening_id AND s." + OWN + ")"
OF_OWN_GROUP = (
    "EXISTS (SELECT 1 FROM screening_groupscreening g WHERE g.id = screening_answer.group_id AND g." + OWN + ")"
)


def of_own(table: str) -> str:
    return OF_OWN.format(table=table) + ")"


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_initial"), ("people", "0002_walls")]
    operations = [
        wall("screening_groupscreening", OWN, delete="false"),
        wall("screening_screening", OWN, insert=KNOWS.format(table="screening_screening"), delete="false"),
        wall("screening_answer", f"{of_own('screening_answer')} OR {OF_OWN_GROUP}", insert=OWN),
        append_only("screening_answer"),
        wall("screening_finding", of_own("screening_finding")),
        append_only("screening_finding"),
        wall("screening_ruling", of_own("screening_ruling"), insert=OWN),
        append_only("screening_ruling"),
        wall("screening_detentionalert", OWN, insert=KNOWS.format(table="screening_detentionalert"), delete="false"),
        # Whoever decided the case tells it: the actions write these rows in the national scope.
        wall("screening_confirmation", of_own("screening_confirmation"), "false"),
        append_only("screening_confirmation"),
    ]
