"""Tables of the register: projections of records (person, merge, rule), and teams, set by hand."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models


class Person(models.Model):
    """One person of the register; whoever was merged stands in the row of the one who stays."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    standing = models.TextField()
    risk = models.TextField(db_collation="C")
    named = models.TextField(null=True)  # noqa: DJ001 - null: nobody has classed by hand
    triggers = ArrayField(models.TextField())
    channel = models.TextField()
    found_at = models.DateTimeField()
    author = models.UUIDField()
    arrived_on = models.DateField(null=True)
    contact = models.TextField()
    stays = models.JSONField()
    transport = models.TextField(blank=True)
    trip = models.TextField(blank=True)
    door = models.UUIDField(null=True)
    companions = ArrayField(models.UUIDField())
    left_at = models.DateTimeField(null=True)
    left_why = models.TextField(null=True)  # noqa: DJ001 - null: still on the register
    record = models.UUIDField()
    n_records = models.IntegerField()

    class Meta:
        db_table = "screening_person"
        indexes = (
            models.Index(
                fields=("district", "risk", "path"), name="screening_person_risk"
            ),  # queries.register
            models.Index(fields=("district", "found_at", "id"), name="screening_person_found"),  # its order
        )

    class Privacy:
        open: ClassVar = ("id", "district", "standing", "risk", "named", "channel", "record", "n_records")
        operational: ClassVar = ("path", "triggers", "found_at", "author", "left_at", "left_why", "door")
        personal: ClassVar = ("arrived_on", "transport", "trip", "companions", "stays")
        sensitive: ClassVar = ("contact",)

    def __str__(self) -> str:
        return f"{self.path} {self.risk}"


class Merge(models.Model):
    """Of one entry, the newest word about whether it is somebody else's."""

    id = models.UUIDField(primary_key=True)  # the entry that would go
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    keep = models.UUIDField()
    state = models.TextField()
    proposal = models.UUIDField()
    proposed_by = models.UUIDField()
    reason = models.TextField()
    proposed_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "screening_merge"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(state__in=("merged", "merge_refused"))
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="screening_merge_two_people",
            ),
        )
        indexes = (
            models.Index(fields=("district", "keep"), name="screening_merge_keep"),  # projections: groups
            models.Index(fields=("district", "state"), name="screening_merge_state"),  # queries.merges
        )

    class Privacy:
        open: ClassVar = ("id", "district", "state", "proposal")
        operational: ClassVar = (
            "path", "keep", "proposed_by", "reason", "proposed_at", "decided_by", "decided_at",
        )  # fmt: skip
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.id} into {self.keep}: {self.state}"


class Rule(models.Model):
    """One version of the risk rule; the newest holds."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    clauses = models.JSONField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    reason = models.TextField()

    class Meta:
        db_table = "screening_rule"
        indexes = (models.Index(fields=("district", "set_at"), name="screening_rule_at"),)  # queries.rules

    class Privacy:
        open: ClassVar = ("id", "district", "clauses", "set_at", "reason")
        operational: ClassVar = ("set_by",)
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.district} {self.set_at}"


class TeamPlan(models.Model):
    """Which roles a team has in an area, from a time to a time; never two plans at once."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    roles = ArrayField(models.TextField())
    valid = DateTimeRangeField()
    by = models.UUIDField()
    reason = models.TextField()

    class Meta:
        db_table = "screening_team_plan"

    class Privacy:
        open: ClassVar = ("id", "district", "path", "roles", "valid", "reason")
        operational: ClassVar = ("by",)
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.path} {self.roles}"


class TeamMember(models.Model):
    """Somebody answers in a role, for a person or for everybody in an area, from a time to a time."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    target = models.TextField(db_collation="C")  # a person's id, or an area path
    role = models.TextField(db_collation="C")
    account = models.UUIDField()
    valid = DateTimeRangeField()
    by = models.UUIDField()
    override = models.TextField(blank=True)

    class Meta:
        db_table = "screening_team_member"
        indexes = (
            models.Index(
                fields=("district", "account"), name="screening_team_account"
            ),  # queries.teams: loads
        )

    class Privacy:
        open: ClassVar = ("id", "district", "role")
        operational: ClassVar = ("path", "target", "account", "valid", "by", "override")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.target} {self.role}"
