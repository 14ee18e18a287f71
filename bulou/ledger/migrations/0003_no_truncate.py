from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0003_no_truncate.up.sql").read_text(),
            (SCHEMA / "0003_no_truncate.down.sql").read_text(),
        ),
    ]
