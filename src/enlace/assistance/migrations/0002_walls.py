from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

LEADS = (
    "EXISTS (SELECT 1 FROM cases_case c WHERE c.id = assistance_servicegiven.case_id "
    f"AND c.lead_agency_code = {OWN_AGENCY})"
)


class Migration(migrations.Migration):
    dependencies = [("assistance", "0001_initial"), ("cases", "0002_walls")]
    operations = [
        wall("assistance_servicegiven", f"agency_code = {OWN_AGENCY} OR {LEADS}", f"agency_code = {OWN_AGENCY}")
    ]
