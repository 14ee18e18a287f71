"""The tables of command: columns that lists ask for, and beside them the whole fold. Projections."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import CheckConstraint, F, Q

from bulou.command.terms import LONGEST, Level


class Zone(models.Model):
    """One decision about an area as its records make it. Dropped and rebuilt at any time."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    level = models.TextField(choices=[(level.value, level.value) for level in Level])
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField()
    two_units = models.BooleanField()
    second_at = models.DateTimeField(null=True)
    from_at = models.DateTimeField()
    until = models.DateTimeField()
    held = DateTimeRangeField(null=True)
    body = models.TextField()

    class Meta:
        db_table = "command_zone"
        indexes = (
            # queries: the decisions about one area, and those that hold on the way down to it
            models.Index(fields=["district", "path", "decided_at"], name="command_zone_path"),
            # No second one that begins with the district: before the table is analysed the planner may take
            # that one for a path (20,000 decisions, 2026-11: 100 ms instead of 0.1).
        )
        constraints = (
            CheckConstraint(
                condition=Q(until__gt=F("from_at"), until__lte=F("from_at") + LONGEST),
                name="command_zone_at_most_14_days",
            ),
            CheckConstraint(
                condition=Q(held=None)
                | (
                    Q(held__startswith__gte=F("from_at"), held__endswith__lte=F("until"))
                    & Q(held__isempty=False, held__startswith__gte=F("decided_at"))
                ),
                name="command_zone_held_as_decided",
            ),
            CheckConstraint(
                condition=Q(two_units=False) | Q(held=None) | Q(held__startswith__gte=F("second_at")),
                name="command_zone_two_units",
            ),
            ExclusionConstraint(
                name="command_zone_one_at_a_time",
                expressions=[
                    ("district", RangeOperators.EQUAL),
                    ("path", RangeOperators.EQUAL),
                    ("held", RangeOperators.OVERLAPS),
                ],
                condition=Q(held__isnull=False),
            ),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "path", "level", "from_at", "until", "held", "two_units"}
        operational: ClassVar = {"decided_at", "decided_by", "second_at", "body"}
        personal: ClassVar = set[str]()
        sensitive: ClassVar = set[str]()

    def __str__(self) -> str:
        return f"{self.level} {self.path}"


class Order(models.Model):
    """One order as its records make it. Dropped and rebuilt at any time."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    number = models.TextField()
    issued_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)
    body = models.TextField()

    class Meta:
        db_table = "command_order"
        indexes = (
            # queries: the newest orders
            models.Index(fields=["district", "issued_at"], name="command_order_issued"),
        )

    class Privacy:
        open: ClassVar = {"id", "district"}
        operational: ClassVar = {"path", "number", "issued_at", "superseded_at"}
        personal: ClassVar = {"body"}  # free words of an office may name a person
        sensitive: ClassVar = set[str]()

    def __str__(self) -> str:
        return f"{self.number} {self.path}"


class Receipt(models.Model):
    """When one person read one order, and took it on. Dropped and rebuilt at any time."""

    pk = models.CompositePrimaryKey("district", "order", "account")
    district = models.TextField(db_collation="C")
    order = models.UUIDField()
    account = models.UUIDField()
    read_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "command_receipt"
        indexes = (
            # queries: what one person has read
            models.Index(fields=["district", "account"], name="command_receipt_account"),
        )

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"order", "account", "read_at", "taken_at"}
        personal: ClassVar = set[str]()
        sensitive: ClassVar = set[str]()

    def __str__(self) -> str:
        return f"{self.account} {self.order}"
