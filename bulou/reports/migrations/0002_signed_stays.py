from pathlib import Path

from django.db import migrations

from bulou.kernel.scope import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_tables")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0002_signed_stays.up.sql").read_text(),
            (SCHEMA / "0002_signed_stays.down.sql").read_text(),
        ),
        migrations.RunSQL(
            rls_sql("reports_daily"),
            "DROP POLICY reports_daily_scope ON reports_daily;"
            " ALTER TABLE reports_daily DISABLE ROW LEVEL SECURITY",
        ),
    ]
