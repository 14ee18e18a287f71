from pathlib import Path

from django.db import migrations

from bulou.kernel.scope import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_rounds")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0004_rounds_stay.up.sql").read_text(),
            (SCHEMA / "0004_rounds_stay.down.sql").read_text(),
        ),
        migrations.RunSQL(
            rls_sql("reports_round"),
            "DROP POLICY reports_round_scope ON reports_round;"
            " ALTER TABLE reports_round DISABLE ROW LEVEL SECURITY",
        ),
    ]
