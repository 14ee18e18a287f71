from django.db import migrations, models

from bulou.kernel.reach import rls_sql

UNDO = "DROP POLICY watches_card_scope ON watches_card; ALTER TABLE watches_card DISABLE ROW LEVEL SECURITY"


class Migration(migrations.Migration):
    dependencies = [("watches", "0002_row_security")]

    operations = [
        migrations.CreateModel(
            name="Card",
            fields=[
                ("watch", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("person", models.UUIDField()),
                ("code_hash", models.BinaryField()),
                ("issued_at", models.DateTimeField()),
                ("issued_by", models.UUIDField()),
            ],
            options={"db_table": "watches_card"},
        ),
        migrations.AddConstraint(
            model_name="card",
            constraint=models.UniqueConstraint(
                fields=("district", "code_hash"), name="watches_card_code_once"
            ),
        ),
        migrations.RunSQL(rls_sql("watches_card"), UNDO),
    ]
