from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
HELD = "EXISTS (SELECT 1 FROM vault_recordkey k WHERE k.record_id = vault_recordpart.record_id AND k." + OWN + ")"


class Migration(migrations.Migration):
    dependencies = [("vault", "0003_records")]
    operations = [
        # No agency gives itself a key, and nothing is removed but by the action that erases: both in the national scope.
        wall("vault_recordkey", OWN, "false", delete="false"),
        wall("vault_recordpart", HELD, insert=f"written_by_agency = {OWN_AGENCY}", delete="false"),
    ]
