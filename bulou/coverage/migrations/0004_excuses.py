from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("coverage", "0003_months")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0004_excuses.up.sql").read_text(), (SCHEMA / "0004_excuses.down.sql").read_text()
        ),
    ]
