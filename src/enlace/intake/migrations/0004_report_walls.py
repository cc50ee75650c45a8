from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN_REPORT = (
    "EXISTS (SELECT 1 FROM intake_report r WHERE r.id = intake_reportstep.report_id "
    f"AND r.to_agency = {OWN_AGENCY} AND r.status <> 'begun')"
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_reports")]
    operations = [
        # Receipts and their counters belong to nobody: the actions read them in the national scope.
        wall("intake_receipt", "false"),
        wall("intake_wrongtries", "false"),
        wall("intake_report", f"to_agency = {OWN_AGENCY} AND status <> 'begun'", insert="false", delete="false"),
        wall("intake_reportstep", OWN_REPORT, insert=f"agency_code = {OWN_AGENCY}", delete="false"),
        append_only("intake_reportstep"),
    ]
