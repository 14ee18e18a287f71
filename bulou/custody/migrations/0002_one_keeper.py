from django.db import migrations

from bulou.kernel.scope import rls_sql

# Exactly one keeper at each moment, said by the database: two never overlap (WITHOUT OVERLAPS), every moment
# of the time in custody has one (a foreign key over periods). Keepers with a hole between them are refused.
ONE_KEEPER = """
ALTER TABLE custody_keeping ADD CONSTRAINT custody_keeping_one
  UNIQUE (district, item, valid WITHOUT OVERLAPS);
ALTER TABLE custody_span ADD CONSTRAINT custody_span_kept FOREIGN KEY (district, item, PERIOD valid)
  REFERENCES custody_keeping (district, item, PERIOD valid);
"""
NOBODY = """
ALTER TABLE custody_span DROP CONSTRAINT custody_span_kept;
ALTER TABLE custody_keeping DROP CONSTRAINT custody_keeping_one;
"""
# both sides of a handover see it: what a place gives, and what is on the way to it
SIDES = """
ALTER TABLE custody_chain ENABLE ROW LEVEL SECURITY;
ALTER TABLE custody_chain FORCE ROW LEVEL SECURITY;
CREATE POLICY custody_chain_scope ON custody_chain FOR ALL USING (
  district = ANY (current_setting('bulou.districts')::text[])
  AND sides && current_setting('bulou.scope')::text[]);
"""
POLICIES = "".join(rls_sql(table, None) for table in ("custody_carried", "custody_keeping", "custody_span"))


class Migration(migrations.Migration):
    dependencies = [("custody", "0001_tables"), ("grid", "0002_temporal_keys")]

    operations = [
        migrations.RunSQL(ONE_KEEPER, NOBODY),
        migrations.RunSQL(SIDES, migrations.RunSQL.noop),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
