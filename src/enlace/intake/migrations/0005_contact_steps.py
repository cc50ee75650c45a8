import django.db.models.deletion
from django.db import migrations, models

import enlace.base.ids
from enlace.base.guards import append_only
from enlace.base.rows import OWN_AGENCY, wall

OWN_CONTACT = (
    "EXISTS (SELECT 1 FROM intake_contact c WHERE c.id = intake_contactstep.contact_id "
    f"AND c.agency_code = {OWN_AGENCY})"
)


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_report_walls")]
    operations = [
        migrations.CreateModel(
            name="ContactStep",
            fields=[
                ("id", models.UUIDField(default=enlace.base.ids.new_id, primary_key=True, serialize=False)),
                ("verb", models.CharField(max_length=12)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=60)),
                ("due", models.DateTimeField(blank=True, null=True)),
                (
                    "contact",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="intake.contact"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["contact", "at"], name="intake_steps_of_contact")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due__isnull", False), ("verb", "schedule")),
                            models.Q(("due__isnull", True), models.Q(("verb", "schedule"), _negated=True)),
                            _connector="OR",
                        ),
                        name="intake_promised_call_has_a_day",
                    )
                ],
            },
        ),
        wall("intake_contactstep", OWN_CONTACT, delete="false"),
        append_only("intake_contactstep"),
    ]
