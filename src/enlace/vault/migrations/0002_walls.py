from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
RELEASED = (
    "EXISTS (SELECT 1 FROM vault_personkey k WHERE k.person_id = vault_sealeditem.person_id "
    "AND k.released_at IS NOT NULL AND k." + OWN + ")"
)


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [
        # No agency gives itself a key: the actions do, in the national scope.
        wall("vault_agencykey", OWN, "false", delete="false"),
        wall("vault_personkey", OWN, "false", delete="false"),
        wall("vault_sealeditem", RELEASED, insert=f"written_by_agency = {OWN_AGENCY}", delete="false"),
        wall("vault_blindtoken", OWN, delete="false"),
        wall("vault_nationaltoken", "false", OWN),
        wall("vault_sealeddraft", OWN),
    ]
