from typing import Any
from uuid import uuid4

from django.db import migrations, models
from django.utils import timezone

from enlace.base.rows import wall
from enlace.statistics.watching import EVERYTHING, watched, watched_column


def begin(apps: Any, editor: Any) -> None:
    """The first line, so that there is always a newest one by which a kept snapshot knows its database."""
    log = apps.get_model("statistics", "FactChange")
    log.objects.create(kind="begun", token=str(uuid4()), at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0005_given_in_releases"),
        ("accounts", "0001_initial"),
        ("people", "0004_emergency_walls"),
        ("directory", "0002_places"),
        ("intake", "0005_contact_steps"),
        ("screening", "0002_walls"),
        ("cases", "0005_emergency_sight"),
        ("referrals", "0005_package_wall"),
        ("placements", "0004_unnamed"),
        ("assistance", "0006_unnamed"),
    ]
    operations = [
        migrations.CreateModel(
            name="FactChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=10)),
                ("subject", models.UUIDField(null=True)),
                ("writer", models.BigIntegerField(default=0)),
                ("token", models.CharField(max_length=36)),
                ("at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["writer"], name="statistics_change_writer")]},
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        wall("statistics_factchange", "false"),
        # Whoever is taken out of the database is taken out of what is kept as well: everything is gathered anew.
        watched("people_person", "person", "{row}.id", removal=EVERYTHING),
        watched("cases_case", "case", "{row}.id", removal=EVERYTHING),
        *(
            watched(table, "case", "{row}.case_id")
            for table in (
                "cases_decision",
                "cases_casecode",
                "cases_episode",
                "referrals_referral",
                "assistance_servicegiven",
                "assistance_permit",
                "assistance_assistedreturn",
                "assistance_followup",
                "placements_unmetneed",
            )
        ),
        watched(
            "placements_stay",
            "case",
            "{row}.case_id",
            "(SELECT s.case_id FROM placements_stay s WHERE s.id = {row}.transferred_to_id)",
        ),
        watched(
            "assistance_careturn",
            "case",
            "(SELECT p.case_id FROM assistance_permit p WHERE p.id = {row}.permit_id)",
            "(SELECT r.case_id FROM assistance_assistedreturn r WHERE r.id = {row}.assisted_return_id)",
        ),
        watched("intake_contact", "contact", "{row}.id"),
        watched("intake_contactperson", "contact", "{row}.contact_id"),
        watched("intake_outcome", "contact", "{row}.contact_id"),
        watched("screening_screening", "screening", "{row}.id"),
        watched("assistance_cost", "cost"),
        watched_column("accounts_agency", "kind_code", when_added=True),
        watched_column("referrals_partner", "kind_code", when_added=False),
        watched_column("directory_site", "kind_code", when_added=False),
    ]
