from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("slug", models.TextField()),
                ("version", models.PositiveIntegerField()),
                ("line", models.TextField()),
                ("body", models.JSONField()),
                ("sha256", models.TextField()),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "db_table": "protocols_version",
                "constraints": [
                    models.UniqueConstraint(fields=["slug", "version"], name="protocols_version_slug"),
                    models.CheckConstraint(
                        condition=models.Q(version__gte=1), name="protocols_version_counts_from_one"
                    ),
                ],
            },
        ),
    ]
