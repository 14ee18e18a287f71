from django.db import migrations

from bulou.kernel.scope import rls_sql

TABLES = {
    "checkpoints_passage": "path",
    "checkpoints_hour": "path",
    "checkpoints_handover": "path",
    "checkpoints_shift": "path",
    "checkpoints_walk": "path",
    "checkpoints_pass": "path",
    "checkpoints_daykey": None,
}


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("checkpoints", "0001_tables")]

    operations = [migrations.RunSQL(rls_sql(table, column), undo(table)) for table, column in TABLES.items()]
