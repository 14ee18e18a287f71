from django.db import migrations

from bulou.kernel.reach import rls_sql

# Areas, their codes and head counts are public facts of a district: the officer of one community must be
# able to name the street above it. Doors, sites and imports are seen within the own part only.
TABLES: tuple[tuple[str, str | None], ...] = (
    ("grid_area", None),
    ("grid_code", None),
    ("grid_population", None),
    ("grid_dwelling", "path"),
    ("grid_site", "path"),
    ("grid_import", "path"),
    ("grid_import_row", None),
    ("grid_import_change", None),
    ("grid_hold", "path"),
)


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("grid", "0002_temporal_keys")]

    operations = [migrations.RunSQL(rls_sql(table, column), undo(table)) for table, column in TABLES]
