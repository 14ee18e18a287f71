from pathlib import Path

from django.db import migrations

from bulou.kernel.scope import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"
# sequences, counts and seals hold no area: they belong to the whole district
POLICIES = (
    rls_sql("ledger_record")
    + rls_sql("ledger_conflict")
    + rls_sql("ledger_turnedaway", None)
    + rls_sql("ledger_sequence", None)
    + rls_sql("ledger_seal", None)
)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0002_append_only.up.sql").read_text(),
            (SCHEMA / "0002_append_only.down.sql").read_text(),
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
