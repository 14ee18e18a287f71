import django.contrib.postgres.fields
from django.db import migrations, models

import bulou.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_row_security"),
    ]

    operations = [
        migrations.CreateModel(
            name="Certificate",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("made_at", models.DateTimeField()),
                ("n", models.IntegerField()),
                ("by_keep", models.JSONField()),
                ("ids_hash", models.TextField()),
                (
                    "keys_destroyed",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "db_table": "people_certificate",
            },
        ),
        migrations.CreateModel(
            name="Dispute",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("person", models.UUIDField()),
                ("identity", models.UUIDField()),
                ("field", models.TextField()),
                ("said", models.TextField()),
                ("before", models.TextField()),
                ("state", models.TextField()),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.UUIDField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("settled_by", models.UUIDField(null=True)),
                ("answer", models.TextField(blank=True)),
            ],
            options={
                "db_table": "people_dispute",
            },
        ),
        migrations.CreateModel(
            name="DutyEnd",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district",
                        "person",
                        "source",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district", models.TextField(db_collation="C")),
                ("person", models.UUIDField()),
                ("source", models.TextField()),
                ("until", models.DateField()),
            ],
            options={
                "db_table": "people_duty_end",
            },
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("person", models.UUIDField()),
                ("keep", models.TextField()),
                ("month", models.TextField()),
                ("wrapped", models.BinaryField()),
                ("sealed", models.JSONField()),
                ("digest", models.BinaryField()),
                ("trigger", models.TextField()),
                ("purpose", models.TextField()),
                ("basis", models.TextField()),
                ("reason", models.TextField()),
                ("held_at", models.DateTimeField()),
                ("held_by", models.UUIDField()),
                ("expires_at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_identity",
            },
        ),
        migrations.CreateModel(
            name="Read",
            fields=[
                ("id", models.UUIDField(default=bulou.kernel.ids.uuid7, primary_key=True, serialize=False)),
                ("district", models.TextField(db_collation="C")),
                ("path", models.TextField(db_collation="C")),
                ("person", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("account", models.UUIDField()),
                ("role", models.TextField()),
                ("unit", models.TextField()),
                ("look", models.TextField()),
                ("purpose", models.TextField()),
                ("reason", models.TextField(blank=True)),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
            ],
            options={
                "db_table": "people_read",
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "district",
                        "what",
                        "token",
                        "identity",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("district", models.TextField(db_collation="C")),
                ("what", models.TextField(db_collation="C")),
                ("token", models.BinaryField()),
                ("identity", models.UUIDField()),
                ("person", models.UUIDField()),
                ("path", models.TextField(db_collation="C")),
            ],
            options={
                "db_table": "people_token",
            },
        ),
        migrations.AddField(
            model_name="person",
            name="held_path",
            field=models.TextField(db_collation="C", default=""),
        ),
        migrations.AddField(
            model_name="person",
            name="merged_into",
            field=models.UUIDField(null=True),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                condition=models.Q(("merged_into__isnull", False)),
                fields=["district", "merged_into"],
                name="people_person_merged",
            ),
        ),
        migrations.AddIndex(
            model_name="certificate",
            index=models.Index(fields=["district", "made_at"], name="people_certificate_at"),
        ),
        migrations.AddIndex(
            model_name="dispute",
            index=models.Index(fields=["district", "person"], name="people_dispute_person"),
        ),
        migrations.AddIndex(
            model_name="identity",
            index=models.Index(fields=["district", "expires_at"], name="people_identity_due"),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.UniqueConstraint(
                fields=("district", "person", "keep"), name="people_identity_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("basis__regex", "\\S"),
                    ("purpose__regex", "\\S"),
                    ("reason__regex", "\\S"),
                    ("trigger__regex", "\\S"),
                ),
                name="people_identity_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.CheckConstraint(
                condition=models.Q(("expires_at__gt", models.F("held_at"))), name="people_identity_ends"
            ),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(fields=["district", "person", "at"], name="people_read_person"),
        ),
        migrations.AddIndex(
            model_name="read",
            index=models.Index(fields=["district", "account", "at"], name="people_read_account"),
        ),
        migrations.AddConstraint(
            model_name="read",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__regex", "\\S")), name="people_read_purpose"
            ),
        ),
        migrations.AddIndex(
            model_name="token",
            index=models.Index(fields=["district", "person"], name="people_token_person"),
        ),
    ]
