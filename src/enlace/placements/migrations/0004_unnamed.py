"""A bed also for somebody whom the agency accepted without being told who it is."""

from importlib import import_module

from django.db import migrations

from enlace.base.rows import OWN_AGENCY, rebuild, wall

walls = import_module("enlace.placements.migrations.0002_walls")
STAY = "placements_stay"
SEEN = f"{walls.OWN} OR {walls.led(STAY)}"
JOINED = walls.joined(STAY)
UNNAMED = (
    "EXISTS (SELECT 1 FROM referrals_referral r WHERE r.case_id = placements_stay.case_id AND r.is_anonymous "
    f"AND r.recipient_code = {OWN_AGENCY} AND r.status IN ('accepted', 'started', 'completed', 'interrupted'))"
)


def stays(insert: str) -> migrations.RunPython:
    return wall(STAY, SEEN, walls.OWN, insert=f"{walls.OWN_SITE} AND {insert}", delete="false")


class Migration(migrations.Migration):
    dependencies = [("placements", "0003_beds"), ("referrals", "0005_package_wall")]
    operations = [rebuild(stays(JOINED), stays(f"({JOINED} OR {UNNAMED})"))]
