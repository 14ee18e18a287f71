from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0005_four_eyes")]

    operations = [
        migrations.CreateModel(
            name="Refusal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "begins_at", "why", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("begins_at", models.DateTimeField()),
                ("why", models.TextField()),
                ("n", models.IntegerField()),
            ],
        ),
    ]
