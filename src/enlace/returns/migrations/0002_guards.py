"""A template once kept never changes, and neither do the answers of a return that was submitted."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from enlace.base.guards import append_only

MESSAGE = "answers of a submitted return never change"
IS_OPEN = "(SELECT status FROM returns_periodicreturn WHERE id = {row}.of_id) = 'open'"
VERBS = {"INSERT": "NEW", "UPDATE": "OLD", "DELETE": "OLD"}


def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        for verb, row in VERBS.items():
            back = "OLD" if verb == "DELETE" else "NEW"
            editor.execute(
                f"CREATE FUNCTION returns_value_{verb.lower()}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF NOT {IS_OPEN.format(row=row)} THEN RAISE EXCEPTION '{MESSAGE}'; END IF; RETURN {back}; END $$"
            )
            editor.execute(
                f"CREATE TRIGGER returns_value_{verb.lower()} BEFORE {verb} ON returns_value "
                f"FOR EACH ROW EXECUTE FUNCTION returns_value_{verb.lower()}()"
            )
        return
    for verb, row in VERBS.items():
        editor.execute(
            f"CREATE TRIGGER returns_value_{verb.lower()} BEFORE {verb} ON returns_value "
            f"WHEN NOT {IS_OPEN.format(row=row)} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for verb in VERBS:
        name = f"returns_value_{verb.lower()}"
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {name} ON returns_value")
            editor.execute(f"DROP FUNCTION {name}()")
        else:
            editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_returns")]
    operations = [append_only("returns_template"), migrations.RunPython(build, remove)]
