"""Tables of tracing: persons of chains, meetings, visits, the rule in force. All are made from records."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from bulou.lines.tracing.terms import MOST_STAY


class Person(models.Model):
    """One case or contact: what was told about them, and what the rule makes of them."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    case_class = models.TextField(db_collation="C")  # terms.CaseClass; empty where nobody said so
    onset_on = models.DateField(null=True)
    sampled_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    isolated_at = models.DateTimeField(null=True)
    number = models.TextField()
    klass = models.TextField(db_collation="C")  # terms.ContactClass
    via = models.UUIDField(null=True)
    root = models.UUIDField(null=True)
    exposure = models.UUIDField(null=True)
    minutes = models.IntegerField()
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    end_on = models.DateField(null=True)
    n_exposures = models.IntegerField()
    mode = models.TextField()  # terms.Mode
    mode_since = models.DateTimeField(null=True)
    placed = models.JSONField(null=True)
    checks = ArrayField(models.TextField())  # terms.Check

    class Meta:
        db_table = "tracing_person"
        indexes = (
            # queries.chains: the cases of an area, the newest first
            models.Index(
                fields=("district", "-reported_on", "id"),
                name="tracing_person_case",
                condition=~Q(case_class=""),
            ),
            # queries.chains: the contacts of a case
            models.Index(fields=("district", "root", "klass"), name="tracing_person_root"),
            # queries.chains: what does not fit
            models.Index(
                fields=("district", "path", "id"), name="tracing_person_fault", condition=~Q(checks=[])
            ),
        )

    class Privacy:
        open: ClassVar = ("id", "district", "n_exposures")
        operational: ClassVar = ("path", "mode", "mode_since", "placed", "checks", "number")
        personal: ClassVar = ("via", "root", "exposure", "minutes", "first_at", "last_at", "end_on")
        sensitive: ClassVar = ("case_class", "klass", "onset_on", "sampled_on", "reported_on", "isolated_at")

    def __str__(self) -> str:
        return f"{self.path} {self.case_class or self.klass}"


class Exposure(models.Model):
    """One meeting; it is filed where the contact belongs."""

    id = models.UUIDField(primary_key=True)  # made of what was told, so that the same meeting is one row
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    contact = models.UUIDField()
    source = models.UUIDField(null=True)
    place = models.UUIDField(null=True)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    way = models.TextField()  # terms.Way
    protected = models.BooleanField()
    told_class = models.TextField()
    record = models.UUIDField()

    class Meta:
        db_table = "tracing_exposure"
        constraints = (
            models.CheckConstraint(condition=Q(ended_at__gt=F("began_at")), name="tracing_exposure_lasts"),
        )
        indexes = (
            models.Index(fields=("district", "contact"), name="tracing_exposure_contact"),  # the fold
            models.Index(fields=("district", "source"), name="tracing_exposure_source"),  # whom a source met
        )

    class Privacy:
        open: ClassVar = ("id", "district", "record")
        operational: ClassVar = ("path",)
        personal: ClassVar = ("contact", "source", "place", "began_at", "ended_at", "way", "protected")
        sensitive: ClassVar = ("told_class",)

    def __str__(self) -> str:
        return f"{self.contact} {self.way}"


class Visit(models.Model):
    """Somebody was at a place; eight hours at most, so that a search need not look further back than that."""

    pk = models.CompositePrimaryKey("district", "person", "began_at", "place")
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    person = models.UUIDField()
    place = models.UUIDField()
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        db_table = "tracing_visit"
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__gt=F("began_at")) & Q(ended_at__lte=F("began_at") + MOST_STAY),
                name="tracing_visit_bounded",
            ),
        )
        indexes = (
            # queries.meetings: who else was there; all it reads is in the index
            models.Index(
                fields=("district", "place", "began_at"), include=("ended_at", "person", "path"),
                name="tracing_visit_place",
            ),
        )  # fmt: skip

    class Privacy:
        open: ClassVar = ("district",)
        operational: ClassVar = ("path",)
        personal: ClassVar = ("person", "place", "began_at", "ended_at")
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.place} {self.began_at}"


class Rule(models.Model):
    """The rule in force, where somebody has set one: a row for each district."""

    id = models.UUIDField(primary_key=True)  # the record that set it
    district = models.TextField(db_collation="C")
    key = models.TextField()
    lookback_days = models.IntegerField()
    close_minutes = models.IntegerField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    reason = models.TextField()

    class Meta:
        db_table = "tracing_rule"
        constraints = (models.UniqueConstraint(fields=("district",), name="tracing_rule_one"),)

    class Privacy:
        open: ClassVar = ("id", "district", "key", "lookback_days", "close_minutes")
        operational: ClassVar = ("set_at", "set_by", "reason")
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return self.key


class Forgotten(models.Model):
    """Until when visits of a district have been forgotten: what ended before is not made again."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    before = models.DateTimeField()

    class Meta:
        db_table = "tracing_forgotten"
        constraints = (models.UniqueConstraint(fields=("district",), name="tracing_forgotten_one"),)

    class Privacy:
        open: ClassVar = ("id", "district", "before")
        operational: ClassVar = ()
        personal: ClassVar = ()
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.district} {self.before}"
