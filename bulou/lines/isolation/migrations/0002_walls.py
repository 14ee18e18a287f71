from django.db import migrations

from bulou.kernel.scope import rls_sql

TABLES = (
    "isolation_site", "isolation_check", "isolation_duty", "isolation_room", "isolation_turned",
    "isolation_stay", "isolation_night", "isolation_home",
)  # fmt: skip
# One head at each moment, said by the database.
ONE_HEAD = """
ALTER TABLE isolation_duty ADD CONSTRAINT isolation_duty_one_head
  EXCLUDE USING gist (district WITH =, site WITH =, valid WITH &&) WHERE ("group" = 'head');
"""
ANY_HEAD = "ALTER TABLE isolation_duty DROP CONSTRAINT isolation_duty_one_head"


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("isolation", "0001_tables"), ("grid", "0002_temporal_keys")]

    operations = [
        migrations.RunSQL(ONE_HEAD, ANY_HEAD),
        *(migrations.RunSQL(rls_sql(table, "path"), undo(table)) for table in TABLES),
    ]
