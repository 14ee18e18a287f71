from django.db import migrations

from bulou.kernel.scope import rls_sql

# A zone is a public order about a place: whoever works in the district may read it, also one from above.
TABLES = ("command_zone",)


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("command", "0001_tables")]

    operations = [migrations.RunSQL(rls_sql(table, None), undo(table)) for table in TABLES]
