"""Tables of coverage: rounds, unit states, counters. Units and counters are projections: only SQL."""

from typing import ClassVar

from django.db import models


class Operation(models.Model):
    """One round. Its frame is frozen when it opens; the hash of the frame is told in the ledger."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField()
    path = models.TextField(db_collation="C")
    protocol = models.TextField()
    kind = models.TextField()
    title = models.TextField(blank=True)
    subject_type = models.TextField()
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    basis_law = models.TextField()
    basis_text = models.TextField(blank=True)
    targets = models.JSONField(default=dict)
    frame_n = models.BigIntegerField()
    frame_sha = models.TextField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.UUIDField(null=True)
    closed_short = models.BooleanField(default=False)
    close_reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~models.Q(basis_law=""), name="coverage_operation_basis"),
            models.CheckConstraint(
                condition=models.Q(closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="coverage_operation_closed_by_someone",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_short=False) | ~models.Q(close_reason=""),
                name="coverage_operation_short_has_reason",
            ),
        )
        indexes = (
            # the list of rounds, newest first
            models.Index(fields=["district", "-opens_at", "id"], name="coverage_operation_list"),
        )

    class Privacy:
        open: ClassVar = {
            "id", "district", "path", "protocol", "kind", "title", "subject_type", "opens_at", "due_at",
            "opened_at", "basis_law", "basis_text", "targets", "frame_n", "frame_sha", "closed_at",
            "closed_short", "close_reason",
        }  # fmt: skip
        operational: ClassVar = {"opened_by", "closed_by"}

    def __str__(self) -> str:
        return f"{self.protocol} {self.path}"


class Unit(models.Model):
    """One unit of one round. Partitioned by round, so its key is (district, operation, subject)."""

    pk = models.CompositePrimaryKey("district", "operation", "subject")
    district = models.TextField()
    operation = models.UUIDField()
    subject = models.UUIDField()
    subject_type = models.TextField()
    path = models.TextField(db_collation="C")
    area = models.TextField(db_collation="C")
    building = models.TextField()
    label = models.TextField()
    sort = models.TextField(db_collation="C")
    origin = models.TextField()
    added_by = models.UUIDField(null=True)
    rank = models.SmallIntegerField()
    state = models.SmallIntegerField()
    outcome = models.TextField()
    alert = models.BooleanField()
    effective_at = models.DateTimeField(null=True)
    record = models.UUIDField(null=True)
    excused_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField()
    last_attempt_at = models.DateTimeField(null=True)
    last_attempt = models.UUIDField(null=True)
    last_state = models.SmallIntegerField()
    author = models.UUIDField(null=True)
    team = models.TextField()
    amended = models.BooleanField()

    class Meta:
        managed = False
        db_table = "coverage_unit"

    class Privacy:
        open: ClassVar = {"district", "operation", "rank", "state", "origin"}
        operational: ClassVar = {
            "subject", "subject_type", "path", "area", "building", "label", "sort", "added_by", "outcome",
            "alert", "effective_at", "record", "excused_until", "attempts", "last_attempt_at", "last_attempt",
            "last_state", "author", "team", "amended",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject}"


class Counter(models.Model):
    """How many units of a round stand in a state, per compound. Written only by projections."""

    pk = models.CompositePrimaryKey("district", "operation", "area", "state")
    district = models.TextField()
    operation = models.UUIDField()
    area = models.TextField(db_collation="C")
    state = models.SmallIntegerField()
    n = models.IntegerField()

    class Meta:
        managed = False
        db_table = "coverage_counter"

    class Privacy:
        open: ClassVar = {"district", "operation", "area", "state", "n"}

    def __str__(self) -> str:
        return f"{self.area} {self.state}: {self.n}"
