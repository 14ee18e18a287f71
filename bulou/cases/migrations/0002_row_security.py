from django.db import migrations

from bulou.kernel.scope import rls_sql


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_tables")]

    operations = [migrations.RunSQL(rls_sql("cases_case"), migrations.RunSQL.noop)]
