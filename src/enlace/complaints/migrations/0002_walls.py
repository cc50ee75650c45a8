from django.db import migrations

from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

RECEIVED = f"to_agency = {OWN_AGENCY} AND accused_code <> {OWN_AGENCY} AND status <> 'begun'"


def of_received(table: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM complaints_complaint c WHERE c.id = {table}.complaint_id AND c.to_agency = {OWN_AGENCY} "
        f"AND c.accused_code <> {OWN_AGENCY} AND c.status <> 'begun')"
    )


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial")]
    operations = [
        wall("complaints_complaint", RECEIVED, insert="false", delete="false"),
        wall("complaints_complaintexclusion", of_received("complaints_complaintexclusion"), delete="false"),
        append_only("complaints_complaintexclusion"),
        wall(
            "complaints_complaintstep",
            of_received("complaints_complaintstep"),
            insert=f"agency_code = {OWN_AGENCY}",
            delete="false",
        ),
        append_only("complaints_complaintstep"),
    ]
