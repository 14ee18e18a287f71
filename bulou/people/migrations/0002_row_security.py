from django.db import migrations

from bulou.kernel.reach import rls_sql

UNDO = (
    "DROP POLICY people_person_scope ON people_person; ALTER TABLE people_person DISABLE ROW LEVEL SECURITY"
)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_person")]

    operations = [migrations.RunSQL(rls_sql("people_person"), UNDO)]
