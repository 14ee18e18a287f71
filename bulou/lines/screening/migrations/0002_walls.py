from django.db import migrations

from bulou.kernel.reach import rls_sql

# Rules and teams are facts of the district: the officer of one community must see who answers above.
TABLES: tuple[tuple[str, str | None], ...] = (
    ("screening_person", "path"),
    ("screening_merge", "path"),
    ("screening_rule", None),
    ("screening_team_plan", None),
    ("screening_team_member", None),
)
# The same role never has two holders at one moment, an area never two plans: the database says so.
DATED = """
ALTER TABLE screening_team_plan ADD CONSTRAINT screening_team_plan_one
  UNIQUE (district, path, valid WITHOUT OVERLAPS);
ALTER TABLE screening_team_member ADD CONSTRAINT screening_team_member_one
  UNIQUE (district, target, role, valid WITHOUT OVERLAPS);
"""
UNDATED = """
ALTER TABLE screening_team_plan DROP CONSTRAINT screening_team_plan_one;
ALTER TABLE screening_team_member DROP CONSTRAINT screening_team_member_one;
"""


def undo(table: str) -> str:
    return f"DROP POLICY {table}_scope ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("screening", "0001_register"), ("grid", "0002_temporal_keys")]

    operations = [
        migrations.RunSQL(DATED, UNDATED),
        *(migrations.RunSQL(rls_sql(table, column), undo(table)) for table, column in TABLES),
    ]
