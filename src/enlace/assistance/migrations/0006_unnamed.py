"""Services and sessions also for somebody whom the agency accepted without being told who it is."""

from importlib import import_module

from django.db import migrations

from enlace.base.rows import OWN_AGENCY, rebuild, wall

services = import_module("enlace.assistance.migrations.0002_walls")
care = import_module("enlace.assistance.migrations.0005_care_walls")
INSERT = {"assistance_servicegiven": services.OF_REFERRAL, "assistance_session": care.OF_OWN_SERVICE}


def given(table: str, helps: str) -> migrations.RunPython:
    return wall(
        table, f"{care.OWN} OR {care.leads(table)}", f"{care.OWN} AND {helps}", insert=INSERT[table], delete="false"
    )


def unnamed(table: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM referrals_referral r WHERE r.case_id = {table}.case_id AND r.is_anonymous "
        f"AND r.recipient_code = {OWN_AGENCY} AND r.status IN ('accepted', 'started', 'completed', 'interrupted'))"
    )


def widened(table: str) -> migrations.RunPython:
    joined = care.joined(table)
    return rebuild(given(table, joined), given(table, f"({joined} OR {unnamed(table)})"))


class Migration(migrations.Migration):
    dependencies = [("assistance", "0005_care_walls"), ("referrals", "0005_package_wall")]
    operations = [widened(table) for table in INSERT]
