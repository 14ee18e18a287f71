from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("restrictions", "0002_walls")]

    operations = [
        migrations.CreateModel(
            name="Tries",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "begins_at", "space", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("space", models.TextField()),
                ("n", models.IntegerField()),
            ],
            options={"db_table": "restrictions_tries"},
        ),
    ]
