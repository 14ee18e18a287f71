import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="TeamPlan",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("by", models.UUIDField()),
                ("reason", models.TextField()),
            ],
            options={
                "db_table": "screening_team_plan",
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("keep", models.UUIDField()),
                ("state", models.TextField()),
                ("proposal", models.UUIDField()),
                ("proposed_by", models.UUIDField()),
                ("reason", models.TextField()),
                ("proposed_at", models.DateTimeField()),
                ("decided_by", models.UUIDField(null=True)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "screening_merge",
                "indexes": [
                    models.Index(fields=["district", "keep"], name="screening_merge_keep"),
                    models.Index(fields=["district", "state"], name="screening_merge_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by__isnull", True),
                            models.Q(("state__in", ("merged", "merge_refused")), _negated=True),
                            models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="screening_merge_two_people",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("standing", models.TextField()),
                ("risk", models.TextField(db_collation="C")),
                ("named", models.TextField(null=True)),
                (
                    "triggers",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                ("channel", models.TextField()),
                ("found_at", models.DateTimeField()),
                ("author", models.UUIDField()),
                ("arrived_on", models.DateField(null=True)),
                ("contact", models.TextField()),
                ("stays", models.JSONField()),
                ("transport", models.TextField(blank=True)),
                ("trip", models.TextField(blank=True)),
                ("door", models.UUIDField(null=True)),
                (
                    "companions",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None),
                ),
                ("left_at", models.DateTimeField(null=True)),
                ("left_why", models.TextField(null=True)),
                ("record", models.UUIDField()),
                ("n_records", models.IntegerField()),
            ],
            options={
                "db_table": "screening_person",
                "indexes": [
                    models.Index(fields=["district", "risk", "path"], name="screening_person_risk"),
                    models.Index(fields=["district", "found_at", "id"], name="screening_person_found"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("clauses", models.JSONField()),
                ("set_at", models.DateTimeField()),
                ("set_by", models.UUIDField()),
                ("reason", models.TextField()),
            ],
            options={
                "db_table": "screening_rule",
                "indexes": [models.Index(fields=["district", "set_at"], name="screening_rule_at")],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("target", models.TextField(db_collation="C")),
                ("role", models.TextField(db_collation="C")),
                ("account", models.UUIDField()),
                ("valid", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
                ("by", models.UUIDField()),
                ("override", models.TextField(blank=True)),
            ],
            options={
                "db_table": "screening_team_member",
                "indexes": [models.Index(fields=["district", "account"], name="screening_team_account")],
            },
        ),
    ]
