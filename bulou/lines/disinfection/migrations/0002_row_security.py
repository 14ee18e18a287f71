from django.db import migrations

from bulou.kernel.scope import rls_sql


class Migration(migrations.Migration):
    dependencies = [("disinfection", "0001_tables")]

    operations = [
        migrations.RunSQL(
            rls_sql("disinfection_job"),
            "DROP POLICY disinfection_job_scope ON disinfection_job;"
            " ALTER TABLE disinfection_job DISABLE ROW LEVEL SECURITY",
        )
    ]
