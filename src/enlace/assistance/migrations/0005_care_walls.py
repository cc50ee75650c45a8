from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
OF_ALL_ON_THE_CASE = ("assistance_permit", "assistance_assistedreturn")


def leads(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND c.lead_agency_code = {OWN_AGENCY})"


def joined(table: str) -> str:
    return f"EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = {table}.case_id AND a.{OWN})"


def given(table: str, insert: str | None = None) -> migrations.RunPython:
    """What an agency gave: seen by it and by the agency that leads the case, written by it alone."""
    return wall(table, f"{OWN} OR {leads(table)}", f"{OWN} AND {joined(table)}", insert=insert, delete="false")


OF_OWN_SERVICE = (
    "(service_id IS NULL OR EXISTS (SELECT 1 FROM assistance_servicegiven s WHERE s.id = assistance_session.service_id "
    f"AND s.case_id = assistance_session.case_id AND s.{OWN})) AND "
    "(activity_id IS NULL OR EXISTS (SELECT 1 FROM assistance_groupactivity g "
    f"WHERE g.id = assistance_session.activity_id AND g.{OWN}))"
)
# A plan that the agency sees: the wall of the plan itself answers.
SEES_PLAN = "EXISTS (SELECT 1 FROM assistance_careplan p WHERE p.id = assistance_goal.plan_id{keeps})"
SEES_GOAL = (
    "EXISTS (SELECT 1 FROM assistance_goal g JOIN assistance_careplan p ON p.id = g.plan_id "
    "WHERE g.id = assistance_goalstep.goal_id{keeps})"
)
KEEPS = f" AND p.{OWN}"
KEEPS_OR_TAKES = f" AND (p.{OWN} OR assistance_goalstep.{OWN})"
OF_WHAT_IT_SEES = " OR ".join(
    f"EXISTS (SELECT 1 FROM assistance_{table} p WHERE p.id = assistance_careturn.{column})"
    for table, column in (("careplan", "plan_id"), ("permit", "permit_id"), ("assistedreturn", "assisted_return_id"))
)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0004_care"), ("cases", "0002_walls")]
    operations = [
        wall("assistance_groupactivity", OWN, delete="false"),
        given("assistance_session", insert=OF_OWN_SERVICE),
        given("assistance_inkind"),
        # What people think is in no agency's sight, only in its sum: the actions write and add up in the national scope.
        wall("assistance_feedback", "false", delete="false"),
        wall("assistance_cost", OWN, f"{OWN} AND (case_id IS NULL OR {joined('assistance_cost')})", delete="false"),
        wall(
            "assistance_careplan",
            f"{OWN} OR (is_shared AND {joined('assistance_careplan')})",
            f"{OWN} AND {joined('assistance_careplan')}",
            delete="false",
        ),
        wall("assistance_goal", SEES_PLAN.format(keeps=""), SEES_PLAN.format(keeps=KEEPS), delete="false"),
        wall("assistance_goalstep", SEES_GOAL.format(keeps=""), SEES_GOAL.format(keeps=KEEPS_OR_TAKES), delete="false"),
        *(wall(table, joined(table), insert=OWN, delete="false") for table in OF_ALL_ON_THE_CASE),
        wall("assistance_followup", joined("assistance_followup"), delete="false"),
        wall("assistance_careturn", OF_WHAT_IT_SEES, insert=OWN),
        append_only("assistance_careturn"),
    ]
