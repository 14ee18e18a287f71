"""Tables of supervision: findings and visits as their records make them. Dropped and rebuilt at any time."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bulou.lines.supervision.terms import Severity, Stage, Visit


class Finding(models.Model):
    """One finding: the columns that lists ask for, and beside them the whole fold as JSON."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    severity = models.TextField(choices=[(s.value, s.value) for s in Severity])
    stage = models.TextField(choices=[(s.value, s.value) for s in Stage])
    covert = models.BooleanField()
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    owner = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True)
    sampled_at = models.DateTimeField(null=True)
    record = models.UUIDField()
    body = models.TextField()

    class Meta:
        db_table = "supervision_finding"
        indexes = (
            models.Index(
                fields=("district", "stage", "due_at"), name="supervision_finding_due"
            ),  # queries: findings
            models.Index(
                fields=("district", "found_at"), name="supervision_finding_found"
            ),  # queries: on_day
            models.Index(
                fields=("district", "closed_at"), name="supervision_finding_closed"
            ),  # queries: to_sample
        )

    class Privacy:
        open: ClassVar = ("id", "district", "severity", "stage", "record")
        operational: ClassVar = (
            "path", "covert", "found_at", "told_at", "due_at", "owner", "closed_at", "sampled_at",
        )  # fmt: skip
        personal: ClassVar = ("body",)  # free words of an inspector may name a person
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.severity} {self.path} {self.stage}"


class Inspection(models.Model):
    """One visit of a supervision group to one place."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    visit = models.TextField(choices=[(v.value, v.value) for v in Visit])
    methods = ArrayField(models.TextField())
    covert = models.BooleanField()
    group = models.TextField()
    planned_on = models.DateField(null=True)
    at = models.DateTimeField()
    author = models.UUIDField()
    team = models.TextField()
    record = models.UUIDField()

    class Meta:
        db_table = "supervision_inspection"
        indexes = (
            models.Index(fields=("district", "at"), name="supervision_inspection_at"),
        )  # queries: inspections

    class Privacy:
        open: ClassVar = ("id", "district", "record")
        operational: ClassVar = (
            "path", "visit", "methods", "covert", "group", "planned_on", "at", "author", "team",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.visit} {self.path}"
