"""The archive of reports: drafts, and signed ones that never change."""

from typing import ClassVar

from django.db import models

from bulou.reports.terms import State


class _Paper(models.Model):
    """What a draft and a signed report are as rows: exact bytes, and who put a name to them."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    place = models.TextField()
    on = models.DateField()
    state = models.TextField(choices=[(s.value, s.value) for s in State])
    year = models.SmallIntegerField(null=True)
    number = models.IntegerField(null=True)
    content = models.TextField()
    sha256 = models.TextField()
    signature = models.TextField(default="")
    key = models.TextField(default="")
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    signed_by = models.UUIDField(null=True)
    signed_role = models.TextField(default="")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.path} {self.on}"


class Daily(_Paper):
    """One daily report of one area as exact bytes; a trigger keeps signed ones as they are."""

    class Meta:
        db_table = "reports_daily"
        constraints = (
            models.UniqueConstraint(fields=("district", "path", "on"), name="reports_daily_once"),
            models.UniqueConstraint(
                fields=("district", "path", "year", "number"), name="reports_daily_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", number__isnull=True, signed_by__isnull=True)
                | models.Q(state="signed", number__isnull=False, signed_by__isnull=False),
                name="reports_daily_signed_by_someone",
            ),
        )
        # queries: the archive of an area and those below it, newest first
        indexes = (models.Index(fields=("district", "-on", "id"), name="reports_daily_list"),)

    class Privacy:
        open: ClassVar = (
            "id", "district", "path", "place", "on", "state", "year", "number", "sha256", "signature", "key",
            "made_at", "signed_at", "signed_role",
        )  # fmt: skip
        operational: ClassVar = ("made_by", "signed_by")
        personal: ClassVar = ("content",)  # free words of inspectors may name a person
        sensitive: ClassVar = ()


class OfRound(_Paper):
    """The report of one round in one area; `on` is the day it opened. Signed ones stay as they are."""

    operation = models.UUIDField()

    class Meta:
        db_table = "reports_round"
        constraints = (
            models.UniqueConstraint(fields=("district", "operation", "path"), name="reports_round_once"),
            models.UniqueConstraint(
                fields=("district", "path", "year", "number"), name="reports_round_number"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", number__isnull=True, signed_by__isnull=True)
                | models.Q(state="signed", number__isnull=False, signed_by__isnull=False),
                name="reports_round_signed_by_someone",
            ),
        )

    class Privacy:
        open: ClassVar = (
            "id", "district", "path", "place", "on", "state", "year", "number", "sha256", "signature", "key",
            "made_at", "signed_at", "signed_role", "operation",
        )  # fmt: skip
        operational: ClassVar = ("made_by", "signed_by", "content")  # counts, nobody by name
        personal: ClassVar = ()
        sensitive: ClassVar = ()
