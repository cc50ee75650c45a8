from django.db import migrations

from enlace.base.rows import OWN_AGENCY
from enlace.people.permissions import OPENED, sight_in_emergency

# Who else works on the case tells where the person is: only the agency in charge shows before a second person agreed.
NOTE = (
    "is_shared AND EXISTS (SELECT 1 FROM cases_case c JOIN people_emergency e ON e.person_id = c.person_id "
    "WHERE c.id = cases_note.case_id AND e.ended_at IS NULL AND e.ends_at > statement_timestamp() "
    f"AND e.agency_code = {OWN_AGENCY} AND (e.is_approved OR cases_note.agency_code = c.lead_agency_code))"
)
OF_CASE = (
    "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND " + OPENED.format(person="c.person_id") + ")"
)


def of_case(table: str) -> str:
    return OF_CASE.format(table=table)


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_list_indexes"), ("people", "0004_emergency_walls")]
    operations = [
        sight_in_emergency("cases_case", OPENED.format(person="cases_case.person_id")),
        sight_in_emergency("cases_casecode", of_case("cases_casecode")),
        sight_in_emergency("cases_note", NOTE),
    ]
