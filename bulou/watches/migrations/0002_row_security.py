from django.db import migrations

from bulou.kernel.scope import rls_sql

# a slot has no place of its own: it is read beside its watch, which has one
POLICIES = rls_sql("watches_watch") + rls_sql("watches_slot", None)


class Migration(migrations.Migration):
    dependencies = [("watches", "0001_tables")]

    operations = [migrations.RunSQL(POLICIES, migrations.RunSQL.noop)]
