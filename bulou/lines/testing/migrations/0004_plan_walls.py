from pathlib import Path

from django.db import migrations

from bulou.kernel.scope import rls_sql

SCHEMA = Path(__file__).parent.parent / "sql" / "schema"


class Migration(migrations.Migration):
    dependencies = [("testing", "0003_plans")]

    operations = [
        # a plan above an officer's area is seen by the officer, who calls by its own part of it
        migrations.RunSQL(
            rls_sql("testing_plan", None),
            "DROP POLICY testing_plan_scope ON testing_plan;"
            " ALTER TABLE testing_plan DISABLE ROW LEVEL SECURITY",
        ),
        migrations.RunSQL(
            (SCHEMA / "0004_plan_walls.up.sql").read_text(), (SCHEMA / "0004_plan_walls.down.sql").read_text()
        ),
    ]
