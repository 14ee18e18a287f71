"""Tables of custody: chains, what they carry, and who keeps what at each moment. Projections."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models

_OPEN = models.Q(done_at__isnull=True)


class Chain(models.Model):
    """One chain: the columns that lists ask for, and beside them the whole fold."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    receiver_path = models.TextField(db_collation="C")
    sides = ArrayField(models.TextField())
    protocol = models.TextField()
    state = models.TextField()
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    manifest = models.IntegerField()
    registered = models.IntegerField(null=True)
    received = models.IntegerField()
    record = models.UUIDField()
    body = models.TextField()

    class Meta:
        db_table = "custody_chain"
        indexes = (
            # open chains, the most urgent first
            models.Index(fields=["district", "due_at", "id"], name="custody_chain_due", condition=_OPEN),
            # what is over, the latest first
            models.Index(fields=["district", "done_at"], name="custody_chain_done"),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "protocol", "state"}
        operational: ClassVar = {
            "path", "receiver_path", "sides", "opened_at", "due_at", "done_at", "manifest",
            "registered", "received", "record",
        }  # fmt: skip
        personal: ClassVar = {"body"}
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.protocol} {self.state}"


class Carried(models.Model):
    """Which chains carry an item."""

    pk = models.CompositePrimaryKey("district", "item", "chain")
    district = models.TextField(db_collation="C")
    item = models.UUIDField()
    chain = models.UUIDField()

    class Meta:
        db_table = "custody_carried"
        indexes = (
            # what a chain carries
            models.Index(fields=["district", "chain"], name="custody_carried_chain"),
        )

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"chain"}
        personal: ClassVar = {"item"}
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.item} in {self.chain}"


class Keeping(models.Model):
    """Who kept an item, from a moment to a moment. The database lets two never overlap."""

    pk = models.CompositePrimaryKey("district", "item", "since")
    district = models.TextField(db_collation="C")
    item = models.UUIDField()
    since = models.DateTimeField()
    valid = DateTimeRangeField()
    keeper = models.TextField(db_collation="C")
    unit = models.TextField()
    chain = models.UUIDField()
    leg = models.SmallIntegerField()

    class Meta:
        db_table = "custody_keeping"
        indexes = (
            # what a place keeps now
            models.Index(fields=["district", "keeper"], name="custody_keeping_keeper"),
        )

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = {"keeper", "unit", "chain", "leg"}
        personal: ClassVar = {"item", "since", "valid"}
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.item} at {self.keeper}"


class Span(models.Model):
    """From when on an item is in custody at all. The database demands a keeper for every moment of it."""

    pk = models.CompositePrimaryKey("district", "item")
    district = models.TextField(db_collation="C")
    item = models.UUIDField()
    valid = DateTimeRangeField()

    class Meta:
        db_table = "custody_span"

    class Privacy:
        open: ClassVar = {"district"}
        operational: ClassVar = ()
        personal: ClassVar = {"item", "valid"}
        sensitive: ClassVar = ()

    def __str__(self) -> str:
        return str(self.item)
