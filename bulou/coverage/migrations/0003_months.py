from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("coverage", "0002_partitions"), ("ledger", "0003_no_truncate")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0003_months.up.sql").read_text(), (SCHEMA / "0003_months.down.sql").read_text()
        ),
    ]
