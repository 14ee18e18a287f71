import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.expressions
from django.db import migrations, models

import bulou.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("area", models.UUIDField()),
                ("parent", models.UUIDField(null=True)),
                ("level", models.TextField()),
                ("path", models.TextField(db_collation="C")),
                ("name", models.TextField()),
                ("short_name", models.TextField()),
                ("pinyin", models.TextField(db_collation="C", default="")),
                ("kind", models.TextField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "flags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("reason", models.TextField(default="")),
                ("source", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "grid_area",
                "indexes": [
                    models.Index(fields=["district", "path"], name="grid_area_path"),
                    models.Index(fields=["district", "parent"], name="grid_area_parent"),
                    models.Index(fields=["district", "source"], name="grid_area_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Code",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("area", models.UUIDField()),
                ("scheme", models.TextField()),
                ("code", models.TextField(db_collation="C")),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("source", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "grid_code",
                "indexes": [
                    models.Index(fields=["district", "area"], name="grid_code_area"),
                    models.Index(fields=["district", "source"], name="grid_code_source"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dwelling",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("area", models.TextField(db_collation="C")),
                ("building", models.TextField(default="")),
                ("floor", models.SmallIntegerField(null=True)),
                ("door", models.TextField(db_collation="C")),
                ("sort", models.TextField(db_collation="C", default="")),
                ("kind", models.TextField()),
                (
                    "needs_help",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("origin", models.TextField()),
                ("import_id", models.UUIDField(null=True)),
                ("follows", models.UUIDField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
            ],
            options={
                "db_table": "grid_dwelling",
                "indexes": [
                    models.Index(fields=["district", "door"], name="grid_dwelling_search"),
                    models.Index(fields=["district", "import_id"], name="grid_dwelling_import"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until__isnull", True)),
                        fields=("district", "path", "door"),
                        name="grid_dwelling_door",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("held_by", models.UUIDField()),
                ("held_at", models.DateTimeField()),
            ],
            options={
                "db_table": "grid_hold",
                "constraints": [
                    models.UniqueConstraint(fields=("district", "held_by", "path"), name="grid_hold_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("kind", models.TextField()),
                ("file_name", models.TextField()),
                ("sha256", models.TextField()),
                ("rows", models.IntegerField()),
                ("stored", models.IntegerField()),
                ("unchanged", models.IntegerField()),
                ("quarantined", models.IntegerField()),
                ("state", models.TextField()),
                (
                    "districts",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                (
                    "header",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None
                    ),
                ),
                ("mapping", models.JSONField(default=dict)),
                ("made_by", models.UUIDField()),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "grid_import",
                "indexes": [models.Index(fields=["district", "made_at"], name="grid_import_made")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rows",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("stored"), "+", models.F("unchanged")
                                    ),
                                    "+",
                                    models.F("quarantined"),
                                ),
                            )
                        ),
                        name="grid_import_balance",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportChange",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("import_id", models.UUIDField()),
                ("subject_type", models.TextField()),
                ("subject", models.UUIDField()),
                ("before", models.JSONField()),
            ],
            options={
                "db_table": "grid_import_change",
                "indexes": [models.Index(fields=["district", "import_id"], name="grid_import_change_import")],
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("import_id", models.UUIDField()),
                ("row", models.IntegerField()),
                ("column", models.TextField(default="")),
                ("code", models.TextField()),
                ("params", models.JSONField(default=dict)),
                ("cells", models.JSONField(default=list)),
            ],
            options={
                "db_table": "grid_import_row",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("district", "import_id", "row"), name="grid_import_row_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Population",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("kind", models.TextField()),
                ("n", models.IntegerField()),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("source", models.UUIDField(null=True)),
            ],
            options={
                "db_table": "grid_population",
                "indexes": [models.Index(fields=["district", "source"], name="grid_population_source")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("n__gte", 0)), name="grid_population_n")
                ],
            },
        ),
        migrations.CreateModel(
            name="Site",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("area", models.TextField(db_collation="C")),
                ("type", models.TextField()),
                ("name", models.TextField()),
                ("attributes", models.JSONField(default=dict)),
                ("origin", models.TextField()),
                ("import_id", models.UUIDField(null=True)),
                ("follows", models.UUIDField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(null=True)),
            ],
            options={
                "db_table": "grid_site",
                "indexes": [
                    models.Index(fields=["district", "type", "path"], name="grid_site_type"),
                    models.Index(fields=["district", "import_id"], name="grid_site_import"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_until__isnull", True)),
                        fields=("district", "path", "type", "name"),
                        name="grid_site_name",
                    )
                ],
            },
        ),
    ]
