from django.db import migrations

from enlace.base.rows import wall


class Migration(migrations.Migration):
    dependencies = [("statistics", "0003_saved_tables")]
    # No agency reads the unprotected counts that later answers are protected with; they are sealed besides.
    operations = [wall("statistics_giventable", "false")]
