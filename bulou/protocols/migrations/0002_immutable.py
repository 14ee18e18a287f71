from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("protocols", "0001_version")]

    operations = [
        migrations.RunSQL(
            (SCHEMA / "0002_immutable.up.sql").read_text(), (SCHEMA / "0002_immutable.down.sql").read_text()
        ),
    ]
