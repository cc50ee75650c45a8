from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

JOINED = "EXISTS (SELECT 1 FROM cases_caseagency a WHERE a.case_id = {id} AND a.agency_code = " + OWN_AGENCY + ")"


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        wall("cases_caseagency", f"agency_code = {OWN_AGENCY}"),
        wall("cases_case", f"opened_by = {OWN_AGENCY} OR " + JOINED.format(id="cases_case.id")),
        wall("cases_casecode", JOINED.format(id="cases_casecode.case_id")),
        wall("cases_episode", JOINED.format(id="cases_episode.case_id")),
        wall("cases_decision", JOINED.format(id="cases_decision.case_id")),
        wall("cases_turn", JOINED.format(id="cases_turn.case_id")),
        wall(
            "cases_note",
            f"agency_code = {OWN_AGENCY} OR (is_shared AND " + JOINED.format(id="cases_note.case_id") + ")",
            f"agency_code = {OWN_AGENCY} AND " + JOINED.format(id="cases_note.case_id"),
        ),
    ]
