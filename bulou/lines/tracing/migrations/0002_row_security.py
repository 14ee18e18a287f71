from django.db import migrations

from bulou.kernel.scope import rls_sql

TABLES = {
    "tracing_person": "path",
    "tracing_exposure": "path",
    "tracing_visit": "path",
    "tracing_rule": None,
    "tracing_forgotten": None,
}


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("tracing", "0001_tables")]

    operations = [migrations.RunSQL(rls_sql(table, column), undo(table)) for table, column in TABLES.items()]
