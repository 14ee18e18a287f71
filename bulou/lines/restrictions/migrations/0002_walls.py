from pathlib import Path

from django.db import migrations

from bulou.kernel.reach import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"
TABLES = ("restrictions_basis", "restrictions_act", "restrictions_restriction", "restrictions_appeal")


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("restrictions", "0001_tables")]

    operations = [
        *(migrations.RunSQL(rls_sql(table), undo(table)) for table in TABLES),
        migrations.RunSQL(
            (SCHEMA / "0002_walls.up.sql").read_text(), (SCHEMA / "0002_walls.down.sql").read_text()
        ),
    ]
