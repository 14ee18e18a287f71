"""The table of disinfection: one row per object and round, as its records make it."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from bulou.lines.disinfection.terms import Verdict


class Job(models.Model):
    """The latest job on one object of one round, with its sign-off. Dropped and rebuilt at any time."""

    id = models.UUIDField(primary_key=True)  # made of round and object, so that a rebuild gives the same row
    district = models.TextField(db_collation="C")
    operation = models.UUIDField()
    subject = models.UUIDField()
    subject_type = models.TextField()
    path = models.TextField(db_collation="C")
    worker = models.UUIDField()
    team = models.TextField()
    crew = ArrayField(models.UUIDField())
    agent = models.TextField()
    concentration_mg_l = models.BigIntegerField(null=True)
    method = models.TextField()
    area_m2 = models.DecimalField(max_digits=14, decimal_places=2)
    litres = models.DecimalField(max_digits=14, decimal_places=2)
    cautions = ArrayField(models.TextField())
    done_at = models.DateTimeField()
    record = models.UUIDField()
    verdict = models.TextField(null=True, choices=[(v.value, v.value) for v in Verdict])  # noqa: DJ001 - no verdict yet
    signed_by = models.UUIDField(null=True)
    signed_team = models.TextField()
    signed_at = models.DateTimeField(null=True)
    signoff = models.UUIDField(null=True)

    class Meta:
        db_table = "disinfection_job"
        constraints = (
            models.UniqueConstraint(
                fields=("district", "operation", "subject"), name="disinfection_job_object"
            ),
            models.CheckConstraint(
                condition=models.Q(verdict__isnull=True, signed_by__isnull=True)
                | models.Q(verdict__isnull=False, signed_by__isnull=False),
                name="disinfection_job_signed_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_by__isnull=True) | ~models.Q(signed_by=models.F("worker")),
                name="disinfection_job_other_eyes",
            ),
        )
        indexes = (
            # queries: the list of what waits for a sign-off, oldest first
            models.Index(fields=("district", "operation", "done_at", "id"), name="disinfection_job_list"),
        )

    class Privacy:
        open: ClassVar = (
            "id", "district", "operation", "subject", "subject_type", "agent", "concentration_mg_l", "method",
            "area_m2", "litres", "cautions", "record", "verdict", "signoff",
        )  # fmt: skip
        operational: ClassVar = (
            "path", "worker", "team", "crew", "done_at", "signed_by", "signed_team", "signed_at",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.done_at:%Y-%m-%d}"
