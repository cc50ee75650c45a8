from django.db import migrations

from enlace.base.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("releases", "0001_initial")]
    operations = [
        append_only("releases_release"),
        append_only("releases_releasefile"),
        append_only("releases_releaseinput"),
        append_only("releases_releasedecision"),
    ]
