from django.db import migrations, models

import bulou.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("area", models.TextField(db_collation="C")),
                ("place_kind", models.TextField()),
                ("origin", models.TextField()),
                ("found_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_person",
                "indexes": [models.Index(fields=["district", "path"], name="people_person_path")],
            },
        ),
    ]
