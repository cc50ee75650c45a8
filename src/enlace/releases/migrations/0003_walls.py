from django.db import migrations

from enlace.base.rows import wall


class Migration(migrations.Migration):
    dependencies = [("releases", "0002_append_only")]
    # No agency reads what a release was made from: pseudonymous facts of the whole nation, sealed besides.
    operations = [wall("releases_releaseinput", "false")]
