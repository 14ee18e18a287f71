"""Tables of tasks: revisits (a projection), assignments and duties (set by people, dated)."""

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models


class Revisit(models.Model):
    """A unit that was tried and not met. A projection: it exists exactly while the unit stands there."""

    pk = models.CompositePrimaryKey("district", "operation", "subject")
    district = models.TextField()
    operation = models.UUIDField()
    subject = models.UUIDField()
    path = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    why = models.SmallIntegerField()
    due_at = models.DateTimeField()
    after_record = models.UUIDField()

    class Meta:
        indexes = (
            # what is due in an area, oldest first
            models.Index(fields=["district", "due_at", "path"], name="tasks_revisit_due"),
        )

    class Privacy:
        open: ClassVar = {"district", "operation", "why"}
        operational: ClassVar = {"subject", "path", "area", "due_at", "after_record"}

    def __str__(self) -> str:
        return f"revisit {self.subject}"


class Assignment(models.Model):
    """A unit given to a person or a team by name, from a time to a time."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField()
    operation = models.UUIDField()
    subject = models.UUIDField()
    path = models.TextField(db_collation="C")
    account = models.UUIDField(null=True)
    team = models.TextField(blank=True)
    valid = DateTimeRangeField()
    by = models.UUIDField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(account__isnull=False) | ~models.Q(team=""),
                name="tasks_assignment_somebody",
            ),
        )
        indexes = (
            # the units that were given to somebody
            models.Index(fields=["district", "account"], name="tasks_assignment_account"),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "operation"}
        operational: ClassVar = {"subject", "path", "account", "team", "valid", "by", "reason"}

    def __str__(self) -> str:
        return f"{self.subject} to {self.account or self.team}"


class Duty(models.Model):
    """Somebody answers for a place in a role, from a time to a time; never two at once in the same role."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField()
    path = models.TextField(db_collation="C")
    role = models.TextField()
    account = models.UUIDField()
    valid = DateTimeRangeField()
    by = models.UUIDField()

    class Meta:
        indexes = (
            # the places that somebody answers for
            models.Index(fields=["district", "account"], name="tasks_duty_account"),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "role"}
        operational: ClassVar = {"path", "account", "valid", "by"}

    def __str__(self) -> str:
        return f"{self.role} of {self.path}"
