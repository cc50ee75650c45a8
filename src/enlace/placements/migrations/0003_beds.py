"""What the database itself refuses about beds: two stays that overlap in one, and a stay in one that is out of service."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE placements_stay ADD CONSTRAINT placements_no_overlap EXCLUDE USING gist "
    "(bed_id WITH =, tstzrange(occupied_from, ended_at) WITH &&) WHERE (bed_id IS NOT NULL)",
    # The bed is locked, so that nobody takes it out of service at the same moment.
    "CREATE FUNCTION placements_bed_in_service() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "PERFORM 1 FROM directory_bed b WHERE b.id = NEW.bed_id AND b.out_of_service_since IS NULL FOR SHARE; "
    "IF NOT FOUND THEN RAISE EXCEPTION 'placements_bed_out_of_service' USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NEW; END $$",
    "CREATE TRIGGER placements_bed_in_service BEFORE INSERT OR UPDATE OF bed_id, status ON placements_stay "
    "FOR EACH ROW WHEN (NEW.bed_id IS NOT NULL AND NEW.status IN ('held', 'admitted')) EXECUTE FUNCTION placements_bed_in_service()",
    "CREATE FUNCTION placements_bed_in_use() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF EXISTS (SELECT 1 FROM placements_stay s WHERE s.bed_id = NEW.id AND s.status IN ('held', 'admitted')) "
    "THEN RAISE EXCEPTION 'placements_bed_in_use' USING ERRCODE = 'check_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER placements_bed_in_use BEFORE UPDATE OF out_of_service_since ON directory_bed "
    "FOR EACH ROW WHEN (NEW.out_of_service_since IS NOT NULL) EXECUTE FUNCTION placements_bed_in_use()",
)
UNDO_POSTGRESQL = (
    "DROP TRIGGER placements_bed_in_use ON directory_bed",
    "DROP FUNCTION placements_bed_in_use()",
    "DROP TRIGGER placements_bed_in_service ON placements_stay",
    "DROP FUNCTION placements_bed_in_service()",
    "ALTER TABLE placements_stay DROP CONSTRAINT placements_no_overlap",
)

# Half-open spans, as PostgreSQL's: a stay may begin at the moment in which another ends, and one of no length overlaps none.
OVERLAPS = (
    "EXISTS (SELECT 1 FROM placements_stay s WHERE s.bed_id = NEW.bed_id AND s.id <> NEW.id "
    "AND (NEW.ended_at IS NULL OR s.occupied_from < NEW.ended_at) "
    "AND (s.ended_at IS NULL OR NEW.occupied_from < s.ended_at) "
    "AND (s.ended_at IS NULL OR s.occupied_from < s.ended_at) "
    "AND (NEW.ended_at IS NULL OR NEW.occupied_from < NEW.ended_at))"
)
OUT_OF_SERVICE = "NOT EXISTS (SELECT 1 FROM directory_bed b WHERE b.id = NEW.bed_id AND b.out_of_service_since IS NULL)"
IN_USE = "EXISTS (SELECT 1 FROM placements_stay s WHERE s.bed_id = NEW.id AND s.status IN ('held', 'admitted'))"


def refusing(name: str, table: str, verb: str, when: str, refused: str, said: str = "") -> str:
    return (
        f"CREATE TRIGGER {name}_{verb.split()[0].lower()} BEFORE {verb} ON {table} WHEN {when} "
        f"BEGIN SELECT RAISE(ABORT, '{name}{said}') WHERE {refused}; END"
    )


STAY, HAS_BED = "placements_stay", "NEW.bed_id IS NOT NULL"
IN_BED = f"{HAS_BED} AND NEW.status IN ('held', 'admitted')"
NOT_UNIQUE = ": the bed is not unique to one stay at a time"
SPAN = "UPDATE OF bed_id, occupied_from, ended_at"
SQLITE = (
    refusing("placements_no_overlap", STAY, "INSERT", HAS_BED, OVERLAPS, NOT_UNIQUE),
    refusing("placements_no_overlap", STAY, SPAN, HAS_BED, OVERLAPS, NOT_UNIQUE),
    refusing("placements_bed_out_of_service", STAY, "INSERT", IN_BED, OUT_OF_SERVICE),
    refusing("placements_bed_out_of_service", STAY, "UPDATE OF bed_id, status", IN_BED, OUT_OF_SERVICE),
    refusing(
        "placements_bed_in_use",
        "directory_bed",
        "UPDATE OF out_of_service_since",
        "NEW.out_of_service_since IS NOT NULL",
        IN_USE,
    ),
)
UNDO_SQLITE = (
    "DROP TRIGGER placements_no_overlap_insert",
    "DROP TRIGGER placements_no_overlap_update",
    "DROP TRIGGER placements_bed_out_of_service_insert",
    "DROP TRIGGER placements_bed_out_of_service_update",
    "DROP TRIGGER placements_bed_in_use_update",
)


def build(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement)


def remove(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    for statement in UNDO_POSTGRESQL if editor.connection.vendor == "postgresql" else UNDO_SQLITE:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("placements", "0002_walls"), ("directory", "0002_places")]
    operations = [migrations.RunPython(build, remove)]
