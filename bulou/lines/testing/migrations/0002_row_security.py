from django.db import migrations

from bulou.kernel.scope import rls_sql

TABLES = ("testing_sample", "testing_event", "testing_tube", "testing_counter")


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("testing", "0001_tables")]

    operations = [migrations.RunSQL(rls_sql(table), undo(table)) for table in TABLES]
