from django.db import migrations

from enlace.base.rows import OWN_AGENCY, wall
from enlace.people.permissions import sight_in_emergency
from enlace.vault.rules import WHEREABOUTS

OWN = f"agency_code = {OWN_AGENCY}"
KINDS = ", ".join(f"'{kind}'" for kind in WHEREABOUTS)
# While the access runs, its own agency reads the items; where the person is, only once a second person agreed.
LENT = (
    "EXISTS (SELECT 1 FROM vault_lentkey k JOIN people_emergency e ON e.id = k.emergency_id "
    "WHERE k.person_id = vault_sealeditem.person_id AND k." + OWN + " AND e.ended_at IS NULL "
    "AND e.ends_at > statement_timestamp() AND (e.is_approved OR vault_sealeditem.kind NOT IN (" + KINDS + ")))"
)


class Migration(migrations.Migration):
    dependencies = [("vault", "0005_lent_keys"), ("people", "0004_emergency_walls")]
    operations = [
        wall("vault_lentkey", OWN, "false", delete="false"),
        sight_in_emergency("vault_sealeditem", LENT),
    ]
