from django.db import migrations, models

from enlace.base.guards import append_only

GUARD = append_only("statistics_giventable")


class Migration(migrations.Migration):
    dependencies = [("statistics", "0004_walls")]
    # SQLite makes the table anew to add a column, and its guard would be lost on the way.
    operations = [
        migrations.RunPython(GUARD.reverse_code, GUARD.code),
        migrations.AddField(model_name="giventable", name="release", field=models.PositiveIntegerField(default=0)),
        append_only("statistics_giventable"),
    ]
