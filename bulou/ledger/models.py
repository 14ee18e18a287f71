"""Tables of the ledger: records (append-only), conflicts, what was turned away, device sequences, seals."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Record(models.Model):
    """One thing that happened. Partitioned by month of its UUIDv7 id, so that the id alone stays the key."""

    id = models.UUIDField(primary_key=True)
    arrival = models.BigIntegerField()
    district = models.TextField()
    path = models.TextField(db_collation="C")
    kind = models.TextField()
    operation = models.UUIDField(null=True)
    subject_type = models.TextField()
    subject = models.UUIDField(null=True)
    slot = models.TextField()
    outcome = models.TextField()
    payload = models.TextField()  # type json in the database: kept byte for byte, unlike jsonb
    observed_at = models.DateTimeField()
    clock_offset_ms = models.BigIntegerField()
    effective_at = models.DateTimeField()
    device = models.UUIDField(null=True)
    device_seq = models.BigIntegerField(null=True)
    author = models.UUIDField()
    team = models.TextField()
    protocol = models.TextField()
    based_on = models.UUIDField(null=True)
    corrects = models.UUIDField(null=True)
    withdraws = models.UUIDField(null=True)
    accepts = models.UUIDField(null=True)
    received_at = models.DateTimeField()
    standing = models.TextField()
    problems = ArrayField(models.TextField())
    digest = models.BinaryField()

    class Meta:
        managed = False
        db_table = "ledger_record"

    class Privacy:
        open: ClassVar = {"id", "arrival", "district", "kind", "protocol", "standing", "problems", "digest"}
        operational: ClassVar = {
            "path", "operation", "subject_type", "subject", "slot", "outcome", "observed_at",
            "clock_offset_ms", "effective_at", "device", "device_seq", "author", "team", "based_on",
            "corrects", "withdraws", "accepts", "received_at",
        }  # fmt: skip
        sensitive: ClassVar = {"payload"}

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Book(models.Model):
    """The day-book of a district exists. Names districts only, so it needs no scope."""

    district = models.TextField(primary_key=True)

    class Privacy:
        open: ClassVar = {"district"}

    def __str__(self) -> str:
        return self.district


class Conflict(models.Model):
    """The same id with other content, kept beside the first."""

    id = models.UUIDField(primary_key=True)
    district = models.TextField()
    path = models.TextField(db_collation="C")
    record = models.UUIDField()
    body = models.TextField()
    digest = models.BinaryField()
    device = models.UUIDField(null=True)
    author = models.UUIDField()
    received_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["district", "record", "digest"], name="ledger_conflict_once"),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "digest"}
        operational: ClassVar = {"path", "record", "device", "author", "received_at"}
        sensitive: ClassVar = {"body"}

    def __str__(self) -> str:
        return f"conflict on {self.record}"


class TurnedAway(models.Model):
    """How many records could not be read or were not allowed, per day and device: nothing goes uncounted."""

    id = models.BigAutoField(primary_key=True)
    district = models.TextField()
    on = models.DateField()
    device = models.UUIDField(null=True)
    code = models.TextField()
    n = models.IntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["district", "on", "device", "code"],
                name="ledger_turnedaway_once",
                nulls_distinct=False,
            ),
        )

    class Privacy:
        open: ClassVar = {"id", "district", "on", "code", "n"}
        operational: ClassVar = {"device"}

    def __str__(self) -> str:
        return f"{self.n} x {self.code}"


class Sequence(models.Model):
    """Which numbers of a device have arrived; holes are records that have not."""

    id = models.BigAutoField(primary_key=True)
    district = models.TextField()
    device = models.UUIDField()
    ranges = models.TextField()  # int8multirange in the database

    class Meta:
        managed = False
        db_table = "ledger_sequence"

    class Privacy:
        open: ClassVar = {"id", "district"}
        operational: ClassVar = {"device", "ranges"}

    def __str__(self) -> str:
        return f"numbers of {self.device}"


class Seal(models.Model):
    """A closed stretch of one district's ledger and its hash."""

    id = models.BigAutoField(primary_key=True)
    district = models.TextField()
    number = models.BigIntegerField()
    from_arrival = models.BigIntegerField()
    to_arrival = models.BigIntegerField()
    n = models.IntegerField()
    hash = models.BinaryField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["district", "number"], name="ledger_seal_number"),)

    class Privacy:
        open: ClassVar = {"id", "district", "number", "from_arrival", "to_arrival", "n", "hash", "made_at"}

    def __str__(self) -> str:
        return f"seal {self.number} of {self.district}"
