from django.db import migrations

from bulou.kernel.scope import rls_sql

# The same place and role, or the same unit, never has two holders at one moment: the database says so.
DATED = """
ALTER TABLE tasks_duty ADD CONSTRAINT tasks_duty_one UNIQUE (district, path, role, valid WITHOUT OVERLAPS);
ALTER TABLE tasks_assignment ADD CONSTRAINT tasks_assignment_one
  UNIQUE (district, operation, subject, valid WITHOUT OVERLAPS);
"""
UNDATED = """
ALTER TABLE tasks_duty DROP CONSTRAINT tasks_duty_one;
ALTER TABLE tasks_assignment DROP CONSTRAINT tasks_assignment_one;
"""
# who answers for a street is known below it: an officer sees the duties above the own area
POLICIES = rls_sql("tasks_revisit") + rls_sql("tasks_assignment") + rls_sql("tasks_duty", None)


class Migration(migrations.Migration):
    dependencies = [("tasks", "0001_initial"), ("grid", "0002_temporal_keys")]

    operations = [migrations.RunSQL(DATED, UNDATED), migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
