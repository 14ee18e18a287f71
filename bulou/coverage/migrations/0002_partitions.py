from pathlib import Path

from django.db import migrations

from bulou.kernel.scope import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"
POLICIES = (
    # a round above an officer's area is seen by the officer, with the officer's own part of it
    rls_sql("coverage_operation", None) + rls_sql("coverage_unit") + rls_sql("coverage_counter", "area")
)


class Migration(migrations.Migration):
    dependencies = [("coverage", "0001_initial"), ("ledger", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0002_partitions.up.sql").read_text(), (SCHEMA / "0002_partitions.down.sql").read_text()
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
