"""The table of cases: the columns that lists ask for, and beside them the whole fold. A projection."""

from typing import ClassVar

from django.db import models


class Case(models.Model):
    """One case as its records make it. Dropped and rebuilt at any time."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    protocol = models.TextField()
    about = models.UUIDField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    record = models.UUIDField()
    body = models.TextField()

    class Meta:
        db_table = "cases_case"
        indexes = (
            # open cases, the most urgent first
            models.Index(
                fields=["district", "due_at", "id"], name="cases_case_due",
                condition=models.Q(closed_at__isnull=True),
            ),
            # closed cases, the latest first
            models.Index(fields=["district", "closed_at"], name="cases_case_closed"),
            # the cases about a watch
            models.Index(fields=["district", "about"], name="cases_case_about"),
        )  # fmt: skip

    class Privacy:
        open: ClassVar = {"id", "district", "protocol"}
        operational: ClassVar = {"path", "opened_at", "due_at", "closed_at", "record"}
        personal: ClassVar = {"about"}
        sensitive: ClassVar = {"body"}

    def __str__(self) -> str:
        return f"{self.protocol} {self.path}"
