from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("restrictions", "0003_tries")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0004_evidence_stands.up.sql").read_text(),
            (SCHEMA / "0004_evidence_stands.down.sql").read_text(),
        )
    ]
