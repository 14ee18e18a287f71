from django.db import migrations

from bulou.kernel.scope import rls_sql


class Migration(migrations.Migration):
    dependencies = [("evidence", "0001_attachment")]

    operations = [
        migrations.RunSQL(
            rls_sql("evidence_attachment"),
            "DROP POLICY evidence_attachment_scope ON evidence_attachment;"
            " ALTER TABLE evidence_attachment DISABLE ROW LEVEL SECURITY",
        )
    ]
