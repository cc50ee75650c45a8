from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
JOINED = "EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = {table}.case_id AND a." + OWN + ")"
WORKS_ON = "EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = cases_case.id AND a." + OWN + ")"
KNOWS = "EXISTS (SELECT 1 FROM people_personagency k WHERE k.person_id = cases_case.person_id AND k." + OWN + ")"


def joined(table: str) -> str:
    return JOINED.format(table=table)


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("people", "0002_walls")]
    operations = [
        # No agency writes for itself on which cases it works: the actions do, in the national scope.
        wall("cases_caseagency", OWN, "false", delete="false"),
        wall(
            "cases_case",
            f"opened_by = {OWN_AGENCY} OR {WORKS_ON}",
            insert=f"opened_by = {OWN_AGENCY} AND lead_agency_code = {OWN_AGENCY} AND {KNOWS}",
            delete="false",
        ),
        wall("cases_casecode", joined("cases_casecode")),
        wall("cases_episode", joined("cases_episode"), delete="false"),
        wall("cases_decision", joined("cases_decision"), insert=OWN),
        append_only("cases_decision"),
        wall("cases_turn", joined("cases_turn"), insert=OWN),
        append_only("cases_turn"),
        wall(
            "cases_note",
            f"{OWN} OR (is_shared AND {joined('cases_note')})",
            f"{OWN} AND {joined('cases_note')}",
            delete="false",
        ),
    ]
