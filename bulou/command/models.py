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
    area = models.UUIDField()
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
            # projections: the decisions about one area are written anew together
            models.Index(fields=["district", "area"], name="command_zone_area"),
            # queries: what one officer decided today
            models.Index(fields=["district", "decided_by", "decided_at"], name="command_zone_by"),
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
        open: ClassVar = {"id", "district", "area", "path", "level", "from_at", "until", "held", "two_units"}
        operational: ClassVar = {"decided_at", "decided_by", "second_at", "body"}
        personal: ClassVar = set[str]()
        sensitive: ClassVar = set[str]()

    def __str__(self) -> str:
        return f"{self.level} {self.path}"
