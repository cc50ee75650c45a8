from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall

OWN = f"agency_code = {OWN_AGENCY}"
RELEASED = (  # constants only
    "EXISTS (SELECT 1 FROM vault_personkey k WHERE k.person_id = vault_sealeditem.person_id "  # noqa: S608
    "AND k.released_at IS NOT NULL AND k." + OWN + ")"
)


class Migration(migrations.Migration):
    dependencies = [("vault", "0001_initial")]
    operations = [
        wall("vault_agencykey", OWN),
        wall("vault_personkey", OWN, f"granted_by = {OWN_AGENCY} OR {OWN}"),
        wall("vault_sealeditem", RELEASED),
        wall("vault_blindtoken", OWN),
        wall("vault_nationaltoken", "false", OWN),
        wall("vault_sealeddraft", OWN),
    ]
